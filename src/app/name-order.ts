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
import type { Roster } from '../domains/frame.ts'
import { shortName } from './sensor-list.ts'

type Names = Pick<Roster, 'ids' | 'names'>

export const NAME_COLLATOR = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' })

/** Between two yields. */
const STEP = 512

/** Row numbers by name, then by id, then as they are. */
export function* orderByName({ ids, names }: Names): Generator<undefined, Uint32Array> {
  const count = ids.length
  const nameAt = (row: number): string => names[row] || shortName(ids[row]!)
  const nameKeys = yield* keysOf(count, nameAt)
  // Names are mostly different: keys of ids are made when the first two are the same.
  let idKeys: readonly string[] | undefined
  const compareIds = (a: number, b: number): number => (idKeys === undefined ? NAME_COLLATOR.compare(ids[a]!, ids[b]!) : compareKeys(idKeys[a]!, idKeys[b]!))
  if (nameKeys === undefined) return yield* mergeSort(count, (a, b) => NAME_COLLATOR.compare(nameAt(a), nameAt(b)) || compareIds(a, b))
  if (new Set(nameKeys).size < count) idKeys = yield* keysOf(count, (row) => ids[row]!)
  return yield* mergeSort(count, (a, b) => compareKeys(nameKeys[a]!, nameKeys[b]!) || compareIds(a, b))
}

/** Keys that plain comparison puts into the collator's order; undefined when there is a sign that it has its own rules for. */
function* keysOf(count: number, textAt: (row: number) => string): Generator<undefined, readonly string[] | undefined> {
  const texts = new Map<string, number>()
  for (let row = 0; row < count; row++) {
    const text = textAt(row)
    if (!isPlain(text)) return undefined
    for (const piece of piecesOf(text)) if (!texts.has(piece.text)) texts.set(piece.text, 0)
    if (row % STEP === STEP - 1) yield
  }
  yield* rank(texts)
  const keys: string[] = []
  for (let row = 0; row < count; row++) {
    let key = ''
    for (const { text, digits } of piecesOf(textAt(row))) {
      const place = texts.get(text)!
      key += String.fromCharCode(1 + (place >>> 15), 1 + (place & 0x7fff))
      // A longer number is a larger one.
      if (digits !== undefined) key += String.fromCharCode(1 + digits.length) + digits
    }
    keys.push(key)
    if (row % STEP === STEP - 1) yield
  }
  return keys
}

/** Texts that the collator calls equal get one place. */
function* rank(texts: Map<string, number>): Generator<undefined, void> {
  const all = [...texts.keys()]
  const order = yield* mergeSort(all.length, (a, b) => NAME_COLLATOR.compare(all[a]!, all[b]!))
  let place = 0
  for (let at = 0; at < order.length; at++) {
    if (at > 0 && NAME_COLLATOR.compare(all[order[at - 1]!]!, all[order[at]!]!) !== 0) place++
    texts.set(all[order[at]!]!, place)
    if (at % STEP === STEP - 1) yield
  }
}

interface Piece {
  /** With a zero at its end where a number follows, as that decides what it comes before. */
  readonly text: string
  /** Without leading zeros. */
  readonly digits: string | undefined
}

function* piecesOf(text: string): Iterable<Piece> {
  let from = 0
  for (const { 0: digits, index } of text.matchAll(/[0-9]+/g)) {
    yield { text: `${text.slice(from, index)}0`, digits: digits.replace(/^0+/, '') }
    from = index + digits.length
  }
  yield { text: text.slice(from), digits: undefined }
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

/** Stable. The language's own sort cannot be stopped half-way. */
function* mergeSort(count: number, compare: (a: number, b: number) => number): Generator<undefined, Uint32Array> {
  const RUN = 32
  let from = Uint32Array.from({ length: count }, (_, row) => row)
  let to = new Uint32Array(count)
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
