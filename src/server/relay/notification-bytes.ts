/**
 * A notification that may go on as it is, told by its bytes: no object is made of it.
 *
 * Known is what the brokers write: a standard envelope whose `data` is a list of entities, each with one plain `type`.
 * It must be JSON as a whole, and each type must be one that passes. Anything else, be it only a name written with an
 * escape or standing twice, is for the exact way (`intake.ts`): `undefined` says "not known", never "not allowed".
 */
import { isUtf8 } from 'node:buffer'
import { CLOSE_LIST, CLOSE_OBJECT, JsonBytes, OPEN_LIST, OPEN_OBJECT } from './json-bytes.ts'

export interface SeenNotification {
  readonly entities: number
  /** It has line ends, between its tokens. */
  readonly hasLineEnd: boolean
}

/** Undefined: not known, ask the exact way. */
export type SeeNotification = (body: Uint8Array) => SeenNotification | undefined

interface KnownType {
  readonly bytes: Uint8Array
  readonly type: string
  /** Of the notification that is looked at. */
  entities: number
}

const COMMA = 0x2c
const QUOTE = 0x22

/** Members of an envelope that go on. What else stands there may be an envelope of another kind. */
const ENVELOPE = ['id', 'type', 'subscriptionId', 'notifiedAt', 'data']
const DATA = 1 << ENVELOPE.indexOf('data')
const LONGEST_NAME = 20
/** Types of a city are few; who sends more gets the exact way. */
const MAX_TYPES = 64
const LONGEST_TYPE = 256

/**
 * `passes` says of a type whether its entities may go on; it is asked once for each type. `onType` hears of each type of
 * a notification that is known how many entities it has.
 */
export function createNotificationSight(passes: (type: string) => boolean, onType?: (type: string, entities: number) => void): SeeNotification {
  const json = new JsonBytes()
  const passing: KnownType[] = []
  let latest: KnownType | undefined

  function isPassing(from: number, to: number): boolean {
    if (latest !== undefined && equals(json.bytes, from, to, latest.bytes)) {
      latest.entities++
      return true
    }
    for (const known of passing) {
      if (!equals(json.bytes, from, to, known.bytes)) continue
      latest = known
      latest.entities++
      return true
    }
    if (passing.length >= MAX_TYPES || to - from > LONGEST_TYPE) return false
    const type = asciiOf(json.bytes, from, to)
    // A feature says what it is further in.
    if (type === undefined || type === '' || type === 'Feature' || !passes(type)) return false
    passing.push((latest = { bytes: json.bytes.slice(from, to), type, entities: 1 }))
    return true
  }

  /** One entity, its opening bracket behind. */
  function entity(): boolean {
    let types = 0
    if (json.next() === CLOSE_OBJECT) return false
    for (;;) {
      if (!json.take(QUOTE)) return false
      const from = json.at
      if (!json.text() || json.hasEscape) return false
      const to = json.at - 1
      if (!json.take(0x3a)) return false
      if (isType(json.bytes, from, to)) {
        if (++types > 1 || !json.take(QUOTE)) return false
        const start = json.at
        if (!json.text() || json.hasEscape || !isPassing(start, json.at - 1)) return false
      } else if (!json.value()) return false
      const after = json.next()
      json.at++
      if (after === CLOSE_OBJECT) return types === 1
      if (after !== COMMA) return false
    }
  }

  /** How many entities the list has; -1 when it is not known. */
  function list(): number {
    if (!json.take(OPEN_LIST)) return -1
    let count = 0
    if (json.take(CLOSE_LIST)) return count
    for (;;) {
      if (!json.take(OPEN_OBJECT) || !entity()) return -1
      count++
      const after = json.next()
      json.at++
      if (after === CLOSE_LIST) return count
      if (after !== COMMA) return -1
    }
  }

  function envelope(): number {
    if (!json.take(OPEN_OBJECT)) return -1
    let seen = 0
    let entities = 0
    for (;;) {
      if (!json.take(QUOTE)) return -1
      const from = json.at
      if (!json.text() || json.hasEscape) return -1
      const to = json.at - 1
      if (to - from > LONGEST_NAME || !json.take(0x3a)) return -1
      const bit = 1 << ENVELOPE.indexOf(asciiOf(json.bytes, from, to) ?? '')
      // Shifted by -1 for a name that is none of them: the sign.
      if (bit < 0 || (seen & bit) !== 0) return -1
      seen |= bit
      if (bit === DATA) {
        if ((entities = list()) < 0) return -1
      } else if (!json.value()) return -1
      const after = json.next()
      json.at++
      if (after === CLOSE_OBJECT) break
      if (after !== COMMA) return -1
    }
    // Nothing but the document.
    return (seen & DATA) !== 0 && Number.isNaN(json.next()) && json.at === json.bytes.length ? entities : -1
  }

  return (body) => {
    json.open(body)
    const entities = envelope()
    // Bytes that are no UTF-8 become other text when they are read: what goes on must be what was read.
    const isKnown = entities >= 0 && (!json.hasHighByte || isUtf8(body))
    for (const known of passing) {
      if (known.entities === 0) continue
      if (isKnown) onType?.(known.type, known.entities)
      known.entities = 0
    }
    if (!isKnown) return undefined
    return { entities, hasLineEnd: json.hasLineEnd }
  }
}

/** `type` or `@type`, whose words decide who may see the entity. */
function isType(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from
  if (length !== 4 && length !== 5) return false
  if (length === 5 && bytes[from] !== 0x40) return false
  const at = to - 4
  return bytes[at] === 0x74 && bytes[at + 1] === 0x79 && bytes[at + 2] === 0x70 && bytes[at + 3] === 0x65
}

function equals(bytes: Uint8Array, from: number, to: number, known: Uint8Array): boolean {
  if (to - from !== known.length) return false
  for (let index = 0; index < known.length; index++) if (bytes[from + index] !== known[index]) return false
  return true
}

function asciiOf(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = ''
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte >= 0x80) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}
