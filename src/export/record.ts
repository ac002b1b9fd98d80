/**
 * One sensor of a frame as a record for files: locale-neutral, with all that is needed to cite the number
 * without the screen it came from. What was not measured is absent, never 0.
 */
import { sourceWords } from '../core/source.ts'
import { FRESHNESS, type Freshness } from '../core/time/freshness.ts'
import { classOf, type DomainModel, type Warning } from '../domains/domain-model.ts'
import type { Frame } from '../domains/frame.ts'
import { nameOf } from '../explain/sentence.ts'
import type { ExplainInput } from '../explain/facts.ts'
import { outReason, positionAt, type OutReason } from '../explain/members.ts'

export interface LimitRecord {
  readonly label: string
  readonly value: number
  readonly unit: string
  /** Document and year; says so where it is not confirmed. */
  readonly source: string
  /** What it binds, where that is not the exported statistic. */
  readonly binds?: string
  /** Strictly greater; absent without a value. */
  readonly isAbove?: boolean
}

export interface SensorRecord {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly lon?: number
  readonly lat?: number
  /** Absent where it is in none, or the city has none. */
  readonly district?: string
  /** Over the window. */
  readonly value?: number
  readonly unit: string
  readonly class?: string
  /** Of the last reading. */
  readonly lastValue?: number
  /** ISO 8601, UTC; the start belongs to the window, the end does not. */
  readonly windowStart: string
  readonly windowEnd: string
  readonly observedAt?: string
  readonly freshness: Freshness
  /** Does it count in cells and in the city's number, and if not, why? */
  readonly counts: 'yes' | OutReason
  readonly warnings: readonly Warning[]
  readonly limits: readonly LimitRecord[]
}

export type RecordInput = Omit<ExplainInput, 'subject'>

export interface ExportContext {
  /** Configured id of the city, and of its layer. */
  readonly cityId: string
  readonly domain: string
  readonly licence?: string | undefined
  readonly attribution?: string | undefined
}

/** All sensors of the frame, those without a position and without a value too. */
export function sensorRecords(input: RecordInput): readonly SensorRecord[] {
  return Array.from({ length: input.frame.count }, (_, row) => recordOf(input, row))
}

/** "energetic mean over time, LAeq,T: 10 lg( … )" */
export function methodWords({ name, formula }: DomainModel['method']): string {
  return `${name}: ${formula}`
}

export function methodSource({ source }: DomainModel['method']): string {
  return sourceWords(source)
}

/** ISO 8601 in UTC, to the second where it is one. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** One digit more than the screen shows: enough to compute with, not so many that they claim what no sensor measured. */
export function roundedValue(value: number | undefined, { measures, headline }: Pick<DomainModel, 'measures' | 'headline'>): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined
  const decimals = measures.find(({ id }) => id === headline)?.decimals ?? 0
  // Adding zero makes 0 of −0.
  return Number(value.toFixed(decimals + 1)) + 0
}

function recordOf(input: RecordInput, row: number): SensorRecord {
  const { frame, roster, model } = input
  const position = positionAt(frame.positions, row)
  const value = roundedValue(frame.values[row], model)
  const lastValue = roundedValue(frame.latest[row], model)
  const observedAtMs = frame.observedAtMs[row] ?? Number.NaN
  const district = input.city.districts?.names[(frame.districtOf[row] ?? 0) - 1]
  const found = model.legend.classes[classOf(model.legend, frame.values[row] ?? Number.NaN)]
  return {
    id: roster.ids[row] ?? '',
    name: nameOf({ ...input, subject: { kind: 'sensor', row } }),
    type: roster.types[row] ?? '',
    // Frames hold degrees to a metre or so: more digits would only be noise of the conversion.
    ...(position === undefined ? {} : { lon: Number(position[0].toFixed(5)), lat: Number(position[1].toFixed(5)) }),
    ...(district === undefined ? {} : { district }),
    ...(value === undefined ? {} : { value }),
    unit: model.legend.unit,
    ...(found === undefined ? {} : { class: found.label }),
    ...(lastValue === undefined ? {} : { lastValue }),
    windowStart: isoOf(frame.windowStartMs),
    windowEnd: isoOf(frame.windowEndMs),
    ...(Number.isNaN(observedAtMs) ? {} : { observedAt: isoOf(observedAtMs) }),
    freshness: FRESHNESS[frame.freshness[row] ?? 0] ?? 'fresh',
    counts: outReason(frame, roster, row) ?? 'yes',
    warnings: roster.warnings[row] ?? [],
    limits: limitsOf(frame, row, model),
  }
}

function limitsOf(frame: Frame, row: number, { legend }: Pick<DomainModel, 'legend'>): readonly LimitRecord[] {
  const value = frame.values[row] ?? Number.NaN
  return legend.limits.map(({ label, value: limit, binds, source }) => ({
    label,
    value: limit,
    unit: legend.unit,
    source: sourceWords(source),
    ...(binds === undefined ? {} : { binds }),
    ...(Number.isNaN(value) ? {} : { isAbove: value > limit }),
  }))
}
