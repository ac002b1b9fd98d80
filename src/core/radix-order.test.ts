import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { ascendingKeys, descendingKeys, orderByKeys, rowsUpTo } from './radix-order.ts'

const floats = fc.array(fc.oneof(fc.float(), fc.constantFrom(0, -0, 1)), { maxLength: 300 })
const doubles = fc.array(fc.oneof(fc.double(), fc.integer()), { maxLength: 300 })

test.prop([floats])('the greatest comes first, nothing measured last, and equals keep their order', (values) => {
  const ordered = run(orderByKeys(rowsOf(values), run(descendingKeys(Float32Array.from(values), 1))))
  expect([...ordered]).toEqual(byDefinition(values, (a, b) => b - a))
})

test.prop([floats])('with the sign turned, the least comes first and nothing measured last all the same', (values) => {
  expect([...run(orderByKeys(rowsOf(values), run(descendingKeys(Float32Array.from(values), -1))))]).toEqual(byDefinition(values, (a, b) => a - b))
})

test.prop([doubles])('instants come in their order to the last bit', (values) => {
  const { low, high } = run(ascendingKeys(Float64Array.from(values)))
  expect([...run(orderByKeys(run(orderByKeys(rowsOf(values), low)), high))]).toEqual(byDefinition(values, (a, b) => (a < b ? -1 : Number(a > b))))
})

test.prop([floats, fc.array(fc.nat({ max: 3 }), { minLength: 300, maxLength: 300 })])('a lesser key first and a greater after it order by both; what was given stays', (values, groups) => {
  const rows = rowsOf(values)
  const inner = run(orderByKeys(rows, run(descendingKeys(Float32Array.from(values), 1))))
  const both = run(orderByKeys(inner, Uint32Array.from(groups)))
  const expected = byDefinition(values, (a, b) => b - a).toSorted((a, b) => groups[a]! - groups[b]!)
  expect([...both]).toEqual(expected)
  expect([...rows]).toEqual([...rowsOf(values)])
})

function byDefinition(values: readonly number[], compare: (a: number, b: number) => number): readonly number[] {
  return [...values.keys()].toSorted((a, b) => {
    const [left, right] = [values[a]!, values[b]!]
    if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
    // An infinity less itself is no number.
    return left === right ? 0 : compare(left, right)
  })
}

function rowsOf(values: readonly unknown[]): Uint32Array {
  return rowsUpTo(values.length)
}

function run<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}
