/** The sensor's line over a day, a week or a month, on what is usual, beside another sensor's where one is chosen. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { say } from '../../language/say.ts'
import { Chart, type ChartBand } from '../../ui/chart.tsx'
import { gapsOf } from '../../ui/chart-line.ts'
import controls from '../../ui/controls.module.css'
import { formatDuration } from '../../ui/words/age.ts'
import { lowerFirst } from '../../ui/words/case.ts'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import { daySentence } from '../day-sentence.ts'
import { failureWords } from '../failure-words.ts'
import { stepsOf } from '../layer-facts.ts'
import { stepsQuery, type SensorKey } from '../queries.ts'
import { givesOther, type SensorRow } from '../sensor-list.ts'
import { useServices } from '../services.ts'
import { Failure } from './failure.tsx'
import styles from './inspect.module.css'
import { rangeSentence } from './range-sentence.ts'
import { RANGES, rangeWords, SPAN_MS, stepOf, type Range } from './ranges.ts'
import type { HistoryState, SensorHistory } from './sensor-history.ts'
import { bandsOver } from './usual-of-range.ts'

export interface HistoryProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly sensorKey: SensorKey
  readonly sensor: SensorRow | undefined
  readonly range: Range
  readonly state: HistoryState
  /** Of the hour that the value is compared by. */
  readonly band: ChartBand | undefined
  readonly beside: { readonly name: string; readonly state: HistoryState } | undefined
  onRange(range: Range): void
}

export function History(props: HistoryProps) {
  const { range, onRange } = props
  return (
    <>
      <fieldset className={styles.ranges}>
        <legend className={controls.heard}>{say({ id: 'inspect.rangeOf', defaultMessage: 'How far back the chart reaches' })}</legend>
        {RANGES.map((one) => (
          <button key={one} type="button" className={`${controls.button} ${controls.quiet}`} aria-pressed={one === range} onClick={() => onRange(one)}>
            {rangeWords(one)}
          </button>
        ))}
      </fieldset>
      <Line {...props} />
    </>
  )
}

function Line({ plan, view, sensorKey, sensor, range, state: { history, problem, retry }, band, beside }: HistoryProps) {
  const { model } = view
  const bands = useBands({ plan, view, sensorKey, range, history })
  const besidePoints = beside?.state.history?.points
  const besideName = beside?.name
  const other = useMemo(() => (besideName === undefined || besidePoints === undefined ? undefined : { name: besideName, points: besidePoints }), [besideName, besidePoints])
  if (problem !== undefined) return <Failure message={say({ id: 'inspect.noHistory', defaultMessage: 'No history: {reason}' }, { reason: lowerFirst(failureWords(problem)) })} onRetry={retry} />
  if (history === undefined) return <p className={styles.note}>{say({ id: 'inspect.readingHistory', defaultMessage: 'Reading {range}…' }, { range: rangeWords(range) })}</p>
  const measure = model.measures.find(({ id }) => id === model.headline)
  const name = measure?.name ?? model.legend.title
  const unit = measure?.unit ?? model.legend.unit
  const { points, fromMs, toMs, maxGapMs, partial, rejected, steps } = history
  if (points.length === 0 && sensor !== undefined && givesOther(sensor)) return <p className={styles.note}>{say({ id: 'inspect.noLine', defaultMessage: '{measure}: this sensor gives another measure, so there is no line.' }, { measure: name })}</p>
  const format = unit === '' ? view.format : (value: number): string => formatQuantity(value, measure?.decimals ?? 0, unit)
  const shownBand = range === '24h' ? band : bands
  return (
    <>
      <Chart
        label={say({ id: 'inspect.chartLabel', defaultMessage: '{measure}, {range}' }, { measure: name, range: rangeWords(range) })}
        points={points}
        {...{ fromMs, toMs, maxGapMs, unit }}
        decimals={measure?.decimals ?? 0}
        timeZone={plan.timeZone}
        limits={model.legend.limits}
        {...(shownBand === undefined ? {} : { band: shownBand })}
        {...(other === undefined ? {} : { beside: other })}
        {...(model.legend.unit === '' ? { format: view.format, steps: stepsOf(model.legend) } : {})}
      />
      <p className={styles.note}>
        {steps === undefined ? daySentence({ points, gaps: gapsOf(points, maxGapMs), timeZone: plan.timeZone, format }) : rangeSentence({ points, timeZone: plan.timeZone, format })}
        {steps !== undefined && ` ${steps.by === 'broker' ? brokerWords(steps.stepMs) : foldedWords(steps.stepMs, steps.readings ?? 0, model.method.name)}`}
        {range !== '24h' && bands !== undefined && bands.length > 0 && ` ${say({ id: 'inspect.bandOfMonth', defaultMessage: 'Grey: eight of ten values of the same hour and kind of day in 30 days.' })}`}
        {partial && ` ${say({ id: 'inspect.partial', defaultMessage: 'The broker gave only a part of the period.' })}`}
        {rejected > 0 && ` ${say({ id: 'inspect.rejected', defaultMessage: '{count, plural, one {# reading} other {# readings}} could not be read.' }, { count: rejected })}`}
        {beside?.state.problem !== undefined && ` ${say({ id: 'inspect.noHistoryBeside', defaultMessage: 'Of {name} there is no history: {reason}' }, { name: beside.name, reason: lowerFirst(failureWords(beside.state.problem)) })}`}
      </p>
    </>
  )
}

function brokerWords(stepMs: number): string {
  return say({ id: 'inspect.byBroker', defaultMessage: 'Each point is the mean of {step}, made by the broker.' }, { step: formatDuration(stepMs) })
}

function foldedWords(stepMs: number, readings: number, method: string): string {
  return say({ id: 'inspect.byReadings', defaultMessage: 'Each point is {step}, made here of {readings} readings ({method}).' }, { step: formatDuration(stepMs), readings: formatNumber(readings), method })
}

/** The month is read once, and serves the week as well. */
function useBands({ plan, view, sensorKey, range, history }: Pick<HistoryProps, 'plan' | 'view' | 'sensorKey' | 'range'> & { readonly history: SensorHistory | undefined }): readonly ChartBand[] | undefined {
  const { live } = useServices()
  const stepMs = stepOf(view.model, '30d')
  const isLong = range !== '24h' && history !== undefined
  // The same question as the month's own chart asks.
  const month = useQuery({ ...stepsQuery(live, { ...sensorKey, spanMs: SPAN_MS['30d'], stepMs, maxGapMs: history?.silenceMs ?? 0 }), enabled: isLong })
  const fromMs = history?.fromMs
  const toMs = history?.toMs
  return useMemo(
    () => (month.data === undefined || fromMs === undefined || toMs === undefined ? undefined : bandsOver({ steps: month.data.steps, fromMs, toMs, timeZone: plan.timeZone, holidays: plan.holidays ?? [] })),
    [month.data, fromMs, toMs, plan],
  )
}
