import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createIdTable } from './id-table.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const id = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }).map((number) => `urn:ngsi-ld:Thermometer:${number}`) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  // Half surrogate pairs, which JSON can carry.
  { weight: 1, arbitrary: fc.constantFrom('\ud800', '\udc00', '\ud800x', '\udc00\ud800', '\ufffd', '') },
)

describe('the table of ids', () => {
  test.prop([fc.array(fc.record({ id, isAdded: fc.boolean() }), { maxLength: 300, size: 'max' })], { seed: 1 })('knows what a map of strings knows', (turns) => {
    const table = createIdTable()
    const ids: string[] = []
    for (const turn of turns) {
      const row = ids.indexOf(turn.id)
      expect(table.rowOf(turn.id)).toBe(row)
      if (turn.isAdded && row < 0) {
        expect(table.add(turn.id)).toBe(ids.length)
        ids.push(turn.id)
      } else if (!turn.isAdded && row >= 0) {
        table.remove(row)
        const last = ids.pop()!
        if (row < ids.length) ids[row] = last
      }
      expect(table.count).toBe(ids.length)
    }
    expect(ids.map((_, row) => table.idOf(row))).toEqual(ids)
    for (const [row, one] of ids.entries()) {
      expect(table.rowOf(one)).toBe(row)
      if (!one.isWellFormed()) continue
      const bytes = utf8(`"${one}"`)
      expect(table.rowOfBytes(bytes, 1, bytes.length - 1)).toBe(row)
    }
  })

  it('grows to many and shrinks again, with ids in bytes and in strings alike', () => {
    const table = createIdTable()
    const COUNT = 12_000
    const name = (number: number): string => `urn:ngsi-ld:NoiseLevelObserved:porto:${number}`
    const numbers = Array.from({ length: COUNT }, (_, number) => number)
    const rows = numbers.map((number) => {
      const bytes = utf8(name(number))
      return number % 2 === 0 ? table.add(name(number)) : table.addBytes(bytes, 0, bytes.length)
    })
    expect(rows).toEqual(numbers)
    expect(numbers.filter((number) => table.rowOf(name(number)) !== number)).toEqual([])
    expect(table.rowOf(name(COUNT))).toBe(-1)
    // From the front: each gap is filled by the last.
    for (let gone = 0; gone < COUNT / 2; gone++) table.remove(table.rowOf(name(gone)))
    expect(table.count).toBe(COUNT / 2)
    expect(numbers.filter((number) => table.rowOf(name(number)) >= 0)).toEqual(numbers.slice(COUNT / 2))
    expect(numbers.slice(COUNT / 2).filter((number) => table.idOf(table.rowOf(name(number))) !== name(number))).toEqual([])
  })

  it('takes the room of what has gone for what comes', () => {
    const table = createIdTable()
    const ids = Array.from({ length: 5_000 }, (_, round) => `sensor ${String(round).padStart(6, '0')}`)
    const kept = ids.map((id) => {
      const row = table.add(id)
      const text = table.idOf(row)
      table.remove(row)
      return text
    })
    expect(kept).toEqual(ids)
    expect(table.count).toBe(0)
  })

  it('keeps an id longer than a page', () => {
    const table = createIdTable()
    const long = 'é'.repeat(100_000)
    table.add('before')
    table.add(long)
    table.add('after')
    expect([table.rowOf(long), table.rowOf('after'), table.idOf(1) === long]).toEqual([1, 2, true])
  })
})
