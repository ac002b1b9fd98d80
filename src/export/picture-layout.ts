/**
 * Where everything stands in the picture of a map that leaves the page: title and time above it, legend, sources and
 * link below. Pure: who draws says how wide a text is. Lengths are CSS pixels; the picture is drawn at a multiple of them.
 */

export interface PictureWords {
  /** "Porto · Noise" */
  readonly title: string
  /** Statistic, window and unit. */
  readonly statistic: string
  /** With zone and offset. */
  readonly time: string
  /** Said where it is so, in the strongest ink. */
  readonly warning?: string | undefined
  readonly classes: readonly { readonly label: string; readonly colour: string }[]
  /** Sources, licence, attribution, link: a paragraph each. */
  readonly notes: readonly string[]
}

export interface PictureInput extends PictureWords {
  readonly map: { readonly width: number; readonly height: number; readonly label?: { readonly text: string; readonly x: number; readonly y: number } }
  /** In the middle of the map. */
  readonly metresPerPixel: number
}

export type Ink = 'text1' | 'text2' | 'line' | 'paper'

export type Mark =
  /** `y` is the base line. `halo`: stands on the map. */
  | { readonly kind: 'text'; readonly text: string; readonly x: number; readonly y: number; readonly font: Font; readonly ink: Ink; readonly align?: 'middle'; readonly halo?: true }
  | { readonly kind: 'box'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly fill: Ink | { readonly colour: string } }

export interface Font {
  readonly sizePx: number
  readonly weight: 400 | 600
}

export interface PictureLayout {
  readonly width: number
  readonly height: number
  readonly map: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Drawn in this order, over the map. */
  readonly marks: readonly Mark[]
}

export type Measure = (text: string, font: Font) => number

/** Narrower, titles and sources would be more than the map. */
const LEAST_WIDTH = 480
const EDGE = 16
const GAP = 8
const SWATCH = 12
const LONGEST_BAR = 120

const TITLE: Font = { sizePx: 20, weight: 600 }
const TEXT: Font = { sizePx: 13, weight: 400 }
const STRONG: Font = { sizePx: 13, weight: 600 }
const NOTE: Font = { sizePx: 11, weight: 400 }
const LABEL: Font = { sizePx: 12, weight: 600 }

export function layoutPicture(input: PictureInput, measure: Measure): PictureLayout {
  const { map, title, statistic, time, warning, classes, notes } = input
  const width = Math.max(map.width + 2 * EDGE, LEAST_WIDTH)
  const room = width - 2 * EDGE
  const marks: Mark[] = []
  let y = EDGE
  const write = (text: string, font: Font, ink: Ink): void => {
    for (const line of wrap(text, room, font, measure)) {
      y += lineHeight(font)
      marks.push({ kind: 'text', text: line, x: EDGE, y: y - descent(font), font, ink })
    }
  }
  write(title, TITLE, 'text1')
  write(statistic, TEXT, 'text2')
  write(time, TEXT, 'text1')
  if (warning !== undefined) write(warning, STRONG, 'text1')
  y += GAP
  const place = { x: Math.round((width - map.width) / 2), y, width: map.width, height: map.height }
  marks.push(...onMap(input, place, measure))
  y += map.height + GAP

  let x = EDGE
  let isRow = false
  for (const { label, colour } of classes) {
    const itemWidth = SWATCH + 6 + measure(label, NOTE)
    if (!isRow || x + itemWidth > width - EDGE) {
      x = EDGE
      y += isRow ? lineHeight(NOTE) + 4 : lineHeight(NOTE)
      isRow = true
    }
    marks.push({ kind: 'box', x, y: y - SWATCH + 1, width: SWATCH, height: SWATCH, fill: { colour } })
    const [text = ''] = wrap(label, room - SWATCH - 6, NOTE, measure)
    marks.push({ kind: 'text', text, x: x + SWATCH + 6, y: y - 1, font: NOTE, ink: 'text1' })
    x += itemWidth + 14
  }
  if (isRow) y += GAP
  marks.push({ kind: 'box', x: EDGE, y, width: room, height: 1, fill: 'line' })
  y += 4
  for (const note of notes) write(note, NOTE, 'text2')
  return { width, height: Math.ceil(y + EDGE), map: place, marks }
}

/** Scale bar at the lower left, and the name of the district where it stands. */
function onMap({ map: { label }, metresPerPixel }: PictureInput, place: PictureLayout['map'], measure: Measure): readonly Mark[] {
  const { metres, text } = scaleBar(metresPerPixel, Math.min(LONGEST_BAR, place.width / 3))
  const barPx = metres / metresPerPixel
  const x = place.x + 12
  const y = place.y + place.height - 14
  const bar = (dx: number, dy: number, width: number, height: number): Mark => ({ kind: 'box', x: x + dx, y: y + dy, width, height, fill: 'text1' })
  return [
    { kind: 'box', x: x - 6, y: y - 22, width: Math.max(barPx, measure(text, NOTE)) + 12, height: 30, fill: 'paper' },
    bar(0, 0, barPx, 1.5),
    bar(0, -5, 1.5, 5),
    bar(barPx - 1.5, -5, 1.5, 5),
    { kind: 'text', text, x: x + 4, y: y - 7, font: NOTE, ink: 'text1' },
    ...(label === undefined ? [] : [{ kind: 'text' as const, text: clean(label.text), x: place.x + label.x, y: place.y + label.y + 4, font: LABEL, ink: 'text1' as const, align: 'middle' as const, halo: true as const }]),
  ]
}

/** The longest of 1, 2 and 5 times a power of ten that is no longer than `mostPx`. */
export function scaleBar(metresPerPixel: number, mostPx: number): { readonly metres: number; readonly text: string } {
  const most = metresPerPixel * mostPx
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = [5, 2, 1].map((step) => step * power).find((one) => one <= most) ?? power
  return { metres, text: metres >= 1_000 ? `${metres / 1_000}\u00A0km` : `${Number(metres.toPrecision(3))}\u00A0m` }
}

const EARTH_M = 40_075_016.69
/** Of a tile at zoom 0, as MapLibre counts zooms. */
const TILE_PX = 512

/** Of Web Mercator at a latitude: a pixel is fewer metres the farther it is from the equator. */
export function metresPerPixel(lat: number, zoom: number): number {
  return (EARTH_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom)
}

/** Lines no wider than the room; a word that alone is wider, as a link, is cut where it must be. */
export function wrap(text: string, room: number, font: Font, measure: Measure): readonly string[] {
  const lines: string[] = []
  let line = ''
  // A no-break space holds its words together.
  for (const word of clean(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (measure(longer, font) <= room) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = ''
    for (const character of word) {
      if (line !== '' && measure(line + character, font) > room) {
        lines.push(line)
        line = ''
      }
      line += character
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** Names come from outside: control characters, and those that turn the direction of reading, could hide or reorder words. */
function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- taking control characters out is the purpose
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, ' ').replaceAll(/ +/g, ' ').trim()
}

function lineHeight({ sizePx }: Font): number {
  return Math.round(sizePx * 1.45)
}

function descent({ sizePx }: Font): number {
  return Math.round(sizePx * 0.4)
}
