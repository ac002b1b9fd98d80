/** The points of a chart as a real table, newest first, a page at a time: a month's would be too long to draw and to read. */
import { useState } from 'react'
import { say } from '../language/say.ts'
import type { ChartPoint } from './chart-line.ts'
import styles from './chart.module.css'
import controls from './controls.module.css'
import { formatFull } from './words/clock.ts'
import { formatNumber } from './words/number.ts'

const PAGE_ROWS = 100

export interface ChartTableProps {
  readonly label: string
  /** Ascending. */
  readonly points: readonly ChartPoint[]
  /** A line beside it, ascending: its last point before each, unless that is older than a gap. */
  readonly beside?: { readonly name: string; readonly points: readonly ChartPoint[]; readonly maxGapMs: number }
  readonly timeZone: string
  format(value: number): string
}

export function ChartTable({ label, points, beside, timeZone, format }: ChartTableProps) {
  const [wanted, setPage] = useState(0)
  const pages = Math.max(1, Math.ceil(points.length / PAGE_ROWS))
  const page = Math.min(wanted, pages - 1)
  const end = points.length - page * PAGE_ROWS
  const shown = points.slice(Math.max(0, end - PAGE_ROWS), end).toReversed()
  return (
    <>
      {/* Focusable because it scrolls: the keyboard must reach its last row. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.table} tabIndex={0} aria-label={say({ id: 'chart.table', defaultMessage: '{label}, table' }, { label })}>
        <table>
          <caption className={controls.heard}>{say({ id: 'chart.tableCaption', defaultMessage: '{label}, newest first' }, { label })}</caption>
          <thead>
            <tr>
              <th scope="col">{say({ id: 'chart.observed', defaultMessage: 'Observed' })}</th>
              <th scope="col">{say({ id: 'chart.value', defaultMessage: 'Value' })}</th>
              {beside !== undefined && <th scope="col">{beside.name}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ ms, value }) => {
              const other = beside && lastBefore(beside.points, ms, beside.maxGapMs)
              return (
                <tr key={ms}>
                  <td>{formatFull(ms, timeZone)}</td>
                  <td>{format(value)}</td>
                  {beside !== undefined && <td>{other === undefined ? '–' : format(other.value)}</td>}
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
      {pages > 1 && (
        <p className={styles.pages}>
          <button type="button" className={`${controls.button} ${controls.quiet}`} disabled={page === 0} onClick={() => setPage(page - 1)}>
            {say({ id: 'chart.newer', defaultMessage: 'Newer' })}
          </button>
          <output>
            {say({ id: 'chart.page', defaultMessage: '{from} to {to} of {count}' }, { from: formatNumber(page * PAGE_ROWS + 1), to: formatNumber(page * PAGE_ROWS + shown.length), count: formatNumber(points.length) })}
          </output>
          <button type="button" className={`${controls.button} ${controls.quiet}`} disabled={page === pages - 1} onClick={() => setPage(page + 1)}>
            {say({ id: 'chart.older', defaultMessage: 'Older' })}
          </button>
        </p>
      )}
    </>
  )
}

/** Of ascending points: the last at or before the instant; undefined when that is longer ago. */
export function lastBefore(points: readonly ChartPoint[], ms: number, maxAgeMs: number): ChartPoint | undefined {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.ms <= ms) low = middle + 1
    else high = middle
  }
  const last = points[low - 1]
  return last === undefined || ms - last.ms > maxAgeMs ? undefined : last
}
