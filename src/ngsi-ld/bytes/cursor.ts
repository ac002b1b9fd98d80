/**
 * A place in JSON that is still bytes, and the steps over what stands there.
 *
 * Each step reads only the plain spelling of its thing (a text without escapes, a number of few digits,
 * an instant as our brokers write it) and says false for anything else: whoever asked then hands the whole
 * to the total decoder. What a step accepts means exactly what `JSON.parse` and `parseInstant` make of it.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d

/** Powers of ten that a double holds exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

/** Digits whose value a double always holds exactly. */
const EXACT_DIGITS = 15

export class ByteCursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** The same bytes, to be read four at a time. */
  view: DataView = new DataView(new ArrayBuffer(0))
  at = 0
  end = 0
  /** What `number`, `degrees` and `instant` read. */
  value = 0

  // The day of the instant read last: sensors report today.
  private date = -1
  private dateMs = 0

  open(bytes: Uint8Array, at = 0, end = bytes.length): void {
    if (this.bytes !== bytes) this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  skipSpace(): void {
    const { bytes, end } = this
    let at = this.at
    while (at < end) {
      const byte = bytes[at]!
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
      at++
    }
    this.at = at
  }

  /** Steps over the byte if it stands here. */
  take(byte: number): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false
    this.at++
    return true
  }

  /** To the closing quote of a text without escapes; the opening one is behind. */
  text(): boolean {
    const { bytes, end } = this
    let at = this.at
    while (at < end) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        this.at = at
        return true
      }
      if (byte < 0x20 || byte === BACKSLASH) return false
      at++
    }
    return false
  }

  /** A JSON number, as the same double that `JSON.parse` gives. */
  number(): boolean {
    const { bytes, end } = this
    const start = this.at
    let at = start
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    const first = bytes[at]!
    if (at >= end || first < ZERO || first > NINE) return false
    let mantissa = first - ZERO
    const digitsAt = at++
    let digit = bytes[at]!
    // A leading zero is followed by no digit.
    if (first !== ZERO) {
      while (at < end && digit >= ZERO && digit <= NINE) {
        mantissa = mantissa * 10 + (digit - ZERO)
        digit = bytes[++at]!
      }
    } else if (at < end && digit >= ZERO && digit <= NINE) return false
    let digits = at - digitsAt
    let fraction = 0
    if (at < end && digit === POINT) {
      const fractionAt = ++at
      digit = bytes[at]!
      while (at < end && digit >= ZERO && digit <= NINE) {
        mantissa = mantissa * 10 + (digit - ZERO)
        digit = bytes[++at]!
      }
      fraction = at - fractionAt
      if (fraction === 0) return false
      digits += fraction
    }
    if (at < end && (digit === 0x65 || digit === 0x45)) return this.rareNumber(start)
    if (digits > EXACT_DIGITS) return this.rareNumber(start)
    // Two exact doubles divided are rounded once, as a correct reader of decimals rounds (Clinger 1990).
    const value = fraction === 0 ? mantissa : mantissa / TENS[fraction]!
    this.value = isNegative ? -value : value
    this.at = at
    return true
  }

  /**
   * A number of which only the `float32` is wanted: degrees come with 17 digits that nobody needs. The value is
   * near enough that rounding it gives the same float as rounding the exact one, or it is the exact one.
   */
  degrees(): boolean {
    const { bytes, end } = this
    const start = this.at
    let at = start
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    const first = bytes[at]!
    const second = bytes[at + 1]!
    if (at + 1 >= end || first < ZERO || first > NINE || (first === ZERO && second >= ZERO && second <= NINE)) return this.number()
    let mantissa = 0
    let digits = 0
    let fraction = 0
    let hasPoint = false
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO)
        digits++
        if (hasPoint) fraction++
      } else if (byte === POINT && !hasPoint) hasPoint = true
      else break
    }
    const next = bytes[at]!
    if (digits <= EXACT_DIGITS || digits > 20 || (hasPoint && fraction === 0) || next === 0x65 || next === 0x45 || next === POINT) {
      this.at = start
      return this.number()
    }
    // At most six roundings lie behind: a few units in the last of 53 places.
    const value = mantissa / TENS[fraction]!
    const error = value * 2 ** -49
    if (Math.fround(value - error) !== Math.fround(value + error)) return this.number()
    this.value = isNegative ? -value : value
    this.at = at
    return true
  }

  /** An instant with its zone, `2026-11-20T08:14:05.123Z`; other spellings are for `parseInstant`. */
  instant(): boolean {
    const { bytes } = this
    const at = this.at
    if (at + 20 > this.end) return false
    if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS || bytes[at + 10] !== 0x54 || bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return false
    const date = (this.pair(at) * 100 + this.pair(at + 2)) * 10_000 + this.pair(at + 5) * 100 + this.pair(at + 8)
    const hour = this.pair(at + 11)
    const minute = this.pair(at + 14)
    const second = this.pair(at + 17)
    // Also false for NaN, which `pair` gives for what are no digits.
    if (!(hour <= 23 && minute <= 59 && second <= 59)) return false
    if (date !== this.date && !this.setDate(date)) return false
    let ms = this.dateMs + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS
    let next = at + 19
    if (bytes[next] === POINT) {
      next++
      let weight = 100
      let count = 0
      for (; next < this.end; next++, count++) {
        const byte = bytes[next]!
        if (byte < ZERO || byte > NINE) break
        ms += (byte - ZERO) * weight
        weight = weight === 100 ? 10 : weight === 10 ? 1 : 0 // kept to the millisecond
      }
      if (count === 0 || count > 9) return false
    }
    if (next >= this.end) return false
    const zone = bytes[next]!
    if (zone === 0x5a) next++
    else if ((zone === 0x2b || zone === MINUS) && next + 6 <= this.end && bytes[next + 3] === 0x3a) {
      const minutes = this.pair(next + 1) * 60 + this.pair(next + 4)
      if (Number.isNaN(minutes)) return false
      ms -= (zone === MINUS ? -minutes : minutes) * MINUTE_MS
      next += 6
    } else return false
    this.value = ms
    this.at = next
    return true
  }

  /**
   * Over a whole value by its brackets and quotes alone. Of valid JSON that is the value; whether it is valid,
   * a parser says.
   */
  skipValue(): boolean {
    const { bytes, end } = this
    const first = bytes[this.at]
    if (this.at >= end) return false
    if (first === QUOTE) return this.skipText()
    if (first !== OPEN_OBJECT && first !== OPEN_LIST) {
      const start = this.at
      while (this.at < end && isInWord(bytes[this.at]!)) this.at++
      return this.at > start
    }
    let depth = 0
    while (this.at < end) {
      const byte = bytes[this.at]!
      if (byte === QUOTE) {
        if (!this.skipText()) return false
        continue
      }
      this.at++
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth === 0) return true
    }
    return false
  }

  /** Over a text with its quotes, escapes and all. */
  skipText(): boolean {
    const { bytes, end } = this
    let at = this.at + 1
    while (at < end) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        this.at = at + 1
        return true
      }
      at += byte === BACKSLASH ? 2 : 1
    }
    return false
  }

  private pair(at: number): number {
    const tens = this.bytes[at]! - ZERO
    const ones = this.bytes[at + 1]! - ZERO
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
  }

  private setDate(date: number): boolean {
    const year = Math.floor(date / 10_000)
    const month = Math.floor(date / 100) % 100
    const day = date % 100
    // `Date.UTC` reads the first century as another, and rolls over what the calendar does not have.
    if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1)) return false
    const ms = Date.UTC(year, month - 1, day)
    if (new Date(ms).getUTCDate() !== day) return false
    this.date = date
    this.dateMs = ms
    return true
  }

  // Many digits, or an exponent: the platform's own reader, at its price.
  private rareNumber(start: number): boolean {
    const { bytes, end } = this
    let text = ''
    let at = start
    while (at < end && isInNumber(bytes[at]!)) text += String.fromCharCode(bytes[at++]!)
    if (text.length > 1_000 || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return false
    const value = Number(text)
    if (!Number.isFinite(value)) return false
    this.value = value
    this.at = at
    return true
  }
}

function isInNumber(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === 0x2b || byte === POINT || byte === 0x65 || byte === 0x45
}

function isInWord(byte: number): boolean {
  return isInNumber(byte) || (byte >= 0x61 && byte <= 0x7a)
}
