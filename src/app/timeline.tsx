/**
 * The day as a line that a hand drags: the city follows while it moves, and the link when it lets go. Behind the hand is the
 * day of the chosen layer on its usual band, with the hours of the city's clock.
 *
 * The line ends now, or some whole days before now when the instant that is shown lies further back.
 */
import { lazy, Suspense, useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { DAY_HEIGHT, DAY_WIDTH, dayShape } from '../ui/day-shape.ts'
import { DayPaths } from '../ui/sparkline.tsx'
import { formatClock, formatDay } from '../ui/words/clock.ts'
import { dayWords, hourTicks, readingAt, readingWords, type Day } from './day-line.ts'
import { bucketBeside } from './day-span.ts'
import { failureWords } from './failure-words.ts'
import styles from './timeline.module.css'

// Most never open it, and it brings a kit of components with it.
const DayTablePopover = lazy(() => import('./day-table-popover.tsx'))

/** Something that was noted for a time: works, an event. */
export interface TimeFlag {
  readonly atMs: number
  /** Absent: of the instant alone. */
  readonly untilMs?: number
  readonly text: string
}

export interface TimelineProps {
  readonly timeZone: string
  /** The instant that is shown; undefined is now. */
  readonly atMs: number | undefined
  readonly nowMs: number
  readonly view: DomainView
  /** Of the layer, in the city or in the district that was chosen. */
  readonly day: Day
  /** Name of the district, when one is chosen. */
  readonly district?: string | undefined
  readonly flags?: readonly TimeFlag[]
  /** The hand is there. */
  onMove(atMs: number | undefined): void
  /** It was let go. */
  onRest(atMs: number | undefined): void
}

/** How finely a hand can choose. */
const STEP_MS = MINUTE_MS
/** Every third hour has its name. */
const NAMED_HOURS = 3
/** The hand of the platform's slider is so wide, in rem: its middle never reaches the ends. */
const HAND_REM = 0.75
const NO_FLAGS: readonly TimeFlag[] = []
/** A flag of an instant is read when the pointer is so near. */
const NEAR_MS = 10 * MINUTE_MS

export function Timeline({ timeZone, atMs, nowMs, view, day, district, flags = NO_FLAGS, onMove, onRest }: TimelineProps) {
  const { fromMs, toMs, line } = day
  const [isHeld, setIsHeld] = useState(false)
  const [pointedMs, setPointedMs] = useState<number | undefined>(undefined)
  const [isFocused, setIsFocused] = useState(false)
  const sentenceId = useId()
  const shownMs = atMs ?? toMs
  const isNow = atMs === undefined
  const readMs = pointedMs ?? (isFocused || isHeld ? shownMs : undefined)

  /** The end of the last day is now. */
  const instant = (ms: number): number | undefined => (ms >= nowMs ? undefined : ms)
  const clockOf = (ms: number): string => `${formatDay(ms, nowMs, timeZone)} ${formatClock(ms, timeZone)}`
  const words = (ms: number): string => readingWords(view, readingAt(line, ms))
  const shareOf = (ms: number): number => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)))

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

  function point(event: PointerEvent<HTMLInputElement>): void {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const hand = HAND_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    const share = (event.clientX - left - hand / 2) / Math.max(1, width - hand)
    setPointedMs(fromMs + Math.min(1, Math.max(0, share)) * (toMs - fromMs))
  }

  const near = readMs === undefined ? [] : flags.filter((flag) => readMs >= flag.atMs - NEAR_MS && readMs <= (flag.untilMs ?? flag.atMs) + NEAR_MS)
  const place = district === undefined ? view.model.name : `${view.model.name}, ${district}`

  return (
    <div className={styles.timeline} data-history={!isNow || undefined}>
      <p className={styles.name} aria-hidden="true">
        <b>{place}</b>
        <span>{isNow ? say({ id: 'timeline.day', defaultMessage: '24 h' }) : say({ id: 'timeline.history', defaultMessage: 'history' })}</span>
      </p>
      <div className={styles.day}>
        <DayDrawing {...{ day, timeZone, flags }} />
        <input
          type="range"
          className={styles.line}
          aria-label={say({ id: 'timeline.label', defaultMessage: 'Time shown, over 24 hours' })}
          aria-valuetext={isNow ? say({ id: 'timeline.now', defaultMessage: 'now' }) : `${clockOf(atMs)}, ${words(atMs)}`}
          aria-describedby={sentenceId}
          title={say({ id: 'timeline.help', defaultMessage: 'Drag through the day; arrow keys step by a quarter of an hour, with Shift by a day' })}
          min={fromMs}
          max={toMs}
          step={STEP_MS}
          value={shownMs}
          onChange={({ currentTarget }) => {
            setIsHeld(true)
            onMove(instant(Number(currentTarget.value)))
          }}
          onPointerMove={point}
          onPointerLeave={() => setPointedMs(undefined)}
          onPointerUp={letGo}
          onKeyDown={(event) => {
            setPointedMs(undefined)
            step(event)
          }}
          onKeyUp={letGo}
          onFocus={({ currentTarget }) => setIsFocused(currentTarget.matches(':focus-visible'))}
          onBlur={() => {
            setIsFocused(false)
            letGo()
          }}
        />
        {readMs !== undefined && (
          <p className={styles.readout} style={{ insetInlineStart: `${shareOf(readMs) * 100}%`, translate: `${-shareOf(readMs) * 100}% 0` }} aria-hidden="true">
            <b>{clockOf(readMs)}</b> {words(readMs)}
            {near.map(({ text }) => ` ⚑ ${text}`)}
          </p>
        )}
        <p id={sentenceId} hidden>
          {[dayWords(view, line, timeZone), ...(line?.problems ?? []).map((problem) => failureWords(problem)), ...flags.map(({ atMs: flagMs, text }) => `${clockOf(flagMs)}: ${text}.`)].join(' ')}
        </p>
      </div>
      <Ticks {...{ fromMs, toMs, nowMs, timeZone }} />
      <TableButton {...{ place, view, line, timeZone, nowMs }} />
    </div>
  )
}

function TableButton({ place, ...table }: { readonly place: string } & Pick<TimelineProps, 'view' | 'timeZone' | 'nowMs'> & Pick<Day, 'line'>) {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`${controls.button} ${controls.quiet} ${styles.table}`}
        aria-label={say({ id: 'timeline.table', defaultMessage: 'Table of the 24 hours: {place}' }, { place })}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {say({ id: 'timeline.tableButton', defaultMessage: 'Table' })}
      </button>
      {isOpen && (
        <Suspense>
          <DayTablePopover {...table} caption={say({ id: 'timeline.tableTitle', defaultMessage: '24 hours: {place}' }, { place })} button={button} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function DayDrawing({ day, timeZone, flags }: { readonly day: Day; readonly timeZone: string; readonly flags: readonly TimeFlag[] }) {
  const { fromMs, toMs, picture } = day
  const { x } = useMemo(() => dayShape(picture), [picture])
  const hours = useMemo(() => hourTicks(fromMs, toMs, timeZone), [fromMs, toMs, timeZone])
  return (
    <svg className={styles.drawing} viewBox={`0 0 ${DAY_WIDTH} ${DAY_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <DayPaths day={picture} hasMiddle />
      {/* An hour is a short stroke at the foot, the beginning of a day one through all of it. */}
      <path className={styles.hours} d={hours.map(({ ms, hour }) => `M${x(ms)} ${DAY_HEIGHT}V${DAY_HEIGHT - (hour % NAMED_HOURS === 0 ? 14 : 7)}`).join('')} />
      <path className={styles.midnight} d={hours.filter(({ hour }) => hour === 0).map(({ ms }) => `M${x(ms)} 0V${DAY_HEIGHT}`).join('')} />
      {flags
        .filter((flag) => (flag.untilMs ?? flag.atMs) >= fromMs && flag.atMs <= toMs)
        .map((flag) => (
          <g key={`${flag.atMs} ${flag.text}`}>
            {flag.untilMs !== undefined && <rect className={styles.span} x={x(flag.atMs)} width={Math.max(0, x(flag.untilMs) - x(flag.atMs))} y={0} height={6} />}
            <path className={styles.flag} d={`M${x(flag.atMs)} 0V${DAY_HEIGHT}`} />
          </g>
        ))}
    </svg>
  )
}

function Ticks({ fromMs, toMs, nowMs, timeZone }: { readonly fromMs: number; readonly toMs: number; readonly nowMs: number; readonly timeZone: string }) {
  const named = useMemo(() => hourTicks(fromMs, toMs, timeZone).filter(({ hour }) => hour % NAMED_HOURS === 0), [fromMs, toMs, timeZone])
  return (
    <ol className={styles.ticks} aria-hidden="true">
      {named
        // The end has its own name.
        .filter(({ ms }) => toMs - ms > HOUR_MS)
        .map(({ ms, hour }) => (
          <li key={ms} style={{ insetInlineStart: `${((ms - fromMs) / (toMs - fromMs)) * 100}%` }} data-hour={hour} data-late={toMs - ms < 4 * HOUR_MS || undefined}>
            {hour === 0 ? formatDay(ms, nowMs, timeZone) : formatClock(ms, timeZone)}
          </li>
        ))}
      <li className={styles.end}>{toMs >= nowMs ? say({ id: 'timeline.now', defaultMessage: 'now' }) : formatClock(toMs, timeZone)}</li>
    </ol>
  )
}
