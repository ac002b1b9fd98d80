/**
 * One sensor, beside the map: what it says now and how old that is, its day, its doubts, where it comes
 * from. Not a dialog: the map and the list stay in reach, and it stays live while it is open.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView, Theme } from '../../domains/domain-view.ts'
import { plainFrame } from '../../domains/frame.ts'
import { positionAt } from '../../explain/members.ts'
import { defineMessage, say } from '../../language/say.ts'
import type { ChartPoint } from '../../ui/chart-line.ts'
import controls from '../../ui/controls.module.css'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { formatWhen, type Seen } from '../../ui/words/age.ts'
import { inSentence } from '../../ui/words/case.ts'
import { formatFull } from '../../ui/words/clock.ts'
import { warningKind } from '../../ui/words/warning.ts'
import { Notes } from '../annotations/notes.tsx'
import { explainedUsual } from '../explain-input.ts'
import { ExplainSection } from '../explain-section.tsx'
import { comingWords, expectedMsOf } from '../layer-facts.ts'
import { useLayer, useLiveVersion, useNow, useSensor } from '../live-hooks.ts'
import { entityQuery, historyQuery, type SensorKey } from '../queries.ts'
import { shortName, shownValue, type SensorRow } from '../sensor-list.ts'
import { useServices } from '../services.ts'
import { toggleStar, useStars } from '../stars.ts'
import { useUsual } from '../use-usual.ts'
import { warningsOf, type Doubt } from '../warnings.ts'
import { CompareWith } from './compare-with.tsx'
import { Failure } from './failure.tsx'
import { Gaps } from './gaps.tsx'
import { History } from './history.tsx'
import styles from './inspect.module.css'
import { lastAt, LastReading } from './last-reading.tsx'
import { Neighbours } from './neighbours.tsx'
import { Origin } from './origin.tsx'
import type { Range } from './ranges.ts'
import { Raw } from './raw.tsx'
import { ReportProblem } from './report.tsx'
import { useSensorHistory } from './sensor-history.ts'
import { trustOf } from './trust.ts'
import { Value } from './value.tsx'

export interface InspectProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly entityId: string
  readonly range: Range
  /** The sensor whose line is drawn beside this one's. */
  readonly besideId: string | undefined
  /** False when a link opened it: the page then starts at its beginning. */
  readonly takesFocus: boolean
  onRange(range: Range): void
  onBeside(entityId: string | undefined): void
  onInspect(entityId: string): void
  onClose(): void
}

export default function Inspect({ plan, view, theme, atMs, entityId, range, besideId, takesFocus, onRange, onBeside, onInspect, onClose }: InspectProps) {
  const { model } = view
  const { live } = useServices()
  useLiveVersion()
  const layer = useLayer(model.id)
  const sensor = useSensor(model.id, entityId)
  const besideSensor = useSensor(model.id, besideId ?? '')
  const nowMs = useNow(atMs)
  const heading = useRef<HTMLHeadingElement>(null)
  const key: SensorKey = { cityId: plan.id, domain: model.id, entityId, atMs }
  const entity = useQuery(entityQuery(live, key))
  const day = useQuery(historyQuery(live, key))
  const expectedMs = expectedMsOf(model, plan)
  const tail = useLiveTail(sensor)
  const state = useSensorHistory({ key, model, range, expectedMs, nowMs, ...(atMs === undefined ? { tail } : {}) })
  const besideState = useSensorHistory({ key: { ...key, entityId: besideId ?? '' }, model, range, expectedMs, nowMs, isWanted: besideId !== undefined })
  const { usual, band } = useUsual(key, plan)
  // What the broker holds now is no part of the past that is shown: there the last reading comes from its history.
  const isHistory = atMs !== undefined
  const reading = isHistory ? lastAt(day.data?.readings ?? [], atMs) : entity.data?.reading
  const seen: Seen = { nowMs, timeZone: plan.timeZone, isHistory }
  const name = sensor?.name ?? reading?.name ?? entity.data?.reading?.name ?? shortName(entityId)

  // Focus moves in with the sensor; the one who opened it gets it back on closing.
  useEffect(() => {
    if (takesFocus) heading.current?.focus()
  }, [takesFocus])
  useFreshEntity(key, sensor?.observedAtMs)

  const warnings = warningsOf(sensor, reading)
  const position = layer === undefined || sensor === undefined ? undefined : positionAt(layer.frame.positions, sensor.row)

  return (
    <aside className={styles.drawer} aria-label={say({ id: 'inspect.drawer', defaultMessage: 'Inspect sensor' })}>
      <header className={styles.head}>
        <div>
          <h2 ref={heading} tabIndex={-1} className={styles.title}>
            {name}
          </h2>
          <p className={styles.note}>
            {model.name} · {plan.name}
          </p>
        </div>
        <div className={styles.actions}>
          <Star entityId={entityId} />
          <CopyButton text={() => location.href} label={say({ id: 'inspect.copyLink', defaultMessage: 'Copy link' })} />
          <button type="button" className={`${controls.button} ${controls.square}`} aria-label={say({ id: 'inspect.close', defaultMessage: 'Close (Esc)' })} onClick={onClose}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.5" />
            </svg>
          </button>
        </div>
      </header>

      {sensor === undefined ? (
        <p className={styles.missing}>{missingWords({ plan, view, atMs, hasCome: layer !== undefined })}</p>
      ) : (
        <Value {...{ plan, sensor, view, theme, seen, atMs, expectedMs }} trust={entity.data === undefined ? [] : trustOf(entity.data.raw)} />
      )}

      {warnings.length > 0 && <Warnings warnings={warnings} />}

      <section className={styles.section} aria-label={say({ id: 'inspect.history', defaultMessage: 'History' })}>
        <ErrorBoundary stopped={defineMessage({ id: 'error.chart', defaultMessage: 'The chart stopped working: {reason}' })}>
          <History {...{ plan, view, sensor, range, state, band, onRange }} sensorKey={key} beside={besideId === undefined ? undefined : { name: besideSensor?.name ?? shortName(besideId), state: besideState }} />
          {layer !== undefined && <CompareWith {...{ layer, entityId }} chosen={besideId} onChoose={onBeside} />}
        </ErrorBoundary>
      </section>

      {layer !== undefined && sensor !== undefined && (
        <ErrorBoundary stopped={defineMessage({ id: 'error.explanation', defaultMessage: 'The explanation stopped working: {reason}' })}>
          <ExplainSection {...{ plan, view, layer, nowMs, atMs }} usual={explainedUsual(usual)} row={sensor.row} />
        </ErrorBoundary>
      )}

      <section className={styles.section} aria-label={say({ id: 'inspect.around', defaultMessage: 'Neighbours, gaps and notes' })}>
        <ErrorBoundary stopped={defineMessage({ id: 'error.part', defaultMessage: 'This part stopped working: {reason}' })}>
          {layer !== undefined && sensor !== undefined && <Neighbours {...{ view, layer, onInspect }} row={sensor.row} />}
          <Gaps {...{ range, plan }} history={state.history} />
          <Notes {...{ plan, nowMs, position }} about={{ entityId, name }} />
        </ErrorBoundary>
      </section>

      {reading !== undefined && <LastReading reading={reading} view={view} timeZone={plan.timeZone} />}

      {layer !== undefined && (
        <section className={styles.section} aria-label={say({ id: 'inspect.inWords', defaultMessage: '{layer} in words' }, { layer: model.name })}>
          <ErrorBoundary stopped={defineMessage({ id: 'error.panel', defaultMessage: 'This panel stopped working: {reason}' })}>
            <view.Panel
              frame={plainFrame(layer.frame)}
              roster={layer.roster}
              {...(reading === undefined ? {} : { reading })}
              {...(day.data === undefined ? {} : { day: { ...day.data, timeZone: plan.timeZone } })}
            />
          </ErrorBoundary>
        </section>
      )}

      <section className={styles.section} aria-label={say({ id: 'inspect.origin', defaultMessage: 'Origin' })}>
        <h3 className={styles.subtitle}>{say({ id: 'inspect.whereFrom', defaultMessage: 'Where from' })}</h3>
        <ErrorBoundary stopped={defineMessage({ id: 'error.origin', defaultMessage: 'The origin stopped working: {reason}' })}>
          <Origin {...{ plan, entityId }} raw={entity.data?.raw} broker={entity.data?.broker} />
        </ErrorBoundary>
        <details className={styles.fold}>
          <summary>{isHistory ? say({ id: 'inspect.rawNow', defaultMessage: 'Raw NGSI-LD, as the broker has it now' }) : say({ id: 'inspect.raw', defaultMessage: 'Raw NGSI-LD' })}</summary>
          {entity.isPending && <p className={styles.note}>{say({ id: 'inspect.askingBroker', defaultMessage: 'Asking the broker…' })}</p>}
          {entity.isError && <Failure message={entity.error.message} onRetry={() => void entity.refetch()} />}
          {entity.data !== undefined && <Raw json={entity.data.raw} problem={entity.data.problem} />}
        </details>
        <ReportProblem
          plan={plan}
          sensor={{
            city: plan.name,
            layer: model.name,
            name,
            id: entityId,
            value: sensor === undefined || Number.isNaN(shownValue(sensor)) ? undefined : view.format(shownValue(sensor)),
            age: formatWhen(sensor?.observedAtMs ?? Number.NaN, seen),
            observedAt: sensor === undefined || Number.isNaN(sensor.observedAtMs) ? undefined : formatFull(sensor.observedAtMs, plan.timeZone),
          }}
        />
      </section>
    </aside>
  )
}

function missingWords({ plan, view: { model }, atMs, hasCome }: Pick<InspectProps, 'plan' | 'view' | 'atMs'> & { readonly hasCome: boolean }): string {
  if (!hasCome) return comingWords(atMs, plan.timeZone)
  const values = { layer: inSentence(model.name), city: plan.name }
  return atMs === undefined
    ? say({ id: 'inspect.unknownNow', defaultMessage: 'No {layer} sensor of {city} has this id now. What the broker holds is below.' }, values)
    : say({ id: 'inspect.unknownThen', defaultMessage: 'No {layer} sensor of {city} had this id then.' }, values)
}

function Warnings({ warnings }: { readonly warnings: readonly Doubt[] }) {
  return (
    <section className={styles.section} aria-label={say({ id: 'inspect.warnings', defaultMessage: 'Warnings' })}>
      <ul className={styles.warnings}>
        {warnings.map(({ kind, detail }) => (
          <li key={kind}>
            <span className={styles.warningMark} aria-hidden="true">
              ▲
            </span>
            <span>
              <b>{warningKind(kind)}</b>
              {detail !== '' && (
                <>
                  {' — '}
                  <span lang="en">{detail}</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Star({ entityId }: { readonly entityId: string }) {
  const isStarred = useStars().has(entityId)
  return (
    <button type="button" className={`${controls.button} ${controls.square} ${controls.quiet} ${styles.star}`} aria-pressed={isStarred} aria-label={say({ id: 'inspect.star', defaultMessage: 'Star this sensor' })} onClick={() => toggleStar(entityId)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 1.6l1.9 4.1 4.5.5-3.3 3 .9 4.4L8 11.4l-4 2.2.9-4.4-3.3-3 4.5-.5z" fill={isStarred ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" />
      </svg>
    </button>
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
