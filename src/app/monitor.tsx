/**
 * The Monitor screen of one city: the sentence first, then header, tiles, map, legend and list, and the
 * drawer of one sensor. City, layer, selection, time and theme come from the URL and go back to it.
 */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { DAY_MS } from '../core/time/instant.ts'
import { defineMessage, say } from '../language/say.ts'
import type { View } from '../domains/standing.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { BASE_RADIUS_M } from './cell-radius.ts'
import { useFlags } from './annotations/use-flags.ts'
import { useChoices } from './choices.ts'
import { bucketBeside, daySpan } from './day-span.ts'
import { useDay } from './day-line.ts'
import { chosenDistrict, type ChosenDistrict } from './districts.ts'
import { Footer } from './footer.tsx'
import { Header, livenessOf } from './header.tsx'
import { Headline } from './headline.tsx'
import { useKept } from './kept.ts'
import { titleOf, viewsOf } from './layer-facts.ts'
import { LegendPane } from './legend-pane.tsx'
import { nextView, type WindowName } from './look.ts'
import { useLinkedChoices } from './linked-choices.ts'
import { LookControl, useLookOf } from './look-control.tsx'
import { useNow, useStatus } from './live-hooks.ts'
import { MapPane } from './map-pane.tsx'
import styles from './monitor.module.css'
import { instantOf, timeParameter, type CitySearch, type ListName } from './search.ts'
import { SidePane } from './side-pane.tsx'
import { useServices } from './services.ts'
import { useShortcuts } from './shortcuts.ts'
import { StatePlate } from './state-plate.tsx'
import { useTheme } from './theme.ts'
import type { Look, UnusualPlace } from '../workers/city.messages.ts'
import { Tiles } from './tiles.tsx'
import { Timeline, type TimelineProps } from './timeline.tsx'
import { UnusualPane } from './unusual-pane.tsx'
import { placeBeside, placeKey } from './unusual-place.ts'
import { unusualCount } from './unusual-words.ts'
import { useUnusual } from './use-unusual.ts'

// The drawer brings the chart with it: nobody waits for it who opens no sensor.
const Inspect = lazy(() => import('./inspect/inspect.tsx'))
// What has not changed yet has nothing to say.
const Announcer = lazy(() => import('./announcer.tsx'))
// Beside the map the unusual stand first; these come when they are asked for.
const SensorsPane = lazy(async () => ({ default: (await import('./sensors-pane.tsx')).SensorsPane }))
const DistrictsPane = lazy(async () => ({ default: (await import('./districts-pane.tsx')).DistrictsPane }))
const NotesPane = lazy(() => import('./annotations/notes-pane.tsx'))
// Who saves or prints has looked first.
const WaysOut = lazy(() => import('./out/ways-out.tsx'))
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
  const { views: all, live } = useServices()
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

  const selectLayer = useCallback((layer: string) => onSearch({ layer, sel: undefined, with: undefined }, { replace: false }), [onSearch])
  const inspect = useCallback((sel: string) => onSearch({ layer: active?.model.id, sel, with: undefined }, { replace: false }), [onSearch, active])
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
  const close = useCallback(() => onSearch({ sel: undefined, with: undefined }, { replace: false }), [onSearch])
  const setRange = useCallback((range: '24h' | '7d' | '30d') => onSearch({ range: range === '24h' ? undefined : range }, { replace: true }), [onSearch])
  const setBeside = useCallback((id: string | undefined) => onSearch({ with: id }, { replace: true }), [onSearch])
  const setPlace = useCallback((at: string | undefined) => onSearch({ at }, { replace: true }), [onSearch])
  useLinkedChoices(plan.id, search, onSearch)
  const isOpen = selected !== undefined && active !== undefined
  const hasMoved = useHasMoved(selected)
  const { list } = search
  const setList = useCallback((next: ListName | undefined) => onSearch({ list: next }, { replace: true }), [onSearch])
  const unusual = useUnusual(plan.id, atMs)
  const marked = useChoices((choices) => choices.marked)
  const inspectPlace = useCallback(({ domain, id }: UnusualPlace) => onSearch({ layer: domain, sel: id }, { replace: false }), [onSearch])
  const markBeside = (direction: 1 | -1): void => {
    const place = placeBeside(unusual?.places ?? [], marked, direction)
    if (place === undefined) return
    useChoices.getState().set({ marked: placeKey(place), highlighted: place.id, isMarkedByKey: true })
    // With a sensor open the next is opened; else it is marked in the list and on the map of its layer.
    onSearch(isOpen ? { layer: place.domain, sel: place.id } : { layer: place.domain, list: undefined }, { replace: true })
  }
  useShortcuts({
    nextUnusual: () => markBeside(1),
    previousUnusual: () => markBeside(-1),
    inspect: () => {
      const place = unusual?.places.find((one) => placeKey(one) === marked)
      if (place === undefined) return false
      inspectPlace(place)
    },
    pause: () => {
      if (atMs !== undefined) return false
      useChoices.getState().set({ isPaused: !useChoices.getState().isPaused })
    },
    layer: ({ key }) => {
      const view = views[Number(key) - 1]
      if (view !== undefined) selectLayer(view.model.id)
    },
    close: () => {
      if (!isOpen) return false
      close()
    },
    now: () => setTime(undefined),
    earlier: ({ shiftKey }) => setTime(stepped(atMs, -1, shiftKey)),
    later: ({ shiftKey }) => setTime(stepped(atMs, 1, shiftKey)),
    theme: () => setTheme(theme === 'day' ? 'night' : 'day'),
    view: () => {
      if (active !== undefined) setView(nextView(active.model, view))
    },
    table: () => setList(list === 'table' ? 'all' : 'table'),
    copyLink: () => {
      void navigator.clipboard?.writeText(location.href).then(() => {
        const { set } = useChoices.getState()
        set({ notice: say({ id: 'monitor.linkCopied', defaultMessage: 'The link is copied.' }) })
        setTimeout(() => set({ notice: undefined }), NOTICE_MS)
      })
    },
  })

  return (
    <div className={styles.monitor} data-inspecting={isOpen || undefined} data-history={atMs !== undefined || undefined}>
      <Headline {...{ plan, views, atMs, unusual }} />
      <ErrorBoundary stopped={defineMessage({ id: 'error.header', defaultMessage: 'The header stopped working: {reason}' })}>
        <Header {...{ cities, plan, atMs, theme, onCity }} onTime={setTime} onTheme={setTheme} />
      </ErrorBoundary>
      {plan.incidents !== undefined && (
        <div className={styles.strip}>
          <ErrorBoundary stopped={defineMessage({ id: 'error.incidents', defaultMessage: 'The strip of incidents stopped working: {reason}' })}>
            <Suspense fallback={null}>
              <IncidentStrip plan={plan} views={views} />
            </Suspense>
          </ErrorBoundary>
        </div>
      )}
      <main className={styles.main}>
        {active === undefined ? (
          <p className={styles.empty}>
            {plan.layers.length === 0
              ? say({ id: 'monitor.noLayers', defaultMessage: '{city} has no layers configured.' }, { city: plan.name })
              : say({ id: 'monitor.unknownLayers', defaultMessage: 'This build knows none of the layers of {city}: {layers}.' }, { city: plan.name, layers: plan.layers.join(', ') })}
          </p>
        ) : (
          <>
            <ErrorBoundary stopped={defineMessage({ id: 'error.tiles', defaultMessage: 'The tiles stopped working: {reason}' })}>
              <Tiles {...{ plan, views, theme, atMs }} selected={active.model.id} onSelect={selectLayer} />
            </ErrorBoundary>
            <ErrorBoundary stopped={defineMessage({ id: 'error.map', defaultMessage: 'The map stopped working: {reason}' })}>
              <MapPane {...{ plan, views, theme, atMs, selected, district }} active={active.model.id} at={search.at} onPlace={setPlace} onInspect={inspect}>
                <StatePlate plan={plan} atMs={atMs} onNow={() => setTime(undefined)} />
                <Notice />
              </MapPane>
            </ErrorBoundary>
            <div className={styles.legend}>
              <ErrorBoundary stopped={defineMessage({ id: 'error.legend', defaultMessage: 'The legend stopped working: {reason}' })}>
                <LegendPane {...{ plan, theme }} view={active}>
                  <LookControl {...{ plan, atMs, look }} layer={active} onView={setView} onWindow={setWindow} />
                  <div className={styles.waysOut}>
                    <ErrorBoundary stopped={defineMessage({ id: 'error.waysOut', defaultMessage: 'Saving and printing stopped working: {reason}' })}>
                      <Suspense fallback={null}>
                        <WaysOut {...{ plan, views, theme, atMs, unusual }} view={active} />
                      </Suspense>
                    </ErrorBoundary>
                  </div>
                </LegendPane>
              </ErrorBoundary>
            </div>
            <ErrorBoundary stopped={defineMessage({ id: 'error.timeline', defaultMessage: 'The time line stopped working: {reason}' })}>
              <DayLine {...{ plan, atMs, district }} view={active} onMove={drag} onRest={letGo} />
            </ErrorBoundary>
            <SidePane list={list} unusualCount={unusual && unusualCount(unusual)} sensorCount={live.layer(active.model.id)?.frame.count} hasDistricts={plan.districts !== undefined} isHistory={atMs !== undefined} onList={setList}>
              {list === undefined ? (
                <ErrorBoundary stopped={defineMessage({ id: 'error.unusual', defaultMessage: 'The list of what is unusual stopped working: {reason}' })}>
                  <UnusualPane {...{ plan, views, theme, atMs, unusual, marked }} selected={isOpen ? selected : undefined} onChoose={inspectPlace} />
                </ErrorBoundary>
              ) : (
                <Suspense fallback={null}>
                <div className={styles.lists} data-list={list}>
                  {list === 'districts' && (
                    <ErrorBoundary stopped={defineMessage({ id: 'error.districts', defaultMessage: 'The table of districts stopped working: {reason}' })}>
                      <DistrictsPane {...{ plan, theme, atMs }} view={active} chosen={district} onChoose={chooseDistrict} />
                    </ErrorBoundary>
                  )}
                  <ErrorBoundary stopped={defineMessage({ id: 'error.sensors', defaultMessage: 'The list stopped working: {reason}' })}>
                    <SensorsPane {...{ plan, theme, atMs, district }} selected={isOpen ? selected : undefined} view={active} isTable={list === 'table'} onInspect={inspect} onTable={(isTable) => setList(isTable ? 'table' : 'all')} />
                  </ErrorBoundary>
                </div>
                </Suspense>
              )}
              <ErrorBoundary stopped={defineMessage({ id: 'error.notes', defaultMessage: 'The list of notes stopped working: {reason}' })}>
                <Suspense fallback={null}>
                  <NotesPane {...{ plan, atMs }} />
                </Suspense>
              </ErrorBoundary>
            </SidePane>
            {isOpen && (
              <ErrorBoundary stopped={defineMessage({ id: 'error.drawer', defaultMessage: 'The drawer stopped working: {reason}' })}>
                <Suspense fallback={<aside className={styles.opening}>{say({ id: 'start.opening', defaultMessage: 'Opening…' })}</aside>}>
                  <Inspect {...{ plan, theme, atMs }} view={active} key={selected} entityId={selected} range={search.range ?? '24h'} besideId={search.with === selected ? undefined : search.with} takesFocus={hasMoved} onRange={setRange} onBeside={setBeside} onInspect={inspect} onClose={close} />
                </Suspense>
              </ErrorBoundary>
            )}
          </>
        )}
      </main>
      <Footer plan={plan} theme={search.theme} />
      <Suspense fallback={null}>
        <Announcer key={plan.id} {...{ plan, atMs: linkedMs }} layer={active?.model.name} />
      </Suspense>
    </div>
  )
}

/** A quarter of an hour or a day on; the future has not been measured: it is now. */
function stepped(atMs: number | undefined, direction: number, isDay: boolean): number | undefined {
  const fromMs = atMs ?? Date.now()
  const ms = isDay ? fromMs + direction * DAY_MS : bucketBeside(fromMs, direction)
  return ms >= Date.now() ? undefined : ms
}

/** Long enough to be read, and not in the way. */
const NOTICE_MS = 4_000

function Notice() {
  return <output className={styles.notice}>{useChoices((choices) => choices.notice)}</output>
}

function DayLine({ plan, atMs, view, district, onMove, onRest }: { readonly plan: CityPlan; readonly district: ChosenDistrict | undefined } & Pick<TimelineProps, 'atMs' | 'view' | 'onMove' | 'onRest'>) {
  const nowMs = useNow(undefined)
  const day = useDay(view.model.id, { plan, atMs, nowMs, district: district?.place })
  const { fromMs, toMs } = daySpan(atMs, nowMs)
  const flags = useFlags(plan, fromMs, toMs)
  return <Timeline timeZone={plan.timeZone} district={district?.label} {...{ nowMs, day, view, atMs, flags, onMove, onRest }} />
}

/** The store follows what the URL says: the city, then its time, then whether it stands still. */
function useOpenCity(plan: CityPlan, { atMs, isMoving, look }: { readonly atMs: number | undefined; readonly isMoving: boolean; readonly look: Look }): void {
  const { live } = useServices()
  const isPaused = useChoices((choices) => choices.isPaused)
  const opened = useKept<{ readonly plan: CityPlan; readonly atMs: number | undefined; readonly look: Look }>('monitor.opened')
  useEffect(() => {
    const before = opened.read()
    opened.keep({ plan, atMs, look })
    if (before?.plan === plan) {
      if (before.atMs !== atMs) live.setTime(atMs, { isMoving })
      // Now is now: a pause from before the look back would leave the page without any values.
      if (before.atMs !== undefined && atMs === undefined) useChoices.getState().set({ isPaused: false })
      if (before.look !== look) live.setLook(look)
      return
    }
    useChoices.getState().set({ isPaused: false, filter: '', ghosts: [], highlighted: undefined, marked: undefined })
    live.open(plan, { cellRadiusM: BASE_RADIUS_M, look, ...(atMs === undefined ? {} : { atMs }) })
  }, [live, opened, plan, atMs, isMoving, look])
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
