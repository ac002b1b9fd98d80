/**
 * Texts as UTF-8 bytes in a few large pages: a million ids are a million objects less for the collector.
 *
 * A text is known by its address and its length; both are kept by whoever owns it. The room of a text that
 * is let go is given to the next of about its length: ids of a city are nearly all as long as each other, so
 * nothing is ever moved or packed.
 */
export interface TextStore {
  /** Address of a copy of the bytes. */
  put(bytes: Uint8Array, start: number, end: number): number
  free(address: number, length: number): void
  equals(address: number, length: number, bytes: Uint8Array, start: number, end: number): boolean
  /** The same with a text that was packed by `packWords`. */
  equalsWords(address: number, length: number, words: Int32Array): boolean
  /** The bytes where they lie, to be read at once. */
  use<T>(address: number, length: number, read: (bytes: Uint8Array, start: number, end: number) => T): T
  read(address: number, length: number): string
}

const PAGE_BITS = 16
const PAGE = 2 ** PAGE_BITS
/** The first page; each is twice the one before, up to a whole one: a small city stays small. */
const FIRST_PAGE = 2 ** 10

export function createTextStore(): TextStore {
  const pages: Uint8Array[] = []
  /** The same memory, four bytes at a time: texts begin at whole words and their last one is filled up with zeros. */
  const wordPages: Int32Array[] = []
  /** By room, in units of four bytes. */
  const freed = new Map<number, number[]>()
  let size = FIRST_PAGE / 2
  let next = size
  let page = -1

  function addPage(length: number): void {
    const added = new Uint8Array(length)
    pages.push(added)
    wordPages.push(new Int32Array(added.buffer))
  }

  function allocate(length: number): number {
    const room = Math.max(4, (length + 3) & ~3)
    const address = freed.get(room)?.pop()
    if (address !== undefined) return address
    if (room > PAGE) {
      // A page of its own, as long as it is.
      addPage(room)
      return (pages.length - 1) * PAGE
    }
    if (next + room > size) {
      size = Math.min(PAGE, size * 2)
      while (size < room) size *= 2
      addPage(size)
      page = pages.length - 1
      next = 0
    }
    const at = page * PAGE + next
    next += room
    return at
  }

  function use<T>(address: number, length: number, read: (bytes: Uint8Array, start: number, end: number) => T): T {
    const at = address & (PAGE - 1)
    return read(pages[Math.floor(address / PAGE)]!, at, at + length)
  }

  return {
    put(bytes, start, end) {
      const address = allocate(end - start)
      const at = address & (PAGE - 1)
      const target = pages[Math.floor(address / PAGE)]!
      for (let i = start; i < end; i++) target[at + i - start] = bytes[i]!
      for (let i = at + end - start; (i & 3) !== 0; i++) target[i] = 0
      return address
    },
    free(address, length) {
      const room = Math.max(4, (length + 3) & ~3)
      const list = freed.get(room)
      if (list === undefined) freed.set(room, [address])
      else list.push(address)
    },
    equals(address, length, bytes, start, end) {
      if (end - start !== length) return false
      const page = pages[Math.floor(address / PAGE)]!
      let at = address & (PAGE - 1)
      for (let i = start; i < end; i++) if (page[at++] !== bytes[i]) return false
      return true
    },
    equalsWords(address, length, words) {
      const page = wordPages[Math.floor(address / PAGE)]!
      const from = (address & (PAGE - 1)) >>> 2
      const count = (length + 3) >>> 2
      for (let i = 0; i < count; i++) if (page[from + i] !== words[i]) return false
      return true
    },
    use,
    read: (address, length) => use(address, length, decodeUtf8),
  }
}

/** A text four bytes at a time, as the store keeps it. Returns `words`, or a longer array in its place. */
export function packWords(view: DataView, start: number, end: number, words: Int32Array): Int32Array {
  const count = (end - start + 3) >>> 2
  const packed = count <= words.length ? words : new Int32Array(count * 2)
  const whole = start + ((end - start) & ~3)
  let word = 0
  let at = start
  for (; at < whole; at += 4) packed[word++] = view.getInt32(at, true)
  if (at < end) {
    let last = 0
    for (let shift = 0; at < end; at++, shift += 8) last |= view.getUint8(at) << shift
    packed[word] = last
  }
  return packed
}

/** UTF-8 of a text, written into a buffer that is used again. Half a surrogate pair keeps its own three bytes, so that no two texts are alike. */
export interface Utf8Scratch {
  bytes: Uint8Array
  /** Returns the length. */
  write(text: string): number
}

export function createUtf8Scratch(): Utf8Scratch {
  const scratch: Utf8Scratch = {
    bytes: new Uint8Array(256),
    write(text) {
      if (scratch.bytes.length < text.length * 3) scratch.bytes = new Uint8Array(text.length * 3)
      const { bytes } = scratch
      let at = 0
      for (let i = 0; i < text.length; i++) {
        let code = text.charCodeAt(i)
        if (code < 0x80) {
          bytes[at++] = code
          continue
        }
        const low = (code & 0xfc00) === 0xd800 && i + 1 < text.length ? text.charCodeAt(i + 1) : 0
        if ((low & 0xfc00) === 0xdc00) {
          code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
          i++
        }
        if (code < 0x800) {
          bytes[at++] = 0xc0 | (code >> 6)
        } else {
          if (code < 0x10000) {
            bytes[at++] = 0xe0 | (code >> 12)
          } else {
            bytes[at++] = 0xf0 | (code >> 18)
            bytes[at++] = 0x80 | ((code >> 12) & 0x3f)
          }
          bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
        }
        bytes[at++] = 0x80 | (code & 0x3f)
      }
      return at
    },
  }
  return scratch
}

/** Are these bytes the text, one for one? */
export function isAscii(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let at = from, index = 0; at < to; at++, index++) if (text.charCodeAt(index) !== bytes[at]) return false
  return true
}

// Only bytes that `write` made, or a JSON text's, come in here: they are taken to be well formed.
function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let run: number[] = []
  for (let i = start; i < end; ) {
    const byte = bytes[i++]!
    let code = byte
    if (byte >= 0xf0) code = ((byte & 7) << 18) | ((bytes[i++]! & 0x3f) << 12) | ((bytes[i++]! & 0x3f) << 6) | (bytes[i++]! & 0x3f)
    else if (byte >= 0xe0) code = ((byte & 15) << 12) | ((bytes[i++]! & 0x3f) << 6) | (bytes[i++]! & 0x3f)
    else if (byte >= 0xc0) code = ((byte & 31) << 6) | (bytes[i++]! & 0x3f)
    run.push(code)
    if (run.length < 1_024 && i < end) continue
    text += String.fromCodePoint(...run)
    run = []
  }
  return text
}
