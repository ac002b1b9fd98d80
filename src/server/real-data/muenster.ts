/**
 * Bicycle counters of Münster: counts per 15 minutes and channel.
 *
 * The files hold local wall-clock time without a zone. In autumn the hour from 02:00 to 03:00 occurs
 * once in them although it happened twice: it is read as the first, and the second stays a gap.
 * The first count column is the site's total; the channels are loaded instead, without those that
 * count cars, so that nothing is counted twice. Empty cells are gaps, not zeros.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { MINUTE_MS, formatInstant, parseIso } from '../../core/time/instant.ts'
import { instantOfWall } from '../../core/time/zone.ts'
import { pointLocation, property } from '../../ngsi-ld/normalized.ts'
import { provenance, type LeftOut, type RealData, type SensorSeries, type SensorState } from './sensor-series.ts'
import { cellNumber, readTable } from './table.ts'

const TIME_ZONE = 'Europe/Berlin'
const INTERVAL_MS = 15 * MINUTE_MS

// The source gives no coordinates: these are read off the streets' names, good to about 150 m.
const SITES: Readonly<Record<string, { readonly name: string; readonly lon: number; readonly lat: number }>> = {
  '100031297': { name: 'Promenade (nördl. Salzstraße)', lon: 7.6347, lat: 51.9612 },
  '100034980': { name: 'Hammer Straße', lon: 7.6236, lat: 51.9493 },
  '100034981': { name: 'Weseler Straße', lon: 7.6128, lat: 51.9511 },
  '300037926': { name: 'Bohlweg', lon: 7.6402, lat: 51.9642 },
}

const SOURCE = {
  provider: 'Stadt Münster, Amt für Mobilität und Tiefbau',
  attribution: 'Stadt Münster, Amt für Mobilität und Tiefbau, dl-de/by-2-0, Rohdaten, Auszug',
  licence: 'https://www.govdata.de/dl-de/by-2-0',
}

export function readMuenster(folder: string): RealData {
  const leftOut: LeftOut[] = []
  const channels = new Map<string, { fixed: SensorSeries['fixed']; states: SensorState[] }>()
  for (const file of readdirSync(folder).filter((name) => /^\d+_\d{4}-\d{2}\.csv$/.test(name)).toSorted()) {
    const siteId = file.split('_')[0]!
    const site = SITES[siteId]
    if (site === undefined) {
      leftOut.push({ file, reason: 'no position is known for this site', count: 1 })
      continue
    }
    const table = readTable(join(folder, file), file)
    const counts = table.columns.flatMap((column, index) => {
      const match = /^(\d+) \((.*)\)$/.exec(column)
      return match === null || match[1] === siteId ? [] : [{ index, channelId: match[1]!, label: match[2]! }]
    })
    const cars = counts.filter(({ label }) => isCarChannel(label))
    if (cars.length > 0) leftOut.push({ file, reason: 'the channel counts cars', count: cars.length })
    let gaps = 0
    for (const { index, channelId, label } of counts.filter((channel) => !isCarChannel(channel.label))) {
      const channel = channels.get(channelId) ?? { fixed: fixedOf(site, label, channelId), states: [] }
      for (const [line, row] of table.rows.entries()) {
        const count = cellNumber(row[index]!, `${file}:${line + 2}`)
        if (count === undefined) gaps++
        else channel.states.push(stateOf(row[0]!, count, `${file}:${line + 2}`))
      }
      // Bohlweg lists channels that never counted: a sensor without a single value is none.
      if (channel.states.length > 0) channels.set(channelId, channel)
    }
    if (gaps > 0) leftOut.push({ file, reason: 'empty cell: nothing was counted', count: gaps })
  }
  const sensors = [...channels].map(([channelId, { fixed, states }]) => ({
    tenant: 'muenster',
    id: `urn:ngsi-ld:TrafficFlowObserved:muenster:bicycle:${channelId}`,
    type: 'TrafficFlowObserved',
    fixed,
    states,
  }))
  return { sensors, leftOut }
}

function fixedOf(site: { name: string; lon: number; lat: number }, label: string, channelId: string): SensorSeries['fixed'] {
  return {
    name: property(label.includes(site.name.split(' ')[0]!) ? label : `${site.name}: ${label}`),
    location: pointLocation([site.lon, site.lat]),
    vehicleType: property('bicycle'),
    laneId: property(Number(channelId)),
    description: property('Position approximate, from the name of the street.'),
    ...provenance(SOURCE),
  }
}

// SITE_INDEX.md says PKW where the header says Car; either is not a bicycle.
function isCarChannel(label: string): boolean {
  return /\b(car|pkw|kfz)\b/i.test(label)
}

function stateOf(wall: string, count: number, where: string): SensorState {
  const parsed = parseIso(wall)
  if (parsed?.kind !== 'zoneless') throw new Error(`${where}: expected a local time such as 2025-03-01 00:15, got "${wall}"`)
  const startMs = instantOfWall(parsed.wallMs, TIME_ZONE)
  const from = formatInstant(startMs)
  const to = formatInstant(startMs + INTERVAL_MS)
  return { observedAt: to, attributes: { intensity: property(count, { unitCode: 'C62' }), dateObserved: property(`${from}/${to}`) } }
}
