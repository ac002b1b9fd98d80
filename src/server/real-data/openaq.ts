/**
 * Hourly NO2 and PM2.5 of three stations, April to June 2019, in UTC. Antwerp has a tenth of its
 * hours: what is missing stays missing, so that its mean shows its coverage.
 */
import { join } from 'node:path'
import { HOUR_MS, formatInstant, parseInstant } from '../../core/time/instant.ts'
import { pointLocation, property } from '../../ngsi-ld/normalized.ts'
import { provenance, type LeftOut, type RealData, type SensorSeries, type SensorState } from './sensor-series.ts'
import { cellNumber, columnOf, readTable } from './table.ts'

const FILE = 'air_quality_long.csv'
const STATIONS_FILE = 'air_quality_stations.csv'

const TENANTS: Readonly<Record<string, string>> = { Antwerpen: 'antwerpen', London: 'london', Paris: 'paris' }

const SOURCE = { provider: 'OpenAQ', attribution: 'OpenAQ via pandas, CC BY 4.0', licence: 'CC-BY-4.0' }

export function readOpenAq(folder: string): RealData {
  const positions = readStations(folder)
  const table = readTable(join(folder, FILE), FILE)
  const at = Object.fromEntries(['city', 'date.utc', 'location', 'parameter', 'value', 'unit'].map((name) => [name, columnOf(table, name)]))
  const leftOut = new Map<string, number>()
  const leave = (reason: string): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1)
  const stations = new Map<string, { tenant: string; hours: Map<number, Record<string, SensorState['attributes'][string]>> }>()

  for (const [line, row] of table.rows.entries()) {
    const where = `${FILE}:${line + 2}`
    const [city, time, station, parameter, cell, unit] = [row[at['city']!]!, row[at['date.utc']!]!, row[at['location']!]!, row[at['parameter']!]!, row[at['value']!]!, row[at['unit']!]!]
    const tenant = TENANTS[city]
    const endMs = parseInstant(time)
    const value = cellNumber(cell, where)
    if (tenant === undefined) leave(`no city is configured for "${city}"`)
    else if (endMs === undefined) leave(`expected a time with zone, got "${time}"`)
    else if (value === undefined) leave('empty cell: nothing was measured')
    else if (unit !== 'µg/m³') leave(`expected µg/m³, got "${unit}"`)
    else {
      const known = stations.get(station) ?? { tenant, hours: new Map() }
      const hour = known.hours.get(endMs) ?? { dateObserved: property(`${formatInstant(endMs - HOUR_MS)}/${formatInstant(endMs)}`) }
      hour[parameter] = property(value, { unitCode: 'GQ' })
      known.hours.set(endMs, hour)
      stations.set(station, known)
    }
  }

  const sensors = [...stations].map(([station, { tenant, hours }]): SensorSeries => {
    const position = positions.get(station)
    const slug = station.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    return {
      tenant,
      id: `urn:ngsi-ld:AirQualityObserved:${tenant}:${slug}`,
      type: 'AirQualityObserved',
      fixed: { name: property(station), ...(position === undefined ? {} : { location: pointLocation(position) }), ...provenance(SOURCE) },
      states: [...hours].toSorted(([a], [b]) => a - b).map(([endMs, attributes]) => ({ observedAt: formatInstant(endMs), attributes })),
    }
  })
  return { sensors, leftOut: [...leftOut].map(([reason, count]): LeftOut => ({ file: FILE, reason, count })) }
}

function readStations(folder: string): Map<string, [number, number]> {
  const table = readTable(join(folder, STATIONS_FILE), STATIONS_FILE)
  const [name, lat, lon] = ['location', 'coordinates.latitude', 'coordinates.longitude'].map((column) => columnOf(table, column)) as [number, number, number]
  // FR04014 stands twice, 2 m apart: the first row wins.
  return new Map(table.rows.toReversed().map((row) => [row[name]!, [Number(row[lon]), Number(row[lat])]]))
}
