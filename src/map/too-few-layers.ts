/**
 * Places of which too few are known to show anything: a hexagon with an edge and slanted lines, in ink and never in the
 * colour of a class. A cell has its true size on the ground; anything else has the size of a mark.
 */
import type { Layer } from '@deck.gl/core'
import { LineLayer } from '@deck.gl/layers'
import { moved } from '../core/geo/placement.ts'
import type { LonLat } from '../core/geo/position.ts'
import { pixelsOf } from './cross-fade.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'
import { rootScale } from './root-scale.ts'

export interface TooFewPlaces {
  readonly count: number
  readonly positions: Float32Array // [lon, lat] per row; NaN = no position
}

export interface TooFewOptions {
  readonly id: string
  readonly theme: MapTheme
  readonly zoom: number
  readonly rows: readonly number[]
  /** From the centre of a cell to its corner; absent for a place that has no size of its own. */
  readonly cellM?: number | undefined
}

export interface Stroke {
  readonly from: [number, number]
  readonly to: [number, number]
}

const PLACE_RADIUS_PX = 9
/** Lines of the hatch across a hexagon, and beyond which size more of them are drawn. */
const LINES = 5
/** A cell that is smaller than this on the screen is drawn as a place: it could not be seen. */
const LEAST_CELL_PX = 5

export function createTooFewLayers({ id, theme, zoom, rows, cellM }: TooFewOptions, { count, positions }: TooFewPlaces): readonly Layer[] {
  const centres = rows.flatMap((row): LonLat[] => {
    const lon = positions[2 * row]
    const lat = positions[2 * row + 1]
    return row >= count || lon === undefined || lat === undefined || Number.isNaN(lon) || Number.isNaN(lat) ? [] : [[lon, lat]]
  })
  const [first] = centres
  const perMetre = first === undefined ? 1 : pixelsOf(1, first, zoom)
  const isCell = cellM !== undefined && cellM * perMetre >= LEAST_CELL_PX
  const radiusM = isCell ? cellM : (PLACE_RADIUS_PX * rootScale()) / perMetre
  return [
    new LineLayer<Stroke>({
      id: `${id}-too-few`,
      data: centres.flatMap((centre) => hatchedHexagon(centre, radiusM)),
      getSourcePosition: ({ from }) => from,
      getTargetPosition: ({ to }) => to,
      getColor: [...rgbOf(PALETTES[theme].text3), 220],
      getWidth: 1.25 * rootScale(),
      widthUnits: 'pixels',
      pickable: false,
    }),
  ]
}

/** Edge and hatch of a pointy-top hexagon, as the cells of the grid are. */
export function hatchedHexagon(centre: LonLat, radiusM: number): readonly Stroke[] {
  const corners = Array.from({ length: 6 }, (_, corner): readonly [number, number] => {
    const angle = ((60 * corner + 30) * Math.PI) / 180
    return [radiusM * Math.cos(angle), radiusM * Math.sin(angle)]
  })
  const at = ([x, y]: readonly [number, number]): [number, number] => {
    const [lon, lat] = moved(centre, x, y)
    return [lon, lat]
  }
  const edges = corners.map((corner, index): Stroke => ({ from: at(corner), to: at(corners[(index + 1) % 6]!) }))
  const hatch = Array.from({ length: LINES }, (_, line): Stroke[] => {
    // Lines x − y = c: where they cross the edges.
    const c = ((line - (LINES - 1) / 2) / LINES) * 2 * radiusM * 1.15
    const crossings = corners.flatMap(([ax, ay], index): (readonly [number, number])[] => {
      const [bx, by] = corners[(index + 1) % 6]!
      const a = ax - ay - c
      const b = bx - by - c
      if (a === b || a * b > 0) return []
      const t = a / (a - b)
      return [[ax + t * (bx - ax), ay + t * (by - ay)]]
    })
    const [one] = crossings
    const other = crossings.find((crossing) => one !== undefined && Math.hypot(crossing[0] - one[0], crossing[1] - one[1]) > radiusM * 1e-6)
    return one === undefined || other === undefined ? [] : [{ from: at(one), to: at(other) }]
  }).flat()
  return [...edges, ...hatch]
}
