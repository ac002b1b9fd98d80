/**
 * The shape of one member of an entity, such as `"LAeq":{"type":"Property","value":…,"observedAt":…}`:
 * the bytes that stay the same, and between them slots for what varies.
 *
 * One broker writes an attribute the same way again and again, so most bytes are compared and not parsed.
 * Shapes are learned from a member that the total decoder has accepted. A slot takes only what cannot change
 * how the decoder reads the rest: a number for a number, an instant for an instant, a text for a text in a place
 * where only the text's own content depends on it. Everything else is part of the shape, to the byte.
 */
import { plainName } from '../attribute-names.ts'
import { coreName, declaredKind, inferredKind, type AttributeKind } from '../decode-attribute.ts'
import { isObject, own } from '../decode-run.ts'
import { OBSERVED_TIME_NAMES } from '../observed-time.ts'
import type { ByteCursor } from './cursor.ts'

export type SlotKind = 'text' | 'number' | 'longitude' | 'latitude' | 'instant' | 'interval'

export const TEXT = 0
export const NUMBER = 1
export const LONGITUDE = 2
export const LATITUDE = 3
export const INSTANT = 4
/** Two instants with a slash between them; it takes two places. */
export const INTERVAL = 5

export interface Slot {
  readonly kind: number
  /** Names below the member: `value`, `value.@value`, `observedAt`; empty for a bare value. */
  readonly path: string
  /** Place among the values of the member. */
  readonly place: number
}

export interface MemberShape {
  readonly name: string
  /** Number of this shape among all that were learned. */
  readonly index: number
  /** The same for all shapes that say the same with their inner members in another order. */
  readonly meaning: number
  /** Number of the name among all names. */
  readonly nameIndex: number
  readonly slots: readonly Slot[]
  /** Values it gives: one for a slot, two for an interval. */
  readonly places: number
  /** The fixed bytes before each slot and behind the last, four in a word, each run from a word of its own. */
  readonly words: Int32Array
  /** Bytes of each run. */
  readonly lengths: Int32Array
  readonly kinds: Uint8Array
  /** Where the value of each slot goes: the same for shapes of one meaning. */
  readonly placeOf: Uint8Array
  /** The instant that each slot read last, five words of text, and what it means: sensors of a city report together. */
  readonly instants: Int32Array
  readonly instantsMs: Float64Array
}

/** What the members of the entity being read gave, place by place. */
export interface Readings {
  values: Float64Array
  /** Of texts, where they lie. */
  from: Int32Array
  to: Int32Array
}

const MAX_MEMBER_BYTES = 4_096
const MAX_SLOTS = 16
const MAX_TEXT_BYTES = 2_048
const NULL_LENGTH = 'urn:ngsi-ld:null'.length

/** Reads a member of this shape at the cursor; the values go to `base` and on. False leaves the cursor anywhere. */
export function matchMember(shape: MemberShape, cursor: ByteCursor, out: Readings, base: number): boolean {
  const { words, lengths, kinds, placeOf } = shape
  const { bytes, view, end } = cursor
  let at = cursor.at
  let word = 0
  for (let slot = 0; ; slot++) {
    const length = lengths[slot]!
    if (at + length > end) return false
    const wholeTo = at + (length & ~3)
    for (; at < wholeTo; at += 4) if (view.getInt32(at, true) !== words[word++]) return false
    if ((length & 3) !== 0) {
      let rest = words[word++]!
      for (let left = length & 3; left > 0; left--, rest >>>= 8) if (bytes[at++] !== (rest & 0xff)) return false
    }
    cursor.at = at
    if (slot === kinds.length) return true
    const place = base + placeOf[slot]!
    switch (kinds[slot]) {
      case TEXT: {
        if (!cursor.text()) return false
        const length = cursor.at - at
        // An empty text, or the mark of a deletion, is read otherwise than other texts; a long one may be refused.
        if (length === 0 || length === NULL_LENGTH || length > MAX_TEXT_BYTES) return false
        out.from[place] = at
        out.to[place] = cursor.at
        break
      }
      case NUMBER:
        if (!cursor.number()) return false
        out.values[place] = cursor.value
        break
      case LONGITUDE:
        if (!cursor.degrees() || !(Math.abs(cursor.value) < 180)) return false
        out.values[place] = cursor.value
        break
      case LATITUDE:
        if (!cursor.degrees() || !(Math.abs(cursor.value) < 90)) return false
        out.values[place] = cursor.value
        break
      case INTERVAL:
        if (!cursor.instant() || !cursor.take(0x2f)) return false
        out.values[place] = cursor.value
        if (!cursor.instant()) return false
        out.values[place + 1] = cursor.value
        break
      default:
        if (at + INSTANT_BYTES <= end && isMemo(view, at, shape.instants, slot * 5)) {
          out.values[place] = shape.instantsMs[slot]!
          cursor.at = at + INSTANT_BYTES
          break
        }
        if (!cursor.instant()) return false
        out.values[place] = cursor.value
        if (cursor.at === at + INSTANT_BYTES) {
          for (let index = 0; index < 5; index++) shape.instants[slot * 5 + index] = view.getInt32(at + index * 4, true)
          shape.instantsMs[slot] = cursor.value
        }
    }
    at = cursor.at
  }
}

/** Length of `2026-11-20T08:14:05Z`. */
const INSTANT_BYTES = 20

function isMemo(view: DataView, at: number, memo: Int32Array, from: number): boolean {
  for (let index = 0; index < 5; index++) if (view.getInt32(at + index * 4, true) !== memo[from + index]) return false
  return true
}

/**
 * The shape of the member from the cursor (at its name's quote) to `end`. Undefined when it has something that no
 * slot can stand for. `fixedTexts` are plain names of attributes whose texts mean something to a reader.
 */
export function learnMember(
  cursor: ByteCursor,
  end: number,
  given: { readonly name: string; readonly json: unknown; readonly index: number; readonly nameIndex: number; readonly fixedTexts: ReadonlySet<string>; readonly meaningOf: (text: string) => number },
): MemberShape | undefined {
  const { name, json } = given
  const start = cursor.at
  if (end - start > MAX_MEMBER_BYTES) return undefined
  const rule = slotRule(name, json, given.fixedTexts)
  if (rule === undefined) return undefined
  const slots: { kind: number; path: string; from: number; to: number }[] = []
  cursor.at = start + name.length + 2 // the name has no escapes: whoever calls has looked
  cursor.skipSpace()
  if (!cursor.take(0x3a)) return undefined
  cursor.skipSpace()
  if (!walk(cursor, [], json, rule, slots) || cursor.at !== end || slots.length > MAX_SLOTS) return undefined
  const words: number[] = []
  const lengths: number[] = []
  let at = start
  for (const until of [...slots.map(({ from }) => from), end]) {
    lengths.push(until - at)
    for (; at < until; at += 4) {
      let word = 0
      for (let byte = Math.min(until - at, 4) - 1; byte >= 0; byte--) word = (word << 8) | cursor.bytes[at + byte]!
      words.push(word)
    }
    at = slots[lengths.length - 1]?.to ?? end
  }
  let places = 0
  const placed = new Map<string, number>()
  for (const { path, kind } of slots.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    placed.set(path, places)
    places += kind === INTERVAL ? 2 : 1
  }
  const kindAt = new Map(slots.map(({ path, kind }) => [path, kind]))
  return {
    name,
    index: given.index,
    nameIndex: given.nameIndex,
    meaning: given.meaningOf(`${JSON.stringify(name)}:${meaningText(json, '', kindAt)}`),
    slots: slots.map(({ kind, path }) => ({ kind, path, place: placed.get(path)! })),
    places,
    words: Int32Array.from(words),
    lengths: Int32Array.from(lengths),
    kinds: Uint8Array.from(slots, ({ kind }) => kind),
    placeOf: Uint8Array.from(slots, ({ path }) => placed.get(path)!),
    instants: new Int32Array(slots.length * 5),
    instantsMs: new Float64Array(slots.length),
  }
}

/** What stays the same, with inner members in alphabetical order and the kind of slot where one is. */
function meaningText(json: unknown, path: string, kindAt: ReadonlyMap<string, number>): string {
  const kind = kindAt.get(path)
  if (kind !== undefined) return `<${kind}>`
  const below = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`)
  if (Array.isArray(json)) return `[${json.map((item: unknown, index) => meaningText(item, below(index), kindAt)).join(',')}]`
  if (!isObject(json)) return JSON.stringify(json)
  return `{${Object.keys(json).toSorted().map((name) => `${JSON.stringify(name)}:${meaningText(json[name], below(name), kindAt)}`).join(',')}}`
}

/** Which slot a leaf may be: `undefined` for part of the shape, 'refused' when the member has no shape. */
type SlotRule = (path: readonly (string | number)[], leaf: string | number) => number | undefined | 'refused'

const IS_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

function slotRule(name: string, json: unknown, fixedTexts: ReadonlySet<string>): SlotRule | undefined {
  // Names of the core context in their long form are read like the short ones: rare, and not worth a rule.
  if (coreName(name) !== name || name.startsWith('@')) return undefined
  switch (name) {
    case 'id':
      return () => (typeof json === 'string' ? TEXT : 'refused')
    case 'type':
    case 'scope':
      return () => undefined
    case 'createdAt':
    case 'modifiedAt':
      return (_, leaf) => (typeof json === 'string' && IS_INSTANT.test(String(leaf)) ? INSTANT : 'refused')
    case 'deletedAt':
    case 'expiresAt':
      return undefined
    default:
      return attributeRule(name, json, fixedTexts)
  }
}

function attributeRule(name: string, json: unknown, fixedTexts: ReadonlySet<string>): SlotRule | undefined {
  // Instances with datasets are told apart by their content.
  if (Array.isArray(json)) return undefined
  const plain = plainName(name)
  const isTime = OBSERVED_TIME_NAMES.has(plain)
  const isFixed = fixedTexts.has(plain)
  const valueSlot = (leaf: string | number): number | undefined | 'refused' => {
    if (isFixed) return undefined
    if (!isTime) return typeof leaf === 'number' ? NUMBER : TEXT
    const parts = String(leaf).split('/')
    if (typeof leaf === 'number' || parts.length > 2 || !parts.every((part) => IS_INSTANT.test(part))) return 'refused'
    return parts.length === 2 ? INTERVAL : INSTANT
  }
  if (!isObject(json)) return (path, leaf) => (path.length === 0 ? valueSlot(leaf) : undefined)
  if (Object.hasOwn(json, 'dataset') || Object.hasOwn(json, 'datasetId') || Object.hasOwn(json, 'deletedAt') || Object.hasOwn(json, 'expiresAt')) return undefined
  const kind = declaredKind(json) ?? inferredKind(json)
  return (path, leaf) => {
    const [first, second] = path
    if (path.length === 1 && kind !== undefined && (first === 'observedAt' || first === 'createdAt' || first === 'modifiedAt')) {
      return IS_INSTANT.test(String(leaf)) ? INSTANT : 'refused'
    }
    if (kind === 'Property' && first === 'value' && (path.length === 1 || (path.length === 2 && second === '@value'))) return valueSlot(leaf)
    if (kind === 'Relationship' && path.length === 1 && first === 'object') return isFixed ? undefined : TEXT
    if (name === 'location' && typeof leaf === 'number') return degreesSlot(path, kind, json)
    return undefined
  }
}

/** Longitude and latitude of a Point, bare or in a GeoProperty. */
function degreesSlot(path: readonly (string | number)[], kind: AttributeKind | undefined, json: Readonly<Record<string, unknown>>): number | undefined {
  const geometry = kind === 'GeoProperty' ? own(json, 'value') : kind === undefined ? json : undefined
  const depth = kind === 'GeoProperty' ? 2 : 1
  if (!isObject(geometry) || own(geometry, 'type') !== 'Point') return undefined
  if (path.length !== depth + 1 || path[depth - 1] !== 'coordinates' || (depth === 2 && path[0] !== 'value')) return undefined
  return path[depth] === 0 ? LONGITUDE : path[depth] === 1 ? LATITUDE : undefined
}

/** Over a value that is known to be valid, noting its slots. False for names that stand twice or have escapes. */
function walk(cursor: ByteCursor, path: (string | number)[], json: unknown, rule: SlotRule, slots: { kind: number; path: string; from: number; to: number }[]): boolean {
  const { bytes } = cursor
  const first = bytes[cursor.at]
  if (first === 0x7b) {
    if (!isObject(json)) return false
    let members = 0
    cursor.at++
    cursor.skipSpace()
    while (!cursor.take(0x7d)) {
      const nameAt = cursor.at + 1
      if (!cursor.skipText()) return false
      let name = ''
      for (let at = nameAt; at < cursor.at - 1; at++) name += String.fromCharCode(bytes[at]!)
      if (/[^\x20-\x7e]|[\\.]/.test(name) || !Object.hasOwn(json, name)) return false
      members++
      cursor.skipSpace()
      cursor.at++
      cursor.skipSpace()
      path.push(name)
      if (!walk(cursor, path, json[name], rule, slots)) return false
      path.pop()
      cursor.skipSpace()
      if (cursor.take(0x2c)) cursor.skipSpace()
    }
    return members === Object.keys(json).length
  }
  if (first === 0x5b) {
    if (!Array.isArray(json)) return false
    cursor.at++
    cursor.skipSpace()
    for (let index = 0; !cursor.take(0x5d); index++) {
      path.push(index)
      if (!walk(cursor, path, (json as unknown[])[index], rule, slots)) return false
      path.pop()
      cursor.skipSpace()
      if (cursor.take(0x2c)) cursor.skipSpace()
    }
    return true
  }
  const from = cursor.at
  if (!cursor.skipValue()) return false
  if (typeof json !== 'string' && typeof json !== 'number') return true
  const kind = rule(path, json)
  if (kind === 'refused') return false
  if (kind === undefined) return true
  const inset = typeof json === 'string' ? 1 : 0
  slots.push({ kind, path: path.join('.'), from: from + inset, to: cursor.at - inset })
  return true
}
