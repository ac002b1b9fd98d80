import { describe, expect, it } from 'vitest'
import type { LonLat } from '../../core/geo/position.ts'
import { sampleCity } from '../../../test/sample-cities.ts'
import { loadSampleCity } from './load-city.ts'

const meta = { id: 'x', name: 'X', timeZone: 'UTC', anchor: [0, 0] as LonLat }

describe('a city out of its basemap', () => {
  it.each<[string, string, LonLat, boolean]>([
    ['porto', 'the town hall', [-8.6107, 41.1496], true],
    ['porto', 'the Douro under the Luís I bridge', [-8.6094, 41.1398], false],
    ['porto', 'the Atlantic', [-8.72, 41.15], false],
    ['porto', 'Gaia, across the river', [-8.612, 41.128], false],
    ['antwerp', 'the cathedral', [4.4017, 51.2203], true],
    ['antwerp', 'the Scheldt off the Steen', [4.395, 51.2235], false],
    ['antwerp', 'Linkeroever', [4.371, 51.223], true],
    ['antwerp', 'the Willemdok', [4.408, 51.2308], false],
    ['manchester', 'Piccadilly', [-2.2309, 53.4774], true],
    ['manchester', 'Salford', [-2.29, 53.485], false],
    ['milan', 'the Duomo', [9.1919, 45.4641], true],
    ['milan', 'the Darsena', [9.176, 45.4522], false],
    ['milan', 'Linate, outside', [9.278, 45.449], false],
    ['helsinki', 'the railway station', [24.9414, 60.1719], true],
    ['helsinki', 'Töölönlahti', [24.935, 60.1805], false],
    ['helsinki', 'the open sea', [24.93, 60.12], false],
    ['helsinki', 'Suomenlinna', [24.986, 60.1455], true],
  ])('in %s, %s', (id, _, position, expected) => {
    expect(sampleCity(id).isLand(position)).toBe(expected)
  })

  it('takes a file without anything as land everywhere', () => {
    for (const file of [undefined, null, {}, { features: 'no' }, { features: [null, {}, { properties: {}, geometry: {} }] }]) {
      const city = loadSampleCity(file, meta)
      expect(city.districts).toEqual([])
      expect(city.isLand([1, 1])).toBe(true)
    }
  })
})
