/**
 * What one city's brokers tell of people, and what pages may know of it. Entities of personal types come in here
 * from notifications and snapshots; wholes go on as they are but for what does not pass, parts wait in their window.
 *
 * Where it goes is the caller's: `Outcome` says what to publish and what to take back.
 */
import type { PrivacyContext, PrivacyRule } from '../../domains/privacy.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import { shortName, type Entity, type Json, type JsonObject } from '../../ngsi-ld/entity.ts'
import type { BrokerAddress } from '../broker-address.ts'
import { createGathering, type Gathering, type GatheringStats } from './gathering.ts'
import type { Origins } from './origins.ts'
import { publishable } from './publishable.ts'

export interface DomainRule {
  readonly domain: string
  readonly rule: PrivacyRule
  readonly floor: number
}

export interface Outcome {
  readonly entities: readonly JsonObject[]
  readonly gone: readonly string[]
}

export interface FloorStats {
  readonly domain: string
  readonly floor: number
  readonly of: string
  readonly wholes: number
  /** Entities that are neither a part nor whole, by reason. Reasons are ours and name nobody. */
  readonly withheld: Readonly<Record<string, number>>
  readonly gathering: GatheringStats
}

export interface CityFloor extends Origins {
  take(broker: BrokerAddress, entities: readonly Json[], nowMs: number): Outcome
  /** States of the past: parts of windows that are not told yet. */
  takePast(states: readonly Entity[], nowMs: number): void
  /** What a whole snapshot of the broker did not have is gone. */
  endSnapshot(broker: BrokerAddress, seen: ReadonlySet<string>): Outcome
  /** Windows of the domain are whole from here on. */
  wholeFrom(domain: string, ms: number): void
  readonly rules: readonly DomainRule[]
  close(nowMs: number): Outcome
  readonly types: readonly string[]
  readonly stats: readonly FloorStats[]
}

interface Line extends DomainRule {
  readonly gathering: Gathering
  readonly passes: ReadonlySet<string>
  readonly types: ReadonlySet<string>
  readonly withheld: Map<string, number>
}

interface Whole {
  readonly address: BrokerAddress
  readonly line: Line
  readonly types: readonly string[]
}

export function createCityFloor(given: { readonly rules: readonly DomainRule[]; readonly context: PrivacyContext; readonly isSimulated: boolean }): CityFloor {
  const { context } = given
  const lines = given.rules.map((one): Line => {
    const { rule, floor } = one
    return {
      ...one,
      gathering: createGathering({ rule, context, floor, isSimulated: given.isSimulated }),
      passes: new Set(rule.passes.map((name) => name.toLowerCase())),
      types: new Set(rule.types.map((type) => type.toLowerCase())),
      withheld: new Map(),
    }
  })
  const wholes = new Map<string, Whole>()
  /** Put together here: id and type. */
  const made = new Map<string, string>()

  const lineOf = (types: readonly string[]): Line | undefined => lines.find((line) => types.some((type) => line.types.has(shortName(type).toLowerCase())))

  function takeOne(entity: Entity, raw: JsonObject | undefined, address: BrokerAddress, nowMs: number): { readonly entity?: JsonObject; readonly gone?: string } {
    const line = lineOf(entity.types)
    if (line === undefined) return {}
    const known = wholes.has(entity.id)
    if (entity.deletedAt !== undefined) {
      line.gathering.forget(entity.id)
      return wholes.delete(entity.id) ? { gone: entity.id } : {}
    }
    const personal = line.rule.read(entity, context)
    if (personal.kind === 'whole' && raw !== undefined) {
      wholes.set(entity.id, { address, line, types: entity.types })
      return { entity: { ...publishable(raw, line.passes), ...personal.add } }
    }
    if (personal.kind === 'part') {
      const { kind: _, ...part } = personal
      line.gathering.add({ ...part, entityId: entity.id }, nowMs)
    } else if (personal.kind === 'withheld') line.withheld.set(personal.reason, (line.withheld.get(personal.reason) ?? 0) + 1)
    // It was whole before it said whose it is.
    return known && wholes.delete(entity.id) ? { gone: entity.id } : {}
  }

  function remember(outcome: Outcome): Outcome {
    for (const entity of outcome.entities) if (!wholes.has(String(entity['id']))) made.set(String(entity['id']), String(entity['type']))
    for (const id of outcome.gone) made.delete(id)
    return outcome
  }

  return {
    take(address, raws, nowMs) {
      const byId = new Map<string, JsonObject>()
      for (const raw of raws) if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) byId.set(String((raw as JsonObject)['id']), raw as JsonObject)
      const entities: JsonObject[] = []
      const gone: string[] = []
      const { ok: decoded, rejected } = decodeEntities(raws)
      for (const entity of decoded) {
        const raw = byId.get(entity.id)
        const told = takeOne(entity, raw?.['type'] === 'Feature' ? undefined : raw, address, nowMs)
        if (told.entity !== undefined) entities.push(told.entity)
        if (told.gone !== undefined) gone.push(told.gone)
      }
      if (rejected.length > 0 && lines[0] !== undefined) lines[0].withheld.set('cannot be read', (lines[0].withheld.get('cannot be read') ?? 0) + rejected.length)
      return { entities, gone }
    },
    takePast(states, nowMs) {
      for (const state of states) {
        const line = lineOf(state.types)
        const personal = line?.rule.read(state, context)
        if (line === undefined || personal?.kind !== 'part') continue
        const { kind: _, ...part } = personal
        line.gathering.add({ ...part, entityId: state.id }, nowMs)
      }
    },
    endSnapshot(address, seen) {
      const gone = [...wholes].flatMap(([id, whole]) => (whole.address === address && !seen.has(id) ? [id] : []))
      for (const id of gone) wholes.delete(id)
      return { entities: [], gone }
    },
    wholeFrom(domain, ms) {
      for (const line of lines) if (line.domain === domain) line.gathering.wholeFrom(ms)
    },
    rules: given.rules,
    close(nowMs) {
      const outcomes = lines.map(({ gathering }) => gathering.close(nowMs))
      return remember({ entities: outcomes.flatMap(({ entities }) => entities), gone: outcomes.flatMap(({ gone }) => gone) })
    },
    ids(types) {
      const wanted = types === undefined ? undefined : new Set(types.map((type) => shortName(type).toLowerCase()))
      const isWanted = (own: readonly string[]): boolean => wanted === undefined || own.some((type) => wanted.has(shortName(type).toLowerCase()))
      return [...[...wholes].flatMap(([id, whole]) => (isWanted(whole.types) ? [id] : [])), ...[...made].flatMap(([id, type]) => (isWanted([type]) ? [id] : []))].sort()
    },
    originOf(id) {
      const whole = wholes.get(id)
      return whole === undefined ? undefined : { address: whole.address, passes: whole.line.passes }
    },
    types: lines.flatMap(({ rule }) => rule.types),
    get stats() {
      return lines.map(({ domain, floor, rule, gathering, withheld }) => ({
        domain,
        floor: Math.max(floor, rule.floor.least),
        of: rule.floor.of,
        wholes: [...wholes.values()].filter(({ line }) => line.domain === domain).length,
        withheld: Object.fromEntries(withheld),
        gathering: gathering.stats,
      }))
    },
  }
}
