/**
 * A city's own PMTiles extract as basemap, in the chart's colours. Loaded only when a city is
 * configured so: neither the reader nor the style is in the first load.
 */
import { type Flavor, GRAYSCALE, layers } from '@protomaps/basemaps'
import { addProtocol, type LayerSpecification, type StyleSpecification, type SymbolLayerSpecification } from 'maplibre-gl'
import { Protocol } from 'pmtiles'
import { LABEL_FONT } from './basemap-style.ts'
import { type MapPalette, type MapTheme, PALETTES } from './map-palette.ts'

let registered = false

/** `url` is absolute, or relative to the page. */
export function pmtilesStyle(url: string, theme: MapTheme): StyleSpecification {
  if (!registered) {
    addProtocol('pmtiles', new Protocol().tile)
    registered = true
  }
  return {
    version: 8,
    name: `belvedere-pmtiles-${theme}`,
    transition: { duration: 0, delay: 0 },
    sources: { basemap: { type: 'vector', url: `pmtiles://${url}` } },
    layers: quietLayers(PALETTES[theme]),
  }
}

export function quietLayers(palette: MapPalette): LayerSpecification[] {
  // Icons and shields need a sprite sheet; the chart has neither, nor points of interest.
  return (layers('basemap', flavour(palette), { lang: 'en' }) as LayerSpecification[])
    .filter((layer) => !/pois|shields|oneway|address/.test(layer.id))
    .map((layer) => (layer.type === 'symbol' ? inOurHand(layer) : layer))
}

/** Names as they are on the spot, in the chart's own letters, without the sprite's arrows and shields. */
function inOurHand(layer: SymbolLayerSpecification): SymbolLayerSpecification {
  const layout = Object.fromEntries(Object.entries(layer.layout ?? {}).filter(([name]) => !name.startsWith('icon-')))
  return { ...layer, layout: { ...layout, 'text-field': ['coalesce', ['get', 'name'], ''], 'text-font': [LABEL_FONT] } }
}

/** Land and water, roads one step lighter, names in the text colours; everything else is land. */
function flavour(palette: MapPalette): Flavor {
  const entries = Object.keys(GRAYSCALE).map((name): [string, unknown] => {
    if (/halo/.test(name)) return [name, palette.land]
    if (/label/.test(name)) return [name, /city|country/.test(name) ? palette.text2 : palette.text3]
    if (/casing/.test(name)) return [name, palette.hairline]
    if (/water/.test(name)) return [name, palette.water]
    if (/park|wood|scrub/.test(name)) return [name, palette.park]
    if (/highway|major|minor|link|other|bridges|tunnel|runway|pier|pedestrian/.test(name)) return [name, palette.road]
    if (/railway|boundaries/.test(name)) return [name, palette.hairline]
    return [name, palette.land]
  })
  // Points of interest and land cover are their own tables; without them their layers are left out.
  const { pois: _pois, landcover: _landcover, ...flat } = Object.fromEntries(entries)
  // Every key of a flavour is there, which `fromEntries` forgets.
  return flat as unknown as Flavor
}
