/**
 * What the map needs to know of a city. A `CityPlan` is one as it stands; the map knows no more of configuration than this.
 */
import type { Bounds, LonLat } from '../core/geo/position.ts'

export interface MapArea {
  readonly anchor: LonLat
  readonly bounds: Bounds
  readonly basemap: Basemap
  /** Whose data is shown: plain text, or markup that is reduced to it. */
  readonly attribution?: string
}

export type Basemap =
  | { readonly kind: 'outline'; readonly url?: string }
  | { readonly kind: 'pmtiles'; readonly url: string; readonly attribution: string }
  | { readonly kind: 'style'; readonly url: string; readonly attribution: string }
