/**
 * Single sensors: from the typed arrays of a frame to one layer of marks.
 *
 * Rows without a position are left out, and each mark remembers its row for picking. Positions are
 * compared with those on the GPU and sent only when one changed; colours are four bytes a sensor.
 */
import type { Layer } from '@deck.gl/core'
import { FRESHNESS } from '../core/time/freshness.ts'
import { atLeast } from './buffers.ts'
import { type ClassColours, type ColourScale, classColours, colourOffset } from './class-colours.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'
import { rootScale } from './root-scale.ts'
import { GLYPH_PROPS, INKS, type Ink, SensorGlyphLayer } from './sensor-glyph-layer.ts'

/** The part of a frame this draws. */
export interface SensorRows {
  readonly count: number
  readonly positions: Float32Array // [lon, lat] per row; NaN = no position
  readonly values: Float32Array // NaN = nothing measured
  readonly freshness: Uint8Array // index into FRESHNESS
}

export interface SensorLook {
  readonly id: string
  readonly scale: ColourScale
  /** Radius of a mark at city zoom, pixels; the same for all when absent. */
  readonly radiusPx?: (value: number) => number
  /** Radius on the ground of a cell that is too few to show; absent for places without a size. */
  readonly tooFewCellM?: number
}

export interface SensorOptions {
  readonly theme: MapTheme
  readonly zoom: number
  readonly ownsColour: boolean
  /** 0 to 1, from the cross-fade. */
  readonly opacity: number
  readonly onPick?: (row: number) => void
}

/** What goes to the GPU: deck.gl's binary data. Objects stay the same while their content does. */
export interface SensorMarks {
  readonly length: number
  readonly attributes: {
    readonly getPosition: { readonly value: Float32Array; readonly size: 2 }
    readonly rowIndexes: { readonly value: Uint32Array; readonly size: 1 }
    /** Colour, and in the fourth byte the ink. */
    readonly getFillColor: { readonly value: Uint8Array; readonly size: 4; readonly normalized: true }
    readonly getRadius?: { readonly value: Float32Array; readonly size: 1 }
  }
}

export const DEFAULT_RADIUS_PX = 6

const CODE = Object.fromEntries(INKS.map((ink, code) => [ink, code])) as Readonly<Record<Ink, number>>
/** By the frame's freshness byte. */
const INK_OF_FRESHNESS = Uint8Array.from(FRESHNESS, (freshness) => CODE[freshness])

export function createSensorLayers(look: SensorLook): (rows: SensorRows, options: SensorOptions) => readonly Layer[] {
  const marksOf = createSensorMarks(look)
  return (rows, { theme, zoom, ownsColour, opacity, onPick }) => [
    new SensorGlyphLayer({
      ...GLYPH_PROPS,
      id: `${look.id}-sensors`,
      data: marksOf(rows, { theme, ownsColour }) as never, // deck's type for binary data knows no rowIndexes
      getLineColor: [...rgbOf(PALETTES[theme].bg0), 255],
      ...(look.radiusPx ? {} : { getRadius: DEFAULT_RADIUS_PX }),
      radiusScale: markScale(zoom) * rootScale(),
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

/** Marks grow gently as one comes closer, so that a street of sensors stays apart and a single one is easy to hit. */
export function markScale(zoom: number): number {
  return Math.min(1.5, Math.max(0.7, 1 + (zoom - 13) * 0.11))
}

/** Fills and refills one set of buffers. The last answer stands until the next call. */
export function createSensorMarks(look: SensorLook): (rows: SensorRows, options: { readonly theme: MapTheme; readonly ownsColour: boolean }) => SensorMarks {
  let positions = new Float32Array(0)
  let rowIndexes = new Uint32Array(0)
  let colours = new Uint8Array(0)
  let radii = new Float32Array(0)
  let lut: ClassColours | undefined
  let last: { rows: SensorRows; theme: MapTheme; ownsColour: boolean; marks: SensorMarks } | undefined

  return (rows, { theme, ownsColour }) => {
    if (last?.rows === rows && last.theme === theme && last.ownsColour === ownsColour) return last.marks
    if (lut === undefined || last?.theme !== theme) lut = classColours(look.scale, theme, PALETTES[theme].stale)

    const { count } = rows
    let moved = positions.length < 2 * count || last === undefined
    positions = atLeast(positions, 2 * count)
    rowIndexes = atLeast(rowIndexes, count)
    colours = atLeast(colours, 4 * count)
    if (look.radiusPx) radii = atLeast(radii, count)

    let length = 0
    for (let row = 0; row < count; row++) {
      const lon = rows.positions[2 * row]!
      const lat = rows.positions[2 * row + 1]!
      if (Number.isNaN(lon) || Number.isNaN(lat)) continue
      if (positions[2 * length] !== lon || positions[2 * length + 1] !== lat || rowIndexes[length] !== row) {
        positions[2 * length] = lon
        positions[2 * length + 1] = lat
        rowIndexes[length] = row
        moved = true
      }
      const value = rows.values[row]!
      const ink = ownsColour ? inkOf(value, rows.freshness[row]!) : CODE.ghost
      const from = colourStart(lut, value, ink)
      colours[4 * length] = lut.rgb[from]!
      colours[4 * length + 1] = lut.rgb[from + 1]!
      colours[4 * length + 2] = lut.rgb[from + 2]!
      colours[4 * length + 3] = ink
      if (look.radiusPx) radii[length] = bodyRadiusPx(look, value, rows.freshness[row]!)
      length++
    }
    if (length !== last?.marks.length) moved = true

    const before = last?.marks.attributes
    const marks: SensorMarks = {
      length,
      attributes: {
        getPosition: !moved && before ? before.getPosition : { value: positions.subarray(0, 2 * length), size: 2 },
        rowIndexes: !moved && before ? before.rowIndexes : { value: rowIndexes.subarray(0, length), size: 1 },
        getFillColor: { value: colours.subarray(0, 4 * length), size: 4, normalized: true },
        ...(look.radiusPx ? { getRadius: { value: radii.subarray(0, length), size: 1 } } : {}),
      },
    }
    last = { rows, theme, ownsColour, marks }
    return marks
  }
}

/** Size speaks of now, as colour does: without a value that counts, a mark has the common size. */
export function bodyRadiusPx(look: SensorLook, value: number, freshness: number): number {
  return look.radiusPx && inkOf(value, freshness) <= CODE.stale && !Number.isNaN(value) ? look.radiusPx(value) : DEFAULT_RADIUS_PX
}

/** Colour and ink of one mark, as `createSensorMarks` writes them. */
export function markColour(colours: ClassColours, value: number, freshness: number): [number, number, number, number] {
  const ink = inkOf(value, freshness)
  const from = colourStart(colours, value, ink)
  return [colours.rgb[from]!, colours.rgb[from + 1]!, colours.rgb[from + 2]!, ink]
}

/** Only marks that show a class have its colour: a lost sensor's last value says nothing of now. */
function colourStart(colours: ClassColours, value: number, ink: number): number {
  return ink <= CODE.stale ? colourOffset(colours, value) : colours.rgb.length - 3
}

/** Age first: a lost sensor is lost whatever it last said. Then absence, which is never drawn as a value. */
export function inkOf(value: number, freshness: number): number {
  const ink = INK_OF_FRESHNESS[freshness] ?? CODE.lost
  return ink <= CODE.ageing && Number.isNaN(value) ? CODE['no-data'] : ink
}
