/** What the simulated cities publish goes through our own door: decoder, temporal states, readers. */
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/time/instant.ts'
import { boundsOf } from '../../src/core/geo/position.ts'
import { classOf } from '../../src/domains/domain-model.ts'
import { MODELS } from '../../src/domains/models.ts'
import { isOfType } from '../../src/ngsi-ld/entity.ts'
import { decodeEntities } from '../../src/ngsi-ld/decode.ts'
import { createSimulation } from '../../src/server/simulation/simulation.ts'
import { readBasemap, SAMPLE_CITIES, sampleCity } from '../sample-cities.ts'

const NOW = Date.parse('2026-11-20T17:30:00Z')

describe.each(SAMPLE_CITIES)('simulated $name', ({ id, timeZone }) => {
  const city = sampleCity(id)
  const simulation = createSimulation({ models: MODELS, city, seed: 1, sensors: 300, now: () => NOW })
  const [west, south, east, north] = readBasemap(id).bbox
  const context = { timeZone, bounds: [west, south, east, north] as const }
  const current = simulation.current(NOW)
  const { ok: published, rejected } = decodeEntities(current)
  // Riders, rooms and flats are no sensors of a domain until the privacy floor has put them together.
  const sensors = new Set(simulation.sites.map(({ entityId }) => entityId))
  const entities = published.filter(({ id: entityId }) => sensors.has(entityId))

  it('decodes without a rejection', () => {
    expect(rejected).toEqual([])
    expect(entities).toHaveLength(simulation.sites.length)
    expect(published.length - entities.length).toBe(simulation.people.length)
  })

  it('is read by its domain; only the broken unit and the swapped coordinates are complained about', () => {
    const odd: string[] = []
    for (const entity of entities) {
      const reads = MODELS.filter(({ watches }) => watches.some(({ type }) => isOfType(entity, type))).map((model) => model.read(entity, context))
      const reading = reads.find(({ ok }) => ok) ?? reads[0]!
      // Two domains may watch one type; none may show a sensor of the other.
      if (reads.filter(({ ok }) => ok).length > 1) odd.push(`${entity.id} is read twice`)
      if (!reading.ok || reading.value.warnings.length > 0) odd.push(simulation.faults.get(entity.id) ?? `${entity.id} ${JSON.stringify(reading)}`)
      if (!reading.ok) continue
      const { observedAtMs, values, position } = reading.value
      if (observedAtMs > NOW || position === undefined || !Object.values(values).every(Number.isFinite)) odd.push(`${entity.id} is not plausible`)
    }
    expect(odd.toSorted()).toEqual(['broken-unit', 'swapped-coordinates'])
  })

  it('gives each domain a headline that its legend knows', () => {
    for (const model of MODELS) {
      // The first type it watches is the one of its headline: a docking station counts no riders.
      const placed = new Set(model.sampler.sites(simulation.world, simulation.sites.length).map(({ entityId }) => entityId))
      const own = simulation.sites.find(({ entityId, fault }) => fault === undefined && placed.has(entityId) && entityId.includes(`:${model.watches[0]!.type}:`))!
      const states = decodeEntities([...simulation.source.statesOf(own.entityId, NOW - 2 * HOUR_MS, NOW)]).ok
      expect(states.length).toBeGreaterThan(10)
      let acc = model.fold.empty
      for (const state of states) {
        const reading = model.read(state, context)
        if (reading.ok) acc = model.fold.add(acc, reading.value)
      }
      expect(classOf(model.legend, model.fold.value(acc) ?? NaN)).toBeGreaterThanOrEqual(0)
    }
  })

  it('spreads over the city', () => {
    const [w, s, e, n] = boundsOf(simulation.sites.map(({ position }) => position))!
    // Of the districts' centres: the basemap reaches far beyond the city.
    const [left, bottom, right, top] = boundsOf(city.districts.map(({ centre }) => centre))!
    expect((e - w) / (right - left)).toBeGreaterThan(0.8)
    expect((n - s) / (top - bottom)).toBeGreaterThan(0.8)
  })
})
