/** City, clock, whether it is live, and the way to another time. */
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState, type SubmitEvent } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { HOUR_MS, SECOND_MS } from '../core/time/instant.ts'
import { defineMessage, say, type Message } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { WallField } from '../ui/wall-field.tsx'
import { LiveBadge, type LiveState } from '../ui/live-badge.tsx'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock, formatDay, formatSince, formatZone, fromWallInput, toWallInput } from '../ui/words/clock.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { useChoices } from './choices.ts'
import { useMachineNow } from './clock.ts'
import { failureWords } from './failure-words.ts'
import styles from './header.module.css'
import { LanguageMenu } from './language-menu.tsx'
import { keptMsOf, simulatedWords } from './layer-facts.ts'
import { useLiveVersion, useNow, useStatus } from './live-hooks.ts'
import type { Behind } from './pace.ts'
import { SearchButton } from './search-button.tsx'
import { useServices } from './services.ts'

// Its menu brings a kit of components with it: the name stands there at once.
const CitySelect = lazy(() => import('./city-select.tsx'))

export interface HeaderProps {
  readonly cities: readonly CityPlan[]
  readonly plan: CityPlan
  readonly atMs: number | undefined
  readonly theme: 'day' | 'night'
  onCity(cityId: string): void
  onTime(atMs: number | undefined): void
  onTheme(theme: 'day' | 'night'): void
}

export function Header({ cities, plan, atMs, theme, onCity, onTime, onTheme }: HeaderProps) {
  const nowMs = useNow(atMs)
  const machineMs = useMachineNow()
  const isHistory = atMs !== undefined
  const simulated = simulatedWords(plan)
  return (
    <header className={styles.header}>
      <Suspense fallback={<CityName name={plan.name} />}>
        <CitySelect {...{ cities, plan, onCity }} />
      </Suspense>
      <p className={styles.clock}>
        <time dateTime={new Date(nowMs).toISOString()}>
          <span className={styles.day}>{formatDay(nowMs, machineMs, plan.timeZone)} </span>
          <b>{formatClock(nowMs, plan.timeZone, { seconds: !isHistory })}</b>
        </time>{' '}
        <span title={plan.timeZone}>{formatZone(nowMs, plan.timeZone)}</span>
      </p>
      <LiveWords plan={plan} atMs={atMs} />
      <PauseButton isHistory={isHistory} />
      <Link className={styles.health} to="/health" search={{ city: plan.id, theme }} title={say({ id: 'header.healthTitle', defaultMessage: 'Feeds, brokers and conformance (G, then H)' })}>
        {say({ id: 'header.health', defaultMessage: 'Health' })}
      </Link>
      {simulated !== undefined && (
        <p className={styles.simulated} title={say({ id: 'header.simulated', defaultMessage: 'Made-up data for trying out: no sensor measured it.' })}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 1.8 14.2 8 8 14.2 1.8 8z" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 1.6" />
          </svg>
          {simulated}
        </p>
      )}
      <TimeControl key={plan.id} timeZone={plan.timeZone} atMs={atMs} nowMs={nowMs} onTime={onTime} />
      <SearchButton className={styles.search} />
      <button
        type="button"
        className={`${controls.button} ${controls.square} ${styles.theme}`}
        aria-label={theme === 'day' ? say({ id: 'palette.night', defaultMessage: 'Night colours' }) : say({ id: 'palette.day', defaultMessage: 'Day colours' })}
        title={theme === 'day' ? say({ id: 'header.nightKey', defaultMessage: 'Night colours (D)' }) : say({ id: 'header.dayKey', defaultMessage: 'Day colours (D)' })}
        onClick={() => onTheme(theme === 'day' ? 'night' : 'day')}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor" />
        </svg>
      </button>
      <LanguageMenu place="header" />
    </header>
  )
}

/** As wide as the menu that takes its place. */
function CityName({ name }: { readonly name: string }) {
  return (
    <div className={styles.city}>
      <b className={styles.cityButton}>
        {name}
        <svg viewBox="0 0 12 12" aria-hidden="true" />
      </b>
    </div>
  )
}

function LiveWords({ plan, atMs }: Pick<HeaderProps, 'plan' | 'atMs'>) {
  useLiveVersion()
  const status = useStatus()
  const machineMs = useMachineNow()
  const { live } = useServices()
  const behind = live.behind()
  const keptMs = keptMsOf(plan, live)
  const { state, word, detail = keptMs === undefined ? undefined : say({ id: 'header.lastValues', defaultMessage: 'values of {when}' }, { when: formatSince(keptMs, machineMs, plan.timeZone) }) } =
    behind === undefined ? livenessOf(status, atMs, machineMs) : behindWords(behind)
  const reason = behind === undefined ? (status?.detail === undefined ? undefined : failureWords(status.detail)) : say(BEHIND_REASONS[behind.of])
  return (
    <div className={styles.liveness}>
      <LiveBadge state={state} word={word} {...(detail === undefined ? {} : { detail })} reason={reason} />
    </div>
  )
}

const BEHIND_REASONS: Readonly<Record<Behind['of'], Message>> = {
  drawing: defineMessage({ id: 'live.behindDrawing', defaultMessage: 'This computer draws more slowly than data comes. Values are right when they are drawn; nothing is lost.' }),
  data: defineMessage({ id: 'live.behindData', defaultMessage: 'More data comes than can be read at once, or none comes through. Values are this much older than they should be.' }),
}

interface Liveness {
  readonly state: LiveState
  readonly word: string
  readonly detail?: string
}

function behindWords({ of, ms }: Behind): Liveness {
  const age = formatDuration(ms)
  // One text: where the age stands in it, each language decides.
  if (of === 'drawing') return { state: 'behind', word: say({ id: 'live.showingEvery', defaultMessage: 'showing every {age}' }, { age }) }
  return { state: 'behind', word: say({ id: 'live.behind', defaultMessage: 'behind' }), detail: age }
}

export function livenessOf(status: CityStatus | undefined, atMs: number | undefined, machineMs: number): Liveness {
  const mode = atMs === undefined ? (status?.mode ?? 'connecting') : 'history'
  const said: Liveness = { state: mode, word: say(LIVE_WORDS[mode]) }
  if (mode === 'history') return said
  switch (status?.mode) {
    case 'live': {
      const { lastDataAtMs, clockOffsetMs } = status
      return lastDataAtMs === undefined ? said : { ...said, detail: formatDuration(machineMs + clockOffsetMs - lastDataAtMs) }
    }
    case 'retrying': {
      const { retryAtMs } = status
      return { ...said, detail: retryAtMs === undefined || retryAtMs <= machineMs ? say({ id: 'live.retryNow', defaultMessage: 'now' }) : formatDuration(retryAtMs - machineMs + SECOND_MS - 1) }
    }
    case 'paused':
      return { ...said, detail: formatDuration(machineMs - status.sinceMs) }
    default:
      return said
  }
}

const LIVE_WORDS: Readonly<Record<CityStatus['mode'], Message>> = {
  connecting: defineMessage({ id: 'live.connecting', defaultMessage: 'connecting' }),
  live: defineMessage({ id: 'live.live', defaultMessage: 'live' }),
  retrying: defineMessage({ id: 'live.retrying', defaultMessage: 'retrying' }),
  paused: defineMessage({ id: 'live.paused', defaultMessage: 'paused' }),
  history: defineMessage({ id: 'live.history', defaultMessage: 'history' }),
  failed: defineMessage({ id: 'live.failed', defaultMessage: 'failed' }),
}

function PauseButton({ isHistory }: { readonly isHistory: boolean }) {
  const isPaused = useChoices((choices) => choices.isPaused)
  const set = useChoices((choices) => choices.set)
  return (
    <button
      type="button"
      className={`${controls.button} ${styles.pause}`}
      disabled={isHistory}
      title={isHistory ? say({ id: 'header.pastStands', defaultMessage: 'The past stands still' }) : say({ id: 'header.pauseTitle', defaultMessage: 'Stop values from moving (WCAG 2.2.2)' })}
      onClick={() => set({ isPaused: !isPaused })}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={isPaused ? 'M3 1.5 10.5 6 3 10.5z' : 'M2.5 1.5h2.5v9H2.5zM7 1.5h2.5v9H7z'} fill="currentColor" />
      </svg>
      <span>{isPaused ? say({ id: 'header.resume', defaultMessage: 'Resume' }) : say({ id: 'header.pause', defaultMessage: 'Pause' })}</span>
    </button>
  )
}

interface TimeControlProps {
  readonly timeZone: string
  readonly atMs: number | undefined
  readonly nowMs: number
  onTime(atMs: number | undefined): void
}

function TimeControl({ timeZone, atMs, nowMs, onTime }: TimeControlProps) {
  // What is typed belongs to the time it was typed over: a step by button discards it.
  const [typed, setTyped] = useState<{ readonly text: string; readonly over: number | undefined } | undefined>(undefined)
  const draft = typed?.over === atMs ? typed?.text : undefined
  const shown = toWallInput(atMs ?? nowMs, timeZone)

  /** The future has not been measured: it is now. */
  function goTo(ms: number): void {
    onTime(ms >= Date.now() ? undefined : ms)
  }

  function commit(event?: SubmitEvent): void {
    event?.preventDefault()
    if (draft === undefined || draft === shown) return
    const ms = fromWallInput(draft, timeZone)
    setTyped(undefined)
    if (ms !== undefined) goTo(ms)
  }

  return (
    <form className={styles.time} data-history={atMs !== undefined || undefined} aria-label={say({ id: 'header.timeShown', defaultMessage: 'Time shown' })} onSubmit={commit}>
      <button type="button" className={controls.button} aria-label={say({ id: 'header.hourEarlier', defaultMessage: 'One hour earlier' })} onClick={() => goTo((atMs ?? nowMs) - HOUR_MS)}>
        −1&#8239;h
      </button>
      {/* Leaving the field means what was typed in it. */}
      <div
        className={styles.when}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (!currentTarget.contains(relatedTarget)) commit()
        }}
      >
        <WallField
          label={say({ id: 'header.dateTime', defaultMessage: 'Date and time in {zone}, 24-hour clock' }, { zone: timeZone })}
          value={draft ?? shown}
          isChanged={draft !== undefined}
          onChange={(text) => setTyped({ text, over: atMs })}
          onCancel={() => setTyped(undefined)}
        />
      </div>
      {/* Without a button of its own, Enter would submit nothing: the form has many fields. */}
      <button type="submit" className={controls.heard} tabIndex={-1} aria-hidden="true" />
      <button type="button" className={controls.button} aria-label={say({ id: 'header.hourLater', defaultMessage: 'One hour later' })} disabled={atMs === undefined} onClick={() => goTo((atMs ?? nowMs) + HOUR_MS)}>
        +1&#8239;h
      </button>
      <button type="button" className={controls.button} aria-pressed={atMs === undefined} title={say({ id: 'header.nowTitle', defaultMessage: 'Back to live (N)' })} onClick={() => onTime(undefined)}>
        {say({ id: 'header.now', defaultMessage: 'Now' })}
      </button>
    </form>
  )
}
