/**
 * From the cells of a frame to columns of tiles. Cells are few beside sensors, so each is looked at and
 * only what differs is written.
 */
import { widened } from './buffers.ts'
import { type ClassColours, type ColourScale, classColours, colourOffset } from './class-colours.ts'
import type { InstanceRows } from './instance-rows.ts'
import { type MapTheme, PALETTES } from './map-palette.ts'
import { collectSpans } from './row-spans.ts'

/** The part of a frame this draws. */
export interface CellRows {
  /** From a cell's centre to its corner. */
  readonly radiusM: number
  readonly count: number
  readonly centres: Float32Array // [lon, lat] per cell
  readonly values: Float32Array // NaN = nothing measured
}

export interface CellLook {
  readonly id: string
  readonly scale: ColourScale
}

export const NO_TILES: InstanceRows = { length: 0, revision: 0, columns: [] }

/** Nothing measured: a faint edge. Nothing there: an edge. Else the whole tile. */
const COVER = { unmeasured: 0, clear: 128, full: 255 } as const

/** Fills and refills one set of columns. The last answer stands until the next call. */
export function createCellTiles(look: CellLook): (cells: CellRows, options: { readonly theme: MapTheme; readonly ownsColour: boolean }) => InstanceRows {
  let centres = new Float32Array(0)
  /** Red, green, blue, cover: four bytes that are compared and written as one number. */
  let fills = new Uint32Array(0)
  let fillBytes = new Uint8Array(0)
  const moved = collectSpans(8)
  const recoloured = collectSpans(4)
  let colours: ClassColours | undefined
  let last: { readonly cells: CellRows; readonly theme: MapTheme; readonly ownsColour: boolean } | undefined
  let tiles: InstanceRows = NO_TILES

  return (cells, { theme, ownsColour }) => {
    if (last?.cells === cells && last.theme === theme && last.ownsColour === ownsColour) return tiles
    if (colours === undefined || last?.theme !== theme) colours = classColours(look.scale, theme, PALETTES[theme].stale)
    const { count } = cells
    if (fills.length < count) {
      centres = widened(centres, 2 * count)
      fills = widened(fills, count)
      fillBytes = new Uint8Array(fills.buffer)
    }
    for (let cell = 0; cell < count; cell++) {
      const lon = cells.centres[2 * cell]!
      const lat = cells.centres[2 * cell + 1]!
      if (centres[2 * cell] !== lon || centres[2 * cell + 1] !== lat) {
        centres[2 * cell] = lon
        centres[2 * cell + 1] = lat
        moved.add(cell)
      }
      const fill = tileFill(colours, ownsColour ? cells.values[cell]! : Number.NaN)
      if (fills[cell] !== fill) {
        fills[cell] = fill
        recoloured.add(cell)
      }
    }
    const columns = [
      { accessor: 'getPosition', size: 2, values: centres, changed: moved.take() },
      { accessor: 'getFillColor', size: 4, values: fillBytes, changed: recoloured.take() },
    ] as const
    if (count !== tiles.length || columns.some(({ changed, values }, index) => changed.length > 0 || tiles.columns[index]?.values !== values)) {
      tiles = { length: count, revision: tiles.revision + 1, columns }
    }
    last = { cells, theme, ownsColour }
    return tiles
  }
}

/** As bytes in memory: red, green, blue, cover. Every platform with WebGL is little-endian. */
function tileFill(colours: ClassColours, value: number): number {
  const { rgb } = colours
  const absent = rgb.length - 3
  const from = colourOffset(colours, value)
  const cover = from === absent ? COVER.unmeasured : colours.isClear[from / 3] === true ? COVER.clear : COVER.full
  return ((cover << 24) | (rgb[from + 2]! << 16) | (rgb[from + 1]! << 8) | rgb[from]!) >>> 0
}
