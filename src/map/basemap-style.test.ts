import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it } from 'vitest'
import { outlineStyle } from './basemap-style.ts'
import { kilometreGrid } from './graticule.ts'
import { PALETTES } from './map-palette.ts'
import { EMPTY_OUTLINE, type Outline, readOutline } from './outline.ts'
import { quietLayers } from './pmtiles-basemap.ts'

const PORTO = { anchor: [-8.611, 41.1496], bounds: [-8.7, 41.1, -8.5, 41.2] } as const

const FILE = {
  type: 'FeatureCollection',
  bbox: [-8.76, 41.09, -8.5, 41.23],
  attribution: 'Coast © <b>OpenStreetMap</b> contributors',
  features: [
    feature('land', { type: 'Polygon', coordinates: [[[-8.68, 41.1], [-8.5, 41.1], [-8.5, 41.2], [-8.68, 41.1]]] }),
    feature('river', { type: 'LineString', coordinates: [[-8.6, 41.14], [-8.55, 41.13]] }, { widthM: 250 }),
    feature('district', { type: 'Point', coordinates: [-8.61, 41.15] }, { name: 'Baixa<script>', rank: 1 }),
    feature('tramway', { type: 'Point', coordinates: [-8.61, 41.15] }),
    feature('park', { type: 'Polygon', coordinates: [[['-8.68', 41.1]]] }),
    feature('park', { type: 'Circle', coordinates: [] }),
    'nonsense',
    null,
  ],
}

function feature(kind: string, geometry: object, properties: object = {}): object {
  return { type: 'Feature', properties: { kind, ...properties }, geometry }
}

function seaOf(outline: Outline): unknown {
  return outlineStyle({ outline, theme: 'day', ...PORTO }).layers.find(({ id }) => id === 'sea')
}

describe('the outline file', () => {
  it('is read with doubt: broken features are counted, kinds we do not draw are not', () => {
    const outline = readOutline(FILE)!
    expect(outline.features.map(({ properties }) => properties)).toEqual([{ kind: 'land' }, { kind: 'river', widthM: 250 }, { kind: 'district', name: 'Baixa', rank: 1 }])
    expect(outline).toMatchObject({ rejected: 4, attribution: 'Coast © OpenStreetMap contributors', bounds: [-8.76, 41.09, -8.5, 41.23] })
  })

  it.each([undefined, null, 7, 'x', [], {}, { type: 'FeatureCollection' }, { type: 'FeatureCollection', features: {} }])('is refused when it is %j', (json) => {
    expect(readOutline(json)).toBeUndefined()
  })
})

describe('the quiet chart', () => {
  const outline: Outline = readOutline(FILE)!

  it.each(['day', 'night'] as const)('is a valid style by %s', (theme) => {
    expect(validateStyleMin(outlineStyle({ outline, theme, ...PORTO, scale: 2 }))).toEqual([])
    expect(validateStyleMin(outlineStyle({ outline: EMPTY_OUTLINE, theme, ...PORTO }))).toEqual([])
  })

  it('asks nobody for anything: no address, no glyphs, no sprite', () => {
    const style = outlineStyle({ outline, theme: 'day', ...PORTO })
    expect(style.glyphs).toBeUndefined()
    expect(style.sprite).toBeUndefined()
    expect(style['font-faces']).toBeUndefined()
    expect(JSON.stringify(style)).not.toMatch(/https?:|\/\//)
  })

  it('draws sea only where the file knows land', () => {
    expect(seaOf(outline)).toMatchObject({ paint: { 'fill-color': PALETTES.day.water } })
    expect(seaOf(EMPTY_OUTLINE)).toMatchObject({ paint: { 'fill-color': PALETTES.day.land } })
  })
})

describe('a PMTiles basemap', () => {
  it.each(['day', 'night'] as const)('is a valid style by %s, without icons, in the chart\'s own font', (theme) => {
    const layers = quietLayers(PALETTES[theme])
    const style = { version: 8 as const, sources: { basemap: { type: 'vector' as const, url: 'pmtiles://city.pmtiles' } }, layers }
    // Without `glyphs` MapLibre draws letters itself; the validator of the style specification does not know that.
    expect(validateStyleMin(style).filter(({ message }) => !/glyphs/.test(message))).toEqual([])
    expect(JSON.stringify(layers).match(/icon-image|Noto|https?:/)).toBeNull()
  })
})

describe('the kilometre grid', () => {
  it('has squares of a true kilometre and marks every fifth and tenth line', () => {
    const lines = kilometreGrid(PORTO.anchor, PORTO.bounds)
    const rows = lines.filter(({ from, to }) => from[1] === to[1]).map(({ from, stepKm }) => ({ km: ((from[1] - PORTO.anchor[1]) * Math.PI * 6371.0088) / 180, stepKm }))
    expect(rows.map(({ km }) => Math.round(km * 1e6) / 1e6 + 0)).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5])
    expect(rows.map(({ stepKm }) => stepKm)).toEqual([5, 1, 1, 1, 1, 10, 1, 1, 1, 1, 5])
  })

  it('is left out where a box is no city', () => {
    expect(kilometreGrid([0, 0], [-180, -85, 180, 85])).toEqual([])
  })
})
