import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { EpochMs } from '../../core/time/instant.ts'
import type { MeasureSpec, Reading } from '../../domains/domain-model.ts'
import { createColumns, type Columns } from './columns.ts'
import { BYTES, DOUBLES, FLAGS, FLOATS, FRESHNESS, INTS, LAT, LON, TICK, VALUE } from './hot-rows.ts'
import { PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './pages.ts'

const MEASURES: readonly MeasureSpec[] = [
  { id: 'level', name: 'Level', unit: 'dB', decimals: 1 },
  { id: 'meter', name: 'Meter', unit: 'kWh', decimals: 3, isRegister: true },
]

const create = (): Columns => createColumns(MEASURES, ['level', 'meter'])

/** A reading of which every part tells the number, and some parts are missing. */
function readingOf(value: number): Reading {
  return {
    entityId: '',
    entityType: '',
    observedAtMs: (value + 1) as EpochMs,
    values: { ...(value % 3 > 0 && { level: value + 0.5 }), ...(value % 4 > 0 && { meter: value + 0.123456789 }) },
    ...(value % 2 > 0 && { periodMs: value + 3 }),
    ...(value % 5 > 0 && { implausible: [`measure ${value}`] }),
    ...(value % 7 > 0 && { lagMs: { level: value } }),
    warnings: [],
  }
}

/** Writes a different number into every column of the row. */
function fill(columns: Columns, row: number, value: number): void {
  if (value % 6 > 0) columns.setName(row, `name ${value}`)
  columns.setType(row, `type ${value % 9}`)
  columns.setWarnings(row, value % 4 === 0 ? [] : [{ kind: 'test', detail: String(value) }])
  const { doubles, floats, ints, bytes } = columns.hot
  const page = row >>> PAGE_BITS
  const at = row & PAGE_MASK
  floats[page]![(at << FLOATS) + LON] = value
  floats[page]![(at << FLOATS) + LAT] = value + 0.5
  doubles[page]![(at << DOUBLES) + VALUE] = value + 2
  ints[page]![(at << INTS) + TICK] = value + 4
  bytes[page]![(at << BYTES) + FRESHNESS] = value % 5
  bytes[page]![(at << BYTES) + FLAGS] = value % 4
  columns.keepReading(row, readingOf(value))
}

function rowOf(columns: Columns, row: number) {
  const page = row >>> PAGE_BITS
  const at = row & PAGE_MASK
  const { doubles, floats, ints, bytes } = columns.hot
  return {
    id: columns.ids.idOf(row),
    name: columns.name(row),
    type: columns.type(row),
    warnings: columns.warnings(row).map(({ detail }) => detail),
    position: [floats[page]![(at << FLOATS) + LON], floats[page]![(at << FLOATS) + LAT]],
    value: doubles[page]![(at << DOUBLES) + VALUE],
    tick: ints[page]![(at << INTS) + TICK],
    freshness: bytes[page]![(at << BYTES) + FRESHNESS],
    flags: bytes[page]![(at << BYTES) + FLAGS],
    measures: MEASURES.map((_, index) => columns.measure(index, row)),
    last: structuredClone(columns.lastReading(row)),
  }
}

describe('columns', () => {
  test.prop([fc.array(fc.record({ add: fc.integer({ min: 0, max: 40 }), remove: fc.array(fc.nat(), { maxLength: 20 }) }), { maxLength: 12 })], { seed: 1 })(
    'keep each sensor whole while rows are added, freed and moved',
    (turns) => {
      const columns = create()
      const values = new Map<string, number>()
      let next = 0
      for (const { add, remove } of turns) {
        for (let index = 0; index < add; index++) {
          const id = `s${next++}`
          const row = columns.add(id)
          if (index === 0) {
            expect(rowOf(columns, row)).toEqual({
              id,
              name: id,
              type: '',
              warnings: [],
              position: [NaN, NaN],
              value: NaN,
              tick: 0,
              freshness: 0,
              flags: 0,
              measures: [NaN, NaN],
              last: { observedAtMs: NaN, periodMs: undefined, values: { level: undefined, meter: undefined }, implausible: undefined, lagMs: undefined },
            })
          }
          fill(columns, row, next)
          values.set(id, next)
        }
        for (const pick of remove) {
          if (columns.count === 0) break
          const row = pick % columns.count
          const last = columns.count - 1
          values.delete(columns.ids.idOf(row))
          expect(columns.remove(row)).toBe(row === last ? -1 : last)
        }
      }
      expect(columns.count).toBe(values.size)
      const wanted = create()
      const wrong = [...values].filter(([id, value]) => {
        const row = wanted.add(id)
        fill(wanted, row, value)
        return JSON.stringify(rowOf(columns, columns.ids.rowOf(id))) !== JSON.stringify(rowOf(wanted, row))
      })
      expect(wrong).toEqual([])
      expect(columns.ids.rowOf('never')).toBe(-1)
    },
  )

  it('keep each sensor whole beyond the end of a page', () => {
    const columns = create()
    const COUNT = PAGE_ROWS + 50
    for (let value = 0; value < COUNT; value++) fill(columns, columns.add(`s${value}`), value)
    // From one page into the other.
    for (const row of [3, PAGE_ROWS - 1]) expect(columns.remove(row)).toBe(columns.count)
    expect(columns.ids.idOf(3)).toBe(`s${COUNT - 1}`)
    const wanted = create()
    for (const value of [0, 1, PAGE_ROWS - 2, PAGE_ROWS, PAGE_ROWS + 1, COUNT - 2, COUNT - 1]) {
      const row = wanted.add(`s${value}`)
      fill(wanted, row, value)
      expect(rowOf(columns, columns.ids.rowOf(`s${value}`))).toEqual(rowOf(wanted, row))
    }
  })

  it('keep seven digits of a measure and all of a register', () => {
    const columns = create()
    const row = columns.add('s')
    columns.keepReading(row, readingOf(1_234_567))
    expect(columns.lastReading(row).values).toEqual({ level: Math.fround(1_234_567.5), meter: 1_234_567.123456789 })
    expect(columns.hasMeasures(row, readingOf(1_234_567))).toBe(true)
    expect(columns.hasMeasures(row, { ...readingOf(1_234_567), values: { level: 1_234_567.5, meter: 1_234_567.123456788 } })).toBe(false)
  })
})
