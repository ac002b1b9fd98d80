/**
 * The layers of one domain: cells far out, sensors close up, and a ring around what is looked at.
 * Domains add their legend and, where size means something, a radius.
 */
import type { Layer } from '@deck.gl/core'
import { ScatterplotLayer } from '@deck.gl/layers'
import type { LonLat } from '../core/geo/position.ts'
import { type CellRows, createCellLayers } from './cell-layers.ts'
import { crossFade, pixelsOf } from './cross-fade.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'
import { createSensorLayers, DEFAULT_RADIUS_PX, markScale, type SensorLook, type SensorRows } from './sensor-layers.ts'

export interface FrameRows extends SensorRows {
  readonly cells: CellRows
}

export interface FrameOptions {
  readonly theme: MapTheme
  readonly zoom: number
  readonly ownsColour: boolean
  /** Row that is open beside the map, or -1: a double ring. */
  readonly selectedRow: number
  /** Row that list or pointer is on, or -1: a single ring. */
  readonly highlightedRow?: number
  readonly onPick?: (pick: { readonly row: number } | { readonly cell: number }) => void
}

/** One function for each domain and map: it keeps the buffers between frames. */
export function createFrameLayers(look: SensorLook): (frame: FrameRows, options: FrameOptions) => readonly Layer[] {
  const cellLayers = createCellLayers(look)
  const sensorLayers = createSensorLayers(look)
  return (frame, { theme, zoom, ownsColour, selectedRow, highlightedRow = -1, onPick }) => {
    const fade = fadeOf(frame, zoom)
    return [
      ...cellLayers(frame.cells, { theme, ownsColour, opacity: fade.cells, ...(onPick ? { onPick: (cell) => onPick({ cell }) } : {}) }),
      ...sensorLayers(frame, { theme, zoom, ownsColour, opacity: fade.sensors, ...(onPick ? { onPick: (row) => onPick({ row }) } : {}) }),
      ringLayer(`${look.id}-rings`, ringsOf(frame, { look, zoom, theme, selectedRow: ownsColour ? selectedRow : -1, highlightedRow: ownsColour ? highlightedRow : -1 })),
    ]
  }
}

/** Without cells there is nothing to give way to: sensors are drawn at any zoom. */
function fadeOf({ cells }: FrameRows, zoom: number): { readonly cells: number; readonly sensors: number } {
  if (cells.count === 0) return { cells: 0, sensors: 1 }
  const first: LonLat = [cells.centres[0]!, cells.centres[1]!]
  return crossFade(pixelsOf(cells.radiusM, first, zoom))
}

interface Ring {
  readonly position: [number, number]
  readonly radiusPx: number
  readonly widthPx: number
  readonly colour: [number, number, number, number]
}

function ringsOf(
  frame: FrameRows,
  options: { readonly look: SensorLook; readonly zoom: number; readonly theme: MapTheme; readonly selectedRow: number; readonly highlightedRow: number },
): readonly Ring[] {
  const { look, zoom, theme, selectedRow, highlightedRow } = options
  const paper = [...rgbOf(PALETTES[theme].bg0), 235] as Ring['colour']
  const accent = [...rgbOf(PALETTES[theme].accent), 255] as Ring['colour']
  const rings: Ring[] = []
  const add = (row: number, offsetsPx: readonly number[]): void => {
    const position: [number, number] = [frame.positions[2 * row] ?? Number.NaN, frame.positions[2 * row + 1] ?? Number.NaN]
    if (row < 0 || row >= frame.count || Number.isNaN(position[0]) || Number.isNaN(position[1])) return
    const value = frame.values[row]!
    const body = (look.radiusPx && !Number.isNaN(value) ? look.radiusPx(value) : DEFAULT_RADIUS_PX) * markScale(zoom)
    const outer = offsetsPx.at(-1)!
    // Paper below the rings keeps them apart from whatever colour lies there.
    rings.push({ position, radiusPx: body + outer / 2 + 1.5, widthPx: outer + 2, colour: paper })
    for (const offset of offsetsPx) rings.push({ position, radiusPx: body + offset, widthPx: 1.75, colour: accent })
  }
  if (highlightedRow !== selectedRow) add(highlightedRow, [4])
  add(selectedRow, [4, 8])
  return rings
}

function ringLayer(id: string, rings: readonly Ring[]): Layer {
  return new ScatterplotLayer<Ring>({
    id,
    data: rings,
    getPosition: ({ position }) => position,
    getRadius: ({ radiusPx }) => radiusPx,
    getLineWidth: ({ widthPx }) => widthPx,
    getLineColor: ({ colour }) => colour,
    radiusUnits: 'pixels',
    lineWidthUnits: 'pixels',
    filled: false,
    stroked: true,
  })
}
