/** The day's line as a table, newest first: the same content for who does not see the line, or wants its numbers. */
import { isBand } from '../core/stats/usual.ts'
import { quartersUntil, type DayLine } from '../domains/day-line.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import { formatSince } from '../ui/words/clock.ts'
import { readingAt, readingWords } from './day-line.ts'
import styles from './day-table.module.css'

export interface DayTableProps {
  readonly caption: string
  readonly view: DomainView
  readonly line: DayLine | undefined
  readonly timeZone: string
  readonly nowMs: number
}

export function DayTable({ caption, view, line, timeZone, nowMs }: DayTableProps) {
  const last = line?.points.at(-1)?.toMs
  if (line === undefined || last === undefined) return <p className={styles.empty}>{say({ id: 'dayTable.empty', defaultMessage: 'Nothing is known of these 24 hours yet.' })}</p>
  return (
    // Focusable because it scrolls: the keyboard must reach its last line.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} tabIndex={0} aria-label={caption}>
      <table className={styles.table}>
        <caption>
          {caption}
          {line.problems.map((problem) => (
            <span key={problem}>{problem}</span>
          ))}
        </caption>
        <thead>
          <tr>
            <th scope="col">{say({ id: 'dayTable.until', defaultMessage: 'Until' })}</th>
            <th scope="col">{view.model.legend.title}</th>
            <th scope="col">{say({ id: 'dayTable.usual', defaultMessage: 'Usual' })}</th>
            <th scope="col">{say({ id: 'dayTable.sensors', defaultMessage: 'Sensors' })}</th>
          </tr>
        </thead>
        <tbody>
          {quartersUntil(last)
            .toReversed()
            .map((toMs) => {
              const { point, usual } = readingAt(line, toMs)
              return (
                <tr key={toMs}>
                  <th scope="row">{formatSince(toMs, nowMs, timeZone)}</th>
                  <td>{readingWords(view, { toMs, point, usual: undefined })}</td>
                  <td>{isBand(usual) ? say({ id: 'dayTable.band', defaultMessage: '{low} to {high}' }, { low: view.format(usual.p10), high: view.format(usual.p90) }) : usualWords(usual)}</td>
                  <td>{point === undefined ? '' : say({ id: 'dayTable.share', defaultMessage: '{reporting, number} of {known, number}' }, { reporting: point.reporting, known: point.known })}</td>
                </tr>
              )
            })}
        </tbody>
      </table>
    </section>
  )
}

function usualWords(usual: ReturnType<typeof readingAt>['usual']): string {
  if (usual === undefined || isBand(usual)) return say({ id: 'dayTable.unknown', defaultMessage: 'not known' })
  return say({ id: 'dayTable.noUsual', defaultMessage: 'no usual yet: {have} of {need} days' }, { have: usual.haveDays, need: usual.needDays })
}
