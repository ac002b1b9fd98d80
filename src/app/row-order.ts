/**
 * The order of the list as row numbers: no object for any sensor, and work that comes in steps.
 *
 * What is read of the frame is read before the first yield, because its buffers move on; what is made of
 * names and ids is kept for as long as the roster has the same ones.
 */
import { ascendingKeys, descendingKeys, orderByKeys, rowsUpTo } from '../core/radix-order.ts'
import { FRESHNESS, type Freshness } from '../core/time/freshness.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { Roster } from '../domains/frame.ts'
import type { LiveLayer } from './live-store.ts'
import { orderByName } from './name-order.ts'
import { shortName, type Order } from './sensor-list.ts'

export interface OrderQuestion {
  readonly order: Order
  readonly filter: string
  /** Only those of this district, by its place in the frame's; all when left out. */
  readonly district?: number | undefined
  /** Which end of what is shown comes first; where neither is worse, the most. */
  readonly worse: DomainModel['worse']
}

/** What is known of the texts of a roster, made when first needed. */
export interface RosterTexts {
  readonly roster: Pick<Roster, 'ids' | 'names'>
  byName: Uint32Array | undefined
  folded: readonly string[] | undefined
}

const textsByNames = new WeakMap<readonly string[], RosterTexts>()

export function textsOf(roster: Pick<Roster, 'ids' | 'names'>): RosterTexts {
  let texts = textsByNames.get(roster.names)
  if (texts?.roster.ids !== roster.ids) textsByNames.set(roster.names, (texts = { roster, byName: undefined, folded: undefined }))
  return texts
}

/** So few that names are put in order before anything is shown. More are first shown without: who has equal values stands in any order for a moment. */
const MOST_AT_ONCE = 20_000
/** Texts between two yields. */
const STEP = 1_024

// Most worrying first: what needs a look is at the top when sorted by age.
const WORRY: Readonly<Record<Freshness, number>> = { 'clock-error': 0, lost: 1, stale: 2, ageing: 3, fresh: 4 }

/** Ends with the row numbers of all that the filter lets pass, in order. */
export function* orderRows(layer: LiveLayer, { order, filter, district, worse }: OrderQuestion): Generator<undefined, Uint32Array> {
  const texts = textsOf(layer.roster)
  const { count } = layer.frame
  const takeKeys = keysOf(layer, order, worse)
  const districtOf = district === undefined ? undefined : layer.frame.districtOf.slice(0, count)
  yield
  if (texts.byName === undefined && (order === 'name' || count <= MOST_AT_ONCE)) yield* learnNames(texts)
  let rows = texts.byName?.length === count ? texts.byName : rowsUpTo(count)
  if (districtOf !== undefined) rows = yield* rowsOfDistrict(rows, districtOf, district!)
  rows = yield* filterRows(rows, texts, filter)
  for (const key of yield* takeKeys) rows = yield* orderByKeys(rows, key)
  return rows
}

export function* learnNames(texts: RosterTexts): Generator<undefined, void> {
  texts.byName = yield* orderByName(texts.roster)
}

/** The least important first. Those with nothing in the window come last: an old value is no rival of a fresh one. What is read of the frame is read at once. */
function keysOf({ frame }: LiveLayer, order: Order, worse: DomainModel['worse']): Generator<undefined, readonly Uint32Array[]> {
  const { count } = frame
  switch (order) {
    case 'name':
      return keysOfNumbers([], 1)
    case 'value':
      return keysOfNumbers((frame.view === 'value' ? [frame.latest, frame.values] : [frame.latest, frame.plain, frame.values]).map((numbers) => numbers.slice(0, count)), worse === 'lower' ? -1 : 1)
    case 'age':
      return keysOfAge(frame.observedAtMs.slice(0, count), frame.freshness.slice(0, count))
  }
}

function* keysOfNumbers(columns: readonly Float32Array<ArrayBuffer>[], sign: 1 | -1): Generator<undefined, readonly Uint32Array[]> {
  const keys: Uint32Array[] = []
  for (const column of columns) keys.push(yield* descendingKeys(column, sign))
  return keys
}

function* keysOfAge(observedAtMs: Float64Array, freshness: Uint8Array): Generator<undefined, readonly Uint32Array[]> {
  const { low, high } = yield* ascendingKeys(observedAtMs)
  const worry = FRESHNESS.map((one) => WORRY[one])
  const worries = new Uint32Array(freshness.length)
  for (let row = 0; row < worries.length; row++) worries[row] = worry[freshness[row]!] ?? WORRY.fresh
  return [low, high, worries]
}

function* rowsOfDistrict(rows: Uint32Array, districtOf: Uint8Array, district: number): Generator<undefined, Uint32Array> {
  const passed = new Uint32Array(rows.length)
  let count = 0
  for (let at = 0; at < rows.length; at++) {
    if (districtOf[rows[at]!] === district) passed[count++] = rows[at]!
    if (at % STEP === STEP - 1) yield
  }
  return passed.slice(0, count)
}

/** Those whose name or id holds every word, in any order and case. */
function* filterRows(rows: Uint32Array, texts: RosterTexts, filter: string): Generator<undefined, Uint32Array> {
  const words = fold(filter)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return rows
  texts.folded ??= yield* foldAll(texts)
  const { folded } = texts
  const passed = new Uint32Array(rows.length)
  let count = 0
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    if (words.every((word) => folded[row]!.includes(word))) passed[count++] = row
    if (at % STEP === STEP - 1) yield
  }
  return passed.slice(0, count)
}

function* foldAll({ roster: { ids, names } }: RosterTexts): Generator<undefined, readonly string[]> {
  const folded: string[] = []
  for (let row = 0; row < ids.length; row++) {
    folded.push(fold(`${names[row] || shortName(ids[row]!)} ${ids[row]!}`))
    if (row % STEP === STEP - 1) yield
  }
  return folded
}

const ASCII = /^[\x20-\x7e]*$/

function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '').toLowerCase()
}
