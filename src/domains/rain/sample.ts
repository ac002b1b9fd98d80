/**
 * Simulated rain gauges: weighing gauges spread over the districts, every five minutes.
 *
 * The world says how hard it rains on the city; where the showers are thicker and thinner is a wave
 * that moves over it with the westerlies. Where the world is dry, so is every gauge.
 */
import { createPlacer } from '../../core/geo/placement.ts'
import { createRandom, hashText } from '../../core/random.ts'
import { formatInstant, HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../core/time/instant.ts'
import { smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { pointLocation, property } from '../../ngsi-ld/normalized.ts'
import type { Sampler, SampleSite, World } from '../sample-world.ts'

interface RainSite extends SampleSite {
  readonly seed: number
  /** Metres from the middle of the city, in the direction in which the showers move and across it. */
  readonly alongM: number
  readonly acrossM: number
  /** Seed of the city's showers. */
  readonly showers: number
}

const INTERVAL_MS = 5 * MINUTE_MS
/** Size of a shower's core, metres. */
const SHOWER_M = 4_000
/** Showers come from the west-south-west, as fast as the air above the roofs moves. */
const SHOWERS_TOWARDS = (68 * Math.PI) / 180
const SHOWER_SPEED_MS = 9
/** They drift aside a little, so that no street is always between them. */
const SIDEWAYS_MS = 1.3
/** Mean of the exponential below over many showers, so that the city gets what the world rains. */
const SHOWER_MEAN = 1.17
const DEGREE_M = 111_195
/** Moments of the interval whose mean is its rate; the weather changes every five minutes. */
const SAMPLES_MS = [0.5, 1.5, 2.5, 3.5, 4.5].map((minutes) => minutes * MINUTE_MS)

export const RAIN_SAMPLER: Sampler = {
  share: 0.3,
  canBreakUnit: true,
  sites: rainSites,
  entityAt: (site, world, atMs) => rainEntity(site as RainSite, world, atMs),
}

function rainSites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} rain ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 400 })
  const sites: RainSite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 6; attempt++) {
    // Round-robin through the districts: a network is spread, not drawn by lot.
    const district = city.districts[attempt % Math.max(1, city.districts.length)]
    const position = placer.around(district?.centre ?? city.anchor, district?.radiusM ?? 2_000)
    if (position === undefined) continue
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    const where = district?.name ?? city.name
    const eastM = (position[0] - city.anchor[0]) * DEGREE_M * Math.cos((city.anchor[1] * Math.PI) / 180)
    const northM = (position[1] - city.anchor[1]) * DEGREE_M
    sites.push({
      entityId: `urn:ngsi-ld:WeatherObserved:${city.id}:rain:${label}`,
      name: `${where}, rain gauge ${index}`,
      position,
      district: where,
      intervalMs: INTERVAL_MS,
      phaseMs: spreadPhaseMs(index, INTERVAL_MS),
      seed: hashText(`${seed} ${label}`),
      alongM: eastM * Math.sin(SHOWERS_TOWARDS) + northM * Math.cos(SHOWERS_TOWARDS),
      acrossM: eastM * Math.cos(SHOWERS_TOWARDS) - northM * Math.sin(SHOWERS_TOWARDS),
      showers: seed,
    })
  }
  return sites
}

function rainEntity(site: RainSite, world: World, atMs: EpochMs): JsonObject {
  const mmPerHour = SAMPLES_MS.reduce((sum, backMs) => sum + rateAt(site, world, (atMs - backMs) as EpochMs), 0) / SAMPLES_MS.length
  const { temperatureC, relativeHumidity } = world.weatherAt(atMs)
  const own = smoothNoiseAt(atMs / (3 * HOUR_MS), site.seed, 1)
  const meta = { observedAtMs: atMs }
  return {
    id: site.entityId,
    type: 'WeatherObserved',
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    // An interval, so that nobody has to guess over which time the depth fell.
    dateObserved: property(`${formatInstant(atMs - site.intervalMs)}/${formatInstant(atMs)}`, meta),
    precipitation: property(Math.round(((mmPerHour * site.intervalMs) / HOUR_MS) * 100) / 100, { ...meta, unitCode: site.fault === 'broken-unit' ? 'L/m2' : 'MMT' }),
    temperature: property(Math.round((temperatureC + 0.4 * own) * 10) / 10, { ...meta, unitCode: 'CEL' }),
    relativeHumidity: property(Math.round(Math.min(0.99, relativeHumidity + 0.02 * own) * 100) / 100, { ...meta, unitCode: 'C62' }),
  }
}

function rateAt({ alongM, acrossM, showers }: RainSite, world: World, atMs: EpochMs): number {
  const { rainMmH } = world.weatherAt(atMs)
  if (rainMmH === 0) return 0
  // What is over a gauge now was over one up the wind before.
  const along = smoothNoiseAt((alongM - (SHOWER_SPEED_MS * atMs) / SECOND_MS) / SHOWER_M, showers, 41)
  const across = smoothNoiseAt((acrossM - (SIDEWAYS_MS * atMs) / SECOND_MS) / SHOWER_M, showers, 42)
  // Showers are peaked: a few streets get several times the city's mean, most get less.
  return (rainMmH * Math.exp(1.1 * along + 0.6 * across)) / SHOWER_MEAN
}
