/**
 * Where the list of entities lies in a relay's `notification` event, before anything of it is parsed.
 *
 * The event without what is in the list is small: it goes through the same readers as ever, so an envelope
 * means what it always meant. Only a document is taken apart in which the list can be told by its bytes:
 * a `notification` object with one `data` list, names without escapes, nothing wrapped in a `body`.
 */
import type { ByteCursor } from './cursor.ts'

const QUOTE = 0x22

/** Steps over the wrapper to the end of the document; `inList` is called at the list's `[` and must step over its `]`. */
export function walkNotification(cursor: ByteCursor, inList: () => boolean): boolean {
  let lists = 0
  let notifications = 0
  const isWalked = walkMembers(cursor, (name) => {
    if (name !== 'notification') return cursor.skipValue()
    // Of a name that stands twice the last one counts; that is for a parser to know.
    if (++notifications > 1 || cursor.bytes[cursor.at] !== 0x7b) return false
    return walkMembers(cursor, (member) => {
      if (member === 'body') return false
      if (member !== 'data') return cursor.skipValue()
      return ++lists === 1 && cursor.bytes[cursor.at] === 0x5b && inList()
    })
  })
  cursor.skipSpace()
  return isWalked && lists === 1 && cursor.at === cursor.end
}

/** `each` is called at every value and must step over it. */
function walkMembers(cursor: ByteCursor, each: (name: string) => boolean): boolean {
  cursor.skipSpace()
  if (!cursor.take(0x7b)) return false
  cursor.skipSpace()
  if (cursor.take(0x7d)) return true
  for (;;) {
    cursor.skipSpace()
    if (!cursor.take(QUOTE)) return false
    const name = shortText(cursor)
    if (name === undefined) return false
    cursor.skipSpace()
    if (!cursor.take(0x3a)) return false
    cursor.skipSpace()
    if (!each(name)) return false
    cursor.skipSpace()
    if (cursor.take(0x7d)) return true
    if (!cursor.take(0x2c)) return false
  }
}

function shortText(cursor: ByteCursor): string | undefined {
  const start = cursor.at
  if (!cursor.text() || cursor.at - start > 100) return undefined
  let name = ''
  for (let at = start; at < cursor.at; at++) {
    const byte = cursor.bytes[at]!
    if (byte >= 0x80) return undefined
    name += String.fromCharCode(byte)
  }
  cursor.at++
  return name
}
