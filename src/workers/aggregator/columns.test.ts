import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createColumns, type Columns } from './columns.ts'

/** Writes a different number into every column of the row. */
function fill(columns: Columns, row: number, value: number): void {
  columns.names[row] = `name ${value}`
  columns.types[row] = `type ${value}`
  columns.warnings[row] = [{ kind: 'test', detail: String(value) }]
  columns.positions[row * 2] = value
  columns.positions[row * 2 + 1] = value + 0.5
  columns.observedAtMs[row] = value + 1
  columns.values[row] = value + 2
  columns.freshness[row] = value % 5
  columns.cells[row] = value + 3
  columns.expiresAtStep[row] = value + 4
  for (const [index, measure] of columns.measures.entries()) measure[row] = value + 10 + index
}

function rowOf(columns: Columns, row: number) {
  return [
    columns.names[row],
    columns.types[row],
    columns.warnings[row]!.map(({ detail }) => detail),
    columns.positions[row * 2],
    columns.positions[row * 2 + 1],
    columns.observedAtMs[row],
    columns.values[row],
    columns.freshness[row],
    columns.cells[row],
    columns.expiresAtStep[row],
    columns.measures.map((measure) => measure[row]),
  ]
}

describe('columns', () => {
  test.prop([fc.array(fc.record({ add: fc.integer({ min: 0, max: 40 }), remove: fc.array(fc.nat(), { maxLength: 20 }) }), { maxLength: 12 })], { seed: 1 })(
    'keep each sensor whole while rows are added, freed and moved',
    (turns) => {
      const columns = createColumns(2)
      const values = new Map<string, number>()
      let next = 0
      for (const { add, remove } of turns) {
        for (let index = 0; index < add; index++) {
          const id = `s${next++}`
          const row = columns.add(id)
          expect([columns.ids[row], columns.values[row], columns.observedAtMs[row], columns.cells[row]]).toEqual([id, NaN, NaN, NaN])
          fill(columns, row, next)
          values.set(id, next)
        }
        for (const pick of remove) {
          if (columns.count === 0) break
          const row = pick % columns.count
          const last = columns.count - 1
          values.delete(columns.ids[row]!)
          expect(columns.remove(row)).toBe(row === last ? -1 : last)
        }
      }
      expect(columns.count).toBe(values.size)
      const wanted = createColumns(2)
      for (const [id, value] of values) {
        const row = wanted.add(id)
        fill(wanted, row, value)
        expect(rowOf(columns, columns.rowOf(id))).toEqual(rowOf(wanted, row))
      }
      expect(columns.rowOf('never')).toBe(-1)
    },
  )
})
