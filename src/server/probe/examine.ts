/**
 * Runs every entity through every domain that watches its type, and keeps account: each entity gives
 * readings or a reason why not.
 */
import { formatInstant } from '../../core/time/instant.ts'
import type { DomainModel, ReadError } from '../../domains/domain-model.ts'
import { MODELS } from '../../domains/models.ts'
import { shortName, type Entity } from '../../ngsi-ld/entity.ts'
import type { ProbeInput } from './source.ts'

export interface ProbeReport {
  /** What was read, for the first line. */
  readonly source: string
  readonly broker?: string
  readonly entities: number
  readonly readings: readonly ProbeReading[]
  readonly rejected: readonly { readonly id: string; readonly reason: string }[]
  readonly types: readonly ProbeType[]
  /** Things that are no entities (subscriptions, error bodies, …), by kind. */
  readonly skipped: readonly { readonly kind: string; readonly count: number }[]
}

export interface ProbeReading {
  readonly id: string
  readonly domain: string
  readonly measure: string
  readonly value: number
  readonly unit: string
  /** ISO 8601, UTC. */
  readonly observedAt: string
  readonly warnings: readonly string[]
}

export interface ProbeType {
  readonly type: string
  readonly entities: number
  readonly read: number
  readonly readings: number
  readonly rejected: number
}

export function examine(input: ProbeInput, timeZone: string): ProbeReport {
  const readings: ProbeReading[] = []
  const rejected: { id: string; reason: string }[] = input.rejected.map(({ id, path, reason }) => ({
    id,
    reason: path === '' ? reason : `${path}: ${reason}`,
  }))
  const types = new Map<string, { entities: number; read: number; readings: number; rejected: number }>()
  for (const entity of input.entities) {
    const type = shortName(entity.types[0] ?? '')
    const account = types.get(type) ?? { entities: 0, read: 0, readings: 0, rejected: 0 }
    types.set(type, account)
    account.entities++
    const result = examineEntity(entity, timeZone)
    if (typeof result === 'string') {
      account.rejected++
      rejected.push({ id: entity.id, reason: result })
    } else {
      account.read++
      account.readings += result.length
      readings.push(...result)
    }
  }
  return {
    source: input.source,
    ...(input.broker !== undefined && { broker: input.broker }),
    entities: input.entities.length,
    readings,
    rejected,
    types: [...types].map(([type, account]) => ({ type, ...account })).toSorted((a, b) => b.entities - a.entities),
    skipped: input.skipped,
  }
}

/** The readings of the entity, or the reason why it gives none. */
function examineEntity(entity: Entity, timeZone: string): readonly ProbeReading[] | string {
  if (entity.deletedAt !== undefined) return 'the entity was deleted'
  const watching = MODELS.filter((model) => isWatched(model, entity))
  if (watching.length === 0) return `no domain reads the type ${entity.types.map((type) => `"${shortName(type)}"`).join(', ')}`
  const readings: ProbeReading[] = []
  const errors: string[] = []
  for (const model of watching) {
    const reading = model.read(entity, { timeZone })
    if (!reading.ok) {
      errors.push(describe(reading.error))
      continue
    }
    const { observedAtMs, values, lagMs, warnings } = reading.value
    for (const { id, unit } of model.measures) {
      const value = values[id]
      if (value === undefined) continue
      readings.push({
        id: entity.id,
        domain: model.id,
        measure: id,
        value,
        unit,
        // Attributes of one entity may be observed at different times.
        observedAt: formatInstant(observedAtMs - (lagMs?.[id] ?? 0)),
        warnings: warnings.map(({ kind, detail }) => `${kind}: ${detail}`),
      })
    }
  }
  if (readings.length > 0) return readings
  return errors.join('; ') || 'no measure of any domain in it'
}

function isWatched(model: DomainModel, entity: Entity): boolean {
  return model.watches.some((watch) => entity.types.some((type) => shortName(type) === watch.type))
}

function describe({ path, expected, got }: ReadError): string {
  return `${path === '' ? '' : `${path}: `}expected ${expected}, got ${got}`
}
