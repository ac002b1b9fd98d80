/**
 * Where the map looks and what was pointed at, in words that name no map library.
 */
import type { Bounds, LonLat } from '../core/geo/position.ts'

export interface MapCamera {
  readonly centre: LonLat
  readonly zoom: number
  readonly bounds: Bounds
  /** False while it still moves. */
  readonly settled: boolean
}

export type CameraTarget = { readonly bounds: Bounds } | { readonly centre: LonLat; readonly zoom?: number }

/** Parts of the map that lie under panels, CSS pixels. */
export interface Padding {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

export interface MapLabel {
  readonly text: string
  readonly position: LonLat
}

/** What the map shows, to be put into another picture. */
export interface MapPicture {
  readonly canvas: HTMLCanvasElement
  /** On the screen, CSS pixels: the canvas has more. */
  readonly width: number
  readonly height: number
  /** Whose ground it is, plain text. */
  readonly sources: string
  /** Where the name of a district stands; it is no part of the canvas. */
  readonly label?: { readonly text: string; readonly x: number; readonly y: number }
}

export interface MapPick {
  readonly layerId: string
  /** Row of a frame in a layer of sensors, cell in a layer of cells. */
  readonly index: number
  /** Where what was picked is drawn, as it was drawn then. */
  readonly position?: LonLat
  /** What its maker gave the layer as `drawn`: whose rows they are. A pointer's pick can be older than the newest rows. */
  readonly drawn?: unknown
  /** In the container, CSS pixels. */
  readonly x: number
  readonly y: number
}

export interface MapWords {
  readonly zoomIn: string
  readonly zoomOut: string
  readonly attribution: string
}
