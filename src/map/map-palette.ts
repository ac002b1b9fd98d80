/**
 * The map's share of the "quiet chart table" tokens: paper, sea and hairlines that leave all colour to the data.
 *
 * The hex values are the design's tokens (contrast computed there on land and water); what stands
 * between two of them is derived here, so a theme stays one column of a table.
 */

export type MapTheme = 'day' | 'night'

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

export interface MapPalette {
  /** Paper: beyond the chart's border, and the casing around each mark. */
  readonly bg0: string
  readonly bg1: string
  readonly land: string
  readonly water: string
  readonly park: string
  /** One step lighter than land. */
  readonly road: string
  readonly text1: string
  readonly text2: string
  readonly text3: string
  readonly hairline: string
  readonly controlEdge: string
  /** Shores and river banks: a step stronger than a hairline. */
  readonly shore: string
  readonly accent: string
  /** Marks without a value, and ghosts of layers that do not own colour. */
  readonly stale: string
}

export const PALETTES: Readonly<Record<MapTheme, MapPalette>> = {
  day: {
    bg0: '#F3F1EC',
    bg1: '#FAF9F6',
    land: '#EFECE6',
    water: '#DCE3E7',
    park: '#E6E7DC',
    road: '#FAF9F6',
    text1: '#1B2127',
    text2: '#4A535C',
    text3: '#5C646D',
    hairline: '#D9D5CC',
    controlEdge: '#7E796C',
    shore: '#C3CBCF',
    accent: '#1F5FA6',
    stale: '#66666B',
  },
  night: {
    bg0: '#0E1318',
    bg1: '#141A20',
    land: '#141A20',
    water: '#0B1014',
    park: '#17201F',
    road: '#222B33',
    text1: '#E8ECEF',
    text2: '#AEB8C2',
    text3: '#8793A0',
    hairline: '#2A343E',
    controlEdge: '#6B7885',
    shore: '#2A343E',
    accent: '#7FB2E5',
    stale: '#8E979F',
  },
}

/** On light paper a mark's rim is its colour times this, so that even the palest class of an index stands out 3:1 (WCAG 1.4.11). */
export const DAY_RIM = 0.55

/** From `#RRGGBB`. Anything else is a broken table, not bad input. */
export function rgbOf(hex: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new Error(`colour: expected #RRGGBB, got "${hex}"`)
  const number = Number.parseInt(hex.slice(1), 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}
