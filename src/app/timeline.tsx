/**
 * The day as a line that a hand drags: the city follows while it moves, and the link when it lets go.
 *
 * The line ends now, or some whole days before now when the instant that is shown lies further back.
 */
import { useState, type KeyboardEvent } from 'react'
import { DAY_MS, MINUTE_MS } from '../core/time/instant.ts'
import { formatClock, formatDay } from '../ui/words/clock.ts'
import { bucketBeside, daySpan } from './day-span.ts'
import styles from './timeline.module.css'

export interface TimelineProps {
  readonly timeZone: string
  /** The instant that is shown; undefined is now. */
  readonly atMs: number | undefined
  readonly nowMs: number
  /** The hand is there. */
  onMove(atMs: number | undefined): void
  /** It was let go. */
  onRest(atMs: number | undefined): void
}

/** How finely a hand can choose. */
const STEP_MS = MINUTE_MS
const TICKS = 8

export function Timeline({ timeZone, atMs, nowMs, onMove, onRest }: TimelineProps) {
  const { fromMs, toMs } = daySpan(atMs, nowMs)
  const [isHeld, setIsHeld] = useState(false)
  const shownMs = atMs ?? toMs
  const isNow = atMs === undefined

  /** The end of the last day is now. */
  const instant = (ms: number): number | undefined => (ms >= nowMs ? undefined : ms)

  function letGo(): void {
    if (!isHeld) return
    setIsHeld(false)
    onRest(atMs)
  }

  function step(event: KeyboardEvent): void {
    const ms = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (ms === undefined) return
    event.preventDefault()
    setIsHeld(true)
    onMove(instant(event.shiftKey ? (atMs ?? nowMs) + ms * DAY_MS : bucketBeside(atMs ?? nowMs, ms)))
  }

  return (
    <div className={styles.timeline} data-history={!isNow || undefined}>
      <input
        type="range"
        className={styles.line}
        aria-label="Time shown, over 24 hours"
        aria-valuetext={isNow ? 'now' : `${formatDay(atMs, nowMs, timeZone)} ${formatClock(atMs, timeZone)}`}
        title="Drag through the day; arrow keys step by a quarter of an hour, with Shift by a day"
        min={fromMs}
        max={toMs}
        step={STEP_MS}
        value={shownMs}
        onChange={({ currentTarget }) => {
          setIsHeld(true)
          onMove(instant(Number(currentTarget.value)))
        }}
        onPointerUp={letGo}
        onKeyDown={step}
        onKeyUp={letGo}
        onBlur={letGo}
      />
      <ol className={styles.ticks} aria-hidden="true">
        {Array.from({ length: TICKS + 1 }, (_, index) => fromMs + (index * DAY_MS) / TICKS).map((ms, index) => (
          <li key={ms}>{index === TICKS && toMs >= nowMs ? 'now' : formatClock(ms, timeZone)}</li>
        ))}
      </ol>
    </div>
  )
}
