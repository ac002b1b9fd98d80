/**
 * Hexagonal cells: from the typed arrays of a frame to one layer of flat hexagons in true metres.
 *
 * A cell must not be taken for a sensor: it is a tile of the ground, translucent and without a ring.
 */
import type { Layer } from '@deck.gl/core'
import { atLeast, copyChanged } from './buffers.ts'
import { CellTileLayer } from './cell-tile-layer.ts'
import { type ClassColours, type ColourScale, classColours, colourOffset } from './class-colours.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'

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

export interface CellOptions {
  readonly theme: MapTheme
  readonly ownsColour: boolean
  /** 0 to 1, from the cross-fade. */
  readonly opacity: number
  readonly onPick?: (cell: number) => void
}

/** What goes to the GPU: deck.gl's binary data. Objects stay the same while their content does. */
export interface CellTiles {
  readonly length: number
  readonly attributes: {
    readonly getPosition: { readonly value: Float32Array; readonly size: 2 }
    /** Colour, and in the fourth byte how much of the tile has it (`COVER`). */
    readonly getFillColor: { readonly value: Uint8Array; readonly size: 4; readonly normalized: true }
  }
}

/** Nothing measured: a faint edge. Nothing there: an edge. Else the whole tile. */
const COVER = { unmeasured: 0, clear: 128, full: 255 } as const

export function createCellLayers(look: CellLook): (cells: CellRows, options: CellOptions) => readonly Layer[] {
  const tilesOf = createCellTiles(look)
  return (cells, { theme, ownsColour, opacity, onPick }) => [
    new CellTileLayer({
      id: `${look.id}-cells`,
      data: tilesOf(cells, { theme, ownsColour }) as never, // deck's type for binary data is not that of `data`
      radiusUnits: 'meters',
      getRadius: cells.radiusM,
      getLineColor: [...rgbOf(PALETTES[theme].bg0), 255],
      opacity,
      visible: opacity > 0,
      pickable: ownsColour && opacity > 0.3,
      onClick: ({ index }) => {
        if (index >= 0) onPick?.(index)
        return false // the host hears it too
      },
    }),
  ]
}

/** Fills and refills one set of buffers. The last answer stands until the next call. */
export function createCellTiles(look: CellLook): (cells: CellRows, options: { readonly theme: MapTheme; readonly ownsColour: boolean }) => CellTiles {
  let centres = new Float32Array(0)
  let fills = new Uint8Array(0)
  let lut: ClassColours | undefined
  let last: { cells: CellRows; theme: MapTheme; ownsColour: boolean; tiles: CellTiles } | undefined

  return (cells, { theme, ownsColour }) => {
    if (last?.cells === cells && last.theme === theme && last.ownsColour === ownsColour) return last.tiles
    const palette = PALETTES[theme]
    if (lut === undefined || last?.theme !== theme) lut = classColours(look.scale, theme, palette.stale)

    const { count } = cells
    const kept = centres.length >= 2 * count && last?.tiles.length === count
    centres = atLeast(centres, 2 * count)
    fills = atLeast(fills, 4 * count)
    const moved = copyChanged(centres, cells.centres, 2 * count) || !kept

    const absent = lut.rgb.length - 3
    for (let cell = 0; cell < count; cell++) {
      const from = ownsColour ? colourOffset(lut, cells.values[cell]!) : absent
      fills[4 * cell] = lut.rgb[from]!
      fills[4 * cell + 1] = lut.rgb[from + 1]!
      fills[4 * cell + 2] = lut.rgb[from + 2]!
      fills[4 * cell + 3] = from === absent ? COVER.unmeasured : lut.isClear[from / 3] === true ? COVER.clear : COVER.full
    }

    const tiles: CellTiles = {
      length: count,
      attributes: {
        getPosition: !moved && last ? last.tiles.attributes.getPosition : { value: centres.subarray(0, 2 * count), size: 2 },
        getFillColor: { value: fills.subarray(0, 4 * count), size: 4, normalized: true },
      },
    }
    last = { cells, theme, ownsColour, tiles }
    return tiles
  }
}
