/**
 * A domain small enough to see through, for tests of what knows no domain: a temperature with its mean
 * over ten minutes, and humidity beside it.
 */
import type { LonLat } from '../src/core/geo/position.ts'
import { err, ok } from '../src/core/result.ts'
import { MINUTE_MS, type EpochMs } from '../src/core/time/instant.ts'
import type { DomainModel } from '../src/domains/domain-model.ts'
import { createSumFold } from '../src/domains/fold.ts'
import { attribute, isOfType, jsonOf, positionOf, textOf, type Attribute, type Entity } from '../src/ngsi-ld/entity.ts'

export const THERMOMETER: DomainModel = {
  id: 'thermometer',
  name: 'Temperature',
  quantity: 'The temperature',
  watches: [{ type: 'Thermometer', attributes: ['temperature', 'humidity'] }],
  measures: [
    { id: 'temperature', name: 'Temperature', unit: '°C', decimals: 1 },
    { id: 'humidity', name: 'Humidity', unit: '', decimals: 2 },
  ],
  headline: 'temperature',
  method: { name: 'mean', formula: '(1/n) Σ tᵢ', source: { document: 'made up', confirmed: true } },
  windowMs: 10 * MINUTE_MS,
  expectedIntervalMs: MINUTE_MS,
  across: { cell: 'mean', city: 'max' },
  worse: 'higher',
  legend: { title: 'Temperature', statistic: 'mean over 10 min', unit: '°C', classes: [], boundary: 'lower-inclusive', limits: [], source: { document: 'made up', confirmed: true } },
  read(entity) {
    if (!isOfType(entity, 'Thermometer')) return err({ kind: 'wrong-type', path: 'type', expected: 'Thermometer', got: entity.types.join() })
    const temperature = attribute(entity, 'temperature')
    const humidity = attribute(entity, 'humidity')
    const timed = temperature ?? humidity
    if (timed === undefined) return err({ kind: 'no-value', path: 'temperature', expected: 'a number', got: 'nothing' })
    if (timed.observedAt === undefined) return err({ kind: 'no-time', path: 'temperature.observedAt', expected: 'ISO 8601', got: 'nothing' })
    const values: Record<string, number> = {}
    for (const [id, instance] of [['temperature', temperature], ['humidity', humidity]] as const) {
      const value = jsonOf(instance)
      if (value === undefined) continue
      if (typeof value !== 'number') return err({ kind: 'malformed', path: id, expected: 'a number', got: JSON.stringify(value) })
      values[id] = value
    }
    const name = textOf(attribute(entity, 'name'))
    const position = positionOf(entity)
    return ok({
      entityId: entity.id,
      entityType: 'Thermometer',
      ...(name === undefined ? {} : { name }),
      ...(position === undefined ? {} : { position }),
      observedAtMs: timed.observedAt,
      values,
      warnings: (values['temperature'] ?? 0) > 45 ? [{ kind: 'hot', detail: `${values['temperature']} °C` }] : [],
    })
  },
  fold: createSumFold({
    width: 2,
    reads: ['temperature'],
    add(acc, at, { values }) {
      const { temperature } = values
      if (temperature === undefined) return
      acc[at]! += temperature
      acc[at + 1]!++
    },
    value: (acc, at) => (acc[at + 1] === 0 ? undefined : acc[at]! / acc[at + 1]!),
  }),
  sampler: { sites: () => [], entityAt: () => ({}) },
}

export interface ThermometerState {
  readonly id: string
  readonly atMs: number
  readonly temperature?: number
  readonly humidity?: number
  readonly position?: LonLat
  readonly name?: string
}

/** The entity as the decoder gives it. */
export function thermometer({ id, atMs, temperature, humidity, position, name }: ThermometerState): Entity {
  const attributes = new Map<string, readonly Attribute[]>()
  const observedAt = atMs as EpochMs
  if (temperature !== undefined) attributes.set('temperature', [{ kind: 'Property', value: temperature, observedAt, sub: new Map() }])
  if (humidity !== undefined) attributes.set('humidity', [{ kind: 'Property', value: humidity, observedAt, sub: new Map() }])
  if (position !== undefined) attributes.set('location', [{ kind: 'GeoProperty', geometry: { type: 'Point', coordinates: [...position] }, sub: new Map() }])
  if (name !== undefined) attributes.set('name', [{ kind: 'Property', value: name, sub: new Map() }])
  return { id, types: ['Thermometer'], scopes: [], attributes }
}

export function deleted(id: string, atMs: number): Entity {
  return { id, types: ['Thermometer'], scopes: [], attributes: new Map(), deletedAt: atMs as EpochMs }
}
