import { describe, expect, it } from 'vitest'
import type { EpochMs } from '../../core/time/instant.ts'
import { MODELS } from '../../domains/models.ts'
import { decodeEntity } from '../../ngsi-ld/decode.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { decodeTemporal } from '../../ngsi-ld/temporal.ts'
import { readingsIn, type Present } from './past-states.ts'

const CYCLING = MODELS.find(({ id }) => id === 'cycling')!
const CONTEXT = { timeZone: 'Europe/Lisbon' }
const ID = 'urn:ngsi-ld:TrafficFlowObserved:vci'

const dateTime = (text: string): JsonObject => ({ type: 'Property', value: { '@type': 'DateTime', '@value': text } })
const timed = (text: string, observedAt: string): JsonObject => ({ ...dateTime(text), observedAt })
const COUNTER: JsonObject = {
  id: ID,
  type: 'TrafficFlowObserved',
  name: { type: 'Property', value: 'Via de Cintura Interna' },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.57591, 41.14912] } },
  vehicleType: { type: 'Property', value: 'bicycle' },
  dateObservedFrom: dateTime('2026-11-22T05:15:00Z'),
  dateObservedTo: dateTime('2026-11-22T05:30:00Z'),
  intensity: { type: 'Property', value: 7, unitCode: 'C62', observedAt: '2026-11-22T05:30:00Z' },
  averageVehicleSpeed: { type: 'Property', value: 15, unitCode: 'KMH', observedAt: '2026-11-22T05:30:00Z' },
}
const HISTORY: Json = {
  id: ID,
  type: 'TrafficFlowObserved',
  intensity: [
    { type: 'Property', value: 3, unitCode: 'C62', observedAt: '2026-11-21T02:15:00Z' },
    { type: 'Property', value: 5, unitCode: 'C62', observedAt: '2026-11-21T02:30:00Z' },
  ],
}

function read(present: JsonObject | undefined, history: Json = HISTORY) {
  const { ok: entities, rejected } = decodeTemporal(history)
  const decoded = present === undefined ? undefined : decodeEntity(present)
  const known: Present = new Map(decoded?.ok === true ? [[ID, decoded.value]] : [])
  return readingsIn({ entities, rejected: rejected.length, partial: false }, CYCLING, CONTEXT, known)
}

describe('a history by observedAt', () => {
  it('cannot be read where it lacks what the entity is', () => {
    expect(read(undefined)).toEqual({ readings: [], rejected: 2 })
  })

  it('is completed by the entity as it is now, period moved along and said to be assumed', () => {
    const { readings, rejected } = read(COUNTER)
    expect(rejected).toBe(0)
    expect(readings).toMatchObject([
      { name: 'Via de Cintura Interna', position: [-8.57591, 41.14912], observedAtMs: Date.UTC(2026, 10, 21, 2, 15), periodMs: 900_000, values: { bicycles: 3, bicycleFlow: 12 } },
      { observedAtMs: Date.UTC(2026, 10, 21, 2, 30), periodMs: 900_000, values: { bicycles: 5, bicycleFlow: 20 } },
    ])
    expect(readings.map(({ warnings }) => warnings.map(({ kind }) => kind))).toEqual([['assumedPeriod'], ['assumedPeriod']])
    // Nobody measured a speed then.
    expect(Object.hasOwn(readings[0]!.values, 'speed')).toBe(false)
  })

  it('keeps its own times where it has them', () => {
    const history: Json = {
      ...(HISTORY as JsonObject),
      dateObservedFrom: [timed('2026-11-21T01:15:00Z', '2026-11-21T02:15:00Z'), timed('2026-11-21T02:00:00Z', '2026-11-21T02:30:00Z')],
      dateObservedTo: [timed('2026-11-21T02:15:00Z', '2026-11-21T02:15:00Z'), timed('2026-11-21T02:30:00Z', '2026-11-21T02:30:00Z')],
    }
    const { readings } = read(COUNTER, history)
    expect(readings.map(({ periodMs, warnings }) => [periodMs, warnings])).toEqual([[3_600_000, []], [1_800_000, []]])
    expect(readings[0]!.observedAtMs).toBe(Date.UTC(2026, 10, 21, 2, 15) as EpochMs)
  })

  it('is not given a time that cannot be moved', () => {
    const { readings } = read({ ...COUNTER, dateObservedFrom: { type: 'Property', value: 'yesterday' } })
    expect(readings.map(({ periodMs }) => periodMs)).toEqual([undefined, undefined])
  })
})
