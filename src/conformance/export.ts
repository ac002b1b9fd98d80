/** Conformance as CSV (RFC 4180): one row a check. Texts come from a broker, so what a spreadsheet would run is defused. */
import type { ConformanceReport, ConformanceResult } from './report.ts'

const COLUMNS: Readonly<Record<string, (result: ConformanceResult, report: ConformanceReport) => string | number | undefined>> = {
  broker: (_, { of }) => of,
  checkedAt: (_, { atMs }) => new Date(atMs).toISOString(),
  mim: ({ mim }) => mim.name,
  number: ({ mim }) => mim.number,
  version: ({ mim }) => mim.version,
  url: ({ mim }) => mim.url,
  requirement: ({ requirement }) => requirement,
  check: ({ check }) => check,
  title: ({ title }) => title,
  outcome: ({ outcome }) => outcome,
  words: ({ words }) => words,
  remedy: ({ remedy }) => remedy,
  declaration: ({ declaration }) => declaration,
  request: ({ evidence }) => evidence?.request,
  status: ({ evidence }) => evidence?.status,
  value: ({ evidence }) => evidence?.value,
  payload: ({ evidence }) => evidence?.payload,
}

export function conformanceCsv(reports: readonly ConformanceReport[]): string {
  const rows = reports.flatMap((report) => report.results.map((result) => Object.values(COLUMNS).map((cellOf) => cellOf(result, report))))
  return `\uFEFF${[Object.keys(COLUMNS), ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')}`
}

function writeCell(cell: string | number | undefined): string {
  if (cell === undefined) return ''
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
