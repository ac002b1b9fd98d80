/**
 * Simulated air stations: a few at kerbs, the others in the urban background.
 *
 * Concentration is what comes from outside plus what the city adds, diluted by wind and by the depth of
 * the mixed air (shallow on cold still nights). What is published is the mean of the hour up to the
 * observation, renewed every ten minutes.
 */
import { createPlacer, pickLonger } from '../../core/geo/placement.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { localHourOfDay } from '../../core/time/zone.ts'
import { smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property } from '../../ngsi-ld/normalized.ts'
import type { CityEvent, Sampler, SampleSite, World } from '../sample-world.ts'

interface AirSite extends SampleSite {
  readonly station: 'traffic' | 'background'
  readonly seed: number
}

interface Air {
  readonly no2: number
  readonly o3: number
  readonly pm25: number
  readonly pm10: number
  readonly so2: number
}

/** Against a middling European city; after yearly means of the EEA, rounded. */
const BURDEN: Readonly<Record<string, number>> = { milan: 1.45, porto: 0.95, antwerp: 1.1, manchester: 0.95, helsinki: 0.6, muenster: 0.75 }

/** Moments of the last hour whose mean is published; the wave between them is smooth. */
const HOUR_SAMPLES_MS = [10 * MINUTE_MS, 30 * MINUTE_MS, 50 * MINUTE_MS]

const EPISODE_RAMP_MS = 4 * HOUR_MS

export const AIR_QUALITY_SAMPLER: Sampler = {
  share: 0.5,
  canBreakUnit: true,
  sites: airSites,
  entityAt: (site, world, atMs) => airEntity(site as AirSite, world, atMs),
}

function airSites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} air ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 350 })
  const corridors = city.corridors ?? []
  const sites: AirSite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 6; attempt++) {
    const traffic = corridors.length > 0 && random() < 0.3
    const corridor = pickLonger(corridors, random())
    // Round-robin through the districts: a network is spread, not drawn by lot.
    const district = city.districts[attempt % Math.max(1, city.districts.length)]
    const position = traffic && corridor !== undefined ? placer.onPath(corridor.path, random(), 12) : placer.around(district?.centre ?? city.anchor, district?.radiusM ?? 2_000)
    if (position === undefined) continue
    const where = traffic && corridor !== undefined ? corridor.name : (district?.name ?? city.name)
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    sites.push({
      entityId: `urn:ngsi-ld:AirQualityObserved:${city.id}:air:${label}`,
      name: `${where}, ${traffic ? 'kerbside' : 'background'} station ${index}`,
      position,
      district: where,
      intervalMs: 10 * MINUTE_MS,
      phaseMs: spreadPhaseMs(index, 10 * MINUTE_MS),
      station: traffic ? 'traffic' : 'background',
      seed: hashText(`${seed} ${label}`),
    })
  }
  return sites
}

function airEntity(site: AirSite, world: World, atMs: EpochMs): JsonObject {
  const samples = HOUR_SAMPLES_MS.map((backMs) => airAt(site, world, (atMs - backMs) as EpochMs))
  const weather = world.weatherAt(atMs)
  const gas = (pollutant: keyof Air): JsonObject => {
    const mean = samples.reduce((sum, sample) => sum + sample[pollutant], 0) / samples.length
    return property(Math.round(mean * 10) / 10, { observedAtMs: atMs, unitCode: site.fault === 'broken-unit' ? 'UG_M3' : 'GQ' })
  }
  return {
    id: site.entityId,
    type: 'AirQualityObserved',
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    stationType: property(site.station),
    typeofLocation: property('outdoor'),
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    no2: gas('no2'),
    o3: gas('o3'),
    pm25: gas('pm25'),
    pm10: gas('pm10'),
    so2: gas('so2'),
    temperature: property(Math.round(weather.temperatureC * 10) / 10, { observedAtMs: atMs, unitCode: 'CEL' }),
    relativeHumidity: property(Math.round(weather.relativeHumidity * 100) / 100, { observedAtMs: atMs, unitCode: 'C62' }),
  }
}

function airAt(site: AirSite, world: World, atMs: EpochMs): Air {
  const { seed } = site
  const weather = world.weatherAt(atMs)
  const hour = localHourOfDay(atMs, world.city.timeZone)
  const burden = Object.hasOwn(BURDEN, world.city.id) ? BURDEN[world.city.id]! : 1
  const kerb = site.station === 'traffic' ? 1.8 + 0.8 * noiseAt(seed, 1) : 0.7 + 0.5 * noiseAt(seed, 1)
  const dilution = clamp(1.7 * (1 + weather.windMs) ** -0.45, 0.5, 1.6)
  const sun = Math.max(0, Math.sin(((hour - 6.5) / 13) * Math.PI))
  const shallow = 1.25 - 0.45 * sun // mixed air is deepest in the afternoon
  const cold = clamp((16 - weather.temperatureC) / 16, 0, 1.2)
  const washed = Math.exp(-0.12 * weather.rainMmH)
  const episode = world.eventsAt(atMs).reduce((strongest, event) => Math.max(strongest, episodeAt(event, atMs)), 0)
  const wave = (n: number): number => 1 + 0.18 * smoothNoiseAt(atMs / (2.5 * HOUR_MS), seed, n)
  const regional = 1 + 0.35 * smoothNoiseAt(atMs / (40 * HOUR_MS), world.seed, hashText(world.city.id), 21)

  const traffic = world.activityAt(atMs) * kerb * dilution * shallow
  const heating = cold * (0.5 + 0.5 * Math.max(0, Math.cos(((hour - 21) / 12) * Math.PI))) * dilution * shallow

  const no2 = burden * (5 * regional + 13 * traffic + 4 * heating) * wave(2) * (1 + 0.6 * episode)
  const pm25 = (burden * (6.5 * regional + 2.4 * traffic + 4.5 * heating) * wave(3) * washed + 9 * episode * burden) * (1 + 0.35 * episode)
  const pm10 = pm25 * 1.35 + (3 + 4 * traffic) * washed * wave(4)
  // What nitric oxide from exhausts takes away: ozone is lowest where the traffic is.
  const o3 = Math.max(4, (48 + 38 * sun * clamp(weather.temperatureC / 22, 0.2, 1.4)) * wave(5) - 0.75 * no2)
  const so2 = burden * (1.6 + 1.2 * heating) * wave(6)
  return { no2, o3, pm25, pm10, so2 }
}

/** 0 to 1: a citywide episode builds up and clears within hours. */
function episodeAt(event: CityEvent, atMs: number): number {
  if (event.kind !== 'pollution-episode') return 0
  return clamp(Math.min(atMs - event.startMs, event.endMs - atMs) / EPISODE_RAMP_MS, 0, 1)
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
