/**
 * The last known values of a city, kept by the browser for the next visit: what the page was given, and nothing else.
 *
 * Kept are drawn frames with the names of their rows, not readings: nothing of them goes into columns, windows, the memory
 * of the past or what is made of it, so a city that opens on kept values knows what one without them knows. They stand in
 * for a layer until the brokers have told of it, in dry ink: each with its own instant, and stale at best, as nobody tells
 * of it now. The city's number is the one of then.
 */
import { freshnessCode, freshnessCodeOf } from '../../core/time/freshness.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { DomainId } from '../../domains/domain-model.ts'
import type { Frame, Roster } from '../../domains/frame.ts'
import type { CityPlan } from '../city.messages.ts'

/** Where they are kept. It may be absent, full or broken: then it answers nothing, and keeps nothing. */
export interface KeptStore {
  read(cityId: string): Promise<unknown>
  write(cityId: string, value: KeptCity): Promise<void>
}

export interface KeptCity {
  readonly version: typeof VERSION
  /** Another configuration may have a city of the same name. */
  readonly brokers: string
  readonly keptAtMs: number
  readonly layers: readonly KeptLayer[]
}

export interface KeptLayer {
  readonly frame: Frame
  readonly roster: Roster
}

/** Of what is kept; other shapes of a frame have another. */
const VERSION = 1
/** Sensors of a city, about 150 bytes each: of a larger one every so many are kept, evenly. */
export const KEPT_SENSORS = 20_000
/** Older values say nothing of the city any more. */
const KEPT_FOR_MS = 7 * DAY_MS
const KEEP_EVERY_MS = MINUTE_MS
/** The first values after the opening are not all of them. */
const SETTLING_MS = 3 * SECOND_MS
/** Layers are taken one after the other, and written together. */
const GATHERING_MS = SECOND_MS

const STALE = freshnessCode('stale')
const LOST = freshnessCode('lost')

/** A layer of a frame as it was given to the page, cut to `rows`; its texts as `textsOf` tells them. */
export function keepLayer(frame: Frame, rows: readonly number[], textsOf: (rows: readonly number[]) => Pick<Roster, 'ids' | 'names' | 'types' | 'warnings'>): KeptLayer {
  const { usual: _, ...total } = frame.total
  const { past: _past, sequence: _sequence, changedRows: _changed, ...own } = frame
  return {
    roster: { domain: frame.domain, version: 0, ...textsOf(rows) },
    frame: {
      ...own,
      count: rows.length,
      keptAtMs: frame.atMs,
      positions: Float32Array.from({ length: rows.length * 2 }, (_value, at) => frame.positions[rows[at >> 1]! * 2 + (at & 1)]!),
      values: Float32Array.from(rows, (row) => frame.values[row]!),
      plain: new Float32Array(0),
      medians: new Float32Array(0),
      latest: Float32Array.from(rows, (row) => frame.latest[row]!),
      observedAtMs: Float64Array.from(rows, (row) => frame.observedAtMs[row]!),
      freshness: Uint8Array.from(rows, (row) => frame.freshness[row]!),
      districtOf: Uint8Array.from(rows, (row) => frame.districtOf[row]!),
      // Fresh sensors alone make the value of a cell, and of a district: of those there are none.
      cells: {
        radiusM: frame.cells.radiusM,
        count: frame.cells.count,
        centres: frame.cells.centres.slice(0, 2 * frame.cells.count),
        values: new Float32Array(frame.cells.count).fill(NaN),
        sensors: new Uint16Array(frame.cells.count),
      },
      total,
      districts: [],
    },
  }
}

/** As it is shown at the instant, with buffers of its own. */
export function shownLayer({ frame }: KeptLayer, { nowMs, expectedMs, rosterVersion }: { readonly nowMs: number; readonly expectedMs: number; readonly rosterVersion: number }): Frame {
  return {
    ...frame,
    rosterVersion,
    atMs: nowMs,
    positions: frame.positions.slice(),
    values: frame.values.slice(),
    plain: new Float32Array(0),
    medians: new Float32Array(0),
    latest: frame.latest.slice(),
    observedAtMs: frame.observedAtMs.slice(),
    freshness: Uint8Array.from(frame.observedAtMs, (atMs) => (Number.isNaN(atMs) ? LOST : Math.max(STALE, freshnessCodeOf(nowMs - atMs, expectedMs)))),
    districtOf: frame.districtOf.slice(),
    cells: { ...frame.cells, centres: frame.cells.centres.slice(), values: frame.cells.values.slice(), sensors: frame.cells.sensors.slice() },
  }
}

export interface KeptValues {
  /**
   * What stands in for a layer of which the brokers have told of so many sensors; 'waiting' while the browser is still
   * asked for it; undefined when nothing does, from then on. `isLive`: who answers has answered; `isWhole`: that is every broker.
   */
  standIn(id: DomainId, told: { readonly count: number; readonly isLive: boolean; readonly isWhole: boolean }): KeptLayer | 'waiting' | undefined
  /** A frame that goes to the page; of how many sensors of the city. Taken when it is time to, and copied. */
  take(frame: Frame, sensors: number, textsOf: Parameters<typeof keepLayer>[2]): void
  /** Called often: writes what is due. */
  tick(): void
}

export function createKeptValues(options: {
  readonly plan: CityPlan
  readonly store: KeptStore
  /** This machine's clock. */
  readonly now: () => number
  readonly isDomain: (id: DomainId) => boolean
  /** They were read, or there are none. */
  onRead(): void
}): KeptValues {
  const { plan, store, now } = options
  const brokers = brokersOf(plan)
  /** From the last visit, as long as they stand in. */
  const shown = new Map<DomainId, KeptLayer>()
  const newest = new Map<DomainId, KeptLayer>()
  const takenAtMs = new Map<DomainId, number>()
  let isReading = true
  let beganAtMs: number | undefined
  let changedAtMs: number | undefined
  let writtenAtMs = -Infinity

  void store.read(plan.id).then((value) => {
    isReading = false
    for (const layer of readKept(value, { plan, nowMs: now(), isDomain: options.isDomain })?.layers ?? []) {
      shown.set(layer.frame.domain, layer)
      if (!newest.has(layer.frame.domain)) newest.set(layer.frame.domain, layer)
    }
    options.onRead()
  })

  return {
    standIn(id, { count, isLive, isWhole }) {
      const layer = shown.get(id)
      if (layer === undefined) return isReading && !isLive && count === 0 ? 'waiting' : undefined
      // A layer whose broker is down goes on showing what it said last.
      const isTold = count >= layer.frame.count || (isLive && (count > 0 || isWhole))
      if (isTold) shown.delete(id)
      return isTold ? undefined : layer
    },
    take(frame, sensors, textsOf) {
      const nowMs = now()
      beganAtMs ??= nowMs
      // Only what was measured is kept: how it stands to something else is told when that is known again.
      if (frame.view !== 'value' || nowMs - beganAtMs < SETTLING_MS || Math.abs(nowMs - (takenAtMs.get(frame.domain) ?? -Infinity)) < KEEP_EVERY_MS) return
      takenAtMs.set(frame.domain, nowMs)
      changedAtMs ??= nowMs
      const step = Math.max(1, sensors / KEPT_SENSORS)
      newest.set(frame.domain, keepLayer(frame, Array.from({ length: Math.floor(frame.count / step) }, (_, index) => Math.floor(index * step)), textsOf))
    },
    tick() {
      const nowMs = now()
      if (changedAtMs === undefined || nowMs - changedAtMs < GATHERING_MS || nowMs - writtenAtMs < KEEP_EVERY_MS) return
      changedAtMs = undefined
      writtenAtMs = nowMs
      void store.write(plan.id, { version: VERSION, brokers, keptAtMs: nowMs, layers: [...newest.values()].filter(({ frame }) => frame.count > 0) })
    },
  }
}

/** Whatever the browser gives back: undefined when it is not what this program would have kept of this city, lately. */
export function readKept(value: unknown, { plan, nowMs, isDomain }: { readonly plan: CityPlan; readonly nowMs: number; readonly isDomain: (id: DomainId) => boolean }): KeptCity | undefined {
  if (!isRecord(value) || value['version'] !== VERSION || value['brokers'] !== brokersOf(plan)) return undefined
  const { keptAtMs, layers } = value
  if (typeof keptAtMs !== 'number' || Number.isNaN(keptAtMs) || Math.abs(nowMs - keptAtMs) > KEPT_FOR_MS || !Array.isArray(layers)) return undefined
  return { version: VERSION, brokers: brokersOf(plan), keptAtMs, layers: layers.filter(isLayer).filter(({ frame }) => isDomain(frame.domain)) }
}

/** Are the arrays there, and as long as they must be? What is in them was written by this program. */
function isLayer(value: unknown): value is KeptLayer {
  if (!isRecord(value)) return false
  const { frame, roster } = value
  if (!isRecord(frame) || !isRecord(roster) || !isRecord(frame['total']) || !isRecord(frame['cells'])) return false
  const { count, domain, cells } = frame
  if (typeof count !== 'number' || typeof domain !== 'string' || roster['domain'] !== domain || frame['view'] !== 'value') return false
  if (![frame['keptAtMs'], frame['windowStartMs'], frame['windowEndMs'], frame['coveredFromMs']].every((one) => typeof one === 'number')) return false
  if (!isRecord(cells) || typeof cells['count'] !== 'number' || typeof cells['radiusM'] !== 'number') return false
  return (
    ['ids', 'names', 'types', 'warnings'].every((name) => Array.isArray(roster[name]) && roster[name].length === count) &&
    hasArray(Float32Array, frame['positions'], 2 * count) &&
    hasArray(Float32Array, frame['values'], count) &&
    hasArray(Float32Array, frame['latest'], count) &&
    hasArray(Float64Array, frame['observedAtMs'], count) &&
    hasArray(Uint8Array, frame['districtOf'], count) &&
    hasArray(Float32Array, cells['centres'], 2 * cells['count']) &&
    hasArray(Float32Array, cells['values'], cells['count']) &&
    hasArray(Uint16Array, cells['sensors'], cells['count'])
  )
}

function hasArray(kind: Float32ArrayConstructor | Float64ArrayConstructor | Uint8ArrayConstructor | Uint16ArrayConstructor, value: unknown, length: number): boolean {
  return value instanceof kind && value.length === length
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function brokersOf({ brokers }: CityPlan): string {
  return JSON.stringify(brokers.map(({ id, simulated }) => [id, simulated]))
}
