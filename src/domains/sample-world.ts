/**
 * What a domain's sample generator is given: a simulated city with its weather and events.
 *
 * Everything is a function of seed and time, never of what was asked before, so any past hour can be
 * answered without having stored it, and two servers with the same seed show the same city.
 */
import type { LonLat } from '../core/geo/position.ts'
import type { EpochMs } from '../core/time/instant.ts'
import type { JsonObject } from '../ngsi-ld/entity.ts'

export interface SampleDistrict {
  readonly name: string
  readonly centre: LonLat
  /** Roughly how far it reaches, metres. */
  readonly radiusM: number
  readonly kind: 'centre' | 'residential' | 'industrial' | 'park' | 'waterfront' | 'campus'
}

/** A main axis: a street, a ring, a towpath. */
export interface SampleCorridor {
  readonly name: string
  readonly path: readonly LonLat[]
  /** No bicycles. */
  readonly isMotorway?: boolean
}

export interface SampleCity {
  readonly id: string
  readonly name: string
  readonly timeZone: string
  readonly anchor: LonLat
  readonly districts: readonly SampleDistrict[]
  /** Where traffic runs; none when the city's file has none. */
  readonly corridors?: readonly SampleCorridor[]
  /** Inside the city and not in water: where a sensor may stand. */
  isLand(position: LonLat): boolean
}

export interface Weather {
  readonly temperatureC: number
  readonly windMs: number
  /** Direction the wind comes from, degrees. */
  readonly windFromDeg: number
  readonly rainMmH: number
  /** 0 to 1. */
  readonly relativeHumidity: number
}

export interface CityEvent {
  readonly kind: 'concert' | 'road-closed' | 'pollution-episode'
  readonly label: string
  readonly centre: LonLat
  readonly radiusM: number
  readonly startMs: EpochMs
  readonly endMs: EpochMs
}

export interface World {
  readonly seed: number
  readonly city: SampleCity
  weatherAt(ms: EpochMs): Weather
  /** Events going on at the instant. */
  eventsAt(ms: EpochMs): readonly CityEvent[]
  /** How busy the streets are, 0 (dead of night) to 1 (rush hour), by local hour and day type. */
  activityAt(ms: EpochMs): number
}

/**
 * How a simulated sensor misbehaves; most do not. A sampler acts out `broken-unit` only, since it knows
 * its units; the simulation does the rest to any entity.
 */
export type SampleFault = 'broken-unit' | 'swapped-coordinates' | 'dropout' | 'late' | 'duplicate'

export interface SampleSite {
  readonly entityId: string
  readonly name: string
  readonly position: LonLat
  readonly district: string
  /** Reports every so often, at `phaseMs` after the whole interval. */
  readonly intervalMs: number
  readonly phaseMs: number
  readonly fault?: SampleFault
}

export interface Sampler {
  /** How many of a city's sensors are of this domain, against 1 for the others. */
  readonly share?: number
  /** Does `entityAt` know how to publish a wrong unit? */
  readonly canBreakUnit?: boolean
  /** Where sensors of this domain stand in the city: about `count` of them. */
  sites(world: World, count: number): readonly SampleSite[]
  /** Riders, class rooms, flats: whose entities no page gets. They come beside the sensors that are counted, and never misbehave. */
  people?(world: World, count: number): readonly SampleSite[]
  /** What the site published for the instant (a multiple of its interval plus phase): normalized NGSI-LD as cities write it. */
  entityAt(site: SampleSite, world: World, atMs: EpochMs): JsonObject
}
