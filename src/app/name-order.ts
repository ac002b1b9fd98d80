/**
 * Rows in the order of their names, as people count: "Foz 2" before "Foz 10", accents and case aside.
 *
 * A collator compares two names in about a microsecond, which a city of a million sensors has to do twenty
 * million times. So a name is taken apart into texts and numbers. Of texts a city has few, and only those are
 * put in order by the collator; each name then becomes a key that plain comparison orders the same way.
 * Where a name has signs for which that would not hold, the collator compares all of them.
 *
 * The work comes in steps of less than a millisecond.
 */
import { rowsUpTo } from '../core/radix-order.ts'
import { perLanguage } from '../language/say.ts'
import type { Roster } from '../domains/frame.ts'
import { shortName } from './sensor-list.ts'

type Names = Pick<Roster, 'ids' | 'names'>

/** By the rules of the page's language: Danish and Swedish have their å at the end. */
export const nameCollator = perLanguage((region) => new Intl.Collator(region, { numeric: true, sensitivity: 'base' }))

/** Between two yields. */
const STEP = 512

/** Row numbers by name, then by id, then as they are. */
export function* orderByName({ ids, names }: Names): Generator<undefined, Uint32Array> {
  const count = ids.length
  // One for all steps: the language may be another when the last is taken.
  const collator = nameCollator()
  const nameAt = (row: number): string => names[row] || shortName(ids[row]!)
  const nameKeys = yield* keysOf(count, nameAt, collator)
  const compareNames = nameKeys === undefined ? (a: number, b: number) => collator.compare(nameAt(a), nameAt(b)) : (a: number, b: number) => compareKeys(nameKeys[a]!, nameKeys[b]!)
  const byName = yield* mergeSort(rowsUpTo(count), compareNames)
  // Names are mostly different: ids are looked at only where two are the same.
  if (!(yield* hasEquals(byName, compareNames))) return byName
  const idKeys = yield* keysOf(count, (row) => ids[row]!, collator)
  const compareIds = idKeys === undefined ? (a: number, b: number) => collator.compare(ids[a]!, ids[b]!) : (a: number, b: number) => compareKeys(idKeys[a]!, idKeys[b]!)
  return yield* mergeSort(byName, (a, b) => compareNames(a, b) || compareIds(a, b))
}

function* hasEquals(rows: Uint32Array, compare: (a: number, b: number) => number): Generator<undefined, boolean> {
  for (let at = 1; at < rows.length; at++) {
    if (compare(rows[at - 1]!, rows[at]!) === 0) return true
    if (at % STEP === 0) yield
  }
  return false
}

/** Keys that plain comparison puts into the collator's order; undefined when there is a sign that it has its own rules for. */
function* keysOf(count: number, textAt: (row: number) => string, collator: Intl.Collator): Generator<undefined, readonly string[] | undefined> {
  const texts = new Map<string, number>()
  for (let row = 0; row < count; row++) {
    const text = textAt(row)
    if (!isPlain(text)) return undefined
    tell(text, (piece) => void texts.set(piece, 0))
    if (row % STEP === STEP - 1) yield
  }
  yield* rank(texts, collator)
  const keys: string[] = []
  for (let row = 0; row < count; row++) {
    let key = ''
    tell(textAt(row), (text, digits) => {
      const place = texts.get(text)!
      key += String.fromCharCode(1 + (place >>> 15), 1 + (place & 0x7fff))
      // A longer number is a larger one.
      if (digits !== undefined) key += String.fromCharCode(1 + digits.length) + digits
    })
    keys.push(key)
    if (row % STEP === STEP - 1) yield
  }
  return keys
}

/** Texts that the collator calls equal get one place. */
function* rank(texts: Map<string, number>, collator: Intl.Collator): Generator<undefined, void> {
  const all = [...texts.keys()]
  const order = yield* mergeSort(rowsUpTo(all.length), (a, b) => collator.compare(all[a]!, all[b]!))
  let place = 0
  for (let at = 0; at < order.length; at++) {
    if (at > 0 && collator.compare(all[order[at - 1]!]!, all[order[at]!]!) !== 0) place++
    texts.set(all[order[at]!]!, place)
    if (at % STEP === STEP - 1) yield
  }
}

/**
 * Tells the texts and numbers of a name, in turn: a text with a zero at its end where a number follows, as that decides
 * what it comes before; a number without leading zeros.
 */
function tell(name: string, onPiece: (text: string, digits: string | undefined) => void): void {
  let from = 0
  for (let at = 0; at <= name.length; at++) {
    if (at < name.length && !isDigit(name.charCodeAt(at))) continue
    if (at === name.length) {
      onPiece(name.slice(from), undefined)
      return
    }
    let first = at
    let end = at + 1
    while (end < name.length && isDigit(name.charCodeAt(end))) end++
    while (first < end && name.charCodeAt(first) === ZERO) first++
    onPiece(`${name.slice(from, at)}0`, name.slice(first, end))
    from = end
    at = end - 1
  }
}

const ZERO = 0x30

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39
}

const ASCII = /^[\x20-\x7e]*$/
const LONG_NUMBER = /[0-9]{200}/

/** No marks or formats, and no numbers but ASCII digits, not even hidden in a sign (㎡): the collator joins those with their neighbours. */
function isPlain(text: string): boolean {
  if (LONG_NUMBER.test(text)) return false
  if (ASCII.test(text)) return true
  const foreign = text.replaceAll(/[\x20-\x7e]/g, '')
  return !/[\p{M}\p{C}]/u.test(foreign) && !/\p{N}/u.test(foreign.normalize('NFKD'))
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** Stable; what is given is used up. The language's own sort cannot be stopped half-way. */
function* mergeSort(rows: Uint32Array, compare: (a: number, b: number) => number): Generator<undefined, Uint32Array> {
  const RUN = 32
  const count = rows.length
  let from: Uint32Array = rows
  let to: Uint32Array = new Uint32Array(count)
  let done = 0
  for (let start = 0; start < count; start += RUN) {
    from.subarray(start, start + RUN).sort(compare)
    if (start % STEP === 0) yield
  }
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count)
      const end = Math.min(start + 2 * width, count)
      let left = start
      let right = middle
      // Runs that follow each other already, as those of a numbered series do.
      if (right >= end || compare(from[middle - 1]!, from[middle]!) <= 0) {
        to.set(from.subarray(start, end), start)
        if ((done += RUN) % STEP < RUN) yield
        continue
      }
      for (let at = start; at < end; at++) {
        to[at] = right >= end || (left < middle && compare(from[left]!, from[right]!) <= 0) ? from[left++]! : from[right++]!
        if (++done % STEP === 0) yield
      }
    }
    ;[from, to] = [to, from]
  }
  return from
}
