import { test, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { distanceM, isPosition } from '../../core/geo/position.ts'
import { MODELS } from '../../domains/models.ts'
import type { CityEvent } from '../../domains/sample-world.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { SAMPLE_CITIES, sampleCity } from '../../../test/sample-cities.ts'
import { runSimulation } from './run-simulation.ts'
import { createSimulation, type Simulation } from './simulation.ts'

const NOW = Date.parse('2026-11-20T12:00:00Z') // a Friday
const cities = SAMPLE_CITIES.map(({ id }) => sampleCity(id))

function simulate(id: string, options: { seed?: number; sensors?: number; now?: () => number } = {}): Simulation {
  const { seed = 1, sensors = 300, now = () => NOW } = options
  return createSimulation({ models: MODELS, city: sampleCity(id), seed, sensors, now })
}

function valueOf(entity: JsonObject, attribute: string): number | undefined {
  return (entity[attribute] as { value?: number } | undefined)?.value
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

const idsBySimulation = new WeakMap<Simulation, Map<string, ReadonlySet<string>>>()

/** Two domains may publish one type: a site belongs to the domain whose sampler placed it. */
function ofDomain(simulation: Simulation, domain: string): Simulation['sites'] {
  const known = idsBySimulation.get(simulation) ?? new Map<string, ReadonlySet<string>>()
  idsBySimulation.set(simulation, known)
  const ids = known.get(domain) ?? new Set(modelOf(domain).sampler.sites(simulation.world, simulation.sites.length).map(({ entityId }) => entityId))
  known.set(domain, ids)
  return simulation.sites.filter(({ entityId }) => ids.has(entityId))
}

function modelOf(domain: string): (typeof MODELS)[number] {
  return MODELS.find(({ id }) => id === domain)!
}

/** Mean of an attribute over all sites of a domain, as published for an instant, whatever arrived. */
function meanAt(simulation: Simulation, domain: string, attribute: string, ms: number): number {
  const { sampler } = modelOf(domain)
  const values = ofDomain(simulation, domain).flatMap((site) => valueOf(sampler.entityAt(site, simulation.world, ms as EpochMs), attribute) ?? [])
  return mean(values)
}

describe('sites', () => {
  test.prop([fc.constantFrom(...cities), fc.integer({ min: 0, max: 1_000_000 })], { numRuns: 24 })('stand on dry land inside the city, whatever the seed', (city, seed) => {
    const simulation = createSimulation({ models: MODELS, city, seed, sensors: 250, now: () => NOW })
    expect(simulation.sites.length).toBeGreaterThan(230)
    expect(simulation.sites.length).toBeLessThan(260)
    expect(new Set(simulation.sites.map(({ entityId }) => entityId)).size).toBe(simulation.sites.length)
    expect(simulation.sites.filter(({ position }) => !city.isLand(position))).toEqual([])
    const id = new RegExp(`^urn:ngsi-ld:[A-Za-z]+:${city.id}:`)
    expect(simulation.sites.filter(({ entityId }) => !id.test(entityId))).toEqual([])
  })

  it('give each domain its share of 200 to 400 sensors', () => {
    for (const { id } of SAMPLE_CITIES) {
      for (const sensors of [200, 400]) {
        const simulation = simulate(id, { sensors })
        expect(simulation.sites.length).toBeGreaterThan(sensors * 0.95)
        for (const { id: domain } of MODELS) {
          // Rain gauges are few in any city.
          expect(ofDomain(simulation, domain).length / sensors).toBeGreaterThan(0.04)
        }
      }
    }
  })
})

describe('states', () => {
  test.prop([fc.constantFrom(...SAMPLE_CITIES), fc.integer({ min: 0, max: 99 }), fc.integer({ min: Date.UTC(2026, 0, 1), max: NOW })], { numRuns: 12 })(
    'are the same for the same seed and time, whatever was asked before',
    ({ id }, seed, ms) => {
      const fresh = simulate(id, { seed, sensors: 60 })
      const used = simulate(id, { seed, sensors: 60 })
      for (const _ of used.statesBetween(ms - HOUR_MS, ms)) break
      used.current(ms + DAY_MS)
      expect(JSON.stringify(used.current(ms))).toBe(JSON.stringify(fresh.current(ms)))
    },
  )

  it('differ with the seed', () => {
    expect(JSON.stringify(simulate('porto', { seed: 1 }).current(NOW))).not.toBe(JSON.stringify(simulate('porto', { seed: 2 }).current(NOW)))
  })

  it('of the past are what arrived then', () => {
    const simulation = simulate('antwerp')
    const arrived = new Map<string, Set<string>>()
    for (const { entity } of simulation.statesBetween(NOW - 2 * HOUR_MS, NOW)) {
      const id = entity['id'] as string
      if (!arrived.has(id)) arrived.set(id, new Set())
      arrived.get(id)!.add(JSON.stringify(entity))
    }
    for (const { entityId } of simulation.sites) {
      // From after the start by the longest delay, so that what was late for the start is left out.
      const history = [...simulation.source.statesOf(entityId, NOW - 2 * HOUR_MS + MINUTE_MS, NOW)].map((entity) => JSON.stringify(entity))
      expect(history.filter((state) => arrived.get(entityId)?.has(state) !== true)).toEqual([])
    }
    expect(simulation.source.knows('urn:ngsi-ld:NoiseLevelObserved:antwerp:noise:9999')).toBe(false)
    expect([...simulation.source.statesOf('unknown', 0, NOW)]).toEqual([])
  })

  it('say at once that they are simulated, where and when', () => {
    for (const { id } of SAMPLE_CITIES) {
      for (const entity of simulate(id, { sensors: 80 }).current(NOW)) {
        expect(entity['dataProvider']).toEqual({ type: 'Property', value: 'simulated' })
        expect(isPosition((entity['location'] as { value: { coordinates: unknown } }).value.coordinates)).toBe(true)
        expect(JSON.stringify(entity)).not.toMatch(/NaN|null|undefined/)
      }
    }
  })

  it('keep a city lively: several arrivals in any five seconds, in order', () => {
    for (const { id } of SAMPLE_CITIES) {
      const simulation = simulate(id)
      for (let ms = NOW; ms < NOW + MINUTE_MS; ms += 5_000) {
        const due = [...simulation.statesBetween(ms, ms + 5_000)].map(({ dueMs }) => dueMs)
        expect(due.length).toBeGreaterThanOrEqual(3)
        expect(due.toSorted((a, b) => a - b)).toEqual(due)
        for (const at of due) expect(at >= ms && at < ms + 5_000).toBe(true)
      }
    }
  })
})

describe('rhythms', () => {
  const eight = Date.parse('2026-11-18T08:00:00Z')
  it.each(SAMPLE_CITIES.map(({ id }) => id))('%s is busier on a workday at 8 than at 3', (id) => {
    const simulation = simulate(id)
    const three = eight - 5 * HOUR_MS
    expect(meanAt(simulation, 'noise', 'LAeq', eight)).toBeGreaterThan(meanAt(simulation, 'noise', 'LAeq', three) + 5)
    expect(meanAt(simulation, 'cycling', 'intensity', eight)).toBeGreaterThan(3 * meanAt(simulation, 'cycling', 'intensity', three))
    expect(meanAt(simulation, 'building-energy', 'totalActivePower', eight)).toBeGreaterThan(1.5 * meanAt(simulation, 'building-energy', 'totalActivePower', three))
  })

  it('the cyclists’ rush hour moves by an hour of UTC with the clocks', () => {
    const simulation = simulate('antwerp')
    const peakHourUtc = (mondayIso: string): number => {
      const hours = Array.from({ length: 12 }, (_, hour) => {
        const days = Array.from({ length: 5 }, (_day, day) => Date.parse(mondayIso) + day * DAY_MS + hour * HOUR_MS)
        return days.reduce((sum, ms) => sum + meanAt(simulation, 'cycling', 'intensity', ms), 0)
      })
      return hours.indexOf(Math.max(...hours))
    }
    expect(peakHourUtc('2026-10-19T00:00:00Z')).toBe(6) // 08:00 CEST
    expect(peakHourUtc('2026-11-09T00:00:00Z')).toBe(7) // 08:00 CET
  })

  it('more cycle in Antwerp than in Porto', () => {
    expect(meanAt(simulate('antwerp'), 'cycling', 'intensity', eight)).toBeGreaterThan(4 * meanAt(simulate('porto'), 'cycling', 'intensity', eight))
  })

  it('levels and concentrations stay where cities have them', () => {
    for (const { id } of SAMPLE_CITIES) {
      const simulation = simulate(id)
      const night = meanAt(simulation, 'noise', 'LAeq', Date.parse('2026-11-18T01:00:00Z')) // 1 to 3 o'clock
      const noon = meanAt(simulation, 'noise', 'LAeq', Date.parse('2026-11-18T12:00:00Z'))
      expect(night).toBeGreaterThan(43)
      expect(night).toBeLessThan(54)
      expect(noon).toBeGreaterThan(58)
      expect(noon).toBeLessThan(68)
      for (let day = 0; day < 30; day++) {
        const ms = NOW - day * DAY_MS + day * HOUR_MS
        expect(meanAt(simulation, 'air-quality', 'no2', ms)).toBeGreaterThan(2)
        expect(meanAt(simulation, 'air-quality', 'no2', ms)).toBeLessThan(80)
        expect(meanAt(simulation, 'air-quality', 'pm25', ms)).toBeGreaterThan(2)
        expect(meanAt(simulation, 'air-quality', 'pm25', ms)).toBeLessThan(60)
      }
    }
  })

  it('roads are slower in the rush hour than at three, and slower wet than dry', () => {
    // An empty lane says 0 km/h, as real ones do: that is no speed.
    const speedAt = (simulation: Simulation, ms: number): number =>
      mean(ofDomain(simulation, 'traffic').flatMap((site) => valueOf(modelOf('traffic').sampler.entityAt(site, simulation.world, ms as EpochMs), 'averageVehicleSpeed') || []))
    const [wet, dry]: [number[], number[]] = [[], []]
    const simulation = simulate('porto')
    for (const { id } of SAMPLE_CITIES) {
      const other = simulate(id)
      // The rush comes two hours of UTC earlier in Helsinki than in Porto.
      const rush = Math.min(...[0, 1, 2].map((hour) => speedAt(other, eight - hour * HOUR_MS)))
      expect(rush).toBeLessThan(0.9 * speedAt(other, eight - 6 * HOUR_MS))
      expect(meanAt(other, 'traffic', 'intensity', eight)).toBeGreaterThan(3 * meanAt(other, 'traffic', 'intensity', eight - 6 * HOUR_MS))
    }
    for (let day = 0; day < 120; day++) {
      const ms = Date.parse('2026-04-06T11:00:00Z') + day * DAY_MS
      const { rainMmH } = simulation.world.weatherAt((ms - 150_000) as EpochMs)
      if (rainMmH > 0.8) wet.push(speedAt(simulation, ms))
      else if (rainMmH === 0) dry.push(speedAt(simulation, ms))
    }
    expect(wet.length).toBeGreaterThan(0)
    expect(mean(wet)).toBeLessThan(mean(dry))
  })

  it('gauges catch what the world rains: nothing where it is dry, and over weeks about as much', () => {
    for (const { id } of SAMPLE_CITIES) {
      const simulation = simulate(id)
      let caught = 0
      let fell = 0
      let caughtInTheDry = 0
      for (let ms = NOW - 60 * DAY_MS; ms < NOW; ms += 17 * 5 * MINUTE_MS) {
        const rates = [-4, -3, -2, -1, 0].map((minute) => simulation.world.weatherAt((ms + minute * MINUTE_MS - 30_000) as EpochMs).rainMmH)
        const depth = meanAt(simulation, 'rain', 'precipitation', ms)
        if (rates.every((rate) => rate === 0)) caughtInTheDry += depth
        caught += depth
        fell += mean(rates) / 12
      }
      expect(caughtInTheDry).toBe(0)
      expect(fell).toBeGreaterThan(0)
      expect(caught / fell).toBeGreaterThan(0.8)
      expect(caught / fell).toBeLessThan(1.25)
    }
  })

  it('rain empties the cycle paths', () => {
    const simulation = simulate('antwerp')
    const wet: number[] = []
    const dry: number[] = []
    for (let day = 0; day < 120; day++) {
      const ms = Date.parse('2026-04-06T15:00:00Z') + day * DAY_MS
      const { rainMmH } = simulation.world.weatherAt((ms - 150_000) as EpochMs)
      if (rainMmH > 0.8) wet.push(meanAt(simulation, 'cycling', 'intensity', ms))
      else if (rainMmH === 0) dry.push(meanAt(simulation, 'cycling', 'intensity', ms))
    }
    expect(wet.length).toBeGreaterThan(0)
    expect(mean(wet)).toBeLessThan(0.85 * mean(dry))
  })
})

describe('events', () => {
  const simulations = SAMPLE_CITIES.map(({ id }) => simulate(id, { sensors: 400 }))
  const all = simulations.flatMap((simulation) => simulation.world.eventsBetween(NOW - 90 * DAY_MS, NOW).map((event) => ({ simulation, event })))
  const ofKind = (kind: CityEvent['kind']): typeof all => all.filter(({ event }) => event.kind === kind)
  const noise = MODELS.find(({ watches }) => watches.some(({ type }) => type === 'NoiseLevelObserved'))

  /** Mean level of the microphones around an event, `whenMs` after its start. */
  const around = ({ simulation, event }: (typeof all)[number], whenMs: number, withinM: number): number | undefined => {
    const near = ofDomain(simulation, 'noise').filter(({ position }) => distanceM(position, event.centre) < withinM)
    if (near.length === 0) return undefined
    return near.reduce((sum, site) => sum + valueOf(noise!.sampler.entityAt(site, simulation.world, (event.startMs + whenMs) as EpochMs), 'LAeq')!, 0) / near.length
  }
  const change = (kind: CityEvent['kind'], withinM: number, duringMs: number): number => {
    const changes = ofKind(kind).flatMap((one) => {
      const during = around(one, duringMs, withinM)
      // The same hour a week before, unless something went on then as well.
      const before = around(one, duringMs - 7 * DAY_MS, withinM)
      return during === undefined || before === undefined ? [] : [during - before]
    })
    expect(changes.length).toBeGreaterThan(5)
    return mean(changes)
  }

  it('a concert is heard around it', () => {
    expect(change('concert', 350, HOUR_MS)).toBeGreaterThan(3)
  })

  it('a closed road carries nearly nothing, and the detour more', () => {
    const counts = { closed: [0, 0], detour: [0, 0] }
    for (const { simulation, event } of ofKind('road-closed')) {
      for (const site of ofDomain(simulation, 'traffic')) {
        const fromM = distanceM(site.position, event.centre)
        const [during, before] = [event.startMs + 3 * HOUR_MS, event.startMs + 3 * HOUR_MS - 7 * DAY_MS].map((ms) =>
          valueOf(modelOf('traffic').sampler.entityAt(site, simulation.world, ms as EpochMs), 'intensity')!,
        )
        const kind = fromM < event.radiusM * 0.5 ? 'closed' : fromM < event.radiusM * 2 ? 'detour' : undefined
        if (kind === undefined) continue
        counts[kind][0]! += during!
        counts[kind][1]! += before!
      }
    }
    expect(counts.closed[1]).toBeGreaterThan(100)
    expect(counts.closed[0]! / counts.closed[1]!).toBeLessThan(0.2)
    expect(counts.detour[0]! / counts.detour[1]!).toBeGreaterThan(1.1)
  })

  it('a closed road is quieter than it was', () => {
    expect(change('road-closed', 250, 3 * HOUR_MS)).toBeLessThan(-1)
  })

  it('an episode raises fine particles and NO₂ in the whole city', () => {
    const ratios = ofKind('pollution-episode').map(({ simulation, event }) => {
      const at = (ms: number): number => meanAt(simulation, 'air-quality', 'pm25', ms)
      return at(event.startMs + 12 * HOUR_MS) / at(event.startMs - HOUR_MS)
    })
    expect(ratios.length).toBeGreaterThan(3)
    expect(mean(ratios)).toBeGreaterThan(1.6)
  })
})

describe('faults', () => {
  it('are exactly those announced: one broken unit, one pair of swapped coordinates, few others', () => {
    for (const { id } of SAMPLE_CITIES) {
      const simulation = simulate(id)
      const faults = [...simulation.faults.values()]
      const count = (fault: string): number => faults.filter((one) => one === fault).length
      expect(count('broken-unit')).toBe(1)
      expect(count('swapped-coordinates')).toBe(1)

      const brokenUnits = simulation.current(NOW).filter((entity) => /"unitCode":"(2N1|UG_M3|L\/m2|ppm)"/.test(JSON.stringify(entity)))
      expect(brokenUnits.map(({ id: own }) => simulation.faults.get(own as string))).toEqual(['broken-unit'])

      const bySite = new Map(simulation.sites.map((site) => [site.entityId, site]))
      const moved = simulation.current(NOW).filter((entity) => {
        const [lon, lat] = (entity['location'] as { value: { coordinates: [number, number] } }).value.coordinates
        const site = bySite.get(entity['id'] as string)
        // A rider moves, and is no sensor whose place could be wrong.
        if (site === undefined) return false
        const { position } = site
        return lon !== position[0] || lat !== position[1]
      })
      expect(moved.map(({ id: own }) => simulation.faults.get(own as string))).toEqual(['swapped-coordinates'])
    }
  })

  it('only announced sensors are silent, late or doubled, and about 3 % are silent now', () => {
    let silent = 0
    let total = 0
    const unannounced: string[] = []
    for (const { id } of SAMPLE_CITIES) {
      const simulation = simulate(id)
      const from = NOW - 3 * HOUR_MS
      const seen = new Map<string, { readonly observed: number[]; late: boolean }>()
      for (const { dueMs, entity } of simulation.statesBetween(from, NOW)) {
        const own = entity['id'] as string
        const observedMs = observedOf(entity)
        const entry = seen.get(own) ?? { observed: [], late: false }
        entry.observed.push(observedMs)
        if (dueMs - observedMs > MINUTE_MS + 4_000) entry.late = true
        seen.set(own, entry)
      }
      for (const { entityId, intervalMs } of simulation.sites) {
        total++
        const fault = simulation.faults.get(entityId)
        const { observed, late } = seen.get(entityId) ?? { observed: [], late: false }
        const expected = (3 * HOUR_MS) / intervalMs
        if (observed.length === 0) silent++
        if (observed.length < expected - 1 && fault !== 'dropout' && fault !== 'late') unannounced.push(`${entityId} is silent`)
        if (late && fault !== 'late') unannounced.push(`${entityId} is late`)
        if (new Set(observed).size < observed.length && fault !== 'duplicate') unannounced.push(`${entityId} is doubled`)
      }
    }
    expect(unannounced).toEqual([])
    expect(silent / total).toBeGreaterThan(0.01)
    expect(silent / total).toBeLessThan(0.06)
  })

  it('late readings are not in the history before they have arrived', () => {
    let nowMs = NOW
    const simulation = simulate('milan', { now: () => nowMs })
    const late = simulation.sites.filter(({ fault }) => fault === 'late')
    const count = (): number => late.reduce((sum, { entityId }) => sum + [...simulation.source.statesOf(entityId, NOW - HOUR_MS, NOW)].length, 0)
    const then = count()
    nowMs = NOW + HOUR_MS
    expect(count()).toBeGreaterThan(then)
  })
})

describe('in real time', () => {
  it('what is played second by second is what arrives, each reading once', () => {
    let nowMs = NOW
    const simulation = simulate('helsinki', { now: () => nowMs })
    const sent: JsonObject[] = []
    let tick: (() => void) | undefined
    let cleared: unknown
    const stop = runSimulation(simulation, (entities) => sent.push(...entities), {
      setInterval: (callback, ms) => {
        expect(ms).toBe(1_000)
        tick = callback
        return 'handle'
      },
      clearInterval: (handle) => (cleared = handle),
    })
    for (let i = 0; i < 90; i++) {
      nowMs += 950 + (i % 3) * 50
      tick?.()
    }
    const expected = [...simulation.statesBetween(NOW, nowMs)].map(({ entity }) => JSON.stringify(entity))
    expect(sent.map((entity) => JSON.stringify(entity))).toEqual(expected)
    nowMs -= 5_000 // a clock that is set back sends nothing twice
    tick?.()
    expect(sent).toHaveLength(expected.length)
    nowMs += DAY_MS // a machine that slept gets the present only
    tick?.()
    expect(sent.length - expected.length).toBeLessThanOrEqual(simulation.sites.length + simulation.people.length)
    stop()
    expect(cleared).toBe('handle')
  })
})

function observedOf(entity: JsonObject): number {
  const found = /"observedAt":"([^"]+)"/.exec(JSON.stringify(entity))
  return Date.parse(found?.[1] ?? '')
}
