/**
 * Simulated riders with lights that tell of each stretch they ride: two minutes of it, where, how fast, how rough.
 *
 * A rider has one route, out in the morning and back in the afternoon, and rides it when the hour says so. Between
 * rides the light tells that it stands. No page ever gets one of these: the relay puts them into cells.
 */
import { alongPath, pathLengthM, pickLonger } from '../../core/geo/placement.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { formatInstant, HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { poissonAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property, relationship } from '../../ngsi-ld/normalized.ts'
import type { SampleSite, World } from '../sample-world.ts'

export interface RiderSite extends SampleSite {
  readonly rider: string
  readonly path: readonly LonLat[]
  readonly seed: number
  /** m/s on an even street without wind. */
  readonly pace: number
}

const INTERVAL_MS = 2 * MINUTE_MS
/** Riders for each cycling sensor: enough that main routes have five in an hour, and side streets do not. */
const RIDERS_PER_SENSOR = 1.4
/** Most of the volunteers ride in the same few quarters, as in any pilot. */
const ROUTES = 5

export function isRiderSite(site: SampleSite): site is RiderSite {
  return 'rider' in site
}

export function riderSites(world: World, count: number): readonly RiderSite[] {
  const { city } = world
  const seed = hashText(`${city.id} riders ${world.seed}`)
  const random = createRandom(seed)
  const streets = (city.corridors ?? []).filter(({ isMotorway, path }) => isMotorway !== true && path.length > 1)
  const ways = Array.from({ length: ROUTES }, () => pickLonger(streets, random())?.path ?? [city.anchor, city.districts[0]?.centre ?? city.anchor])
  return Array.from({ length: Math.round(count * RIDERS_PER_SENSOR) }, (_, index): RiderSite => {
    const own = hashText(`${seed} ${index}`)
    // The first ways have most riders.
    const path = ways[Math.floor(ways.length * noiseAt(own, 1) ** 2)]!
    const name = `Light ${index + 1}`
    return {
      entityId: `urn:ngsi-ld:CyclingRideSegment:${city.id}:rides:${own.toString(36)}`,
      name,
      position: alongPath(path, 0.5),
      district: city.name,
      intervalMs: INTERVAL_MS,
      phaseMs: spreadPhaseMs(index, INTERVAL_MS),
      rider: `urn:ngsi-ld:Rider:${city.id}:${hashText(`rider ${own}`).toString(36)}`,
      path,
      seed: own,
      pace: 4.2 + 1.6 * noiseAt(own, 2),
    }
  })
}

export function segmentEntity(site: RiderSite, world: World, atMs: EpochMs): JsonObject {
  const { path, seed, pace } = site
  const tick = Math.floor(atMs / INTERVAL_MS)
  const rideHour = Math.floor(atMs / HOUR_MS)
  const rides = noiseAt(seed, rideHour, 3) < 0.15 + 0.75 * world.activityAt((rideHour * HOUR_MS) as EpochMs)
  const seconds = INTERVAL_MS / 1_000
  const metres = rides ? Math.round(pace * seconds * (0.8 + 0.4 * noiseAt(seed, tick, 4))) : 0
  const lengthM = Math.max(1, pathLengthM(path))
  // To and fro along the route, from where this rider begins.
  const doneM = ((atMs / 1_000) * pace + noiseAt(seed, 5) * 2 * lengthM) % (2 * lengthM)
  const share = (doneM < lengthM ? doneM : 2 * lengthM - doneM) / lengthM
  const [lon, lat] = rides ? alongPath(path, share) : site.position
  const km = metres / 1_000
  const observed = { observedAtMs: atMs }
  return {
    id: site.entityId,
    type: 'CyclingRideSegment',
    name: property(site.name),
    refRider: relationship(site.rider),
    // A place that changes has its time, or its history would be one place.
    location: { ...pointLocation([Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5]), observedAt: formatInstant(atMs) },
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    dateObservedFrom: dateTime(atMs - INTERVAL_MS, observed),
    dateObservedTo: dateTime(atMs, observed),
    distance: property(metres, { ...observed, unitCode: 'MTR' }),
    duration: property(seconds, { ...observed, unitCode: 'SEC' }),
    roughness: property(Math.round((0.6 + 1.4 * noiseAt(Math.floor(lon * 300), Math.floor(lat * 400), 6)) * 100) / 100, observed),
    brakingEvents: property(poissonAt(km * 0.35, seed, tick * 3), observed),
    swervingEvents: property(poissonAt(km * 0.12, seed, tick * 3 + 1), observed),
    nearMissEvents: property(poissonAt(km * 0.02, seed, tick * 3 + 2), observed),
  }
}
