/** One row of a CSV file (RFC 4180), safe to open in a spreadsheet. */
const LINE_END = '\r\n'

/** Numbers stand as they are, what is absent is empty. */
export type CsvCell = string | number | undefined

export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(writeCell).join(',')}${LINE_END}`
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe in front, which makes it text there: names come from
 * brokers, and brokers from anybody. A text that looks guarded already gets one more, so that taking one away always gives
 * back what was said.
 */
function writeCell(cell: CsvCell): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  const text = /^'*(?:[\s\u00A0\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n])/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
