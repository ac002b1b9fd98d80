/**
 * Plain comma-separated files: no quotes, no embedded commas. A file that has them is refused,
 * because splitting it would put values under the wrong sensor.
 */
import { readFileSync } from 'node:fs'

export interface Table {
  readonly file: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export function readTable(path: string, file: string): Table {
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  if (text.includes('"')) throw new Error(`${file}: expected a plain comma-separated file, got one with quotes`)
  const [header = '', ...lines] = text.split(/\r?\n/)
  const columns = header.split(',').map((name) => name.trim())
  const rows = lines.filter((line) => line !== '').map((line) => line.split(','))
  const ragged = rows.findIndex((row) => row.length !== columns.length)
  if (ragged >= 0) throw new Error(`${file}:${ragged + 2}: expected ${columns.length} columns, got ${rows[ragged]!.length}`)
  return { file, columns, rows }
}

export function columnOf(table: Table, name: string): number {
  const index = table.columns.indexOf(name)
  if (index < 0) throw new Error(`${table.file}: expected a column "${name}", got ${table.columns.slice(0, 8).join(', ')}`)
  return index
}

/** A number, or undefined for an empty cell. Text that is no number throws: guessing would invent a reading. */
export function cellNumber(cell: string, where: string): number | undefined {
  if (cell.trim() === '') return undefined
  const value = Number(cell)
  if (!Number.isFinite(value)) throw new Error(`${where}: expected a number, got "${cell}"`)
  return value
}
