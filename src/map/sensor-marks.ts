/**
 * From the rows of a frame to columns of marks: where each is, its colour and ink, and its size.
 *
 * Only rows that may have changed are looked at: those the frame names, or all of them when it names
 * none or another frame came between. What is equal after all is not written.
 */
import { FRESHNESS } from '../core/time/freshness.ts'
import { widened } from './buffers.ts'
import { type ClassColours, type ColourScale, classColours, colourOffset } from './class-colours.ts'
import type { InstanceColumn, InstanceRows } from './instance-rows.ts'
import { type MapTheme, PALETTES } from './map-palette.ts'
import { collectSpans } from './row-spans.ts'
import { INKS, type Ink, NO_MARK } from './sensor-glyph-layer.ts'

/** The part of a frame this draws. */
export interface SensorRows {
  readonly count: number
  readonly positions: Float32Array // [lon, lat] per row; NaN = no position
  readonly values: Float32Array // NaN = nothing measured
  readonly freshness: Uint8Array // index into FRESHNESS
  readonly sequence?: number
  readonly changedRows?: { readonly sinceSequence: number; readonly spans: Uint32Array }
}

export interface SensorLook {
  readonly id: string
  readonly scale: ColourScale
  /** Radius of a mark at city zoom, pixels; the same for all when absent. */
  readonly radiusPx?: (value: number) => number
  /** Radius on the ground of a cell that is too few to show; absent for places without a size. */
  readonly tooFewCellM?: number
}

export interface MarkOptions {
  readonly theme: MapTheme
  readonly ownsColour: boolean
  /** Whose rows these are: a row keeps its sensor, and sequences go on, while this is the same object. */
  readonly roster?: object
}

export const DEFAULT_RADIUS_PX = 6

/** A mark's index is its sensor's row. */
export const NO_MARKS: InstanceRows = { length: 0, revision: 0, columns: [] }

const CODE = Object.fromEntries(INKS.map((ink, code) => [ink, code])) as Readonly<Record<Ink, number>>
/** By the frame's freshness byte. */
const INK_OF_FRESHNESS = Uint8Array.from(FRESHNESS, (freshness) => CODE[freshness])

/** Fills and refills one set of columns. The last answer stands until the next call. */
export function createSensorMarks(look: SensorLook): (rows: SensorRows, options: MarkOptions) => InstanceRows {
  const { radiusPx } = look
  let positions = new Float32Array(0)
  let radii = new Float32Array(0)
  /** Red, green, blue, ink: four bytes that are compared and written as one number. */
  let inks = new Uint32Array(0)
  let inkBytes = new Uint8Array(0)
  const moved = collectSpans(8)
  const recoloured = collectSpans(4)
  const resized = collectSpans(4)
  let colours: ClassColours | undefined
  let last: { readonly rows: SensorRows; readonly theme: MapTheme; readonly ownsColour: boolean; readonly roster: object | undefined } | undefined
  let marks: InstanceRows = NO_MARKS

  function makeRoom(count: number): void {
    if (inks.length >= count) return
    positions = widened(positions, 2 * count)
    inks = widened(inks, count)
    inkBytes = new Uint8Array(inks.buffer)
    if (radiusPx) radii = widened(radii, count)
  }

  function readRows(rows: SensorRows, from: number, to: number, colours: ClassColours, ownsColour: boolean): void {
    for (let row = from; row < to; row++) {
      const lon = rows.positions[2 * row]!
      const lat = rows.positions[2 * row + 1]!
      const value = rows.values[row]!
      const freshness = rows.freshness[row]!
      const isSomewhere = lon === lon && lat === lat
      if (isSomewhere && (positions[2 * row] !== lon || positions[2 * row + 1] !== lat)) {
        positions[2 * row] = lon
        positions[2 * row + 1] = lat
        moved.add(row)
      }
      const ink = isSomewhere ? markInk(colours, value, ownsColour ? inkOf(value, freshness) : CODE.ghost) : NOWHERE
      if (inks[row] !== ink) {
        inks[row] = ink
        recoloured.add(row)
      }
      if (radiusPx === undefined) continue
      const radius = Math.fround(bodyRadiusPx(look, value, freshness))
      if (radii[row] !== radius) {
        radii[row] = radius
        resized.add(row)
      }
    }
  }

  return (rows, { theme, ownsColour, roster }) => {
    const isSameLook = last?.theme === theme && last.ownsColour === ownsColour
    if (isSameLook && last?.rows === rows) return marks
    if (colours === undefined || last?.theme !== theme) colours = classColours(look.scale, theme, PALETTES[theme].stale)

    const { count, changedRows } = rows
    makeRoom(count)
    const isNamed = isSameLook && changedRows !== undefined && changedRows.sinceSequence === last?.rows.sequence && roster === last.roster
    if (isNamed) {
      const { spans } = changedRows
      for (let span = 0; span < spans.length; span += 2) readRows(rows, spans[span]!, Math.min(spans[span + 1]!, marks.length, count), colours, ownsColour)
      readRows(rows, marks.length, count, colours, ownsColour)
    } else {
      readRows(rows, 0, count, colours, ownsColour)
    }

    const columns: InstanceColumn[] = [
      { accessor: 'getPosition', size: 2, values: positions, changed: moved.take() },
      { accessor: 'getFillColor', size: 4, values: inkBytes, changed: recoloured.take() },
    ]
    if (radiusPx) columns.push({ accessor: 'getRadius', size: 1, values: radii, changed: resized.take() })
    // The same state under the same number: a layer that has it does nothing.
    if (count !== marks.length || columns.some(({ changed, values }, index) => changed.length > 0 || marks.columns[index]?.values !== values)) {
      marks = { length: count, revision: marks.revision + 1, columns }
    }
    last = { rows, theme, ownsColour, roster }
    return marks
  }
}

const NOWHERE = (NO_MARK << 24) >>> 0

/** As bytes in memory: red, green, blue, ink. Every platform with WebGL is little-endian. */
function markInk(colours: ClassColours, value: number, ink: number): number {
  const from = colourStart(colours, value, ink)
  const { rgb } = colours
  return ((ink << 24) | (rgb[from + 2]! << 16) | (rgb[from + 1]! << 8) | rgb[from]!) >>> 0
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
