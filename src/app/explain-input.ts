/** What the generator of explanations needs, out of what the page has at hand. */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { LonLat } from '../core/geo/position.ts'
import { across } from '../core/stats/across.ts'
import { isBand, type Usual as KnownUsual } from '../core/stats/usual.ts'
import { freshnessCode, freshnessCodeOf } from '../core/time/freshness.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import { plainFrame, type Frame } from '../domains/frame.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { Districts, ExplainInput, Usual } from '../explain/facts.ts'
import { cellAt, positionAt, rowsOfCell, type Subject } from '../explain/members.ts'
import { districtLabel, districtSource } from './districts.ts'
import { expectedMsOf } from './layer-facts.ts'
import type { LiveLayer } from './live-store.ts'
import { statisticOver } from './look.ts'

const AGEING = freshnessCode('ageing')
const LOST = freshnessCode('lost')

export interface Explained {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly layer: LiveLayer
  readonly nowMs: number
  /** The past instant that is shown; undefined is now. */
  readonly atMs: number | undefined
  readonly usual?: Usual | undefined
}

export function explainInput({ plan, view, layer, nowMs, atMs, usual, subject }: Explained & { readonly subject: Subject }): ExplainInput {
  const expectedMs = expectedMsOf(view.model, plan)
  const { keptAtMs } = layer.frame
  const frame = valuesOf(keptAtMs === undefined ? layer.frame : asItWas(layer.frame, keptAtMs, expectedMs), view, plan, subject)
  return {
    model: overWindow(view.model, frame.windowEndMs - frame.windowStartMs),
    format: (value) => view.format(value),
    frame,
    roster: layer.roster,
    subject,
    city: { name: plan.name, timeZone: plan.timeZone, anchor: plan.anchor, isSimulated: plan.brokers.some(({ simulated }) => simulated), districts: districtsOf(plan) },
    expectedMs,
    nowMs: keptAtMs ?? nowMs,
    isHistory: atMs !== undefined || keptAtMs !== undefined,
    usual: usual ?? (subject.kind === 'city' ? explainedUsual(frame.total.usual) : undefined),
  }
}

/** What a visit before has left is explained, and written into files, as what it was then. */
function asItWas(frame: Frame, keptAtMs: number, expectedMs: number): Frame {
  return { ...frame, atMs: keptAtMs, freshness: Uint8Array.from(frame.observedAtMs, (ms) => (Number.isNaN(ms) ? LOST : freshnessCodeOf(keptAtMs - ms, expectedMs))) }
}

export function explainedUsual(usual: KnownUsual | undefined): Usual | undefined {
  if (usual === undefined) return undefined
  return isBand(usual) ? usual : { missing: { have: usual.haveDays, need: usual.needDays } }
}

function districtsOf({ districts }: CityPlan): Districts | undefined {
  return districts && { kind: districts.kind, names: districts.areas.map(({ name }) => districtLabel(districts, name)), source: districtSource(districts) }
}

/** The model as it is looked at: another window is another statistic. */
function overWindow(model: DomainModel, windowMs: number): DomainModel {
  return windowMs === model.windowMs ? model : { ...model, windowMs, legend: { ...model.legend, statistic: statisticOver(model, 'value', windowMs) } }
}

/** What is explained is the value, whatever the view makes of it; a cell is put together again, where one is told of. */
function valuesOf(frame: Frame, { model }: DomainView, { anchor }: CityPlan, subject: Subject): Frame {
  const plain = plainFrame(frame)
  if (plain === frame || subject.kind === 'city' || subject.kind === 'district') return plain
  const cell = subject.kind === 'cell' ? subject.cell : ownCell(frame, subject.row, anchor)
  // Of the other cells nothing is said: in the view they hold no values, and here they are absent.
  const values = new Float32Array(frame.cells.count).fill(Number.NaN)
  const sensors = new Uint16Array(frame.cells.count)
  if (cell !== undefined && cell < frame.cells.count) {
    const inside = rowsOfCell(frame, cell, anchor).flatMap((row) => {
      const value = plain.values[row]!
      return Number.isNaN(value) || frame.freshness[row]! > AGEING ? [] : [value]
    })
    values[cell] = across(model.across.cell, inside) ?? Number.NaN
    sensors[cell] = inside.length
  }
  return { ...plain, cells: { ...frame.cells, values, sensors } }
}

function ownCell(frame: Frame, row: number, anchor: LonLat): number | undefined {
  const position = positionAt(frame.positions, row)
  return position === undefined ? undefined : cellAt(frame, position, anchor)
}
