/**
 * The border of a part of the city: a thin line of ink on a paler one, so that it is seen on paper, sea and any class's colour.
 * It is looked at, never picked.
 */
import type { Layer } from '@deck.gl/core'
import { LineLayer } from '@deck.gl/layers'
import { edgesOf, type Area } from '../core/geo/areas.ts'
import type { LonLat } from '../core/geo/position.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'
import { rootScale } from './root-scale.ts'

type Edge = readonly [from: LonLat, to: LonLat]

const edgesByArea = new WeakMap<Area, readonly Edge[]>()

export function createAreaOutline(area: Area, theme: MapTheme): readonly Layer[] {
  let data = edgesByArea.get(area)
  if (data === undefined) edgesByArea.set(area, (data = area.polygons.flatMap((polygon) => polygon.flatMap((ring) => [...edgesOf(ring)]))))
  const { bg0, text1 } = PALETTES[theme]
  const line = (id: string, colour: string, alpha: number, widthPx: number): Layer =>
    new LineLayer<Edge>({
      id,
      data,
      getSourcePosition: ([[lon, lat]]) => [lon, lat],
      getTargetPosition: ([, [lon, lat]]) => [lon, lat],
      getColor: [...rgbOf(colour), alpha],
      getWidth: widthPx * rootScale(),
      widthUnits: 'pixels',
      pickable: false,
    })
  return [line('district-casing', bg0, 200, 4), line('district-border', text1, 255, 1.5)]
}
