/**
 * What is shown is not now, or does not move: a plate on the map says so, with the way back. History also frames the
 * whole screen in dots (`monitor.module.css`), so that nobody takes it for live.
 */
import type { CityPlan } from '../configuration/city-plan.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock, formatDay, formatSince, formatZone } from '../ui/words/clock.ts'
import { useChoices } from './choices.ts'
import { useMachineNow } from './clock.ts'
import { keptMsOf } from './layer-facts.ts'
import { useStatus } from './live-hooks.ts'
import { useServices } from './services.ts'
import styles from './state-plate.module.css'

export interface StatePlateProps {
  readonly plan: CityPlan
  readonly atMs: number | undefined
  onNow(): void
}

export function StatePlate({ plan, atMs, onNow }: StatePlateProps) {
  const { timeZone } = plan
  const { live } = useServices()
  const status = useStatus()
  const machineMs = useMachineNow()
  const isPaused = useChoices((choices) => choices.isPaused)
  const set = useChoices((choices) => choices.set)
  if (atMs !== undefined) {
    const time = `${formatDay(atMs, machineMs, timeZone)} ${formatClock(atMs, timeZone)} ${formatZone(atMs, timeZone)}`
    return (
      <p className={styles.plate} data-kind="history">
        <b>{say({ id: 'plate.history', defaultMessage: 'History' })}</b> {time}
        <button type="button" className={controls.button} onClick={onNow} title={say({ id: 'plate.nowKey', defaultMessage: 'Key N' })}>
          {say({ id: 'plate.now', defaultMessage: 'Back to now' })}
        </button>
      </p>
    )
  }
  if (isPaused) {
    const since = status?.mode === 'paused' ? formatSince(status.sinceMs, machineMs, timeZone) : formatClock(machineMs, timeZone)
    return (
      <p className={styles.plate} data-kind="paused">
        <b>{say({ id: 'plate.paused', defaultMessage: 'Paused' })}</b> {say({ id: 'plate.stillSince', defaultMessage: 'values stand still since {time}' }, { time: since })}
        <button type="button" className={controls.button} onClick={() => set({ isPaused: false })} title={say({ id: 'plate.resumeKey', defaultMessage: 'Space, while nothing has the focus' })}>
          {say({ id: 'plate.resume', defaultMessage: 'Go on' })}
        </button>
      </p>
    )
  }
  if (status?.mode === 'retrying' || status?.mode === 'failed') {
    return (
      <p className={styles.plate} data-kind="late">
        <b>{say({ id: 'plate.noConnection', defaultMessage: 'No connection' })}</b> {say({ id: 'plate.lastValues', defaultMessage: 'last values of {time}' }, { time: formatSince(keptMsOf(plan, live) ?? status.lastDataAtMs ?? status.sinceMs, machineMs, timeZone) })}
      </p>
    )
  }
  const behind = live.behind()
  if (behind === undefined) return null
  return (
    <p className={styles.plate} data-kind="late">
      <b>{say({ id: 'plate.behind', defaultMessage: 'Behind' })}</b> {say({ id: 'plate.behindBy', defaultMessage: 'the picture is {duration} old' }, { duration: formatDuration(behind.ms) })}
    </p>
  )
}
