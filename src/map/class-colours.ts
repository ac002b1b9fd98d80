/**
 * From a value to the colour of its legend class, as bytes for the GPU.
 *
 * A frame can hold a million values, so the legend becomes two small typed arrays and the loop
 * over the rows makes no objects. Bounds are rounded to float32 as the frame's values are:
 * a measured 12.1 stays on its bound of 12.1.
 */
import { type MapTheme, rgbOf } from './map-palette.ts'

/** The part of a legend that colours a map. */
export interface ColourScale {
  /** Ascending; the first reaches down without end. */
  readonly classes: readonly { readonly from: number; readonly day: string; readonly night: string; readonly isClear?: boolean }[]
  /** Does a value equal to a bound belong to the class above it (`lower-inclusive`) or below (`upper-inclusive`)? */
  readonly boundary: 'lower-inclusive' | 'upper-inclusive'
}

export interface ClassColours {
  /** Lower bounds of the classes after the first. */
  readonly bounds: Float32Array
  /** Three bytes a class, then three for "nothing measured". */
  readonly rgb: Uint8Array
  readonly lowerInclusive: boolean
  /** By class: measured, and none of it there. */
  readonly isClear: readonly boolean[]
}

export function classColours(scale: ColourScale, theme: MapTheme, absent: string): ClassColours {
  const colours = [...scale.classes.map((one) => one[theme]), absent]
  return {
    bounds: Float32Array.from(scale.classes.slice(1), ({ from }) => from),
    rgb: Uint8Array.from(colours.flatMap((hex) => rgbOf(hex))),
    lowerInclusive: scale.boundary === 'lower-inclusive',
    isClear: scale.classes.map(({ isClear }) => isClear === true),
  }
}

/** Where the value's colour starts in `rgb`; NaN has the last one. */
export function colourOffset({ bounds, rgb, lowerInclusive }: ClassColours, value: number): number {
  if (Number.isNaN(value)) return rgb.length - 3
  let index = 0
  // A legend has few classes: walking beats halving.
  while (index < bounds.length && (lowerInclusive ? value >= bounds[index]! : value > bounds[index]!)) index++
  return index * 3
}
