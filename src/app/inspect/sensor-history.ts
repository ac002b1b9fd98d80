/** The line of one sensor over the range that was chosen, and where it is silent: from every reading of a day, from steps of a week or a month. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import { silencesIn, type Silence } from '../../core/time/silences.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { ascending, type ChartPoint } from '../../ui/chart-line.ts'
import { historyQuery, stepsQuery, type HistoryAnswer, type SensorKey, type StepsAnswer } from '../queries.ts'
import { useServices } from '../services.ts'
import { GAP_INTERVALS, SPAN_MS, stepOf, type Range } from './ranges.ts'

export interface SensorHistory {
  /** Ascending. */
  readonly points: readonly ChartPoint[]
  readonly fromMs: number
  readonly toMs: number
  /** How often it reports, by its own habit. */
  readonly intervalMs: number
  /** A longer one is a silence. */
  readonly silenceMs: number
  /** A longer stretch without a point is a gap in the line. */
  readonly maxGapMs: number
  /** Undefined where only means are known: shorter silences are hidden in them. */
  readonly gaps: readonly Silence[] | undefined
  readonly came: number | undefined
  /** Of a long range. */
  readonly steps: StepsAnswer | undefined
  readonly partial: boolean
  readonly rejected: number
}

export interface HistoryState {
  readonly history: SensorHistory | undefined
  readonly problem: string | undefined
  retry(): void
}

export interface HistoryWish {
  readonly key: SensorKey
  readonly model: DomainModel
  readonly range: Range
  readonly expectedMs: number
  readonly nowMs: number
  /** Readings that came since it was asked. */
  readonly tail?: readonly ChartPoint[]
  readonly isWanted?: boolean
}

const NONE: readonly ChartPoint[] = []

export function useSensorHistory({ key, model, range, expectedMs, nowMs, tail = NONE, isWanted = true }: HistoryWish): HistoryState {
  const { live } = useServices()
  const day = useQuery({ ...historyQuery(live, key), enabled: isWanted })
  const dayPoints = useMemo(() => pointsOf(day.data, model.headline), [day.data, model.headline])
  const intervalMs = useMemo(() => typicalInterval(dayPoints, expectedMs), [dayPoints, expectedMs])
  const silenceMs = GAP_INTERVALS * intervalMs
  const long = range === '24h' ? '7d' : range
  const stepMs = stepOf(model, long)
  // The day says how often the sensor really reports: without it, a seldom one would be nothing but gaps.
  const steps = useQuery({ ...stepsQuery(live, { ...key, spanMs: SPAN_MS[long], stepMs, maxGapMs: silenceMs }), enabled: isWanted && range !== '24h' && !day.isPending })
  const minuteMs = Math.ceil(nowMs / 60_000) * 60_000

  const history = useMemo((): SensorHistory | undefined => {
    if (range !== '24h') {
      if (steps.data === undefined) return undefined
      const { fromMs, toMs, gaps, readings, partial, rejected } = steps.data
      const points = steps.data.steps.map((step) => ({ ms: step.fromMs, value: step.value }))
      return { points, fromMs, toMs, intervalMs, silenceMs, maxGapMs: Math.max(silenceMs, GAP_INTERVALS * stepMs), gaps, came: readings, steps: steps.data, partial, rejected }
    }
    if (day.data === undefined) return undefined
    const { readings, partial, rejected } = day.data
    // The axis follows the clock by the minute: a chart that creeps every second cannot be read.
    const toMs = key.atMs ?? Math.max(day.data.toMs, minuteMs)
    const fromMs = toMs - SPAN_MS['24h']
    const points = tail.length === 0 ? dayPoints : ascending([...dayPoints, ...tail])
    // Whatever it measured, it was heard: another measure than the layer's is no silence.
    const heard = [...readings.map(({ observedAtMs }) => observedAtMs), ...tail.map(({ ms }) => ms)]
    const inside = new Set(heard.filter((ms) => ms >= fromMs))
    return { points, fromMs, toMs, intervalMs, silenceMs, maxGapMs: silenceMs, gaps: silencesIn(inside, { fromMs, toMs, maxGapMs: silenceMs }), came: inside.size, steps: undefined, partial, rejected }
  }, [range, steps.data, day.data, dayPoints, tail, intervalMs, silenceMs, stepMs, minuteMs, key.atMs])

  const asked: UseQueryResult = range === '24h' ? day : steps
  return { history, problem: asked.isError ? asked.error.message : undefined, retry: () => void asked.refetch() }
}

function pointsOf(answer: HistoryAnswer | undefined, headline: string): readonly ChartPoint[] {
  return ascending(
    (answer?.readings ?? []).flatMap(({ observedAtMs, values }): ChartPoint[] => {
      const value = values[headline]
      return value === undefined ? [] : [{ ms: observedAtMs, value }]
    }),
  )
}

/** A sensor may report seldomer than its domain; its own median spacing then says what a gap is. */
export function typicalInterval(points: readonly ChartPoint[], expectedMs: number): number {
  const spacings = points
    .slice(1)
    .map(({ ms }, index) => ms - points[index]!.ms)
    .toSorted((a, b) => a - b)
  return Math.max(expectedMs, spacings[Math.floor(spacings.length / 2)] ?? 0)
}
