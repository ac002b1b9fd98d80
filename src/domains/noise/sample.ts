/**
 * Simulated sonometers: minute levels of streets, squares and quiet quarters.
 *
 * A level is put together from sources as power: traffic that follows the city's activity, people at
 * night in the centre, rain, a concert nearby, and a floor below which no city falls.
 */
import { createPlacer, pickLonger } from '../../core/geo/placement.ts'
import { distanceM } from '../../core/geo/position.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { localHourOfWeek, rhythmAt, weekRhythm } from '../../core/time/rhythm.ts'
import { MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { normalAt, smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property } from '../../ngsi-ld/normalized.ts'
import type { CityEvent, Sampler, SampleSite, World } from '../sample-world.ts'

type Place = 'axis' | 'centre' | 'quarter' | 'quiet'

interface NoiseSite extends SampleSite {
  readonly place: Place
  readonly seed: number
  readonly sonometerClass: '1' | '2'
}

/** Level of traffic in the rush hour beside the microphone, dB(A): façade levels of city noise maps, rounded. */
const TRAFFIC_DB: Readonly<Record<Place, number>> = { axis: 68, centre: 63, quarter: 57, quiet: 51 }
/** What remains when nothing passes. */
const FLOOR_DB: Readonly<Record<Place, number>> = { axis: 45, centre: 44, quarter: 40, quiet: 37 }
/** People outside, at their loudest. */
const PEOPLE_DB: Readonly<Record<Place, number>> = { axis: 50, centre: 64, quarter: 46, quiet: 42 }

/** Terraces and bars: evenings, and late on Friday and Saturday. */
const EVENING = [0.25, 0.08, 0.02, 0, 0, 0, 0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.25, 0.25, 0.15, 0.12, 0.15, 0.25, 0.4, 0.5, 0.55, 0.5, 0.4, 0.32]
const NIGHTLIFE = weekRhythm(
  EVENING,
  [0.85, 0.7, 0.45, 0.2, 0.05, 0, 0, 0.02, 0.05, 0.12, 0.2, 0.3, 0.4, 0.4, 0.35, 0.35, 0.35, 0.4, 0.5, 0.65, 0.8, 0.9, 1, 1],
  [0.95, 0.8, 0.5, 0.22, 0.05, 0, 0, 0, 0.02, 0.08, 0.15, 0.25, 0.35, 0.35, 0.3, 0.3, 0.3, 0.3, 0.35, 0.4, 0.4, 0.35, 0.25, 0.15],
)

export const NOISE_SAMPLER: Sampler = {
  share: 1.3,
  canBreakUnit: true,
  sites: noiseSites,
  entityAt: (site, world, atMs) => noiseEntity(site as NoiseSite, world, atMs),
}

function noiseSites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} noise ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 70 })
  const corridors = city.corridors ?? []
  const centres = city.districts.filter((district) => district.kind === 'centre')
  const sites: NoiseSite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 4; attempt++) {
    const onAxis = corridors.length > 0 && random() < 0.55
    const corridor = pickLonger(corridors, random())
    const pool = !onAxis && centres.length > 0 && random() < 0.4 ? centres : city.districts
    const district = pool[Math.floor(random() * pool.length)]
    const position =
      onAxis && corridor !== undefined ? placer.onPath(corridor.path, random(), 18) : placer.around(district?.centre ?? city.anchor, district?.radiusM ?? 1_500)
    if (position === undefined) continue
    const place: Place = onAxis ? 'axis' : district?.kind === 'centre' ? 'centre' : district?.kind === 'park' ? 'quiet' : 'quarter'
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    const where = onAxis ? corridor!.name : (district?.name ?? city.name)
    sites.push({
      entityId: `urn:ngsi-ld:NoiseLevelObserved:${city.id}:noise:${label}`,
      name: `${where}, microphone ${index}`,
      position,
      district: where,
      intervalMs: MINUTE_MS,
      phaseMs: spreadPhaseMs(index, MINUTE_MS),
      place,
      seed: hashText(`${seed} ${label}`),
      sonometerClass: random() < 0.3 ? '1' : '2',
    })
  }
  return sites
}

function noiseEntity(site: NoiseSite, world: World, atMs: EpochMs): JsonObject {
  const level = levelDbA(site, world, atMs)
  const minute = Math.floor(atMs / MINUTE_MS)
  const peak = 6 + 6 * noiseAt(site.seed, minute, 11) + (noiseAt(site.seed, minute, 12) < 0.03 ? 9 : 0)
  const spread = 1 + noiseAt(site.seed, minute, 13)
  const meta = { observedAtMs: atMs, unitCode: site.fault === 'broken-unit' ? '2N1' : '2N' }
  const levelOf = (value: number): JsonObject => property(Math.round(value * 10) / 10, meta)
  return {
    id: site.entityId,
    type: 'NoiseLevelObserved',
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    sonometerClass: property(site.sonometerClass),
    dateObservedFrom: dateTime(atMs - site.intervalMs, { observedAtMs: atMs }),
    dateObservedTo: dateTime(atMs, { observedAtMs: atMs }),
    LAeq: levelOf(level),
    LAmax: levelOf(level + peak),
    LA10: levelOf(level + 1.5 + spread),
    LA90: levelOf(level - 3 - 2 * spread),
  }
}

function levelDbA(site: NoiseSite, world: World, atMs: EpochMs): number {
  const { place, seed } = site
  const minute = Math.floor(atMs / MINUTE_MS)
  const own = 3 * (noiseAt(seed, 1) * 2 - 1) // this street against others of its kind
  const weather = world.weatherAt(atMs)
  const activity = world.activityAt(atMs)
  const nightlife = rhythmAt(NIGHTLIFE, localHourOfWeek(atMs, world.city.timeZone))

  // Ten times the vehicles are ten decibels, and a little more: at night the lorries are missing.
  // The hour's own chance moves slowly, the minute's fast.
  const flow = Math.max(0.01, activity * (1 + 0.25 * smoothNoiseAt(atMs / (17 * MINUTE_MS), seed, 2)))
  let traffic = TRAFFIC_DB[place] + own + 13 * Math.log10(flow)
  if (weather.rainMmH > 0.1) traffic += 1.5 // tyres on a wet road
  traffic += 1.2 * normalAt(seed, minute, 3)
  if (noiseAt(seed, minute, 4) < 0.015) traffic += 7 // a siren, a motorcycle

  const people = PEOPLE_DB[place] + 10 * Math.log10(Math.max(0.003, nightlife * (weather.rainMmH > 0.5 ? 0.4 : 1)))
  const rain = weather.rainMmH > 0 ? 42 + 8 * Math.log10(Math.max(0.1, weather.rainMmH)) : 0
  const wind = weather.windMs > 5 ? 30 + 2 * weather.windMs : 0
  const floor = FLOOR_DB[place] + own * 0.5 + smoothNoiseAt(atMs / (40 * MINUTE_MS), seed, 5)

  let power = 0
  for (const event of world.eventsAt(atMs)) {
    const heard = heardDb(event, distanceM(site.position, event.centre))
    traffic += heard.trafficDb
    if (heard.levelDb > 0) power += 10 ** (heard.levelDb / 10)
  }
  for (const source of [traffic, people, rain, wind, floor]) power += 10 ** (source / 10)
  return 10 * Math.log10(power)
}

/** What an event adds at a distance: a level of its own, and a change of the traffic. */
function heardDb(event: CityEvent, fromM: number): { readonly levelDb: number; readonly trafficDb: number } {
  if (event.kind === 'concert' && fromM < event.radiusM * 2.5) {
    // 94 dB(A) at 20 m from the stage, 6 dB less at each doubling, and houses in between.
    return { levelDb: 94 - 20 * Math.log10(Math.max(fromM, 20) / 20) - fromM / 100, trafficDb: fromM < event.radiusM ? 1 : 0 }
  }
  if (event.kind === 'road-closed') {
    if (fromM < event.radiusM * 0.5) return { levelDb: 0, trafficDb: -7 }
    if (fromM < event.radiusM * 2) return { levelDb: 0, trafficDb: 1.5 } // the detour
  }
  return { levelDb: 0, trafficDb: 0 }
}
