/**
 * Is this JSON? Answered over bytes in one pass, without making anything of them: RFC 8259 to the letter, as `JSON.parse`
 * has it, but for the bounds below. Whoever gets false asks `JSON.parse`, which has the last word.
 *
 * Steps read at `at` and leave it behind what they read.
 */
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const BACKSLASH = 0x5c
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
export const OPEN_LIST = 0x5b
export const CLOSE_LIST = 0x5d

/** Levels within one value. Real entities have five or so; what is deeper is for `JSON.parse`. */
const MAX_DEPTH = 64

/** What a byte within a text asks for: nothing, or a closer look. Control characters stand in no text. */
const PLAIN = 0
const END = 1
const ESCAPE = 2
const HIGH = 3
const BAD = 4
const IN_TEXT = Uint8Array.from({ length: 256 }, (_, byte) => (byte === QUOTE ? END : byte === BACKSLASH ? ESCAPE : byte < 0x20 ? BAD : byte >= 0x80 ? HIGH : PLAIN))

const SIMPLE_ESCAPES = new Set(Array.from('"\\/bfnrt', (char) => char.charCodeAt(0)))
const WORDS = ['true', 'false', 'null'].map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0)))

export class JsonBytes {
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  /** A line ended between tokens. */
  hasLineEnd = false
  /** A text has bytes beyond ASCII: whether they are UTF-8 is not looked at here. */
  hasHighByte = false
  /** The text read last was written with an escape. */
  hasEscape = false

  private readonly isObject = new Uint8Array(MAX_DEPTH)

  open(bytes: Uint8Array): void {
    this.bytes = bytes
    this.at = 0
    this.hasLineEnd = false
    this.hasHighByte = false
  }

  /** The byte at the next token; NaN at the end. */
  next(): number {
    const { bytes } = this
    let { at } = this
    while (at < bytes.length) {
      const byte = bytes[at]!
      if (byte > 0x20) {
        this.at = at
        return byte
      }
      if (byte === 0x0a || byte === 0x0d) this.hasLineEnd = true
      else if (byte !== 0x20 && byte !== 0x09) break
      at++
    }
    this.at = at
    return Number.NaN
  }

  /** Steps over the byte if it is the next token. */
  take(byte: number): boolean {
    if (this.next() !== byte) return false
    this.at++
    return true
  }

  /** The rest of a text behind its opening quote. */
  text(): boolean {
    const { bytes } = this
    let { at } = this
    this.hasEscape = false
    while (at < bytes.length) {
      const kind = IN_TEXT[bytes[at]!]
      if (kind === PLAIN) at++
      else if (kind === END) {
        this.at = at + 1
        return true
      } else if (kind === HIGH) {
        this.hasHighByte = true
        at++
      } else if (kind === ESCAPE) {
        this.hasEscape = true
        const after = bytes[at + 1]
        if (after === 0x75 && isHex(bytes[at + 2]) && isHex(bytes[at + 3]) && isHex(bytes[at + 4]) && isHex(bytes[at + 5])) at += 6
        else if (after !== undefined && SIMPLE_ESCAPES.has(after)) at += 2
        else return false
      } else return false
    }
    return false
  }

  /**
   * Any value. One loop over local variables, and the commonest tokens read where they stand: this is where nearly all
   * of a notification's bytes go through.
   */
  value(): boolean {
    const { bytes, isObject } = this
    const end = bytes.length
    let { at } = this
    let depth = 0
    let isName = false
    for (;;) {
      // A name, or a value.
      let byte = at < end ? bytes[at]! : 0
      if (byte <= 0x20) {
        this.at = at
        byte = this.next()
        at = this.at
      }
      if (byte === QUOTE) {
        at++
        while (at < end && IN_TEXT[bytes[at]!] === PLAIN) at++
        if (at < end && bytes[at] === QUOTE) at++
        else {
          this.at = at
          if (!this.text()) return false
          at = this.at
        }
        if (isName) {
          if (bytes[at] === COLON) at++
          else {
            this.at = at
            if (!this.take(COLON)) return false
            at = this.at
          }
          isName = false
          continue
        }
      } else if (isName) return false
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (depth === MAX_DEPTH) return false
        const opensObject = byte === OPEN_OBJECT
        this.at = at + 1
        const isEmpty = this.next() === (opensObject ? CLOSE_OBJECT : CLOSE_LIST)
        at = this.at
        if (!isEmpty) {
          isObject[depth++] = opensObject ? 1 : 0
          isName = opensObject
          continue
        }
        at++
      } else {
        this.at = at
        if (!(byte === MINUS || (byte >= ZERO && byte <= NINE) ? this.number() : this.word())) return false
        at = this.at
      }
      // A value has ended: another comes, or what it stands in ends too.
      for (;;) {
        if (depth === 0) {
          this.at = at
          return true
        }
        let between = at < end ? bytes[at]! : 0
        if (between <= 0x20) {
          this.at = at
          between = this.next()
          at = this.at
        }
        at++
        const inObject = isObject[depth - 1] === 1
        if (between === COMMA) {
          isName = inObject
          break
        }
        if (between !== (inObject ? CLOSE_OBJECT : CLOSE_LIST)) return false
        depth--
      }
    }
  }

  private number(): boolean {
    const { bytes } = this
    let { at } = this
    if (bytes[at] === MINUS) at++
    // A leading zero is followed by no digit.
    if (bytes[at] === ZERO) at++
    else if ((at = afterDigits(bytes, at)) < 0) return false
    if (bytes[at] === POINT && (at = afterDigits(bytes, at + 1)) < 0) return false
    const exponent = bytes[at]
    if (exponent === 0x65 || exponent === 0x45) {
      const sign = bytes[at + 1]
      if ((at = afterDigits(bytes, sign === MINUS || sign === 0x2b ? at + 2 : at + 1)) < 0) return false
    }
    this.at = at
    return true
  }

  private word(): boolean {
    const { bytes, at } = this
    for (const word of WORDS) {
      if (!word.every((byte, index) => bytes[at + index] === byte)) continue
      this.at = at + word.length
      return true
    }
    return false
  }
}

/** Behind one digit or more; -1 when there is none. */
function afterDigits(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte < ZERO || byte > NINE) break
    at++
  }
  return at === from ? -1 : at
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= ZERO && byte <= NINE) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66))
}
