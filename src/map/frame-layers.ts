/**
 * The layers of one domain: cells far out, sensors close up, and a ring around what is looked at.
 * Domains add their legend and, where size means something, a radius.
 */
import type { Layer } from '@deck.gl/core'
import { LineLayer, ScatterplotLayer } from '@deck.gl/layers'
import type { LonLat } from '../core/geo/position.ts'
import { createCellLayers, type Motion } from './cell-layers.ts'
import type { CellRows } from './cell-tiles.ts'
import { classColours } from './class-colours.ts'
import { crossFade, FINEST_CELL_M, pixelsOf } from './cross-fade.ts'
import { fanOut, type FannedRow } from './fan-out.ts'
import type { PickedInstance } from './instance-layer.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'
import { rootScale } from './root-scale.ts'
import { GLYPH_PROPS, SensorGlyphLayer } from './sensor-glyph-layer.ts'
import { createSensorLayers, markScale } from './sensor-layers.ts'
import { bodyRadiusPx, DEFAULT_RADIUS_PX, markColour, type SensorLook, type SensorRows } from './sensor-marks.ts'
import { createTooFewLayers } from './too-few-layers.ts'

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
  /** Whose rows these are: a row keeps its sensor, and sequences go on, while this is the same object. Comes back with each pick. */
  readonly roster?: object
  /** Absent when nothing may move by itself. */
  readonly motion?: Motion
  /** Rows of which too few are known to show. */
  readonly tooFewRows?: readonly number[]
  readonly onPick?: (pick: { readonly row: number } | { readonly cell: number }) => void
}

const RING_STEP_PX = 4
const NONE: readonly number[] = []

/** One function for each domain and map: it keeps the buffers between frames. */
export function createFrameLayers(look: SensorLook): (frame: FrameRows, options: FrameOptions) => readonly Layer[] {
  const cellLayers = createCellLayers(look)
  const sensorLayers = createSensorLayers(look)
  return (frame, { theme, zoom, ownsColour, selectedRow, highlightedRow = -1, tooFewRows = NONE, roster, motion, onPick }) => {
    // A ghost says where sensors are, never what their cells hold.
    const fade = ownsColour ? fadeOf(frame, zoom) : { cells: 0, sensors: 1 }
    return [
      ...cellLayers(frame.cells, { theme, ownsColour, opacity: fade.cells, ...(motion ? { motion } : {}), ...(onPick ? { onPick: (cell) => onPick({ cell }) } : {}) }),
      ...createTooFewLayers({ id: look.id, theme, zoom, rows: ownsColour ? tooFewRows : NONE, cellM: look.tooFewCellM }, frame),
      ...sensorLayers(frame, { theme, zoom, ownsColour, opacity: fade.sensors, ...(roster ? { roster } : {}), ...(onPick ? { onPick: (row) => onPick({ row }) } : {}) }),
      ...fan(frame, { look, theme, zoom, row: ownsColour && fade.sensors > 0 ? selectedRow : -1, roster }),
      ...spotlight(frame, { look, theme, zoom, rows: ownsColour ? spotsOf(selectedRow, highlightedRow) : [] }),
    ]
  }
}

function spotsOf(selectedRow: number, highlightedRow: number): Spot[] {
  const selected: Spot = { row: selectedRow, rings: 2 }
  return highlightedRow === selectedRow ? [selected] : [{ row: highlightedRow, rings: 1 }, selected]
}

/** Without cells there is nothing to give way to: sensors are drawn at any zoom. */
function fadeOf({ cells }: FrameRows, zoom: number): { readonly cells: number; readonly sensors: number } {
  if (cells.count === 0) return { cells: 0, sensors: 1 }
  const first: LonLat = [cells.centres[0]!, cells.centres[1]!]
  return crossFade(pixelsOf(FINEST_CELL_M, first, zoom))
}

interface Ring {
  readonly position: [number, number]
  readonly radiusPx: number
  readonly widthPx: number
  readonly paper: boolean
}

/** What is looked at, drawn once more above everything: rings on paper, and the mark itself even where cells stand for it. */
function spotlight(frame: FrameRows, { look, theme, zoom, rows }: { readonly look: SensorLook; readonly theme: MapTheme; readonly zoom: number; readonly rows: readonly Spot[] }): readonly Layer[] {
  const palette = PALETTES[theme]
  const root = rootScale()
  const scale = markScale(zoom) * root
  const spots = rows.filter(({ row }) => row >= 0 && row < frame.count && !Number.isNaN(frame.positions[2 * row]) && !Number.isNaN(frame.positions[2 * row + 1]))
  const bodyPx = (row: number): number => bodyRadiusPx(look, frame.values[row]!, frame.freshness[row]!) * scale
  const at = (row: number): [number, number] => [frame.positions[2 * row]!, frame.positions[2 * row + 1]!]
  // deck.gl takes another array for other data, even when both are empty.
  const rings = spots.length === 0 ? NO_RINGS : spots.flatMap(({ row, rings }): Ring[] => {
    const outermost = bodyPx(row) + rings * RING_STEP_PX * root
    return [
      { position: at(row), radiusPx: outermost + 2.5 * root, widthPx: 0, paper: true },
      ...Array.from({ length: rings }, (_, ring) => ({ position: at(row), radiusPx: bodyPx(row) + (ring + 1) * RING_STEP_PX * root, widthPx: 1.75 * root, paper: false })),
    ]
  })
  const colours = classColours(look.scale, theme, palette.stale)
  return [
    new ScatterplotLayer<Ring>({
      id: `${look.id}-rings`,
      data: rings,
      getPosition: ({ position }) => position,
      getRadius: ({ radiusPx }) => radiusPx,
      getLineWidth: ({ widthPx }) => widthPx,
      getFillColor: ({ paper }) => [...rgbOf(palette.bg0), paper ? 235 : 0] as Rgba,
      getLineColor: ({ paper }) => [...rgbOf(palette.accent), paper ? 0 : 255] as Rgba,
      radiusUnits: 'pixels',
      lineWidthUnits: 'pixels',
      stroked: true,
    }),
    new SensorGlyphLayer({
      ...GLYPH_PROPS,
      id: `${look.id}-spots`,
      data: spots.length === 0 ? NO_SPOTS : spots,
      getPosition: ({ row }: Spot) => at(row),
      getFillColor: ({ row }: Spot) => markColour(colours, frame.values[row]!, frame.freshness[row]!),
      getRadius: ({ row }: Spot) => bodyPx(row),
      getLineColor: [...rgbOf(palette.bg0), 255],
    }),
  ]
}

interface Fanned extends FannedRow, PickedInstance {}

/** Those that stand where the selected one stands, around it, each with a line to the place. */
function fan(frame: FrameRows, { look, theme, zoom, row, roster }: { readonly look: SensorLook; readonly theme: MapTheme; readonly zoom: number; readonly row: number; readonly roster: object | undefined }): readonly Layer[] {
  const palette = PALETTES[theme]
  const root = rootScale()
  const found = fanOut(frame, row, { zoom, scale: root })
  // deck.gl takes another array for other data, even when both are empty.
  const data: readonly Fanned[] = found.length === 0 ? NO_FAN : found.map((one) => ({ ...one, index: one.row, drawn: roster }))
  const colours = classColours(look.scale, theme, palette.stale)
  return [
    new LineLayer<Fanned>({
      id: `${look.id}-fan-lines`,
      data,
      getSourcePosition: () => [frame.positions[2 * row]!, frame.positions[2 * row + 1]!],
      getTargetPosition: ({ position }) => [...position],
      getColor: [...rgbOf(palette.text1), 255],
      getWidth: 1.25 * root,
      widthUnits: 'pixels',
      visible: data.length > 0,
    }),
    new SensorGlyphLayer({
      ...GLYPH_PROPS,
      id: `${look.id}-fan`,
      data,
      getPosition: ({ position }: Fanned) => [...position] as [number, number],
      getFillColor: ({ row }: Fanned) => markColour(colours, frame.values[row]!, frame.freshness[row]!),
      getRadius: DEFAULT_RADIUS_PX * root,
      getLineColor: [...rgbOf(palette.bg0), 255],
      pickable: true,
      visible: data.length > 0,
    }),
  ]
}

const NO_FAN: readonly Fanned[] = []

type Rgba = [number, number, number, number]
interface Spot {
  readonly row: number
  readonly rings: 1 | 2
}
const NO_RINGS: readonly Ring[] = []
const NO_SPOTS: readonly Spot[] = []
