/**
 * Rows of sensors by the bytes of their id, without making a text of it.
 *
 * A memory, not a register: an entry is believed only when the row it names still has this very id, so rows may
 * move and go without a word. What is not found is looked up by its text and kept. Open addressing, at
 * most half full.
 */
export interface ByteIds {
  /** Row of the sensor whose id, plain ASCII without escapes, lies there; -1 when there is none, or the id is another. */
  rowOf(bytes: Uint8Array, from: number, to: number): number
}

export interface IdRegister {
  rowOf(id: string): number
  idAt(row: number): string | undefined
}

const FIRST_SIZE = 256
/** Ids that somebody has made to fall on one place cost so many looks and then the register's own. */
const MAX_PROBES = 16

export function createByteIds(register: IdRegister, seed: number): ByteIds {
  let size = FIRST_SIZE
  let used = 0
  /** Row + 1, 0 for a free place. */
  let rows = new Int32Array(size)
  let hashes = new Int32Array(size)

  function keep(hash: number, row: number): void {
    if (used * 2 >= size) grow()
    const mask = size - 1
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const place = (hash + probe) & mask
      if (rows[place] !== 0 && hashes[place] !== hash) continue
      if (rows[place] === 0) used++
      rows[place] = row + 1
      hashes[place] = hash
      return
    }
  }

  function grow(): void {
    const before = { rows, hashes }
    size *= 2
    used = 0
    rows = new Int32Array(size)
    hashes = new Int32Array(size)
    for (const [place, row] of before.rows.entries()) if (row !== 0) keep(before.hashes[place]!, row - 1)
  }

  return {
    rowOf(bytes, from, to) {
      let hash = seed
      let all = 0
      for (let at = from; at < to; at++) {
        const byte = bytes[at]!
        all |= byte
        hash = Math.imul(hash ^ byte, 0x01000193)
      }
      if (all >= 0x80) return -1
      hash ^= hash >>> 15
      const mask = size - 1
      for (let probe = 0; probe < MAX_PROBES; probe++) {
        const place = (hash + probe) & mask
        const row = rows[place]! - 1
        if (row < 0) break
        if (hashes[place] === hash && isAscii(register.idAt(row), bytes, from, to)) return row
      }
      const row = register.rowOf(asciiText(bytes, from, to))
      if (row >= 0) keep(hash, row)
      return row
    },
  }
}

/** Are these bytes the text, one for one? */
export function isAscii(text: string | undefined, bytes: Uint8Array, from: number, to: number): boolean {
  if (text === undefined || text.length !== to - from) return false
  for (let at = from, index = 0; at < to; at++, index++) if (text.charCodeAt(index) !== bytes[at]) return false
  return true
}

function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!)
  return text
}
