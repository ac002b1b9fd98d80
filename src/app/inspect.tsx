/**
 * One sensor, beside the map: what it says now and how old that is, its day, its doubts, where it comes
 * from. Not a dialog: the map and the list stay in reach, and it stays live while it is open.
 */
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { classOf, type Reading } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { plainFrame } from '../domains/frame.ts'
import { Chart, type ChartBand } from '../ui/chart.tsx'
import { ascending, gapsOf, type ChartPoint } from '../ui/chart-line.ts'
import controls from '../ui/controls.module.css'
import { CopyButton } from '../ui/copy-button.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { StateGlyph } from '../ui/state-glyph.tsx'
import { freshnessWord } from '../ui/words/freshness.ts'
import { formatWhen, type Seen } from '../ui/words/age.ts'
import { formatFull } from '../ui/words/clock.ts'
import { identifierWords } from '../ui/words/identifier.ts'
import { formatQuantity } from '../ui/words/number.ts'
import { BrokerNames } from './broker-names.tsx'
import { explainedUsual } from './explain-input.ts'
import { ExplainSection } from './explain-section.tsx'
import { failureWords } from './failure-words.ts'
import { daySentence } from './day-sentence.ts'
import styles from './inspect.module.css'
import { colourOf, comingWords, everyWords, expectedMsOf, splitQuantity, stepsOf, tooFewWords } from './layer-facts.ts'
import { useLayer, useLiveVersion, useNow, useSensor } from './live-hooks.ts'
import { entityQuery, historyQuery, type HistoryAnswer, type SensorKey } from './queries.ts'
import { givesOther, shortName, shownValue, type SensorRow } from './sensor-list.ts'
import { useServices } from './services.ts'
import { useUsual } from './use-usual.ts'
import { warningsOf } from './warnings.ts'

export interface InspectProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly entityId: string
  /** False when a link opened it: the page then starts at its beginning. */
  readonly takesFocus: boolean
  onClose(): void
}

/** No line is drawn over a silence longer than so many expected intervals. */
const GAP_INTERVALS = 2.5

export default function Inspect({ plan, view, theme, atMs, entityId, takesFocus, onClose }: InspectProps) {
  const { model } = view
  const { live } = useServices()
  useLiveVersion()
  const layer = useLayer(model.id)
  const sensor = useSensor(model.id, entityId)
  const nowMs = useNow(atMs)
  const heading = useRef<HTMLHeadingElement>(null)
  const key: SensorKey = { cityId: plan.id, domain: model.id, entityId, atMs }
  const entity = useQuery(entityQuery(live, key))
  const history = useQuery(historyQuery(live, key))
  const { usual, band } = useUsual(key, plan)
  const expectedMs = expectedMsOf(model, plan)
  // What the broker holds now is no part of the past that is shown: there the last reading comes from its history.
  const isHistory = atMs !== undefined
  const reading = isHistory ? lastAt(history.data?.readings ?? [], atMs) : entity.data?.reading
  const seen: Seen = { nowMs, timeZone: plan.timeZone, isHistory }

  // Focus moves in with the sensor; the one who opened it gets it back on closing.
  useEffect(() => {
    if (takesFocus) heading.current?.focus()
  }, [takesFocus])
  useFreshEntity(key, sensor?.observedAtMs)

  const warnings = warningsOf(sensor, reading)

  return (
    <aside className={styles.drawer} aria-label="Inspect sensor">
      <header className={styles.head}>
        <div>
          <h2 ref={heading} tabIndex={-1} className={styles.title}>
            {sensor?.name ?? reading?.name ?? entity.data?.reading?.name ?? shortName(entityId)}
          </h2>
          <p className={styles.note}>
            {model.name} · {plan.name}
          </p>
        </div>
        <div className={styles.actions}>
          <CopyButton text={() => location.href} label="Copy link" />
          <button type="button" className={`${controls.button} ${controls.square}`} aria-label="Close (Esc)" onClick={onClose}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.5" />
            </svg>
          </button>
        </div>
      </header>

      {sensor === undefined ? (
        <p className={styles.missing}>
          {layer === undefined
            ? comingWords(atMs, plan.timeZone)
            : isHistory
              ? `No ${model.name.toLowerCase()} sensor of ${plan.name} had this id then.`
              : `No ${model.name.toLowerCase()} sensor of ${plan.name} has this id now. What the broker holds is below.`}
        </p>
      ) : (
        <Value sensor={sensor} view={view} theme={theme} seen={seen} expectedMs={expectedMs} />
      )}

      {warnings.length > 0 && (
        <section className={styles.section} aria-label="Warnings">
          <ul className={styles.warnings}>
            {warnings.map(({ kind, detail }) => (
              <li key={kind}>
                <span className={styles.warningMark} aria-hidden="true">
                  ▲
                </span>
                <span>
                  <b>{identifierWords(kind)}</b>
                  {detail !== '' && ` — ${detail}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}

      {layer !== undefined && sensor !== undefined && (
        <ErrorBoundary what="The explanation">
          <ExplainSection {...{ plan, view, layer, nowMs, atMs }} usual={explainedUsual(usual)} row={sensor.row} />
        </ErrorBoundary>
      )}

      <section className={styles.section} aria-label={isHistory ? 'The 24 hours before' : 'Last 24 hours'}>
        <ErrorBoundary what="The chart">
          <Day history={history} band={band} {...{ atMs, sensor, view, plan, expectedMs, nowMs }} />
        </ErrorBoundary>
      </section>

      {reading !== undefined && <Measures reading={reading} view={view} timeZone={plan.timeZone} />}

      {layer !== undefined && (
        <section className={styles.section} aria-label={`${model.name} in words`}>
          <ErrorBoundary what="This panel">
            <view.Panel
              frame={plainFrame(layer.frame)}
              roster={layer.roster}
              {...(reading === undefined ? {} : { reading })}
              {...(history.data === undefined ? {} : { day: { ...history.data, timeZone: plan.timeZone } })}
            />
          </ErrorBoundary>
        </section>
      )}

      <section className={styles.section} aria-label="Origin">
        <h3 className={styles.subtitle}>Where from</h3>
        <p className={styles.id}>{entityId}</p>
        <p className={styles.note}>
          <BrokerNames brokers={plan.brokers} />
          {plan.licence !== undefined && ` · ${plan.licence}`}
        </p>
        <details className={styles.raw}>
          <summary>{isHistory ? 'Raw NGSI-LD, as the broker has it now' : 'Raw NGSI-LD'}</summary>
          {entity.isPending && <p className={styles.note}>Asking the broker…</p>}
          {entity.isError && <Failure message={entity.error.message} onRetry={() => void entity.refetch()} />}
          {entity.data !== undefined && <Raw json={entity.data.raw} problem={entity.data.problem} />}
        </details>
      </section>
    </aside>
  )
}

interface ValueProps {
  readonly sensor: SensorRow
  readonly view: DomainView
  readonly theme: Theme
  readonly seen: Seen
  readonly expectedMs: number
}

function Value({ sensor, view, theme, seen, expectedMs }: ValueProps) {
  const { freshness, observedAtMs, hasPosition, latest, value: windowValue } = sensor
  const { legend } = view.model
  const value = shownValue(sensor)
  const shown = Number.isNaN(value) ? undefined : splitQuantity(view.format(value))
  const label = legend.classes[classOf(legend, value)]?.label
  const isEmpty = Number.isNaN(value)
  const isDry = freshness === 'stale' || freshness === 'lost'
  return (
    <div className={styles.value}>
      <p className={styles.figure} data-dry={isDry || undefined}>
        {shown === undefined ? (
          <span className={styles.none}>{sensor.isTooFew ? 'Too few to show' : givesOther(sensor) ? 'Another measure' : 'No value'}</span>
        ) : (
          <>
            {shown.figure}
            {shown.unit !== '' && <span className={styles.unit}>{`\u00A0${shown.unit}`}</span>}
          </>
        )}
      </p>
      <p className={styles.state}>
        <StateGlyph freshness={freshness} isTooFew={sensor.isTooFew} isEmpty={isEmpty} colour={isEmpty ? undefined : colourOf(legend, value, theme)} />
        <span>
          {freshnessWord(freshness)}
          {label !== undefined && label !== shown?.figure && ` · class ${label}`}
        </span>
      </p>
      <p className={styles.trust}>
        <time dateTime={Number.isNaN(observedAtMs) ? undefined : new Date(observedAtMs).toISOString()} title={Number.isNaN(observedAtMs) ? undefined : formatFull(observedAtMs, seen.timeZone)}>
          {formatWhen(observedAtMs, seen)}
        </time>
        , expected {everyWords(expectedMs)}
        {!hasPosition && ' · no position, so not on the map'}
      </p>
      <p className={styles.note}>
        {sensor.isTooFew ? tooFewWords(view.model) : givesOther(sensor) && `Not ${legend.title.toLowerCase()}: what it measures is below`}
        {!Number.isNaN(windowValue) && !Number.isNaN(latest) && `Last reading ${view.format(latest)}`}
      </p>
    </div>
  )
}

interface DayProps {
  readonly history: UseQueryResult<HistoryAnswer>
  readonly band: ChartBand | undefined
  readonly atMs: number | undefined
  readonly sensor: SensorRow | undefined
  readonly view: DomainView
  readonly plan: CityPlan
  readonly expectedMs: number
  readonly nowMs: number
}

function Day({ history, band, atMs, sensor, view, plan, expectedMs, nowMs }: DayProps) {
  const { model } = view
  const measure = model.measures.find(({ id }) => id === model.headline)
  const tail = useLiveTail(sensor)
  const points = useMemo(
    () =>
      ascending([
        ...(history.data?.readings ?? []).flatMap(({ observedAtMs, values }): ChartPoint[] => {
          const value = values[model.headline]
          return value === undefined ? [] : [{ ms: observedAtMs, value }]
        }),
        ...(atMs === undefined ? tail : []),
      ]),
    [history.data, model.headline, tail, atMs],
  )
  if (history.isPending) return <p className={styles.note}>{atMs === undefined ? 'Reading the last 24 hours…' : 'Reading the 24 hours before…'}</p>
  if (history.isError) return <Failure message={`No history: ${lowerFirst(failureWords(history.error.message))}`} onRetry={() => void history.refetch()} />
  // The axis follows the clock by the minute: a chart that creeps every second cannot be read.
  const toMs = atMs ?? Math.max(history.data.toMs, Math.ceil(nowMs / 60_000) * 60_000)
  const maxGapMs = GAP_INTERVALS * typicalInterval(points, expectedMs)
  const unit = measure?.unit ?? model.legend.unit
  if (points.length === 0 && sensor !== undefined && givesOther(sensor)) return <p className={styles.note}>{measure?.name ?? model.legend.title}: this sensor gives another measure, so there is no line.</p>
  return (
    <>
      <Chart
        label={`${measure?.name ?? model.legend.title}, 24 h`}
        points={points}
        fromMs={toMs - (history.data.toMs - history.data.fromMs)}
        toMs={toMs}
        maxGapMs={maxGapMs}
        unit={unit}
        decimals={measure?.decimals ?? 0}
        timeZone={plan.timeZone}
        limits={model.legend.limits}
        {...(band === undefined ? {} : { band })}
        {...(model.legend.unit === '' ? { format: view.format, steps: stepsOf(model.legend) } : {})}
      />
      <p className={styles.note}>
        {daySentence({
          points,
          gaps: gapsOf(points, maxGapMs),
          timeZone: plan.timeZone,
          format: unit === '' ? view.format : (value) => formatQuantity(value, measure?.decimals ?? 0, unit),
        })}
        {history.data.partial && ' The broker gave only a part of the period.'}
        {history.data.rejected > 0 && ` ${history.data.rejected} readings could not be read.`}
      </p>
    </>
  )
}

/** A sensor may report seldomer than its domain; its own median spacing then says what a gap is. */
function typicalInterval(points: readonly ChartPoint[], expectedMs: number): number {
  const spacings = points
    .slice(1)
    .map(({ ms }, index) => ms - points[index]!.ms)
    .toSorted((a, b) => a - b)
  return Math.max(expectedMs, spacings[Math.floor(spacings.length / 2)] ?? 0)
}

function Measures({ reading, view, timeZone }: { readonly reading: Reading; readonly view: DomainView; readonly timeZone: string }) {
  const measured = view.model.measures.flatMap((measure) => {
    const value = reading.values[measure.id]
    // A class is read in words, in the panel: its number is only how it is kept.
    return value === undefined || (measure.id === view.model.headline && measure.unit === '') ? [] : [{ ...measure, value }]
  })
  if (measured.length === 0) return null
  return (
    <section className={styles.section} aria-label="Last reading">
      <h3 className={styles.subtitle}>
        Last reading <span className={styles.note}>{formatFull(reading.observedAtMs, timeZone)}</span>
      </h3>
      <dl className={styles.measures}>
        {measured.map(({ id, name, value, decimals, unit }) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>{formatQuantity(value, decimals, unit)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Raw({ json, problem }: { readonly json: unknown; readonly problem: string | undefined }) {
  const text = useMemo(() => JSON.stringify(json, null, 2), [json])
  return (
    <>
      {problem !== undefined && <p className={styles.note}>▲ {problem}</p>}
      <p>
        <CopyButton text={() => text} label="Copy" />
      </p>
      {/* Focusable because it scrolls: the keyboard must reach its last line. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.pre} tabIndex={0} aria-label="Raw NGSI-LD, JSON">
        <pre>{text}</pre>
      </section>
    </>
  )
}

function Failure({ message, onRetry }: { readonly message: string; onRetry(): void }) {
  return (
    <p className={styles.note}>
      <output>{failureWords(message)}</output>{' '}
      <button type="button" className={controls.button} onClick={onRetry}>
        Try again
      </button>
    </p>
  )
}

/** Live readings since the drawer opened: what the history does not have yet. */
function useLiveTail(sensor: SensorRow | undefined): readonly ChartPoint[] {
  const [tail, setTail] = useState<readonly ChartPoint[]>([])
  const ms = sensor?.observedAtMs ?? Number.NaN
  const value = sensor?.latest ?? Number.NaN
  if (!Number.isNaN(ms) && !Number.isNaN(value) && tail.at(-1)?.ms !== ms) setTail([...tail.slice(-2_000), { ms, value }])
  return tail
}

/** When the frame tells of a newer reading, the broker is asked for the entity again. */
function useFreshEntity({ cityId, domain, entityId, atMs }: SensorKey, observedAtMs: number | undefined): void {
  const client = useQueryClient()
  useEffect(() => {
    if (observedAtMs === undefined || Number.isNaN(observedAtMs) || atMs !== undefined) return
    void client.refetchQueries({ queryKey: ['entity', cityId, domain, entityId], stale: true })
  }, [client, cityId, domain, entityId, atMs, observedAtMs])
}

/** The last reading at or before the instant. */
function lastAt(readings: readonly Reading[], atMs: number): Reading | undefined {
  let last: Reading | undefined
  for (const reading of readings) if (reading.observedAtMs <= atMs && (last === undefined || reading.observedAtMs >= last.observedAtMs)) last = reading
  return last
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
