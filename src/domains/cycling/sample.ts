/**
 * Simulated cycling: counters on streets and towpaths, and stations of hired bicycles; rides are in `sample-rides.ts`.
 *
 * A count is drawn from its mean (Poisson), so five minutes on a quiet path are often zero:
 * a zero that was counted, not one that is missing.
 */
import { createPlacer, pickLonger } from '../../core/geo/placement.ts'
import { distanceM } from '../../core/geo/position.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { localHourOfWeek, rhythmAt, weekRhythm, type WeekRhythm } from '../../core/time/rhythm.ts'
import { poissonAt, smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property } from '../../ngsi-ld/normalized.ts'
import type { Sampler, SampleSite, World } from '../sample-world.ts'
import { isRiderSite, riderSites, segmentEntity } from './sample-rides.ts'

interface CyclingSite extends SampleSite {
  readonly kind: 'counter' | 'docks'
  readonly seed: number
  /** Bicycles an hour in the rush of a mild dry workday (counter). */
  readonly peakPerHour: number
  /** 1 a commuters' route, 0 a leisure path. */
  readonly commuters: number
  /** Slots (docks); 0 for a counter. */
  readonly slots: number
  /** Does this station fill in the morning (workplaces) or empty (homes)? */
  readonly fillsInTheMorning: boolean
}

/**
 * Peak of a typical counter, bicycles an hour. Rounded from the cities' shares of trips by bicycle
 * (Antwerp about 3 in 10, Münster more, Porto about 1 in 100): plausible, not measured.
 */
const PEAK_PER_HOUR: Readonly<Record<string, number>> = { antwerp: 320, muenster: 420, helsinki: 150, milan: 110, manchester: 70, porto: 26, paris: 260, london: 180 }
const PEAK_ELSEWHERE = 100

const COMMUTE = weekRhythm(
  [0.03, 0.02, 0.01, 0.01, 0.02, 0.08, 0.28, 0.75, 1, 0.55, 0.32, 0.32, 0.38, 0.4, 0.38, 0.45, 0.68, 0.97, 0.8, 0.5, 0.32, 0.22, 0.15, 0.08],
  [0.06, 0.04, 0.03, 0.02, 0.02, 0.03, 0.06, 0.12, 0.22, 0.33, 0.45, 0.5, 0.5, 0.5, 0.52, 0.52, 0.5, 0.45, 0.4, 0.32, 0.25, 0.2, 0.16, 0.12],
  [0.08, 0.06, 0.04, 0.03, 0.02, 0.02, 0.04, 0.08, 0.15, 0.25, 0.38, 0.45, 0.45, 0.48, 0.5, 0.5, 0.48, 0.42, 0.35, 0.26, 0.2, 0.15, 0.1, 0.05],
)
const LEISURE = weekRhythm(
  [0.02, 0.01, 0.01, 0.01, 0.02, 0.05, 0.15, 0.3, 0.35, 0.3, 0.32, 0.35, 0.38, 0.38, 0.4, 0.45, 0.55, 0.65, 0.65, 0.5, 0.3, 0.15, 0.08, 0.04],
  [0.03, 0.02, 0.01, 0.01, 0.01, 0.03, 0.08, 0.2, 0.4, 0.65, 0.85, 0.95, 0.85, 0.85, 0.95, 1, 0.95, 0.8, 0.6, 0.4, 0.25, 0.15, 0.08, 0.05],
  [0.03, 0.02, 0.01, 0.01, 0.01, 0.03, 0.08, 0.2, 0.45, 0.75, 0.95, 1, 0.85, 0.85, 1, 1, 0.95, 0.78, 0.55, 0.35, 0.2, 0.12, 0.07, 0.04],
)

export const CYCLING_SAMPLER: Sampler = {
  sites: cyclingSites,
  people: riderSites,
  entityAt: (site, world, atMs) => {
    if (isRiderSite(site)) return segmentEntity(site, world, atMs)
    const own = site as CyclingSite
    return own.kind === 'counter' ? counterEntity(own, world, atMs) : docksEntity(own, world, atMs)
  },
}

function cyclingSites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} cycling ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 60 })
  const corridors = (city.corridors ?? []).filter(({ isMotorway }) => isMotorway !== true)
  const typical = Object.hasOwn(PEAK_PER_HOUR, city.id) ? PEAK_PER_HOUR[city.id]! : PEAK_ELSEWHERE
  const sites: CyclingSite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 4; attempt++) {
    // One in four is a hire station; they stand in quarters, counters on routes.
    const docks = random() < 0.25
    const corridor = pickLonger(corridors, random())
    const district = city.districts[Math.floor(random() * city.districts.length)]
    const position = docks || corridor === undefined ? placer.around(district?.centre ?? city.anchor, district?.radiusM ?? 1_200) : placer.onPath(corridor.path, random(), 8)
    if (position === undefined) continue
    const where = docks || corridor === undefined ? (district?.name ?? city.name) : corridor.name
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    const own = hashText(`${seed} ${label}`)
    const central = Math.exp(-distanceM(position, city.anchor) / 3_500)
    sites.push({
      entityId: docks ? `urn:ngsi-ld:BikeHireDockingStation:${city.id}:cycling:${label}` : `urn:ngsi-ld:TrafficFlowObserved:${city.id}:cycling:${label}`,
      name: `${where}, ${docks ? 'station' : 'counter'} ${index}`,
      position,
      district: where,
      intervalMs: 5 * MINUTE_MS,
      phaseMs: spreadPhaseMs(index, 5 * MINUTE_MS),
      kind: docks ? 'docks' : 'counter',
      seed: own,
      // Few routes carry most of the bicycles: a long tail, stronger towards the centre.
      peakPerHour: typical * (0.35 + 1.1 * central) * Math.exp(1.1 * (noiseAt(own, 1) - 0.4)),
      commuters: docks ? 1 : 0.25 + 0.75 * noiseAt(own, 2),
      slots: docks ? 12 + 2 * Math.floor(noiseAt(own, 3) * 13) : 0,
      fillsInTheMorning: district?.kind === 'centre' || district?.kind === 'campus' || district?.kind === 'industrial',
    })
  }
  return sites
}

function counterEntity(site: CyclingSite, world: World, atMs: EpochMs): JsonObject {
  const tick = Math.floor(atMs / site.intervalMs)
  // The middle of the counted interval speaks for it.
  const middleMs = (atMs - site.intervalMs / 2) as EpochMs
  const mean = (ridersPerHour(site, world, middleMs) * site.intervalMs) / HOUR_MS
  const count = poissonAt(mean, site.seed, tick)
  const { windMs } = world.weatherAt(middleMs)
  return {
    ...head(site, 'TrafficFlowObserved'),
    vehicleType: property('bicycle'),
    laneId: property(1),
    laneDirection: property(noiseAt(site.seed, 4) < 0.5 ? 'forward' : 'backward'),
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    dateObservedFrom: dateTime(atMs - site.intervalMs, { observedAtMs: atMs }),
    dateObservedTo: dateTime(atMs, { observedAtMs: atMs }),
    intensity: property(count, { observedAtMs: atMs, unitCode: 'C62' }),
    // Nobody passed: there is no speed, and none is made up.
    ...(count === 0
      ? {}
      : { averageVehicleSpeed: property(Math.round((16.5 - 0.25 * windMs + 2 * (noiseAt(site.seed, tick, 5) - 0.5)) * 10) / 10, { observedAtMs: atMs, unitCode: 'KMH' }) }),
  }
}

function ridersPerHour(site: CyclingSite, world: World, atMs: EpochMs): number {
  const weather = world.weatherAt(atMs)
  const hour = localHourOfWeek(atMs, world.city.timeZone)
  const wave = mixed(site.commuters, rhythmAt(COMMUTE, hour), rhythmAt(LEISURE, hour))
  // Rain keeps leisure at home more than work.
  const wet = Math.max(0.3, Math.exp(-(0.25 + 0.35 * (1 - site.commuters)) * weather.rainMmH))
  const warmth = 0.45 + 0.55 / (1 + Math.exp(-(weather.temperatureC - 7) / 4))
  const slow = 1 + 0.12 * smoothNoiseAt(atMs / HOUR_MS, site.seed, 6)
  let riders = site.peakPerHour * wave * wet * warmth * slow
  for (const event of world.eventsAt(atMs)) {
    const fromM = distanceM(site.position, event.centre)
    if (event.kind === 'road-closed') {
      if (fromM < event.radiusM * 0.5) riders *= 0.12
      else if (fromM < event.radiusM * 2) riders *= 1.45 // the detour
    } else if (event.kind === 'concert' && fromM < event.radiusM * 1.5) riders *= 1.6
    else if (event.kind === 'pollution-episode') riders *= 0.92
  }
  return riders
}

function docksEntity(site: CyclingSite, world: World, atMs: EpochMs): JsonObject {
  const { slots, seed } = site
  const meta = { observedAtMs: atMs, unitCode: 'C62' }
  const hour = localHourOfWeek(atMs, world.city.timeZone)
  const atWork = fullness(hour)
  const share = 0.5 + (site.fillsInTheMorning ? 0.35 : -0.35) * (2 * atWork - 1) + 0.25 * smoothNoiseAt(atMs / (1.5 * HOUR_MS), seed, 7)
  const outOfService = noiseAt(seed, Math.floor(atMs / (30 * HOUR_MS)), 8) < 0.3 ? 1 : 0
  const bikes = Math.min(slots - outOfService, Math.max(0, Math.round(share * slots)))
  return {
    ...head(site, 'BikeHireDockingStation'),
    status: property('working'),
    observationDateTime: dateTime(atMs),
    totalSlotNumber: property(slots, meta),
    availableBikeNumber: property(bikes, meta),
    outOfServiceSlotNumber: property(outOfService, meta),
    freeSlotNumber: property(slots - outOfService - bikes, meta),
  }
}

/** Share of hired bicycles that stand where people work: up in the morning, down in the afternoon, low at weekends. */
function fullness(hourOfWeek: number): number {
  const hour = hourOfWeek % 24
  if (hourOfWeek >= 120) return 0.4 + 0.1 * Math.sin(((hour - 9) / 12) * Math.PI)
  return 1 / (1 + Math.exp(-(hour - 8.3) * 1.6)) - 1 / (1 + Math.exp(-(hour - 17.3) * 1.3))
}

function head(site: CyclingSite, type: string): JsonObject {
  return {
    id: site.entityId,
    type,
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
  }
}

function mixed(share: number, a: WeekRhythm[number], b: WeekRhythm[number]): number {
  return share * a + (1 - share) * b
}
