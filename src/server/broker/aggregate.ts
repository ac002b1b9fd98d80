/**
 * Aggregated temporal representation (CIM 009 v1.9.1, 4.5.19): one number for each period and method.
 *
 * Periods begin at `timeAt`, or at the entity's first instance when the query names no start. A period without
 * instances is left out: absence is not zero.
 *
 * What a method says of a value that is no number: booleans count as 1 and 0, arrays by their length, texts have
 * an order (min, max) and nothing to add, objects and relationships are only counted. A method that says
 * nothing gives no entries. `stddev` is that of a sample (n - 1), as in PostgreSQL, on which Stellio and Scorpio rest; of one value it is 0.
 */
import { formatInstant } from '../../core/time/instant.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { VALUE_MEMBERS } from './document.ts'
import { indexOf, isWhole, startOf, type Period } from './period.ts'

export const METHODS = ['totalCount', 'distinctCount', 'sum', 'avg', 'min', 'max', 'stddev', 'sumsq'] as const
export type Method = (typeof METHODS)[number]

export interface Aggregation {
  readonly methods: readonly Method[]
  readonly period: Period
}

export interface Timed {
  readonly ms: number
  readonly json: JsonObject
}

export interface Range {
  readonly originMs: number
  /** Where the whole range ends, for `PT0S`. */
  readonly endMs: number
}

/** Running sums of one period. */
interface Sums {
  count: number
  numbers: number
  sum: number
  sumsq: number
  mean: number
  /** Sum of squared distances from the mean (Welford), which does not lose digits as `sumsq - n·mean²` does. */
  spread: number
  min: number | string | undefined
  max: number | string | undefined
  readonly distinct: Set<string>
}

/** `avg: [[value, start, end], …]` and so on, for ascending instances of one attribute. */
export function aggregated(instances: readonly Timed[], { methods, period }: Aggregation, { originMs, endMs }: Range): JsonObject {
  const periods = new Map<number, Sums>()
  const counts = methods.includes('distinctCount')
  for (const { ms, json } of instances) {
    const n = isWhole(period) ? 0 : indexOf(period, originMs, ms)
    let sums = periods.get(n)
    if (sums === undefined) periods.set(n, (sums = { count: 0, numbers: 0, sum: 0, sumsq: 0, mean: 0, spread: 0, min: undefined, max: undefined, distinct: new Set() }))
    const type = String(json['type'])
    add(sums, json[VALUE_MEMBERS.get(type) ?? 'value'] ?? null, { counts, isPlain: type === 'Property' || type === 'ListProperty' })
  }
  const rows = [...periods].map(([n, sums]) => {
    const [startMs, stopMs] = isWhole(period) ? [originMs, endMs] : [startOf(period, originMs, n), startOf(period, originMs, n + 1)]
    return { sums, start: formatInstant(startMs), end: formatInstant(stopMs) }
  })
  return Object.fromEntries(
    methods.map((method) => [
      method,
      rows.flatMap(({ sums, start, end }): Json[] => {
        const value = outcome(sums, method)
        return value === undefined ? [] : [[value, start, end]]
      }),
    ]),
  )
}

function add(sums: Sums, value: Json, { counts, isPlain }: { readonly counts: boolean; readonly isPlain: boolean }): void {
  sums.count++
  if (counts) sums.distinct.add(JSON.stringify(value))
  const plain = isPlain ? plainOf(value) : undefined
  if (plain === undefined) return
  if (sums.min === undefined || isBefore(plain, sums.min)) sums.min = plain
  if (sums.max === undefined || isBefore(sums.max, plain)) sums.max = plain
  if (typeof plain !== 'number') return
  sums.numbers++
  sums.sum += plain
  sums.sumsq += plain * plain
  const distance = plain - sums.mean
  sums.mean += distance / sums.numbers
  sums.spread += distance * (plain - sums.mean)
}

function plainOf(value: Json): number | string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (Array.isArray(value)) return value.length
  const typed = value === null ? undefined : (value as JsonObject)['@value']
  return typeof typed === 'string' || typeof typed === 'number' ? typed : undefined
}

// Where one attribute mixes the two, numbers come first.
function isBefore(a: number | string, b: number | string): boolean {
  return typeof a === typeof b ? a < b : typeof a === 'number'
}

function outcome(sums: Sums, method: Method): Json | undefined {
  const { count, numbers } = sums
  switch (method) {
    case 'totalCount':
      return count
    case 'distinctCount':
      return sums.distinct.size
    case 'min':
      return sums.min
    case 'max':
      return sums.max
    case 'sum':
      return numbers === 0 ? undefined : sums.sum
    case 'sumsq':
      return numbers === 0 ? undefined : sums.sumsq
    case 'avg':
      return numbers === 0 ? undefined : sums.mean
    case 'stddev':
      return numbers === 0 ? undefined : numbers === 1 ? 0 : Math.sqrt(sums.spread / (numbers - 1))
  }
}
