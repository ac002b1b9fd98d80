/**
 * Reads the entities of a notification from its bytes: plain ones to numbers, the others to JSON.
 *
 * It has looked at the whole document before anything is applied: an event that breaks off is no event. What
 * was read last is kept, so a notification that is applied at once is read once; one that the feed holds back
 * behind a snapshot is read again in its turn.
 */
import type { ByteEntities } from '../../../feed/byte-notification.ts'
import { ByteCursor } from '../../../ngsi-ld/bytes/cursor.ts'
import { walkNotification } from '../../../ngsi-ld/bytes/list-span.ts'
import { DEFAULT_LIMITS } from '../../../ngsi-ld/decode-run.ts'
import { Batch } from './batch.ts'
import { createShapes, type ShapesOptions } from './shapes.ts'

export interface ByteReader {
  /** The event without its entities, and where these are. */
  read(data: Uint8Array): { readonly envelope: string; readonly entities: ByteEntities } | undefined
  /** The entities, in their order. Good until the next call. */
  open(entities: ByteEntities): Batch
  /** An entity of a batch as JSON. */
  parse(data: Uint8Array, from: number, to: number): unknown
}

/** UTF-8 as the platform reads it: what is not valid becomes U+FFFD. A byte order mark is kept. */
export type DecodeText = (bytes: Uint8Array) => string

export function createByteReader(options: ShapesOptions & { readonly decodeText: DecodeText }): ByteReader {
  const { decodeText } = options
  const shapes = createShapes(options)
  const cursor = new ByteCursor()
  const batch = new Batch()
  let read: ByteEntities | undefined

  function parse(data: Uint8Array, from: number, to: number): unknown {
    return JSON.parse(decodeText(data.subarray(from, to)))
  }

  /** Steps over the list. False when an element is no object or no JSON, or there are too many. */
  function readList(): boolean {
    const { bytes } = cursor
    batch.clear(bytes)
    cursor.at++
    cursor.skipSpace()
    if (cursor.take(0x5d)) return true
    for (;;) {
      const from = cursor.at
      if (bytes[from] !== 0x7b || batch.count === DEFAULT_LIMITS.maxEntities) return false
      if (!shapes.read(cursor, batch)) {
        cursor.at = from
        if (!cursor.skipValue()) return false
        const json = parsed(from)
        if (json === undefined) return false
        shapes.learn(bytes, from, cursor.at, json)
        batch.addJson(json, from, cursor.at)
      }
      cursor.skipSpace()
      if (cursor.take(0x5d)) return true
      if (!cursor.take(0x2c)) return false
      cursor.skipSpace()
    }
  }

  function parsed(from: number): unknown {
    try {
      return parse(cursor.bytes, from, cursor.at)
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  return {
    read(data) {
      let from = 0
      let to = 0
      read = undefined
      cursor.open(data)
      const isWalked = walkNotification(cursor, () => {
        from = cursor.at
        const isList = readList()
        to = cursor.at
        return isList
      })
      if (!isWalked) return undefined
      read = { data, from, to }
      return { envelope: `${decodeText(data.subarray(0, from))}[]${decodeText(data.subarray(to))}`, entities: read }
    },
    open(entities) {
      if (read !== entities) {
        cursor.open(entities.data, entities.from, entities.to)
        if (!readList()) throw new Error('a list that was read before cannot be read again')
        read = entities
      }
      return batch
    },
    parse,
  }
}
