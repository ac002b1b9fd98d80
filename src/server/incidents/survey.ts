/**
 * What a city's sensors say, as any page would hear it: this server asks itself, through the same door, so that what is held
 * back because it is about people is held back here too.
 *
 * It reads everything there is now and then, not every notification: the cost follows from the number of sensors and not
 * from how often they speak, and nothing is subscribed to. Whoever calls it rests ten times as long as a reading took.
 */
import type { UsualBand } from '../../core/stats/usual.ts'
import { FRESHNESS, freshnessCodeOf } from '../../core/time/freshness.ts'
import type { LonLat } from '../../core/geo/position.ts'
import type { DomainModel, ReadContext, Reading } from '../../domains/domain-model.ts'
import { plausibleValue } from '../../domains/fold.ts'
import type { Rule } from '../../incidents/rule.ts'
import type { SensorSeen } from '../../incidents/world.ts'
import type { NgsiLdClient } from '../../ngsi-ld/client.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'

/** More of one layer are not watched; they are counted. */
export const MAX_SENSORS = 200_000
/** A window that is compared with what is usual is kept in so many parts. */
const STEPS = 8
/** Of a measure that a rule on its rate needs: the span is thinned to as many. */
const MAX_EARLIER = 32

interface Row {
  readonly broker: string
  readonly name: string
  readonly position: LonLat | undefined
  readonly observedAtMs: number
  /** In the order of the layer's `measures`; NaN where it says nothing. */
  readonly values: readonly number[]
  /** What was heard over the window, in parts, oldest first, where a rule compares it with what is usual. */
  readonly recent: readonly Part[]
  /** Oldest first, where a rule asks for them. */
  readonly earlier: readonly { readonly atMs: number; readonly values: readonly number[] }[]
}

interface Part {
  /** Whole steps since 1970. */
  readonly step: number
  readonly fold: Float64Array
}

interface Layer {
  readonly model: DomainModel
  readonly context: ReadContext
  readonly expectedMs: number
  readonly measures: readonly string[]
  /** How far back rates look; 0 when none does. */
  readonly spanMs: number
  readonly isCompared: boolean
  readonly rows: Map<string, Row>
}

export interface Survey {
  /** Reads one broker whole. Why it could not, in words; what was known of it then stays and grows old. */
  read(broker: string, client: NgsiLdClient, signal: AbortSignal): Promise<string | undefined>
  /** `nowOf`: what time it is by a broker's clock. */
  sensors(layer: string, nowOf: (broker: string) => number, bandOf?: (id: string) => UsualBand | undefined): Iterable<SensorSeen>
  readonly stats: { readonly sensors: number; readonly leftOut: number }
}

export function createSurvey(given: {
  readonly models: readonly DomainModel[]
  readonly rules: readonly Rule[]
  readonly expectedMsOf: (model: DomainModel) => number
  readonly contextOf: (model: DomainModel) => ReadContext
}): Survey {
  const { models, rules } = given
  const layers = new Map(
    models.flatMap((model) => {
      const own = rules.filter(({ layer }) => layer === model.id)
      if (own.length === 0) return []
      const measures = [...new Set(own.map(({ measure }) => measure ?? model.headline))]
      const spanMs = Math.max(0, ...own.map(({ condition }) => (condition.kind === 'rate' ? condition.overMs : 0)))
      return [[model.id, { model, context: given.contextOf(model), measures, spanMs, isCompared: own.some(({ condition }) => condition.kind === 'usual'), expectedMs: given.expectedMsOf(model), rows: new Map() } satisfies Layer as Layer] as const]
    }),
  )
  const types = [...new Set([...layers.values()].flatMap(({ model }) => model.watches.map(({ type }) => type)))]
  let leftOut = 0

  function take({ model, measures, spanMs, isCompared, rows }: Layer, broker: string, reading: Reading): void {
    const { entityId, name, position, observedAtMs } = reading
    const before = rows.get(entityId)
    if (before === undefined && rows.size >= MAX_SENSORS) return void (leftOut += 1)
    // Two brokers may hold one sensor: the newer word counts.
    if (before !== undefined && before.observedAtMs > observedAtMs) return
    const values = measures.map((id) => (id === model.headline ? model.fold.value(model.fold.add(model.fold.empty, reading)) : plausibleValue(reading, id)) ?? NaN)
    const earlier = spanMs === 0 ? [] : thinned(before, observedAtMs, spanMs)
    rows.set(entityId, { broker, name: name ?? entityId, position: position ?? before?.position, observedAtMs, values, earlier, recent: isCompared ? heardOver(model, before, reading) : NOTHING })
  }

  return {
    async read(broker, client, signal) {
      if (types.length === 0) return undefined
      leftOut = 0
      const seen = new Map([...layers.keys()].map((id) => [id, new Set<string>()]))
      for await (const page of client.queryEntities({ types }, { signal, maxEntities: 1_000_000 })) {
        if (!page.ok) return page.error.detail ?? page.error.title ?? page.error.kind
        for (const entity of decodeEntities(page.value.entities).ok) {
          for (const [id, layer] of layers) {
            if (!layer.model.watches.some(({ type }) => entity.types.includes(type))) continue
            const reading = layer.model.read(entity, layer.context)
            if (!reading.ok) continue
            seen.get(id)!.add(reading.value.entityId)
            take(layer, broker, reading.value)
          }
        }
        if (page.value.end === 'capped') return 'it holds more entities than are watched'
      }
      for (const [id, { rows }] of layers) for (const [sensor, row] of rows) if (row.broker === broker && !seen.get(id)!.has(sensor)) rows.delete(sensor)
      return undefined
    },
    *sensors(layer, nowOf, bandOf) {
      const known = layers.get(layer)
      if (known === undefined) return
      for (const [id, row] of known.rows) yield sensorOf(known, id, row, nowOf(row.broker), bandOf)
    },
    get stats() {
      return { sensors: [...layers.values()].reduce((sum, { rows }) => sum + rows.size, 0), leftOut }
    },
  }
}

const FRESH = FRESHNESS.indexOf('fresh')
const AGEING = FRESHNESS.indexOf('ageing')
const LOST = FRESHNESS.indexOf('lost')

function sensorOf({ model, measures, expectedMs }: Layer, id: string, row: Row, atMs: number, bandOf?: (id: string) => UsualBand | undefined): SensorSeen {
  const { broker, name, position, observedAtMs, values, earlier } = row
  const code = freshnessCodeOf(atMs - observedAtMs, expectedMs)
  const isLost = code === LOST
  return {
    id,
    name,
    broker,
    position,
    isLost,
    facts({ measure, condition }) {
      // What is stale tells nothing of now.
      if (code !== FRESH && code !== AGEING) return { isLost }
      if (condition.kind === 'usual') return { isLost, value: windowValue(model, row), usual: bandOf?.(id) }
      const index = measures.indexOf(measure ?? model.headline)
      const value = numberOf(values[index])
      const before = condition.kind === 'rate' ? earlier.findLast((one) => observedAtMs - one.atMs >= condition.overMs) : undefined
      return { isLost, value, ...(before !== undefined && { earlier: numberOf(before.values[index]) }) }
    },
  }
}

function numberOf(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value
}

/** What was known before now, back to the first that is old enough. */
function thinned(before: Row | undefined, observedAtMs: number, spanMs: number): Row['earlier'] {
  if (before === undefined || before.observedAtMs === observedAtMs) return before?.earlier ?? []
  const last = before.earlier.at(-1)
  const all = last !== undefined && before.observedAtMs - last.atMs < spanMs / MAX_EARLIER ? before.earlier : [...before.earlier, { atMs: before.observedAtMs, values: before.values }]
  const start = all.findLastIndex(({ atMs }) => observedAtMs - atMs >= spanMs)
  return all.slice(Math.max(0, start)).slice(-2 * MAX_EARLIER)
}

const NOTHING: readonly Part[] = []

/** A reading is counted once, however often it is read; readings between two surveys are not heard. */
function heardOver({ fold, windowMs }: DomainModel, before: Row | undefined, reading: Reading): readonly Part[] {
  const step = Math.floor(reading.observedAtMs / (windowMs / STEPS))
  const kept = (before?.recent ?? NOTHING).filter((part) => part.step > step - STEPS)
  if (before?.observedAtMs === reading.observedAtMs) return kept
  const last = kept.at(-1)
  return last?.step === step ? [...kept.slice(0, -1), { step, fold: fold.add(last.fold, reading) }] : [...kept, { step, fold: fold.add(fold.empty, reading) }]
}

/** As the layer makes it of a window: what is usual is of windows too, and one minute is always louder than a quarter of an hour. */
function windowValue({ fold }: DomainModel, { recent }: Row): number | undefined {
  return recent.length === 0 ? undefined : fold.value(recent.map((part) => part.fold).reduce((a, b) => fold.merge(a, b), fold.empty))
}
