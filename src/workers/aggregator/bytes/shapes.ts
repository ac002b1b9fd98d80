/**
 * The shapes learned so far, and the reading of one entity by them.
 *
 * Members are guessed by what followed last time, so a steady broker is compared with one shape after the
 * other; what was guessed wrong is found by its name. Which members there are names the entity's shape, in
 * whatever order they came: a sum of secret random numbers finds it, and a look at each member confirms it.
 */
import type { ReadContext } from '../../../domains/domain-model.ts'
import { ByteCursor } from '../../../ngsi-ld/bytes/cursor.ts'
import { learnMember, matchMember, type MemberShape, type Readings } from '../../../ngsi-ld/bytes/member-shape.ts'
import { decodeEntities } from '../../../ngsi-ld/decode.ts'
import { isObject } from '../../../ngsi-ld/decode-run.ts'
import type { Entity } from '../../../ngsi-ld/entity.ts'
import type { DomainState } from '../domain-state.ts'
import { Batch } from './batch.ts'
import { fillReadings, isSameReading, learnEntity, MAX_MEMBERS, readPlain, type Bases, type EntityShape, type LearnedReading } from './entity-shape.ts'

export interface Shapes {
  /** Reads the entity at the cursor into the batch. False when it is not plain: the cursor is then anywhere. */
  read(cursor: ByteCursor, batch: Batch): boolean
  /** Looks at an entity that `read` did not know, so that it may know the next one like it. */
  learn(bytes: Uint8Array, from: number, to: number, json: unknown): void
}

export interface ShapesOptions {
  readonly domains: readonly DomainState[]
  readonly readersOf: (entity: Entity) => readonly DomainState[]
  readonly contextOf: (domain: DomainState) => ReadContext
  readonly random: () => number
}

const MAX_ENTITY_SHAPES = 1_024
const MAX_ENTITY_MEMBERS = 64
const MAX_ENTITY_BYTES = 32_768
const MAX_PLACES = 1_024
/** Entities that may be looked at in vain; plain ones earn it back. A hostile stream is not studied for ever. */
const MAX_PATIENCE = 500
const EARNED = 0.02
/** Entities of one set of members that turn out not to be plain before the set is given up. */
const MAX_STRIKES = 5

const START = 0

export function createShapes({ domains, readersOf, contextOf, random }: ShapesOptions): Shapes {
  // All domains' together: a member has one shape, whoever reads its entity.
  const fixedTexts = new Set(domains.flatMap(({ model }) => model.direct?.texts ?? []))
  /** By number; the first stands for the start of an entity. */
  let members: (MemberShape | undefined)[] = [undefined]
  let byName = new Map<number, MemberShape[]>()
  let names = new Map<string, number>()
  /** By meaning, as are the bases and what was found. */
  let weights: number[] = []
  let meanings = new Map<string, number>()
  let byWeight = new Map<number, EntityShape | 'never'>()
  let strikes = new Map<number, number>()
  const follow = new Int32Array(MAX_MEMBERS)
  const bases: Bases = new Int32Array(MAX_MEMBERS)
  const seenAt = new Int32Array(MAX_MEMBERS)
  const out: Readings = { values: new Float64Array(MAX_PLACES), from: new Int32Array(MAX_PLACES), to: new Int32Array(MAX_PLACES) }
  const found = new Int32Array(MAX_ENTITY_MEMBERS)
  const walked: MemberShape[] = []
  const own = new ByteCursor()
  const trial = new Batch()
  let foundCount = 0
  let turn = 0
  let last: EntityShape | undefined
  let patience = MAX_PATIENCE
  /** Of the entity read last: its members make a shape, or are known to make none. */
  let isKnown = false

  function forget(): void {
    members = [undefined]
    byName = new Map()
    names = new Map()
    weights = []
    meanings = new Map()
    byWeight = new Map()
    strikes = new Map()
    follow.fill(0)
    last = undefined
  }

  const isFull = (): boolean => members.length >= MAX_MEMBERS || weights.length >= MAX_MEMBERS || names.size >= MAX_MEMBERS

  /** Steps over an entity whose members are all known, and notes which they are. */
  function walk(cursor: ByteCursor): boolean {
    foundCount = 0
    turn++
    if (!cursor.take(0x7b)) return false
    cursor.skipSpace()
    let before = START
    let base = 0
    for (;;) {
      const from = cursor.at
      let member = members[follow[before]!]
      if (member === undefined || base + member.places > MAX_PLACES || !matchMember(member, cursor, out, base)) {
        cursor.at = from
        member = find(cursor, base)
        if (member === undefined) return false
        follow[before] = member.index
      }
      // Of a name that stands twice the last one counts.
      if (seenAt[member.nameIndex] === turn || foundCount === MAX_ENTITY_MEMBERS) return false
      seenAt[member.nameIndex] = turn
      bases[member.meaning] = base
      base += member.places
      found[foundCount++] = member.meaning
      walked[foundCount - 1] = member
      before = member.index
      cursor.skipSpace()
      if (cursor.take(0x2c)) {
        cursor.skipSpace()
        continue
      }
      return cursor.take(0x7d)
    }
  }

  function find(cursor: ByteCursor, base: number): MemberShape | undefined {
    const { at } = cursor
    const candidates = byName.get(nameHash(cursor.bytes, at, cursor.end))
    if (candidates === undefined) return undefined
    for (let index = 0; index < candidates.length; index++) {
      const candidate = candidates[index]!
      cursor.at = at
      if (base + candidate.places > MAX_PLACES || !matchMember(candidate, cursor, out, base)) continue
      // The one that fitted is tried first next time.
      if (index > 0) {
        candidates[index] = candidates[index - 1]!
        candidates[index - 1] = candidate
      }
      return candidate
    }
    return undefined
  }

  function shapeOf(): EntityShape | 'never' | undefined {
    if (last !== undefined && isOf(last)) return last
    const shape = byWeight.get(weightOf())
    if (shape === undefined || shape === 'never') return shape
    return isOf(shape) ? shape : undefined
  }

  function isOf(shape: EntityShape): boolean {
    if (shape.count !== foundCount) return false
    for (let index = 0; index < foundCount; index++) if (shape.has[found[index]!] === 0) return false
    return true
  }

  function weightOf(): number {
    let sum = 0
    for (let index = 0; index < foundCount; index++) sum += weights[found[index]!]!
    return sum
  }

  function add(shape: EntityShape, cursor: ByteCursor, from: number, batch: Batch): boolean {
    const to = batch.room(shape.width)
    if (!readPlain(shape, out, bases, batch.values, to)) return false
    const span = batch.addPlain(shape, from, cursor.at)
    const { id, name } = shape
    const idPlace = bases[id.member]! + id.place
    batch.spans[span + 2] = out.from[idPlace]!
    batch.spans[span + 3] = out.to[idPlace]!
    if (name !== undefined) {
      const namePlace = bases[name.member]! + name.place
      batch.spans[span + 4] = out.from[namePlace]!
      batch.spans[span + 5] = out.to[namePlace]!
    }
    return true
  }

  function read(cursor: ByteCursor, batch: Batch): boolean {
    const from = cursor.at
    isKnown = false
    if (!walk(cursor)) return false
    const shape = shapeOf()
    isKnown = shape !== undefined
    if (shape === undefined || shape === 'never' || !add(shape, cursor, from, batch)) return false
    last = shape
    if (patience < MAX_PATIENCE) patience += EARNED
    return true
  }

  function meaningOf(text: string): number {
    let meaning = meanings.get(text)
    if (meaning === undefined) {
      meanings.set(text, (meaning = weights.length))
      weights.push(Math.floor(random() * 2 ** 46))
    }
    return meaning
  }

  /** Learns the members it does not know. False when one of them has no shape. */
  function learnMembers(bytes: Uint8Array, from: number, to: number, json: Readonly<Record<string, unknown>>): boolean {
    own.open(bytes, from + 1, to)
    own.skipSpace()
    while (!own.take(0x7d)) {
      const start = own.at
      if (!own.skipText()) return false
      const name = printable(bytes, start + 1, own.at - 1)
      if (name === undefined || !Object.hasOwn(json, name)) return false
      own.skipSpace()
      own.at++
      own.skipSpace()
      if (!own.skipValue()) return false
      const end = own.at
      own.at = start
      const known = find(own, 0)
      if (known === undefined || own.at !== end) {
        const index = members.length
        if (isFull()) return false
        const hash = nameHash(bytes, start, to)
        const nameIndex = names.get(name) ?? names.size
        own.at = start
        const shape = learnMember(own, end, { name, json: json[name], index, nameIndex, fixedTexts, meaningOf })
        own.at = start
        if (shape === undefined || !matchMember(shape, own, out, 0) || own.at !== end) return false
        names.set(name, nameIndex)
        members.push(shape)
        byName.set(hash, [shape, ...(byName.get(hash) ?? [])])
      }
      own.at = end
      own.skipSpace()
      if (own.take(0x2c)) own.skipSpace()
    }
    return own.at === to
  }

  function study(bytes: Uint8Array, from: number, to: number, json: Readonly<Record<string, unknown>>): void {
    const { ok: entities, rejected } = decodeEntities([json], { typeFromId: true })
    const [entity] = entities
    if (entity === undefined || rejected.length > 0 || entity.deletedAt !== undefined || entity.expiresAt !== undefined) return
    const readers = readersOf(entity)
    if (readers.length === 0 || !Object.hasOwn(json, 'type') || json['type'] === 'Feature') return
    if (!learnMembers(bytes, from, to, json)) {
      if (isFull()) forget()
      return
    }
    own.open(bytes, from, to)
    if (!walk(own) || own.at !== to || byWeight.has(weightOf()) || byWeight.size === MAX_ENTITY_SHAPES) return
    const weight = weightOf()
    const readings: LearnedReading[] = []
    let isRead = false
    for (const state of readers) {
      const context = contextOf(state)
      const read = state.model.read(entity, context)
      isRead ||= read.ok
      if (!read.ok && read.error.kind !== 'wrong-type') return strike(weight)
      readings.push({ state, reading: read.ok ? read.value : undefined, context })
    }
    const shapes = walked.slice(0, foundCount)
    const shape = isRead ? learnEntity(entity, shapes, readings) : undefined
    if (shape === undefined) {
      byWeight.set(weight, 'never')
      return
    }
    trial.clear(bytes)
    const isPlain = add(shape, own, from, trial) && fillReadings(shape, trial.values, trial.starts[0]!)
    const read = readings.flatMap(({ reading }) => (reading === undefined ? [] : [reading]))
    if (isPlain && shape.domains.every((domain, index) => isSameReading(domain, read[index]!))) byWeight.set(weight, shape)
    else strike(weight)
  }

  function strike(weight: number): void {
    const count = (strikes.get(weight) ?? 0) + 1
    if (strikes.size >= MAX_ENTITY_SHAPES) strikes.clear()
    strikes.set(weight, count)
    if (count >= MAX_STRIKES && byWeight.size < MAX_ENTITY_SHAPES) byWeight.set(weight, 'never')
  }

  return {
    read,
    learn(bytes, from, to, json) {
      if (isKnown || patience < 1 || to - from > MAX_ENTITY_BYTES || !isObject(json)) return
      patience--
      study(bytes, from, to, json)
    },
  }
}

/** FNV-1a of a name with its quotes; 0 when it has no end. */
function nameHash(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let at = from + 1; at < end; at++) {
    const byte = bytes[at]!
    if (byte === 0x22) return hash
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return 0
}

function printable(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = ''
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}
