/**
 * The Monitor screen of one city: the sentence first, then header, tiles, map, legend and list, and the
 * drawer of one sensor. City, layer, selection, time and theme come from the URL and go back to it.
 */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { DAY_MS } from '../core/time/instant.ts'
import type { View } from '../domains/standing.ts'
import controls from '../ui/controls.module.css'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { BASE_RADIUS_M } from './cell-radius.ts'
import { useChoices } from './choices.ts'
import { bucketBeside } from './day-span.ts'
import { useDay } from './day-line.ts'
import { chosenDistrict, type ChosenDistrict } from './districts.ts'
import { DistrictsPane } from './districts-pane.tsx'
import { Header, livenessOf } from './header.tsx'
import { Headline } from './headline.tsx'
import { titleOf, viewsOf } from './layer-facts.ts'
import { LegendPane } from './legend-pane.tsx'
import { nextView, type WindowName } from './look.ts'
import { LookControl, useLookOf } from './look-control.tsx'
import { useNow, useStatus } from './live-hooks.ts'
import { MapPane } from './map-pane.tsx'
import styles from './monitor.module.css'
import { instantOf, timeParameter, type CitySearch } from './search.ts'
import { SensorsPane } from './sensors-pane.tsx'
import { useServices } from './services.ts'
import { useShortcuts } from './shortcuts.ts'
import { useTheme } from './theme.ts'
import type { Look } from '../workers/city.messages.ts'
import { Tiles } from './tiles.tsx'
import { Timeline, type TimelineProps } from './timeline.tsx'

// The drawer brings the chart with it: nobody waits for it who opens no sensor.
const Inspect = lazy(() => import('./inspect.tsx'))
// Incidents are told after the first second, and only where they are watched for.
const IncidentStrip = lazy(() => import('./incidents/strip.tsx'))

export interface MonitorProps {
  readonly cities: readonly CityPlan[]
  readonly plan: CityPlan
  readonly search: CitySearch
  onSearch(change: { readonly [name in keyof CitySearch]: CitySearch[name] | undefined }, options: { readonly replace: boolean }): void
  onCity(cityId: string): void
}

export function Monitor({ cities, plan, search, onSearch, onCity }: MonitorProps) {
  const { views: all } = useServices()
  const views = useMemo(() => viewsOf(plan, all), [plan, all])
  const active = views.find(({ model }) => model.id === search.layer) ?? views[0]
  const linkedMs = instantOf(search)
  // While a hand drags the time the page is where the hand is; the link follows when it lets go.
  const [dragged, setDragged] = useState<{ readonly atMs: number | undefined; readonly overMs: number | undefined } | undefined>(undefined)
  const isDragged = dragged !== undefined && dragged.overMs === linkedMs
  // Once the link is elsewhere the hand has let go: coming back to where it began must not bring it back.
  if (dragged !== undefined && !isDragged) setDragged(undefined)
  const atMs = isDragged ? dragged.atMs : linkedMs
  const theme = useTheme(search.theme)
  const selected = search.sel
  const view = search.view ?? 'value'
  const look = useLookOf(search, active?.model.id)
  const district = useMemo(() => chosenDistrict(plan, search.district), [plan, search.district])
  useOpenCity(plan, { atMs, isMoving: isDragged, look })
  useTitle({ plan, layer: active?.model.name, atMs })

  const selectLayer = useCallback((layer: string) => onSearch({ layer, sel: undefined }, { replace: false }), [onSearch])
  const inspect = useCallback((sel: string) => onSearch({ layer: active?.model.id, sel }, { replace: false }), [onSearch, active])
  const setTime = useCallback((ms: number | undefined) => onSearch({ t: ms === undefined ? undefined : timeParameter(ms) }, { replace: false }), [onSearch])
  const drag = useCallback((ms: number | undefined) => setDragged({ atMs: ms, overMs: linkedMs }), [linkedMs])
  const letGo = useCallback(
    (ms: number | undefined) => {
      if (ms === linkedMs) setDragged(undefined)
      else setTime(ms)
    },
    [linkedMs, setTime],
  )
  const setTheme = useCallback((next: 'day' | 'night') => onSearch({ theme: next }, { replace: true }), [onSearch])
  const setView = useCallback((next: View) => onSearch({ view: next === 'value' ? undefined : next }, { replace: true }), [onSearch])
  const setWindow = useCallback((next: WindowName | undefined) => onSearch({ window: next }, { replace: true }), [onSearch])
  const chooseDistrict = useCallback((next: string | undefined) => onSearch({ district: next }, { replace: false }), [onSearch])
  const close = useCallback(() => onSearch({ sel: undefined }, { replace: false }), [onSearch])
  const isOpen = selected !== undefined && active !== undefined
  const hasMoved = useHasMoved(selected)
  useShortcuts({
    onLayer: (index) => {
      const view = views[index]
      if (view !== undefined) selectLayer(view.model.id)
    },
    onEscape: () => {
      if (isOpen) close()
    },
    onNow: () => setTime(undefined),
    onStep: (direction, isDay) => setTime(stepped(atMs, direction, isDay)),
    onTheme: () => setTheme(theme === 'day' ? 'night' : 'day'),
    onView: () => {
      if (active !== undefined) setView(nextView(active.model, view))
    },
  })

  return (
    <div className={styles.monitor} data-inspecting={isOpen || undefined}>
      <Headline plan={plan} views={views} atMs={atMs} />
      <ErrorBoundary what="The header">
        <Header {...{ cities, plan, atMs, theme, onCity }} onTime={setTime} onTheme={setTheme} />
      </ErrorBoundary>
      {plan.incidents !== undefined && (
        <div className={styles.strip}>
          <ErrorBoundary what="The strip of incidents">
            <Suspense fallback={null}>
              <IncidentStrip plan={plan} views={views} />
            </Suspense>
          </ErrorBoundary>
        </div>
      )}
      <main className={styles.main}>
        {active === undefined ? (
          <p className={styles.empty}>
            {plan.layers.length === 0 ? `${plan.name} has no layers configured.` : `This build knows none of the layers of ${plan.name}: ${plan.layers.join(', ')}.`}
          </p>
        ) : (
          <>
            <ErrorBoundary what="The tiles">
              <Tiles {...{ plan, views, theme, atMs }} selected={active.model.id} onSelect={selectLayer} />
            </ErrorBoundary>
            <ErrorBoundary what="The map">
              <MapPane {...{ plan, views, theme, atMs, selected, district }} active={active.model.id} onInspect={inspect} />
            </ErrorBoundary>
            <div className={styles.legend}>
              <ErrorBoundary what="The legend">
                <LegendPane {...{ plan, theme }} view={active}>
                  <LookControl {...{ plan, atMs, look }} layer={active} onView={setView} onWindow={setWindow} />
                </LegendPane>
              </ErrorBoundary>
            </div>
            <ErrorBoundary what="The time line">
              <DayLine {...{ plan, atMs, district }} view={active} onMove={drag} onRest={letGo} />
            </ErrorBoundary>
            <div className={styles.side} data-pane="side">
              <ErrorBoundary what="The list">
                <SensorsPane {...{ plan, theme, atMs, district }} selected={isOpen ? selected : undefined} view={active} onInspect={inspect} />
              </ErrorBoundary>
              <ErrorBoundary what="The table of districts">
                <DistrictsPane {...{ plan, theme, atMs }} view={active} chosen={district} onChoose={chooseDistrict} />
              </ErrorBoundary>
            </div>
            {isOpen && (
              <ErrorBoundary what="The drawer">
                <Suspense fallback={<aside className={styles.opening}>Opening…</aside>}>
                  <Inspect {...{ plan, theme, atMs }} view={active} key={selected} entityId={selected} takesFocus={hasMoved} onClose={close} />
                </Suspense>
              </ErrorBoundary>
            )}
          </>
        )}
      </main>
      <Footer plan={plan} />
    </div>
  )
}

/** A quarter of an hour or a day on; the future has not been measured: it is now. */
function stepped(atMs: number | undefined, direction: number, isDay: boolean): number | undefined {
  const fromMs = atMs ?? Date.now()
  const ms = isDay ? fromMs + direction * DAY_MS : bucketBeside(fromMs, direction)
  return ms >= Date.now() ? undefined : ms
}

function DayLine({ plan, atMs, view, district, onMove, onRest }: { readonly plan: CityPlan; readonly district: ChosenDistrict | undefined } & Pick<TimelineProps, 'atMs' | 'view' | 'onMove' | 'onRest'>) {
  const nowMs = useNow(undefined)
  const day = useDay(view.model.id, { plan, atMs, nowMs, district: district?.place })
  return <Timeline timeZone={plan.timeZone} district={district?.name} {...{ nowMs, day, view, atMs, onMove, onRest }} />
}

/** The store follows what the URL says: the city, then its time, then whether it stands still. */
function useOpenCity(plan: CityPlan, { atMs, isMoving, look }: { readonly atMs: number | undefined; readonly isMoving: boolean; readonly look: Look }): void {
  const { live } = useServices()
  const isPaused = useChoices((choices) => choices.isPaused)
  const opened = useRef<{ readonly plan: CityPlan; atMs: number | undefined; look: Look }>(undefined)
  useEffect(() => {
    if (opened.current?.plan === plan) {
      if (opened.current.atMs !== atMs) live.setTime(atMs, { isMoving })
      // Now is now: a pause from before the look back would leave the page without any values.
      if (opened.current.atMs !== undefined && atMs === undefined) useChoices.getState().set({ isPaused: false })
      opened.current.atMs = atMs
      if (opened.current.look !== look) live.setLook(look)
      opened.current.look = look
      return
    }
    opened.current = { plan, atMs, look }
    useChoices.getState().set({ isPaused: false, filter: '', ghosts: [], highlighted: undefined })
    live.open(plan, { cellRadiusM: BASE_RADIUS_M, look, ...(atMs === undefined ? {} : { atMs }) })
  }, [live, plan, atMs, isMoving, look])
  const wasPaused = useRef(false)
  useEffect(() => {
    if (wasPaused.current !== isPaused) live.setPaused(isPaused)
    wasPaused.current = isPaused
  }, [live, isPaused])
}

/** A tab, a bookmark and a screen reader's first word tell the city, whether it lives, and that it is made up. */
function useTitle({ plan, layer, atMs }: { readonly plan: CityPlan; readonly layer: string | undefined; readonly atMs: number | undefined }): void {
  const status = useStatus()
  const title = titleOf({ plan, layer, state: livenessOf(status, atMs, 0).word })
  useEffect(() => {
    document.title = title
  }, [title])
}

/** Was anything selected since the page was opened? What its link selects takes no focus. */
function useHasMoved(selected: string | undefined): boolean {
  const [linked] = useState(selected)
  const [hasMoved, setHasMoved] = useState(false)
  if (!hasMoved && selected !== linked) setHasMoved(true)
  return hasMoved || selected !== linked
}

function Footer({ plan }: { readonly plan: CityPlan }) {
  const hasShortcuts = useChoices((choices) => choices.hasShortcuts)
  const set = useChoices((choices) => choices.set)
  return (
    <footer className={styles.footer}>
      <p>
        {[plan.attribution, plan.licence === undefined ? undefined : `Licence: ${plan.licence}`].filter((text) => text !== undefined).join(' · ')}
        {plan.contact !== undefined && ` · Contact: ${plan.contact}`}
      </p>
      <p className={styles.keys}>
        <span>
          Keys: <kbd>1</kbd>–<kbd>9</kbd> layer, <kbd>/</kbd> filter, <kbd>N</kbd> now, <kbd>←</kbd> <kbd>→</kbd> quarter of an hour, with <kbd>Shift</kbd> day, <kbd>U</kbd> value, usual or limit, <kbd>D</kbd> day or night, <kbd>G</kbd> <kbd>H</kbd> health, <kbd>Esc</kbd> close
        </span>
        <button type="button" className={`${controls.button} ${controls.quiet}`} aria-pressed={hasShortcuts} onClick={() => set({ hasShortcuts: !hasShortcuts })}>
          Single keys {hasShortcuts ? 'on' : 'off'}
        </button>
      </p>
    </footer>
  )
}
