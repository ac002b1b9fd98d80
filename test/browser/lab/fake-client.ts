/** A city worker for the lab: made-up sensors that report, dry up and get lost, in every state a screen must show. */
import { createRandom } from './lab-random.ts'
import { across } from '../../../src/core/stats/across.ts'
import { freshnessCode, freshnessOf } from '../../../src/core/time/freshness.ts'
import type { EpochMs } from '../../../src/core/time/instant.ts'
import { createHexGrid } from '../../../src/core/geo/hex-grid.ts'
import type { Frame, Roster } from '../../../src/domains/frame.ts'
import type { Warning } from '../../../src/domains/domain-model.ts'
import type { CityClient } from '../../../src/workers/city.client.ts'
import type { Answer, CityPlan, CityStatus, Question } from '../../../src/workers/city.messages.ts'
import { FAKE_DOMAINS, type FakeDomain } from './fake-domains.ts'

const PLACES = ['Rua de Camões', 'Trindade', 'Praça da Liberdade', 'Ribeira', 'Foz do Douro', 'Campanhã', 'Boavista', 'Rua de Santa Catarina', 'Marquês', 'Asprela', 'Avenida dos Aliados', 'Cedofeita', 'Lordelo do Ouro', 'Paranhos']

interface Sensor {
  readonly id: string
  readonly name: string
  readonly position: readonly [number, number]
  readonly base: number
  /** How many intervals this one is behind; most are not. */
  readonly behind: number
  readonly warnings: readonly Warning[]
  observedAtMs: number
  value: number
}

export function createFakeClient(options: { readonly mode?: CityStatus['mode'] } = {}): CityClient {
  const statusListeners = new Set<(status: CityStatus) => void>()
  const rosterListeners = new Set<(roster: Roster) => void>()
  const frameListeners = new Set<(frame: Frame) => void>()
  const inFlight = new Set<string>()
  let city: { readonly plan: CityPlan; readonly sensors: ReadonlyMap<string, readonly Sensor[]> } | undefined
  let atMs: number | undefined
  let paused = false
  let cellRadiusM = 500
  let timer: ReturnType<typeof setInterval> | undefined
  const startedAt = Date.now()

  function say(): void {
    const forced = options.mode
    const mode = forced ?? (atMs !== undefined ? 'history' : paused ? 'paused' : 'live')
    const retrying = mode === 'retrying' ? { detail: 'The server closed the stream.', retryAtMs: Date.now() + 8_000 - ((Date.now() - startedAt) % 8_000) } : {}
    for (const listener of statusListeners) {
      listener({
        mode,
        sinceMs: startedAt,
        clockOffsetMs: 300,
        lastDataAtMs: Date.now() - 1_800,
        brokers: [{ id: 'b', state: 'live' }],
        counters: { notifications: 0, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 },
        ...retrying,
      })
    }
  }

  function step(): void {
    if (city === undefined) return
    const now = atMs ?? Date.now()
    for (const fake of FAKE_DOMAINS) {
      const sensors = city.sensors.get(fake.model.id)
      if (sensors === undefined || inFlight.has(fake.model.id) || paused) continue
      const every = fake.model.expectedIntervalMs
      for (const sensor of sensors) {
        const due = Math.floor((now - sensor.base * 997) / every) * every + sensor.base * 997 - sensor.behind * every
        if (due === sensor.observedAtMs) continue
        sensor.observedAtMs = due
        sensor.value = valueAt(fake, sensor, due)
      }
      inFlight.add(fake.model.id)
      const frame = frameOf(fake, sensors, now, createHexGrid(city.plan.anchor, cellRadiusM))
      for (const listener of frameListeners) listener(frame)
    }
  }

  function answer(question: Question): Answer {
    if (question.kind === 'unusual') return { ok: true, kind: 'unusual' }
    if (question.kind === 'entities') return { ok: true, kind: 'entities', entities: [] }
    // What the lab's sensors are linked to nobody has.
    if (question.kind === 'linked') return { ok: false, message: 'the broker does not know it (404)' }
    if (question.kind === 'line') return { ok: true, kind: 'line', line: { windowMs: 900_000, points: [], hours: [], isUnderWay: false, problems: [] } }
    const fake = FAKE_DOMAINS.find(({ model }) => model.id === question.domain)
    const sensor = city?.sensors.get(question.domain)?.find(({ id }) => id === question.entityId)
    if (fake === undefined || sensor === undefined) return { ok: false, message: 'the broker does not know it (404)' }
    if (question.kind === 'entity') {
      return {
        ok: true,
        kind: 'entity',
        raw: { id: sensor.id, type: 'NoiseLevelObserved', name: { type: 'Property', value: sensor.name }, LAeq: { type: 'Property', value: sensor.value, unitCode: '2N', observedAt: new Date(sensor.observedAtMs).toISOString() }, location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [...sensor.position] } } },
        reading: { entityId: sensor.id, entityType: 'Fake', observedAtMs: sensor.observedAtMs as EpochMs, values: { value: sensor.value }, warnings: [] },
      }
    }
    if (question.kind === 'usual') return { ok: true, kind: 'usual' }
    const every = fake.model.expectedIntervalMs
    const readings = []
    for (let ms = Math.ceil(question.fromMs / every) * every; ms < question.toMs; ms += every) {
      const hour = new Date(ms).getUTCHours()
      if (hour === 3 || (hour === 14 && sensor.behind > 0)) continue
      readings.push({ entityId: sensor.id, entityType: 'Fake', observedAtMs: ms as EpochMs, values: { value: valueAt(fake, sensor, ms) }, warnings: [] })
    }
    if (question.kind === 'steps') return { ok: true, kind: 'steps', steps: readings.map(({ observedAtMs, values: { value } }) => ({ fromMs: observedAtMs, value })), by: 'readings', gaps: [], readings: readings.length, rejected: 0, partial: false }
    return { ok: true, kind: 'history', readings, rejected: 0, partial: false }
  }

  return {
    open(plan, view) {
      inFlight.clear()
      atMs = view.atMs
      cellRadiusM = view.cellRadiusM
      city = { plan, sensors: sensorsOf(plan) }
      say()
      if (options.mode === 'connecting') return
      for (const fake of FAKE_DOMAINS) {
        const sensors = city.sensors.get(fake.model.id)
        if (sensors === undefined) continue
        const roster: Roster = { domain: fake.model.id, version: 1, ids: sensors.map(({ id }) => id), names: sensors.map(({ name }) => name), types: sensors.map(() => 'Fake'), warnings: sensors.map(({ warnings }) => warnings) }
        for (const listener of rosterListeners) listener(roster)
      }
      step()
      clearInterval(timer)
      timer = setInterval(() => {
        say()
        step()
      }, 1_000)
    },
    setTime(next) {
      atMs = next
      say()
      step()
    },
    setLook() {},
    setPaused(next) {
      paused = next
      say()
    },
    setCellRadius(radiusM) {
      cellRadiusM = radiusM
    },
    ask: (question) => new Promise((resolve) => setTimeout(() => resolve(answer(question)), 150)),
    drawn: (domain) => inFlight.delete(domain),
    onStatus: (listener) => (statusListeners.add(listener), () => statusListeners.delete(listener)),
    // Its rosters never change.
    onRosterChange: () => () => {},
    onRoster: (listener) => (rosterListeners.add(listener), () => rosterListeners.delete(listener)),
    onFrame: (listener) => (frameListeners.add(listener), () => frameListeners.delete(listener)),
    close: () => clearInterval(timer),
  }
}

function sensorsOf(plan: CityPlan): ReadonlyMap<string, readonly Sensor[]> {
  const random = createRandom(plan.id.length * 7919)
  const [west, south, east, north] = plan.bounds
  return new Map(
    FAKE_DOMAINS.filter(({ model }) => plan.layers.includes(model.id)).map((fake) => [
      fake.model.id,
      Array.from({ length: fake.sensors }, (_, index): Sensor => {
        const luck = random()
        const spread = (): number => 0.5 + (random() + random() + random() - 1.5) * 0.42
        return {
          id: `urn:ngsi-ld:Fake:${plan.id}:${fake.model.id}:${index + 1}`,
          name: `${PLACES[index % PLACES.length]} ${1 + Math.floor(index / PLACES.length)}`,
          position: index === 5 ? [Number.NaN, Number.NaN] : [west + (east - west) * spread(), south + (north - south) * spread()],
          base: random(),
          behind: luck < 0.025 ? 3 : luck < 0.04 ? 30 : luck < 0.05 ? -40 : 0,
          warnings: luck > 0.985 ? [{ kind: 'swapped-coordinates', detail: 'latitude and longitude look swapped: 41.15, −8.61 was read as −8.61, 41.15' }] : [],
          observedAtMs: Number.NaN,
          value: Number.NaN,
        }
      }),
    ]),
  )
}

function valueAt({ middle, spread }: FakeDomain, { base }: Sensor, ms: number): number {
  const hour = (ms / 3_600_000) % 24
  const day = Math.sin(((hour - 8) / 24) * 2 * Math.PI) * 0.5
  return Math.max(0, middle + spread * (day + (base - 0.5) * 1.6 + 0.35 * Math.sin(ms / 700_000 + base * 40) + 0.2 * Math.sin(ms / 90_000 + base * 99)))
}

function frameOf(fake: FakeDomain, sensors: readonly Sensor[], now: number, grid: ReturnType<typeof createHexGrid>): Frame {
  const { model } = fake
  const ages = sensors.map(({ observedAtMs }) => now - observedAtMs)
  const freshness = ages.map((age) => freshnessCode(freshnessOf(age, model.expectedIntervalMs)))
  const values = sensors.map(({ value }, index) => (freshness[index]! >= 3 ? Number.NaN : value))
  const cells = new Map<number, number[]>()
  sensors.forEach(({ position }, index) => {
    if (Number.isNaN(position[0]) || Number.isNaN(values[index]!)) return
    const cell = grid.cellOf(position)
    cells.set(cell, [...(cells.get(cell) ?? []), values[index]!])
  })
  const value = across(model.across.city, values)
  return {
    domain: model.id,
    rosterVersion: 1,
    atMs: now,
    windowStartMs: now - model.windowMs,
    windowEndMs: now,
    coveredFromMs: now - model.windowMs,
    view: 'value',
    plain: new Float32Array(0),
    medians: new Float32Array(0),
    districtOf: new Uint8Array(0),
    districts: [],
    count: sensors.length,
    positions: Float32Array.from(sensors.flatMap(({ position }) => position)),
    values: Float32Array.from(values),
    latest: Float32Array.from(sensors, (sensor) => sensor.value),
    observedAtMs: Float64Array.from(sensors, (sensor) => sensor.observedAtMs),
    freshness: Uint8Array.from(freshness),
    cells: {
      radiusM: grid.radiusM,
      count: cells.size,
      centres: Float32Array.from([...cells.keys()].flatMap((cell) => grid.centreOf(cell))),
      values: Float32Array.from([...cells.values()], (list) => across(model.across.cell, list) ?? Number.NaN),
      sensors: Uint16Array.from([...cells.values()], (list) => list.length),
    },
    total: { ...(value === undefined ? {} : { value }), reporting: freshness.filter((code) => code < 2).length, known: sensors.length, newestMs: Math.max(...sensors.filter((_, index) => freshness[index] !== 4).map(({ observedAtMs }) => observedAtMs)) },
  }
}
