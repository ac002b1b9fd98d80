/** The history of a sensor's gaps over the range that is shown. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Silence } from '../../core/time/silences.ts'
import { say } from '../../language/say.ts'
import { formatDuration } from '../../ui/words/age.ts'
import { formatClock, formatDay } from '../../ui/words/clock.ts'
import { formatNumber } from '../../ui/words/number.ts'
import { gapHistory } from './gap-history.ts'
import styles from './inspect.module.css'
import { rangeWords, type Range } from './ranges.ts'
import type { SensorHistory } from './sensor-history.ts'

const MOST_SHOWN = 10

export function Gaps({ history, range, plan }: { readonly history: SensorHistory | undefined; readonly range: Range; readonly plan: CityPlan }) {
  const known = history?.gaps === undefined || history.came === undefined ? undefined : gapHistory({ gaps: history.gaps, came: history.came, fromMs: history.fromMs, toMs: history.toMs, intervalMs: history.intervalMs })
  return (
    <details className={styles.fold}>
      <summary>{summaryOf(known?.gaps.length, range)}</summary>
      {history === undefined && <p className={styles.note}>{say({ id: 'inspect.gapsUnread', defaultMessage: 'The history has not been read yet.' })}</p>}
      {history !== undefined && known === undefined && <p className={styles.note}>{say({ id: 'inspect.gapsHidden', defaultMessage: 'The broker gave means only: where single readings are missing cannot be seen in them.' })}</p>}
      {history !== undefined && known !== undefined && (
        <>
          <p>
            {say(
              { id: 'inspect.gapsShare', defaultMessage: '{came} of {due} expected readings came ({share} %), one every {interval}.' },
              { came: formatNumber(known.came), due: formatNumber(known.due), share: shareWords(known.share), interval: formatDuration(history.intervalMs) },
            )}
            {known.open !== undefined && ` ${say({ id: 'inspect.gapOpen', defaultMessage: 'It has been silent since {since}.' }, { since: at(known.open.fromMs, history.toMs, plan.timeZone) })}`}
            {known.longest !== undefined && ` ${say({ id: 'inspect.gapLongest', defaultMessage: 'The longest gap is {length}.' }, { length: formatDuration(lengthOf(known.longest)) })}`}
          </p>
          {known.gaps.length > 0 && (
            <ul className={styles.rows}>
              {known.gaps
                .toSorted((a, b) => b.fromMs - a.fromMs)
                .slice(0, MOST_SHOWN)
                .map((gap) => (
                  <li key={gap.fromMs}>
                    <span>{gapWords(gap, history, plan.timeZone)}</span>
                    <span>{formatDuration(lengthOf(gap))}</span>
                  </li>
                ))}
            </ul>
          )}
          {known.gaps.length > MOST_SHOWN && <p className={styles.note}>{say({ id: 'inspect.gapsNewest', defaultMessage: 'The newest {shown} of {count}.' }, { shown: MOST_SHOWN, count: known.gaps.length })}</p>}
          <p className={styles.note}>{say({ id: 'inspect.gapRule', defaultMessage: 'A gap is a silence longer than two and a half times that.' })}</p>
        </>
      )}
    </details>
  )
}

function summaryOf(count: number | undefined, range: Range): string {
  return count === undefined
    ? say({ id: 'inspect.gapsTitle', defaultMessage: 'History of gaps, {range}' }, { range: rangeWords(range) })
    : say({ id: 'inspect.gapsCount', defaultMessage: 'History of gaps, {range}: {count, plural, =0 {none} one {# gap} other {# gaps}}' }, { range: rangeWords(range), count })
}

function gapWords(gap: Silence, { fromMs, toMs }: SensorHistory, timeZone: string): string {
  const from = at(gap.fromMs, toMs, timeZone)
  const to = at(gap.toMs, toMs, timeZone)
  if (gap.toMs >= toMs) return say({ id: 'inspect.gapSince', defaultMessage: 'since {from}' }, { from })
  return gap.fromMs <= fromMs ? say({ id: 'inspect.gapUntil', defaultMessage: 'until {to}' }, { to }) : say({ id: 'inspect.gapBetween', defaultMessage: '{from} to {to}' }, { from, to })
}

/** Rounded down: what is not whole does not read as whole. */
function shareWords(share: number): string {
  return formatNumber(Math.floor(share * 1_000) / 10, share === 1 ? 0 : 1)
}

function at(ms: number, nowMs: number, timeZone: string): string {
  return `${formatDay(ms, nowMs, timeZone)} ${formatClock(ms, timeZone)}`
}

function lengthOf({ fromMs, toMs }: Silence): number {
  return toMs - fromMs
}
