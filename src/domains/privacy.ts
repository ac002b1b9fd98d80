/**
 * What of a domain is about people, and what may be said of them together.
 *
 * A rule names the entity types that no page ever gets as the broker has them. The server asks the rule what each
 * such entity is: a part of something (a ride of a cell, a room of a school, a flat of a building), something whole
 * that stands for itself, or neither. It gathers parts by group over closed windows and counts who is in them: the
 * floor is held there, once for all domains, and no domain can forget it. Rules are pure; they know no time but the
 * window's.
 */
import type { LonLat } from '../core/geo/position.ts'
import { hashText } from '../core/random.ts'
import { ok, type Result } from '../core/result.ts'
import type { EpochMs } from '../core/time/instant.ts'
import { findAttribute } from '../ngsi-ld/attribute-names.ts'
import { jsonOf, positionOf, shortName, textOf, type Entity, type JsonObject } from '../ngsi-ld/entity.ts'
import { entityTimes } from '../ngsi-ld/observed-time.ts'
import type { ReadContext, Reading, ReadError, Warning } from './domain-model.ts'

export interface PrivacyFloor {
  /** How many different people or homes a group needs before anything is said of it. */
  readonly value: number
  /** No configuration goes below this. */
  readonly least: number
  /** What is counted: "riders". */
  readonly of: string
  /** Document and year, or that it is ours. */
  readonly source: string
}

export interface PrivacyContext extends ReadContext {
  readonly cityId: string
  /** Where the city's cells are anchored. */
  readonly anchor: LonLat
}

/** What an entity of a personal type is. */
export type Personal<V> =
  | {
      readonly kind: 'part'
      /** What it is a part of. May be published. */
      readonly group: string
      /** Whom it is about. Never leaves the server. */
      readonly contributor: string
      readonly atMs: number
      readonly position?: LonLat
      readonly value: V
    }
  /** Stands for itself: it passes, with the attributes that the rule lets pass, and these in addition. */
  | { readonly kind: 'whole'; readonly add?: JsonObject }
  | { readonly kind: 'withheld'; readonly reason: string }

export interface Part<V> {
  readonly contributor: string
  readonly atMs: number
  readonly position?: LonLat
  readonly value: V
}

/** A window that takes nothing more: what is said of it is said once. */
export interface ClosedWindow {
  /** The city's: how many must have contributed to each value. */
  readonly floor: number
  readonly startMs: number // inclusive
  readonly endMs: number // exclusive
}

/** What a group is called, whatever is known of it. */
export interface GroupIdentity {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly position?: LonLat
  readonly add?: JsonObject
}

export interface PrivacyRule<V = unknown> {
  /** Short names. Of these no page gets an entity as the broker has it. */
  readonly types: readonly string[]
  readonly floor: PrivacyFloor
  readonly windowMs: number
  /** How long after its end a window still takes what comes late. */
  readonly graceMs: number
  /**
   * May it be known that a group is there? `public`: a school is no secret. `earned`: a cell with one rider at
   * night would draw that rider's way; only one that reached the floor lately is named, and when it is below it
   * again, that may mean that nobody was there at all.
   */
  readonly existence: 'public' | 'earned'
  /** Attributes of a whole that pass, by short name without regard to case. */
  readonly passes: readonly string[]
  read(entity: Entity, context: PrivacyContext): Personal<V>
  identify(group: string, parts: readonly Part<V>[], context: PrivacyContext): GroupIdentity
  /**
   * Attributes of a group that has reached the floor: sums and means, nothing of one of them. A measure that fewer than
   * the floor contributed to is left out.
   */
  values(parts: readonly Part<V>[], window: ClosedWindow): JsonObject
}

/** How many different ones of those parts there are. */
export function contributorsOf(parts: Iterable<{ readonly contributor: string }>): number {
  const seen = new Set<string>()
  for (const { contributor } of parts) seen.add(contributor)
  return seen.size
}

/** Makes rules of all domains one type. The value is the rule's own and only handed back to it. */
export function privacyRule<V>(rule: PrivacyRule<V>): PrivacyRule {
  return rule as PrivacyRule
}

/** A group's own name as the end of a URN: nothing that a path would have to encode. What had to go is told apart by its hash. */
export function urnEnd(group: string): string {
  const bare = group.replace(/^urn:ngsi-ld:/i, '')
  const plain = bare.replaceAll(/[^A-Za-z0-9._:-]/g, '_')
  return plain === bare ? plain : `${plain}-${hashText(bare).toString(36)}`
}

/** Attribute by which an entity says that its group is below the floor; it has no values then. */
export const TOO_FEW = 'tooFewToShow'

/** Of the warning that such an entity's reading carries. */
export const TOO_FEW_KIND = 'tooFewToShow'

export function isTooFew(warnings: readonly Warning[]): boolean {
  return warnings.some(({ kind }) => kind === TOO_FEW_KIND)
}

/** Was it put together by a privacy floor? Then it says for itself whether there are too few to show. */
export function isGroup(entity: Entity): boolean {
  return findAttribute(entity, [TOO_FEW.toLowerCase()]) !== undefined
}

/** The reading of a group that is below the floor: where it is and since when, and nothing that was measured. Undefined for any other entity. */
export function readTooFew(entity: Entity, context: ReadContext): Result<Reading, ReadError> | undefined {
  if (jsonOf(findAttribute(entity, [TOO_FEW.toLowerCase()])) !== true) return undefined
  const time = entityTimes(entity, context.timeZone).observed
  const name = textOf(findAttribute(entity, ['name']))
  const position = positionOf(entity)
  const floor = jsonOf(findAttribute(entity, ['privacyfloor']))
  const detail = `too few to show: fewer than ${typeof floor === 'number' ? floor : 'the floor of'} contributed, or none`
  return ok({
    entityId: entity.id,
    entityType: shortName(entity.types[0] ?? ''),
    ...(name === undefined ? {} : { name }),
    ...(position === undefined ? {} : { position }),
    observedAtMs: time?.toMs ?? (0 as EpochMs),
    ...(time === undefined || time.toMs <= time.fromMs ? {} : { periodMs: time.toMs - time.fromMs }),
    values: {},
    warnings: [{ kind: TOO_FEW_KIND, detail }],
  })
}
