/**
 * The quiet chart: a MapLibre style made from our own outline file, the same on an air-gapped wall
 * as anywhere. No sprite, no glyph server, no tiles: names are drawn in the page's own Inter, which
 * MapLibre rasterises locally (a style without `glyphs`).
 *
 * Beyond the chart's border lies paper, as on a printed chart: the file knows nothing of what is there.
 */
import type { ExpressionSpecification, GeoJSONSourceSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Bounds, LonLat } from '../core/geo/position.ts'
import { type GridLine, kilometreGrid } from './graticule.ts'
import { type MapPalette, type MapTheme, PALETTES } from './map-palette.ts'
import type { Outline, OutlineKind } from './outline.ts'

export const LABEL_FONT = 'Inter Variable'

/** Metres per CSS pixel at zoom 0 on the equator (512 px tiles). */
const METRES_PER_PX = 40_075_016.69 / 512
/** A river narrower than this on the screen is still a line. */
const THINNEST_RIVER_PX = 0.75

export interface OutlineLook {
  readonly outline: Outline
  readonly theme: MapTheme
  readonly anchor: LonLat
  /** The city's box, for a file that does not name its own. */
  readonly bounds: Bounds
  /** Names are so much larger than on a desk. */
  readonly scale?: number
}

export function outlineStyle({ outline, theme, anchor, bounds, scale = 1 }: OutlineLook): StyleSpecification {
  const palette = PALETTES[theme]
  // Beyond the box the file knows nothing, and sea there would put Milan on an island.
  const extent = outline.bounds ?? bounds
  const of = (...kinds: OutlineKind[]): GeoJSONSourceSpecification => geojson(outline.features.filter(({ properties }) => kinds.includes(properties.kind)))
  return {
    version: 8,
    name: `belvedere-${theme}`,
    transition: { duration: 0, delay: 0 },
    sources: {
      sheet: geojson([sheetOf(extent)]),
      margin: geojson([marginOf(extent)]),
      ground: of('land', 'park'),
      water: of('water', 'river'),
      roads: of('road'),
      city: of('outline'),
      places: of('district', 'landmark'),
      grid: geojson(kilometreGrid(anchor, extent).map((line) => gridFeature(line))),
    },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': palette.bg0 } },
      // With nothing known of land, the sheet is land: an empty file must not flood the city.
      { id: 'sea', type: 'fill', source: 'sheet', paint: { 'fill-color': outline.features.some(({ properties }) => properties.kind === 'land') ? palette.water : palette.land } },
      ...groundLayers(palette, anchor),
      ...gridLayers(palette),
      // A river may run off the sheet; the chart ends at its border.
      { id: 'margin', type: 'fill', source: 'margin', paint: { 'fill-color': palette.bg0, 'fill-antialias': false } },
      { id: 'border', type: 'line', source: 'sheet', paint: { 'line-color': palette.shore, 'line-width': 1 } },
      ...labelLayers(palette, scale),
    ],
  }
}

const POLYGONS: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon']
const LINES: ExpressionSpecification = ['==', ['geometry-type'], 'LineString']
const JOINED = { 'line-cap': 'round', 'line-join': 'round' } as const

function groundLayers(palette: MapPalette, [, lat]: LonLat): LayerSpecification[] {
  return [
    // Shores lie below what they enclose, so only their outer half shows: pieces that touch leave no seam.
    { id: 'coast', type: 'line', source: 'ground', filter: kind('land'), layout: JOINED, paint: { 'line-color': palette.shore, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 1.25, 14, 2.5] } },
    { id: 'land', type: 'fill', source: 'ground', filter: kind('land'), paint: { 'fill-color': palette.land } },
    { id: 'park', type: 'fill', source: 'ground', filter: kind('park'), paint: { 'fill-color': palette.park } },
    { id: 'banks', type: 'line', source: 'water', filter: POLYGONS, layout: JOINED, paint: { 'line-color': palette.shore, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 1, 14, 2] } },
    {
      id: 'river-banks',
      type: 'line',
      source: 'water',
      filter: LINES,
      layout: JOINED,
      paint: { 'line-color': palette.shore, 'line-width': widthInMetres(lat, 1.5) },
    },
    { id: 'water', type: 'fill', source: 'water', filter: POLYGONS, paint: { 'fill-color': palette.water } },
    {
      id: 'river',
      type: 'line',
      source: 'water',
      filter: LINES,
      layout: JOINED,
      paint: { 'line-color': palette.water, 'line-width': widthInMetres(lat, 0) },
    },
    {
      id: 'road',
      type: 'line',
      source: 'roads',
      layout: JOINED,
      paint: { 'line-color': palette.road, 'line-width': ['interpolate', ['exponential', 1.4], ['zoom'], 9, 0.75, 12, 1.75, 16, 7] },
    },
    {
      id: 'city-limit',
      type: 'line',
      source: 'city',
      paint: { 'line-color': palette.controlEdge, 'line-opacity': 0.55, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.75, 14, 1.25], 'line-dasharray': [6, 3, 1, 3] },
    },
  ]
}

/** Hairlines that come as one comes closer, each finer grid when its squares are large enough to count. */
function gridLayers(palette: MapPalette): LayerSpecification[] {
  const layer = (id: string, steps: number[], fromZoom: number): LayerSpecification => ({
    id,
    type: 'line',
    source: 'grid',
    minzoom: fromZoom,
    filter: ['in', ['get', 'stepKm'], ['literal', steps]],
    paint: { 'line-color': palette.hairline, 'line-width': 0.75, 'line-opacity': ['interpolate', ['linear'], ['zoom'], fromZoom, 0, fromZoom + 0.75, 0.6] },
  })
  return [layer('grid-10', [10], 7), layer('grid-5', [5], 9.5), layer('grid-1', [1], 12)]
}

function labelLayers(palette: MapPalette, scale: number): LayerSpecification[] {
  const halo = { 'text-halo-color': palette.land, 'text-halo-width': 1.25, 'text-halo-blur': 0.5 } as const
  return [
    {
      id: 'road-names',
      type: 'symbol',
      source: 'roads',
      minzoom: 13,
      layout: {
        'symbol-placement': 'line',
        'text-field': ['get', 'name'],
        'text-font': [LABEL_FONT],
        'text-size': 10.5 * scale,
        'text-letter-spacing': 0.04,
        'symbol-spacing': 420,
      },
      paint: { ...halo, 'text-color': palette.text3 },
    },
    {
      id: 'landmark-points',
      type: 'circle',
      source: 'places',
      minzoom: 12,
      filter: kind('landmark'),
      paint: { 'circle-radius': 1.75 * scale, 'circle-color': palette.text3 },
    },
    {
      id: 'landmark-names',
      type: 'symbol',
      source: 'places',
      minzoom: 12,
      filter: kind('landmark'),
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [LABEL_FONT],
        'text-size': 11 * scale,
        'text-anchor': 'left',
        'text-offset': [0.6, 0],
        'text-max-width': 9,
        'text-padding': 6,
        'symbol-sort-key': ['coalesce', ['get', 'rank'], 9],
      },
      paint: { ...halo, 'text-color': palette.text3 },
    },
    {
      id: 'district-names',
      type: 'symbol',
      source: 'places',
      // Lesser districts come later, by the whole zooms at which filters are read; where names collide the greater stays.
      filter: ['all', kind('district'), ['<=', ['coalesce', ['get', 'rank'], 2], ['step', ['zoom'], 1, 10, 2, 12, 99]]],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [LABEL_FONT],
        'text-size': ['interpolate', ['linear'], ['zoom'], 9, 10.5 * scale, 13, 13 * scale],
        'text-letter-spacing': 0.06,
        'text-max-width': 8,
        'text-padding': 8,
        'symbol-sort-key': ['coalesce', ['get', 'rank'], 9],
      },
      paint: { ...halo, 'text-color': palette.text2, 'text-opacity': ['interpolate', ['linear'], ['zoom'], 8.5, 0, 9.5, 0.95] },
    },
  ]
}

/** A width on the ground, as pixels that double with each zoom; `widthM` of the feature plus some pixels for its banks. */
function widthInMetres(lat: number, extraPx: number): ExpressionSpecification {
  const at = (zoom: number): ExpressionSpecification => [
    '+',
    extraPx,
    ['max', THINNEST_RIVER_PX, ['/', ['coalesce', ['get', 'widthM'], 20], (METRES_PER_PX * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom]],
  ]
  return ['interpolate', ['exponential', 2], ['zoom'], 6, at(6), 12, at(12), 18, at(18)]
}

function kind(name: OutlineKind): ExpressionSpecification {
  return ['==', ['get', 'kind'], name]
}

/** Features come from our own file, whose form the build checks: here they are passed on unread. */
function geojson(features: readonly unknown[]): GeoJSONSourceSpecification {
  return { type: 'geojson', data: { type: 'FeatureCollection', features } as never, tolerance: 0.2 }
}

function sheetOf(extent: Bounds): object {
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ringOf(extent)] } }
}

/** Everything but the sheet. */
function marginOf(extent: Bounds): object {
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ringOf([-180, -85, 180, 85]), ringOf(extent).toReversed()] } }
}

function ringOf([west, south, east, north]: Bounds): [number, number][] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
}

function gridFeature({ stepKm, from, to }: GridLine): object {
  return { type: 'Feature', properties: { stepKm }, geometry: { type: 'LineString', coordinates: [from, to] } }
}
