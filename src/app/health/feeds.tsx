/** Each layer as a feed: how often it should come, what came, how old it is, and the gaps of a day. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import { formatDuration } from '../../ui/words/age.ts'
import { formatClock, formatSince } from '../../ui/words/clock.ts'
import { formatNumber } from '../../ui/words/number.ts'
import { everyWords, otherWords } from '../layer-facts.ts'
import { silences, type GapSlot } from './gaps.ts'
import styles from './health.module.css'
import { Mark, type MarkKind } from './mark.tsx'
import { feedState, sensorsOf, type Feed, type FeedState } from './troubles.ts'
import type { Health } from './use-health.ts'

export function Feeds({ plan, state }: { readonly plan: CityPlan; readonly state: Health }) {
  const { feeds, health, nowMs } = state
  return (
    <section className={styles.section} aria-labelledby="health-feeds">
      <h2 id="health-feeds" className={styles.heading}>
        {say({ id: 'feeds.title', defaultMessage: 'Feeds' })}
      </h2>
      <table className={styles.feeds}>
        <thead>
          <tr>
            <th scope="col">{say({ id: 'feeds.layer', defaultMessage: 'Layer' })}</th>
            <th scope="col">{say({ id: 'feeds.expected', defaultMessage: 'Expected' })}</th>
            <th scope="col">{say({ id: 'feeds.onTime', defaultMessage: 'On time' })}</th>
            <th scope="col">{say({ id: 'feeds.age', defaultMessage: 'Age' })}</th>
            <th scope="col">{say({ id: 'feeds.lastDay', defaultMessage: 'Last 24 h' })}</th>
            <th scope="col">{say({ id: 'feeds.state', defaultMessage: 'State' })}</th>
          </tr>
        </thead>
        <tbody>
          {feeds.map((feed) => {
            const condition = feedState(feed, health?.brokers)
            return (
              <tr key={feed.id} data-state={condition}>
                <th scope="row">{feed.name}</th>
                <td data-label={say({ id: 'feeds.expected', defaultMessage: 'Expected' })}>{everyWords(feed.expectedMs)}</td>
                <td data-label={say({ id: 'feeds.onTime', defaultMessage: 'On time' })}>{reportOf(feed)}</td>
                <td data-label={say({ id: 'feeds.age', defaultMessage: 'Age' })}>{feed.medianMs === undefined || feed.oldestMs === undefined ? '–' : say({ id: 'feeds.ages', defaultMessage: '{median}, oldest {oldest}' }, { median: formatDuration(feed.medianMs), oldest: formatDuration(feed.oldestMs) })}</td>
                <td data-label={say({ id: 'feeds.lastDay', defaultMessage: 'Last 24 h' })}>
                  <Gaps slots={state.gapsOf(feed)} timeZone={plan.timeZone} name={feed.name} />
                </td>
                <td data-label={say({ id: 'feeds.state', defaultMessage: 'State' })}>
                  <span className={styles.state}>
                    <Mark kind={MARKS[condition]} />
                    {stateWords(feed, condition, { nowMs, timeZone: plan.timeZone })}
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className={styles.caption}>{say({ id: 'feeds.caption', defaultMessage: 'Age: of the middle sensor, and of the oldest. Last 24 h: entities that the server heard of in each half hour or longer; a hollow bar is silence, a dot is a time when it did not listen.' })}</p>
    </section>
  )
}

const MARKS: Readonly<Record<FeedState, MarkKind>> = { ok: 'ok', late: 'warning', lost: 'alarm', grey: 'grey', coming: 'unknown', none: 'unknown' }

function reportOf({ summary }: Feed): string {
  if (!summary.hasCome || sensorsOf(summary) === 0) return '–'
  const other = otherWords(summary)
  const report = say({ id: 'feeds.partOf', defaultMessage: '{part} of {whole}' }, { part: formatNumber(summary.fresh), whole: formatNumber(sensorsOf(summary)) })
  return other === '' ? report : `${report}, ${other}`
}

function stateWords({ summary }: Feed, state: FeedState, { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string }): string {
  switch (state) {
    case 'ok':
      return summary.late + summary.lost === 0 ? say({ id: 'feeds.ok', defaultMessage: 'ok' }) : say({ id: 'feeds.okBut', defaultMessage: 'ok, {late} late, {lost} lost' }, { late: summary.late, lost: summary.lost })
    case 'late':
      return say({ id: 'feeds.late', defaultMessage: '{late} late, {lost} lost' }, { late: formatNumber(summary.late), lost: formatNumber(summary.lost) })
    case 'lost':
      return summary.newestMs === undefined ? say({ id: 'feeds.lost', defaultMessage: 'lost' }) : say({ id: 'feeds.lostSince', defaultMessage: 'lost since {since}' }, { since: formatSince(summary.newestMs, nowMs, timeZone) })
    case 'grey':
      return say({ id: 'feeds.grey', defaultMessage: 'grey: its broker is down' })
    case 'coming':
      return say({ id: 'feeds.coming', defaultMessage: 'being read' })
    case 'none':
      return say({ id: 'feeds.none', defaultMessage: 'no sensor is known' })
  }
}

function Gaps({ slots, timeZone, name }: { readonly slots: readonly GapSlot[]; readonly timeZone: string; readonly name: string }) {
  if (slots.length === 0) return <span className={styles.quiet}>{say({ id: 'feeds.notListened', defaultMessage: 'not listened yet' })}</span>
  const width = 4
  const spoken = { role: 'img', 'aria-label': say({ id: 'feeds.day', defaultMessage: '{layer}, last 24 h: {what}' }, { layer: name, what: gapWords(slots, timeZone) }) } as const
  return (
    <svg className={styles.gaps} viewBox={`0 0 ${slots.length * width} 20`} preserveAspectRatio="none" {...spoken}>
      {slots.map(({ fromMs, kind, share }, index) => {
        const height = kind === 'heard' ? Math.max(3, 18 * share) : kind === 'silent' ? 18 : 1.5
        return <rect key={fromMs} data-kind={kind} x={index * width + 0.5} y={19 - height} width={width - 1} height={height} />
      })}
    </svg>
  )
}

function gapWords(slots: readonly GapSlot[], timeZone: string): string {
  const known = slots.filter(({ kind }) => kind !== 'unknown')
  const quiet = silences(slots)
  if (known.length === 0) return say({ id: 'feeds.nothingKnown', defaultMessage: 'nothing known yet' })
  const heard = say({ id: 'feeds.heard', defaultMessage: 'heard in {part} of {count} times' }, { part: known.filter(({ kind }) => kind === 'heard').length, count: known.length })
  const words = quiet.map(({ fromMs, toMs }) => say({ id: 'feeds.span', defaultMessage: '{from} to {to}' }, { from: formatClock(fromMs, timeZone), to: toMs === undefined ? say({ id: 'feeds.now', defaultMessage: 'now' }) : formatClock(toMs, timeZone) }))
  return quiet.length === 0 ? heard : say({ id: 'feeds.heardSilent', defaultMessage: '{heard}; silent {spans}' }, { heard, spans: words.join(', ') })
}
