/**
 * What is true of a number, before anybody puts it into words: its value, who counts, how old they are,
 * what is doubtful, where it stands against limits, usual and neighbours.
 */
import type { LonLat } from '../core/geo/position.ts'
import { medianIn } from '../core/stats/median.ts'
import { classOf, type DomainModel, type LegendClass, type Limit, type Warning } from '../domains/domain-model.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import { acrossOf, countMembers, outReason, rowsOfSubject, type Members, type OutReason, type Subject } from './members.ts'
import { neighboursOf } from './neighbours.ts'

/** The usual of the same local hour and kind of day, or how far it is from being known. */
export type Usual =
  | { readonly median: number; readonly p10: number; readonly p90: number; readonly samples: number }
  | { readonly missing: { readonly have: number; readonly need: number } }

export interface ExplainInput {
  readonly model: Pick<DomainModel, 'name' | 'quantity' | 'measures' | 'headline' | 'windowMs' | 'across' | 'legend' | 'method' | 'neighbours'>
  /** A value of the headline as people read it, with its unit. */
  readonly format: (value: number) => string
  readonly frame: Frame
  readonly roster: Roster
  readonly subject: Subject
  readonly city: { readonly name: string; readonly timeZone: string; readonly anchor: LonLat; readonly isSimulated: boolean; readonly districts?: Districts | undefined }
  /** How often a sensor reports here. */
  readonly expectedMs: number
  /** By the broker's clock; in history the instant that is shown. */
  readonly nowMs: number
  readonly isHistory: boolean
  readonly usual?: Usual | undefined
}

/** Parts of the city, as the plan names them. */
export interface Districts {
  readonly kind: 'boundaries' | 'sectors'
  /** In the order of the plan. */
  readonly names: readonly string[]
  /** Whose boundaries, or how the sectors are cut. */
  readonly source: string
}

export interface Facts {
  /** As tile, list and map show it; undefined when there is none. */
  readonly value: number | undefined
  /** True when a sensor's value is its last reading, because nothing was measured in the window. */
  readonly isLastReading: boolean
  readonly members: Members
  /** Of a sensor: why it does not count in cell and city; undefined when it does. */
  readonly out: OutReason | undefined
  /** Absent where classes of one sensor say nothing: of a sum over sensors. */
  readonly class: LegendClass | undefined
  readonly limits: readonly LimitFact[]
  readonly neighbours: NeighbourFact | undefined
}

export interface LimitFact {
  readonly limit: Limit
  /** Value minus limit; "above" is strictly greater. */
  readonly excess: number
}

export interface NeighbourFact {
  readonly withinM: number
  readonly agreeWithin: number
  readonly compared: number
  readonly agreeing: number
}

/** Observation times of those that count. */
export interface AgeFacts {
  readonly newestMs: number
  readonly medianMs: number
  readonly oldestMs: number
}

export function factsOf(input: ExplainInput): Facts {
  const { model, frame, roster, subject, city } = input
  const { value, isLastReading } = valueOf(frame, subject)
  const isOfSensors = subject.kind === 'sensor' || acrossOf(model, subject) !== 'sum'
  return {
    value,
    isLastReading,
    members: countMembers(frame, roster, rowsOfSubject(frame, subject, city.anchor)),
    out: subject.kind === 'sensor' ? outReason(frame, roster, subject.row) : undefined,
    class: value === undefined || !isOfSensors ? undefined : model.legend.classes[classOf(model.legend, value)],
    limits: value === undefined || !isOfSensors ? [] : model.legend.limits.map((limit) => ({ limit, excess: value - limit.value })),
    neighbours: subject.kind === 'sensor' ? neighbourFact(input, subject.row) : undefined,
  }
}

/** The limit that says most: the highest that is passed, else the lowest that is not. */
export function nearestLimit(limits: readonly LimitFact[]): LimitFact | undefined {
  const passed = limits.filter(({ excess }) => excess > 0)
  const kept = limits.filter(({ excess }) => excess <= 0)
  return passed.toSorted((a, b) => a.excess - b.excess)[0] ?? kept.toSorted((a, b) => b.excess - a.excess)[0]
}

let times = new Float64Array(0)

export function agesOf({ frame, roster, subject, city }: ExplainInput): AgeFacts | undefined {
  if (times.length < frame.count) times = new Float64Array(2 * frame.count)
  let count = 0
  let newestMs = -Infinity
  let oldestMs = Infinity
  for (const row of rowsOfSubject(frame, subject, city.anchor)) {
    if (outReason(frame, roster, row) !== undefined) continue
    const atMs = frame.observedAtMs[row]!
    times[count++] = atMs
    if (atMs > newestMs) newestMs = atMs
    if (atMs < oldestMs) oldestMs = atMs
  }
  return count === 0 ? undefined : { newestMs, medianMs: medianIn(times, count), oldestMs }
}

/** By kind, most sensors first; a sensor counts once for a kind, however many attributes it is about. */
export function warningCounts({ frame, roster, subject, city }: ExplainInput): readonly { readonly kind: string; readonly sensors: number; readonly example: Warning }[] {
  const byKind = new Map<string, { sensors: number; lastRow: number; readonly example: Warning }>()
  for (const row of subject.kind === 'city' ? warnedRows(roster) : rowsOfSubject(frame, subject, city.anchor)) {
    if (row >= frame.count) break
    for (const warning of roster.warnings[row] ?? []) {
      const entry = byKind.get(warning.kind)
      if (entry === undefined) byKind.set(warning.kind, { sensors: 1, lastRow: row, example: warning })
      else if (entry.lastRow !== row) {
        entry.sensors++
        entry.lastRow = row
      }
    }
  }
  return [...byKind].map(([kind, { sensors, example }]) => ({ kind, sensors, example })).sort((a, b) => b.sensors - a.sensors)
}

const warnedByWarnings = new WeakMap<Roster['warnings'], readonly number[]>()

/** Rows of which there are warnings, ascending: few of many, and the same as long as the roster's are. */
function warnedRows({ warnings }: Roster): readonly number[] {
  let rows = warnedByWarnings.get(warnings)
  if (rows === undefined) warnedByWarnings.set(warnings, (rows = warnings.flatMap((some, row) => (some.length > 0 ? [row] : []))))
  return rows
}

function valueOf(frame: Frame, subject: Subject): { readonly value: number | undefined; readonly isLastReading: boolean } {
  switch (subject.kind) {
    case 'city':
      return { value: frame.total.value, isLastReading: false }
    case 'district':
      return { value: frame.districts[subject.district]?.value, isLastReading: false }
    case 'cell':
      return { value: subject.cell < frame.cells.count ? present(frame.cells.values[subject.cell]) : undefined, isLastReading: false }
    case 'sensor': {
      const value = present(frame.values[subject.row])
      return value === undefined ? { value: present(frame.latest[subject.row]), isLastReading: true } : { value, isLastReading: false }
    }
  }
}

function neighbourFact({ model, frame, roster }: ExplainInput, row: number): NeighbourFact | undefined {
  const { neighbours: rule } = model
  const found = rule && neighboursOf({ frame, roster, rule, row })
  return found && { ...rule, compared: found.length, agreeing: found.filter(({ agrees }) => agrees).length }
}

function present(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value
}
