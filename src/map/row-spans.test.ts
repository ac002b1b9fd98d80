import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { collectSpans } from './row-spans.ts'

describe('spans of changed rows', () => {
  it('join what lies near and part what does not', () => {
    const spans = collectSpans(4, 8)
    for (const row of [3, 4, 7, 11]) spans.add(row)
    expect([...spans.take()]).toEqual([3, 8, 11, 12])
    expect([...spans.take()]).toEqual([])
  })

  const rows = fc.uniqueArray(fc.nat(2_000), { maxLength: 200 }).map((list) => list.toSorted((a, b) => a - b))
  test.prop([rows, fc.constantFrom(1, 4, 8), fc.nat(200)])('hold every row, are ascending, and lie further apart than near', (added, bytesPerRow, nearBytes) => {
    const collector = collectSpans(bytesPerRow, nearBytes)
    for (const row of added) collector.add(row)
    const flat = [...collector.take()]
    const spans = Array.from({ length: flat.length / 2 }, (_, index) => ({ from: flat[2 * index]!, to: flat[2 * index + 1]! }))
    for (const row of added) expect(spans.filter(({ from, to }) => row >= from && row < to)).toHaveLength(1)
    for (const { from, to } of spans) {
      expect(added).toContain(from)
      expect(added).toContain(to - 1)
    }
    for (const [index, { from }] of spans.entries()) if (index > 0) expect((from - spans[index - 1]!.to) * bytesPerRow).toBeGreaterThan(nearBytes)
  })
})
