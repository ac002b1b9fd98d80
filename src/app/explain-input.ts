/** What the generator of explanations needs, out of what the page has at hand. */
import type { CityPlan } from '../configuration/city-plan.ts'
import { createHexGrid } from '../core/geo/hex-grid.ts'
import { across } from '../core/stats/across.ts'
import { isBand, type Usual as KnownUsual } from '../core/stats/usual.ts'
import { freshnessCode } from '../core/time/freshness.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import { plainFrame, type Frame } from '../domains/frame.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { Districts, ExplainInput, Usual } from '../explain/facts.ts'
import type { Subject } from '../explain/members.ts'
import { expectedMsOf } from './layer-facts.ts'
import type { LiveLayer } from './live-store.ts'
import { statisticOver } from './look.ts'

const AGEING = freshnessCode('ageing')

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
  const frame = valuesOf(layer.frame, view, plan, subject)
  return {
    model: overWindow(view.model, frame.windowEndMs - frame.windowStartMs),
    format: (value) => view.format(value),
    frame,
    roster: layer.roster,
    subject,
    city: { name: plan.name, timeZone: plan.timeZone, anchor: plan.anchor, isSimulated: plan.brokers.some(({ simulated }) => simulated), districts: districtsOf(plan) },
    expectedMs: expectedMsOf(view.model, plan),
    nowMs,
    isHistory: atMs !== undefined,
    usual: usual ?? (subject.kind === 'city' ? explainedUsual(frame.total.usual) : undefined),
  }
}

export function explainedUsual(usual: KnownUsual | undefined): Usual | undefined {
  if (usual === undefined) return undefined
  return isBand(usual) ? usual : { missing: { have: usual.haveDays, need: usual.needDays } }
}

function districtsOf({ districts }: CityPlan): Districts | undefined {
  return districts && { kind: districts.kind, names: districts.areas.map(({ name }) => name), source: districts.source }
}

/** The model as it is looked at: another window is another statistic. */
function overWindow(model: DomainModel, windowMs: number): DomainModel {
  return windowMs === model.windowMs ? model : { ...model, windowMs, legend: { ...model.legend, statistic: statisticOver(model, 'value', windowMs) } }
}

/** What is explained is the value, whatever the view makes of it; cells are put together again where one is asked about. */
function valuesOf(frame: Frame, { model }: DomainView, { anchor }: CityPlan, subject: Subject): Frame {
  const plain = plainFrame(frame)
  if (plain === frame || subject.kind === 'city' || subject.kind === 'district') return plain
  const grid = createHexGrid(anchor, frame.cells.radiusM)
  const inside = new Map<number, number[]>()
  for (let row = 0; row < frame.count; row++) {
    const [lon, lat] = [frame.positions[2 * row]!, frame.positions[2 * row + 1]!]
    const value = plain.values[row]!
    if (Number.isNaN(lon) || Number.isNaN(value) || frame.freshness[row]! > AGEING) continue
    const cell = grid.cellOf([lon, lat])
    const values = inside.get(cell)
    if (values === undefined) inside.set(cell, [value])
    else values.push(value)
  }
  const values = Float32Array.from({ length: frame.cells.count }, (_, cell) => {
    const centre = grid.cellOf([frame.cells.centres[2 * cell]!, frame.cells.centres[2 * cell + 1]!])
    return across(model.across.cell, inside.get(centre) ?? []) ?? Number.NaN
  })
  const sensors = Uint16Array.from({ length: frame.cells.count }, (_, cell) => (inside.get(grid.cellOf([frame.cells.centres[2 * cell]!, frame.cells.centres[2 * cell + 1]!])) ?? []).length)
  return { ...plain, cells: { ...frame.cells, values, sensors } }
}
