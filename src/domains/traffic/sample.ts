/**
 * Simulated traffic detectors: one for each place, on main axes and a few in quarters.
 *
 * Demand follows the city's activity; what passes and how fast follows from demand against capacity.
 * Up to capacity the road slows gently; beyond it the road breaks down: fewer pass, and much slower.
 * A closed road is nearly empty, and those around it take the detour.
 */
import { createPlacer, pickLonger } from '../../core/geo/placement.ts'
import { distanceM } from '../../core/geo/position.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { normalAt, poissonAt, smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property } from '../../ngsi-ld/normalized.ts'
import type { Sampler, SampleSite, World } from '../sample-world.ts'

type Road = 'motorway' | 'axis' | 'quarter'

interface TrafficSite extends SampleSite {
  readonly road: Road
  readonly seed: number
  readonly lanes: number
  /** Speed of a lone vehicle. */
  readonly freeFlowKmh: number
  /** Demand in the rush hour against capacity: above 1 it breaks down every workday. */
  readonly peakLoad: number
}

interface Flow {
  readonly perHour: number
  readonly kmh: number
}

/** Vehicles per hour and lane at capacity, less between traffic lights than on motorways: plausible, not measured. */
const LANE_CAPACITY: Readonly<Record<Road, number>> = { motorway: 1_900, axis: 700, quarter: 450 }
const FREE_FLOW_KMH: Readonly<Record<Road, number>> = { motorway: 92, axis: 47, quarter: 30 }
/** A vehicle and the detector's own length, metres: what turns density into occupancy. */
const COVERED_M = 6.5
const INTERVAL_MS = 5 * MINUTE_MS

export const TRAFFIC_SAMPLER: Sampler = {
  sites: trafficSites,
  entityAt: (site, world, atMs) => trafficEntity(site as TrafficSite, world, atMs),
}

function trafficSites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} traffic ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 90 })
  const corridors = city.corridors ?? []
  const sites: TrafficSite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 4; attempt++) {
    const corridor = random() < 0.8 ? pickLonger(corridors, random()) : undefined
    const district = city.districts[Math.floor(random() * city.districts.length)]
    const position = corridor === undefined ? placer.around(district?.centre ?? city.anchor, district?.radiusM ?? 1_500) : placer.onPath(corridor.path, random(), 6)
    if (position === undefined) continue
    const road: Road = corridor === undefined ? 'quarter' : corridor.isMotorway === true ? 'motorway' : 'axis'
    const where = corridor?.name ?? district?.name ?? city.name
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    const own = hashText(`${seed} ${label}`)
    const central = Math.exp(-distanceM(position, city.anchor) / 4_000)
    sites.push({
      entityId: `urn:ngsi-ld:TrafficFlowObserved:${city.id}:traffic:${label}`,
      name: `${where}, detector ${index}`,
      position,
      district: where,
      intervalMs: INTERVAL_MS,
      phaseMs: spreadPhaseMs(index, INTERVAL_MS),
      road,
      seed: own,
      lanes: road === 'quarter' ? 1 : road === 'axis' ? 1 + Math.round(noiseAt(own, 1)) : 2 + Math.round(noiseAt(own, 1)),
      freeFlowKmh: FREE_FLOW_KMH[road] * (0.88 + 0.24 * noiseAt(own, 2)),
      peakLoad: (road === 'quarter' ? 0.3 : 0.6) + 0.3 * central + 0.25 * noiseAt(own, 3),
    })
  }
  return sites
}

function trafficEntity(site: TrafficSite, world: World, atMs: EpochMs): JsonObject {
  const tick = Math.floor(atMs / site.intervalMs)
  // The middle of the counted interval speaks for it.
  const { perHour, kmh } = flowAt(site, world, (atMs - site.intervalMs / 2) as EpochMs)
  const count = poissonAt((perHour * site.intervalMs) / HOUR_MS, site.seed, tick)
  const measuredKmh = Math.max(3, kmh * (1 + (0.12 * normalAt(site.seed, tick, 6)) / Math.sqrt(Math.max(1, count))))
  const countedPerHour = (count * HOUR_MS) / site.intervalMs
  const occupancy = count === 0 ? 0 : Math.min(0.95, ((countedPerHour / measuredKmh / site.lanes) * COVERED_M) / 1_000)
  const meta = { observedAtMs: atMs }
  return {
    id: site.entityId,
    type: 'TrafficFlowObserved',
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    vehicleType: property('anyVehicle'),
    laneDirection: property(noiseAt(site.seed, 4) < 0.5 ? 'forward' : 'backward'),
    dateObserved: dateTime(atMs, meta),
    dateObservedFrom: dateTime(atMs - site.intervalMs, meta),
    dateObservedTo: dateTime(atMs, meta),
    intensity: property(count, { ...meta, unitCode: 'C62' }),
    occupancy: property(Math.round(occupancy * 1_000) / 1_000, { ...meta, unitCode: 'C62' }),
    // As real detectors do: nobody passed, and they say 0 km/h.
    averageVehicleSpeed: property(count === 0 ? 0 : Math.round(measuredKmh * 10) / 10, { ...meta, unitCode: 'KMH' }),
  }
}

function flowAt(site: TrafficSite, world: World, atMs: EpochMs): Flow {
  const { road, lanes, seed, freeFlowKmh } = site
  const capacity = LANE_CAPACITY[road] * lanes
  let load = site.peakLoad * world.activityAt(atMs) * (1 + 0.12 * smoothNoiseAt(atMs / (35 * MINUTE_MS), seed, 5))
  for (const event of world.eventsAt(atMs)) {
    const fromM = distanceM(site.position, event.centre)
    if (event.kind === 'road-closed') {
      if (fromM < event.radiusM * 0.5) load *= 0.03
      else if (fromM < event.radiusM * 2) load *= 1.4 // the detour
    } else if (event.kind === 'concert' && fromM < event.radiusM * 2) load *= 1.25
  }
  const { rainMmH } = world.weatherAt(atMs)
  // A wet road is driven a little slower and holds a little less.
  const wet = 1 - 0.1 * (1 - Math.exp(-rainMmH))
  load /= wet
  if (load <= 1) return { perHour: load * capacity * wet, kmh: freeFlowKmh * wet * (1 - 0.45 * load ** 3) }
  const over = Math.min(1, (load - 1) / 0.5)
  return { perHour: capacity * wet * (0.92 - 0.3 * over), kmh: Math.max(5, freeFlowKmh * wet * (0.38 - 0.26 * over)) }
}
