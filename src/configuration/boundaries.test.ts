import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createAreaIndex } from '../core/geo/areas.ts'
import type { Bounds, LonLat } from '../core/geo/position.ts'
import { MAX_VERTICES, readBoundaries } from './boundaries.ts'
import { formatProblem } from './problem.ts'

const bounds: Bounds = [-8.7, 41.1, -8.5, 41.2]
const options = { nameKey: 'name', bounds }

const square = (west: number, south: number, size: number): LonLat[] => [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
const feature = (name: unknown, coordinates: unknown, type = 'Polygon'): object => ({ type: 'Feature', properties: { name }, geometry: { type, coordinates } })
const collection = (...features: unknown[]): object => ({ type: 'FeatureCollection', features })

function read(json: unknown, nameKey = 'name') {
  const result = readBoundaries(json, { ...options, nameKey })
  if (!result.ok) throw new Error(result.error.map(formatProblem).join('\n'))
  return result.value
}

describe('boundaries', () => {
  it('are read with holes, parts and the property that has the name', () => {
    const areas = read(
      {
        type: 'FeatureCollection',
        features: [
          { type: 'Feature', properties: { freguesia: '  Bonfim ' }, geometry: { type: 'Polygon', coordinates: [square(-8.6, 41.14, 0.03), square(-8.59, 41.15, 0.01)] } },
          { type: 'Feature', properties: { freguesia: 'Islands' }, geometry: { type: 'MultiPolygon', coordinates: [[square(-8.68, 41.11, 0.01)], [square(-8.66, 41.11, 0.01)]] } },
        ],
      },
      'freguesia',
    )
    expect(areas.map(({ name, polygons }) => [name, polygons.length])).toEqual([['Bonfim', 1], ['Islands', 2]])
    const index = createAreaIndex(areas)
    expect([index.at(-8.595, 41.145), index.at(-8.585, 41.155), index.at(-8.655, 41.115), index.at(-8.51, 41.19)]).toEqual([0, -1, 1, -1])
  })

  it('of one name are one district', () => {
    const areas = read(collection(feature('Foz', [square(-8.6, 41.14, 0.01)]), feature(7, [square(-8.62, 41.14, 0.01)]), feature('Foz', [square(-8.64, 41.14, 0.01)])))
    expect(areas.map(({ name, polygons }) => [name, polygons.length])).toEqual([['Foz', 2], ['7', 1]])
  })

  it('may overlap themselves, and have heights', () => {
    const bow = [[-8.6, 41.14, 80], [-8.58, 41.16, 80], [-8.58, 41.14, 80], [-8.6, 41.16, 80], [-8.6, 41.14, 80]]
    expect(read(collection(feature('Bow', [bow])))[0]!.polygons[0]![0]).toHaveLength(5)
  })

  it.each<[name: string, json: unknown, problem: RegExp]>([
    ['something else', [], /^type: expected "FeatureCollection", got \[\]$/],
    ['one feature alone', feature('a', [square(-8.6, 41.14, 0.01)]), /^type: expected "FeatureCollection", got "Feature"$/],
    ['nothing in it', collection(), /^features: expected a list with at least one district, got \[\]$/],
    ['points', collection(feature('a', [-8.6, 41.14], 'Point')), /^features\[0\]\.geometry\.type: expected "Polygon" or "MultiPolygon", got "Point"$/],
    ['a feature without a place', collection({ type: 'Feature', properties: { name: 'a' }, geometry: null }), /geometry\.type: expected "Polygon" or "MultiPolygon", got nothing/],
    ['a name under another key', collection({ type: 'Feature', properties: { NOME: 'a', id: 1 }, geometry: null }), /^features\[0\]\.properties\.name: expected a name of up to 80 letters \(there are: NOME, id\), got nothing$/],
    ['a ring that does not close', collection(feature('a', [square(-8.6, 41.14, 0.01).slice(0, -1)])), /^features\[0\]\.geometry\.coordinates\[0\]: expected a ring that ends where it begins, \[-8\.6,41\.14\], got \[-8\.6,41\.15\]$/],
    ['a ring of three', collection(feature('a', [square(-8.6, 41.14, 0.01).slice(0, 3)])), /coordinates\[0\]: expected a ring of at least four positions, got 3/],
    ['latitude first', collection(feature('a', [square(-8.6, 41.14, 0.01).map(([lon, lat]) => [lat, lon])])), /^the boundary of "a": expected longitude before latitude \(RFC 7946\), got \[41\.14,-8\.6\]$/],
    ['another city', collection(feature('a', [square(4.4, 51.2, 0.01)])), /^the boundary of "a": expected positions near the city's bounds \[-8\.7,41\.1,-8\.5,41\.2\], got \[4\.4,51\.2\]$/],
    ['metres of a national grid', collection(feature('a', [[[-41_000, 165_000], [-40_000, 165_000], [-40_000, 166_000], [-41_000, 165_000]]])), /coordinates\[0\]\[0\]: expected longitude and latitude in degrees \(WGS84\), got \[-41000,165000\]/],
    ['more districts than a byte can tell apart', collection(...Array.from({ length: 255 }, (_, at) => feature(`d${at}`, [square(-8.6, 41.14, 0.01)]))), /expected at most 254 names, got 255/],
    ['every pebble of the coast', collection(feature('a', [[...Array.from({ length: MAX_VERTICES }, (_, at) => [-8.6 + at * 1e-6, 41.14]), [-8.6, 41.14]]])), /expected at most 8000 vertices in all \(simplify the boundaries\), got 8001/],
  ])('say what is wrong with %s', (_, json, problem) => {
    const result = readBoundaries(json, options)
    expect(result.ok ? [] : result.error.map(formatProblem)).toEqual([expect.stringMatching(problem)])
  })

  it('say everything that is wrong with their features at once', () => {
    const result = readBoundaries(collection(feature('a', []), feature('', [square(-8.6, 41.14, 0.01)]), feature('c', [[]])), options)
    expect(result.ok ? [] : result.error.map(({ path }) => path)).toEqual(['features[0].geometry.coordinates', 'features[1].properties.name', 'features[2].geometry.coordinates[0]'])
  })

  test.prop([fc.jsonValue(), fc.jsonValue(), fc.jsonValue()])('never throw, whatever the file holds', (a, b, c) => {
    readBoundaries(a, options)
    readBoundaries(collection(a, feature(b, c), feature('n', c, 'MultiPolygon'), feature('n', [c]), feature('n', [[c, b, a, c]])), options)
    readBoundaries({ type: 'FeatureCollection', features: b }, { ...options, nameKey: '__proto__' })
  })
})
