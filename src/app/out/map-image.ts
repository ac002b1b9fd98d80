/**
 * The map as a picture that can stand alone: with its title, legend, scale, sources, time and link burnt in. Names from
 * outside are drawn as text on a canvas, which knows no markup.
 */
import type { Theme } from '../../domains/domain-view.ts'
import { layoutPicture, metresPerPixel, type Font, type Ink, type Mark, type PictureLayout } from '../../export/picture-layout.ts'
import { PALETTES } from '../../map/map-palette.ts'
import { legendOf } from '../look.ts'
import type { MapStage } from '../map-stage.ts'
import { pictureTexts, type Shown } from './shown.ts'

/** For paper, and for screens that show two pixels to one. */
const SCALE = 2

export interface MapImage {
  readonly canvas: HTMLCanvasElement
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

/** `theme`: of the map and its colours. `paper`: of what stands around it. Undefined when there is no map. */
export function mapImageOf(stage: MapStage | undefined, shown: Shown, { theme, paper }: { readonly theme: Theme; readonly paper: Theme }): MapImage | undefined {
  const picture = stage?.picture(SCALE)
  if (picture === undefined) return undefined
  const { map, place } = picture
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  const { classes } = legendOf(shown.view.model, shown.layer)
  const layout = layoutPicture(
    {
      ...pictureTexts(shown, map.sources),
      classes: classes.map((one) => ({ label: one.label, colour: one[theme] })),
      map: { width: map.width, height: map.height, ...(map.label !== undefined && { label: map.label }) },
      metresPerPixel: metresPerPixel(place.centre[1], place.zoom),
    },
    (text, font) => {
      context.font = fontOf(font)
      return context.measureText(text).width
    },
  )
  canvas.width = Math.round(layout.width * SCALE)
  canvas.height = Math.round(layout.height * SCALE)
  context.scale(SCALE, SCALE)
  draw(context, layout, map.canvas, { theme, paper })
  return { canvas, width: layout.width, height: layout.height }
}

/** As a file. Undefined when the browser makes none, as of a picture that is too large for it. */
export function pngOf({ canvas }: MapImage): Promise<Blob | undefined> {
  return new Promise((settle) => canvas.toBlob((blob) => settle(blob ?? undefined), 'image/png'))
}

function draw(context: CanvasRenderingContext2D, { width, height, map, marks }: PictureLayout, drawn: HTMLCanvasElement, { theme, paper }: { readonly theme: Theme; readonly paper: Theme }): void {
  const isOnMap = ({ x, y }: Mark): boolean => x >= map.x && y >= map.y && y <= map.y + map.height
  const inkOf = (ink: Ink, mark: Mark): string => {
    const palette = PALETTES[isOnMap(mark) ? theme : paper]
    return { text1: palette.text1, text2: palette.text2, line: palette.hairline, paper: palette.bg1 }[ink]
  }
  context.fillStyle = PALETTES[paper].bg1
  context.fillRect(0, 0, width, height)
  context.fillStyle = PALETTES[theme].bg0
  context.fillRect(map.x, map.y, map.width, map.height)
  context.drawImage(drawn, map.x, map.y, map.width, map.height)
  for (const mark of marks) {
    if (mark.kind === 'box') {
      context.fillStyle = typeof mark.fill === 'string' ? inkOf(mark.fill, mark) : mark.fill.colour
      context.fillRect(mark.x, mark.y, mark.width, mark.height)
      continue
    }
    context.font = fontOf(mark.font)
    context.textAlign = mark.align === 'middle' ? 'center' : 'start'
    if (mark.halo) {
      context.lineJoin = 'round'
      context.lineWidth = 3
      context.strokeStyle = inkOf('paper', mark)
      context.strokeText(mark.text, mark.x, mark.y)
    }
    context.fillStyle = inkOf(mark.ink, mark)
    context.fillText(mark.text, mark.x, mark.y)
  }
}

function fontOf({ sizePx, weight }: Font): string {
  return `${weight} ${sizePx}px 'Inter Variable', system-ui, sans-serif`
}
