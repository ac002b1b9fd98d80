/**
 * A simulated city: where its sensors stand, what each published at any instant, and what arrives when.
 *
 * Nothing is stored. A state is a function of seed, site and time, so the temporal API can be asked for
 * any past hour, and two servers with the same seed show the same city.
 */
import { hashText } from '../../core/random.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import type { Sampler, SampleCity, SampleFault, SampleSite } from '../../domains/sample-world.ts'
import type { TemporalSource } from '../broker/temporal-source.ts'
import { delayMs, isSilent, maxDelayMs, repeatAfterMs, silentSince, swapped, withFaults } from './delivery.ts'
import { createWorld, type SimulatedWorld } from './world.ts'

export interface SimulationOptions {
  /** The domains to simulate; a model has what is asked of it here. */
  readonly models: readonly { readonly sampler: Sampler }[]
  readonly city: SampleCity
  readonly seed: number
  /** How many sensors the city has, about. */
  readonly sensors: number
  readonly now: () => number
}

export interface Arrival {
  readonly dueMs: number
  readonly entity: JsonObject
}

export interface Simulation {
  readonly world: SimulatedWorld
  readonly sites: readonly SampleSite[]
  /** Sources of personal entities, beside the sensors. */
  readonly people: readonly SampleSite[]
  readonly source: TemporalSource
  now(): number
  /** What arrives in [fromMs, toMs), in the order of arrival. */
  statesBetween(fromMs: number, toMs: number): Iterable<Arrival>
  /** The last state of every sensor that had arrived at the instant: fills a broker at start. */
  current(atMs: number): JsonObject[]
  /** Which sensors misbehave, and how: all that do. */
  readonly faults: ReadonlyMap<string, SampleFault>
}

interface Station {
  readonly site: SampleSite
  readonly sampler: Sampler
  /** Seed of its delivery. */
  readonly key: number
}

// Older than this, a sensor's last word is not news to a broker that starts.
const OLDEST_CURRENT_MS = 14 * 86_400_000

export function createSimulation({ models, city, seed, sensors, now }: SimulationOptions): Simulation {
  const world = createWorld(city, seed)
  const sensing = stationsOf(models, world, sensors)
  const people = peopleOf(models, world, sensors)
  const stations = [...sensing, ...people]
  const byId = new Map(stations.map((station) => [station.site.entityId, station]))

  const entityAt = ({ site, sampler }: Station, ms: number): JsonObject => {
    const entity = sampler.entityAt(site, world, ms as EpochMs)
    return site.fault === 'swapped-coordinates' ? swapped(entity) : entity
  }

  return {
    world,
    sites: sensing.map(({ site }) => site),
    people: people.map(({ site }) => site),
    faults: new Map(sensing.flatMap(({ site }) => (site.fault === undefined ? [] : [[site.entityId, site.fault]]))),
    now,
    statesBetween: (fromMs, toMs) => arrivals(stations, entityAt, fromMs, toMs),
    current: (atMs) => stations.flatMap((station) => lastState(station, entityAt, atMs)),
    source: {
      knows: (entityId) => byId.has(entityId),
      *statesOf(entityId, fromMs, toMs) {
        const station = byId.get(entityId)
        if (station === undefined) return
        const { site, key } = station
        const nowMs = now()
        for (let ms = tickFrom(site, fromMs); ms < toMs && ms <= nowMs; ms += site.intervalMs) {
          // What is still on its way is not in anybody's history.
          if (!isSilent(site, key, ms) && ms + delayMs(site, key, ms) <= nowMs) yield entityAt(station, ms)
        }
      },
    },
  }
}

function stationsOf(models: SimulationOptions['models'], world: SimulatedWorld, sensors: number): readonly Station[] {
  const counts = countsOf(models, sensors)
  const drawn = models.flatMap(({ sampler }, index) =>
    sampler.sites(world, counts[index]!).map((site) => ({ site, sampler, canBreakUnit: sampler.canBreakUnit ?? false })),
  )
  const faultSeed = hashText(`${world.city.id} ${world.seed}`)
  return withFaults(drawn, faultSeed).map((site, index) => ({ site, sampler: drawn[index]!.sampler, key: hashText(`${site.entityId} ${world.seed}`) }))
}

function peopleOf(models: SimulationOptions['models'], world: SimulatedWorld, sensors: number): readonly Station[] {
  const counts = countsOf(models, sensors)
  return models.flatMap(({ sampler }, index) => (sampler.people?.(world, counts[index]!) ?? []).map((site) => ({ site, sampler, key: hashText(`${site.entityId} ${world.seed}`) })))
}

/** How many sensors each domain has. */
function countsOf(models: SimulationOptions['models'], sensors: number): readonly number[] {
  const shares = models.map(({ sampler }) => sampler.share ?? 1)
  const whole = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => Math.round((sensors * share) / whole))
}

function* arrivals(stations: readonly Station[], entityAt: (station: Station, ms: number) => JsonObject, fromMs: number, toMs: number): Iterable<Arrival> {
  const due: { readonly dueMs: number; readonly station: Station; readonly ms: number }[] = []
  for (const station of stations) {
    const { site, key } = station
    for (let ms = tickFrom(site, fromMs - maxDelayMs(site)); ms < toMs; ms += site.intervalMs) {
      if (isSilent(site, key, ms)) continue
      const dueMs = ms + delayMs(site, key, ms)
      if (dueMs >= fromMs && dueMs < toMs) due.push({ dueMs, station, ms })
      const repeatMs = repeatAfterMs(site, key, ms)
      if (repeatMs !== undefined && dueMs + repeatMs >= fromMs && dueMs + repeatMs < toMs) due.push({ dueMs: dueMs + repeatMs, station, ms })
    }
  }
  due.sort((a, b) => a.dueMs - b.dueMs)
  for (const { dueMs, station, ms } of due) yield { dueMs, entity: entityAt(station, ms) }
}

function lastState(station: Station, entityAt: (station: Station, ms: number) => JsonObject, atMs: number): JsonObject[] {
  const { site, key } = station
  const oldestMs = atMs - OLDEST_CURRENT_MS
  let ms = tickFrom(site, atMs - site.intervalMs + 1)
  while (ms > oldestMs) {
    if (isSilent(site, key, ms)) ms = tickFrom(site, silentSince(site, key, ms) - site.intervalMs)
    else if (ms + delayMs(site, key, ms) > atMs) ms -= site.intervalMs
    else return [entityAt(station, ms)]
  }
  return []
}

/** The first instant at or after `fromMs` for which the site publishes. */
function tickFrom({ intervalMs, phaseMs }: SampleSite, fromMs: number): number {
  return Math.ceil((fromMs - phaseMs) / intervalMs) * intervalMs + phaseMs
}
