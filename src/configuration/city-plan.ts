/**
 * What the page may know of the configuration: no addresses of brokers, no secrets.
 * The server makes it from the configuration file and gives it out at `/api/config`.
 */
import type { Area } from '../core/geo/areas.ts'
import type { Bounds, LonLat } from '../core/geo/position.ts'

export interface PublicConfiguration {
  readonly title: string
  readonly version: string
  readonly cities: readonly CityPlan[]
}

export interface CityPlan {
  readonly id: string
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** IANA zone. */
  readonly timeZone: string
  /** Middle of the city: where the camera starts and the cell grid is anchored. */
  readonly anchor: LonLat
  readonly bounds: Bounds
  readonly population?: number
  readonly areaKm2?: number
  /** Domain ids, in the order of the tiles. */
  readonly layers: readonly string[]
  /** Overrides of a domain's own, seconds, by domain id. */
  readonly expectedIntervalS: Readonly<Record<string, number>>
  /** Local dates that are lived as a Sunday, `2026-12-25`; without them a holiday counts as its weekday. */
  readonly holidays?: readonly string[]
  /** Parts of the city that have totals of their own. */
  readonly districts?: DistrictsPlan
  readonly brokers: readonly BrokerPlan[]
  readonly basemap: BasemapPlan
  /** Present where the server watches for incidents. */
  readonly incidents?: { readonly mayAct: boolean }
  /** Plain text: whose data it is. */
  readonly attribution?: string
  readonly licence?: string
  readonly contact?: string
}

export interface DistrictsPlan {
  /** `sectors` are cut by geometry and are nobody's official districts; every screen says so. */
  readonly kind: 'boundaries' | 'sectors'
  /** Names differ. */
  readonly areas: readonly Area[]
  /** Plain text: whose boundaries, or how the sectors are cut. */
  readonly source: string
}

export interface BrokerPlan {
  readonly id: string
  readonly name: string
  /** True when what it holds is made up; the page says so wherever it shows. */
  readonly simulated: boolean
  /** Ways by which it is heard, the best first; as its kind allows when left out. */
  readonly transports?: readonly Transport[]
  readonly pollIntervalS?: number
}

/** The same words as a profile's. */
export const TRANSPORTS = ['relay', 'mqtt', 'orion-ws', 'obelisk-events', 'poll'] as const
export type Transport = (typeof TRANSPORTS)[number]

export type BasemapPlan =
  /** Offline: `url` is a GeoJSON file on this origin (land, water, outline, places). */
  | { readonly kind: 'outline'; readonly url?: string }
  | { readonly kind: 'pmtiles'; readonly url: string; readonly attribution: string }
  | { readonly kind: 'style'; readonly url: string; readonly attribution: string }
