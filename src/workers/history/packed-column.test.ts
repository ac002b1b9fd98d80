import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { packColumn, rawOf, valueAt } from './packed-column.ts'

const number = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }).map((tenths) => tenths / 10),
  fc.integer(),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((thousandths) => thousandths / 1_000),
  fc.integer({ min: 0, max: 900 }).map((seconds) => seconds * 1_000),
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, 1e300),
)
const same = number.chain((value) => fc.array(fc.constant(value), { maxLength: 9 }))
// Zero has one sign here.
const plain = (value: number): number => (value === 0 ? 0 : value)

describe('a packed column', () => {
  test.prop([fc.oneof(fc.array(number, { maxLength: 40 }), same, fc.array(fc.integer({ min: 400, max: 900 }).map((tenths) => tenths / 10), { minLength: 1, maxLength: 40 })), fc.boolean()], { numRuns: 500, seed: 1 })(
    'gives back what was put in',
    (values, isComparable) => {
      const column = packColumn(Float64Array.from(values), { isComparable })
      expect(values.map((_, index) => plain(valueAt(column, index)))).toEqual(values.map(plain))
    },
  )

  test.prop([fc.array(fc.integer({ min: 0, max: 900_000 }), { minLength: 1, maxLength: 30 }), fc.integer({ min: -10, max: 900_010 })], { seed: 1 })('is compared as it is packed', (values, limit) => {
    const column = packColumn(Float64Array.from(values), { isComparable: true })
    const raw = rawOf(column, limit)
    expect(values.map((_, index) => column.data[index]! <= raw)).toEqual(values.map((value) => value <= limit))
    expect(values.map((_, index) => column.data[index]! < raw)).toEqual(values.map((value) => value < limit))
  })

  it('takes a byte for a level of a night, two for one of a week, nothing for what never changes', () => {
    const bytes = (values: readonly number[]): number => packColumn(Float64Array.from(values)).data.byteLength
    expect(bytes([45.1, 52.3, 61, NaN])).toBe(4)
    expect(bytes([25.1, 52.3, 91.4, NaN])).toBe(8)
    expect(bytes([60_000, 60_000, 60_000])).toBe(0)
    // A register: its last digit counts, however large it has grown.
    expect(bytes([123_456.7, 123_456.8, 123_460])).toBe(3)
  })
})
