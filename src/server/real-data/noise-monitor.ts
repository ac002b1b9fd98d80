/**
 * One sound level meter: LAeq of each minute for eleven days in March 2025.
 *
 * The file states neither place nor time zone. Both are left as unknown as they are: times are read
 * as UTC, and the meter stands at 0° N 0° E under a name that says so.
 */
import { join } from 'node:path'
import { MINUTE_MS, formatInstant, parseIso } from '../../core/time/instant.ts'
import { pointLocation, property } from '../../ngsi-ld/normalized.ts'
import { provenance, type RealData, type SensorState } from './sensor-series.ts'
import { cellNumber, readTable } from './table.ts'

const FILE = 'laeq_1min.csv'

const SOURCE = {
  provider: 'noisemonitor test data, V. Fraisse',
  attribution: 'noisemonitor test data, V. Fraisse, Apache-2.0',
  licence: 'Apache-2.0',
}

export function readNoiseMonitor(folder: string): RealData {
  const table = readTable(join(folder, FILE), FILE)
  const states: SensorState[] = []
  let gaps = 0
  for (const [line, [time = '', cell = '']] of table.rows.entries()) {
    const where = `${FILE}:${line + 2}`
    const level = cellNumber(cell, where)
    const parsed = parseIso(time)
    if (parsed?.kind !== 'zoneless') throw new Error(`${where}: expected a time without zone, got "${time}"`)
    if (level === undefined) {
      gaps++
      continue
    }
    // Stamps sit at :30, the middle of the minute; the interval ends half a minute later.
    const endMs = parsed.wallMs + MINUTE_MS / 2
    const interval = `${formatInstant(endMs - MINUTE_MS)}/${formatInstant(endMs)}`
    states.push({ observedAt: formatInstant(endMs), attributes: { LAeq: property(level, { unitCode: '2N' }), dateObserved: property(interval) } })
  }
  return {
    sensors: [
      {
        tenant: 'noise-monitor',
        id: 'urn:ngsi-ld:NoiseLevelObserved:noise-monitor:laeq-1min',
        type: 'NoiseLevelObserved',
        fixed: {
          name: property('Noise monitor (place not stated)'),
          location: pointLocation([0, 0]),
          description: property('The source states neither place nor time zone: drawn at 0° N 0° E, times read as UTC.'),
          ...provenance(SOURCE),
        },
        states,
      },
    ],
    leftOut: gaps > 0 ? [{ file: FILE, reason: 'empty cell: nothing was measured', count: gaps }] : [],
  }
}
