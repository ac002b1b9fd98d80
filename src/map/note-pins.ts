/**
 * Notes on the map: a flag on a pole, which no sensor looks like, its foot on the place. Picked, never part of the data.
 */
import type { Layer } from '@deck.gl/core'
import { IconLayer } from '@deck.gl/layers'
import type { LonLat } from '../core/geo/position.ts'
import { type MapTheme, PALETTES } from './map-palette.ts'
import { rootScale } from './root-scale.ts'

export const NOTE_PINS_ID = 'note-pins'

const SIZE_PX = 26
/** Drawn finer than any screen shows it. */
const ATLAS_PX = 96
const ICON = { flag: { x: 0, y: 0, width: ATLAS_PX, height: ATLAS_PX, anchorX: 0.22 * ATLAS_PX, anchorY: 0.96 * ATLAS_PX } }

const flags = new Map<MapTheme, HTMLCanvasElement>()

export function createNotePins(places: readonly LonLat[], theme: MapTheme): readonly Layer[] {
  if (places.length === 0) return []
  return [
    new IconLayer<LonLat>({
      id: NOTE_PINS_ID,
      data: places,
      // The type wants a texture or an address; luma takes a canvas as well.
      iconAtlas: flagOf(theme) as unknown as string,
      iconMapping: ICON,
      getIcon: () => 'flag',
      getPosition: ([lon, lat]) => [lon, lat],
      getSize: SIZE_PX * rootScale(),
      sizeUnits: 'pixels',
      pickable: true,
    }),
  ]
}

/** Ink on a rim of paper: seen on land, sea and any class's colour. */
function flagOf(theme: MapTheme): HTMLCanvasElement {
  let canvas = flags.get(theme)
  if (canvas !== undefined) return canvas
  canvas = document.createElement('canvas')
  canvas.width = canvas.height = ATLAS_PX
  const context = canvas.getContext('2d')
  const { bg0, text1, accent } = PALETTES[theme]
  if (context !== null) {
    const at = (share: number): number => share * ATLAS_PX
    const draw = (width: number, pole: string, cloth: string): void => {
      context.lineWidth = at(width)
      context.lineJoin = context.lineCap = 'round'
      context.strokeStyle = pole
      context.beginPath()
      context.moveTo(at(0.22), at(0.94))
      context.lineTo(at(0.22), at(0.1))
      context.stroke()
      context.fillStyle = context.strokeStyle = cloth
      context.beginPath()
      context.moveTo(at(0.22), at(0.1))
      context.lineTo(at(0.86), at(0.3))
      context.lineTo(at(0.22), at(0.52))
      context.closePath()
      context.fill()
      context.stroke()
    }
    draw(0.2, bg0, bg0)
    draw(0.07, text1, accent)
  }
  flags.set(theme, canvas)
  return canvas
}
