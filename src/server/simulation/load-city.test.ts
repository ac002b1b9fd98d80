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
    ['antwerp', 'the church of Ekeren', [4.418, 51.2805], true],
    ['antwerp', 'Zwijndrecht, on the other bank', [4.329, 51.217], false],
    ['antwerp', 'Mortsel', [4.455, 51.17], false],
    ['manchester', 'Piccadilly', [-2.2309, 53.4774], true],
    ['manchester', 'Salford', [-2.29, 53.485], false],
    ['milan', 'the Duomo', [9.1919, 45.4641], true],
    ['milan', 'the Darsena', [9.176, 45.4522], false],
    ['milan', 'Linate, outside', [9.278, 45.449], false],
    ['milan', 'Figino', [9.077, 45.493], true],
    ['milan', 'the abbey of Chiaravalle', [9.237, 45.4157], true],
    ['milan', 'Assago', [9.13, 45.407], false],
    ['milan', 'Sesto San Giovanni', [9.235, 45.535], false],
    ['helsinki', 'the railway station', [24.9414, 60.1719], true],
    ['helsinki', 'Töölönlahti', [24.935, 60.1805], false],
    ['helsinki', 'the open sea', [24.93, 60.12], false],
    ['helsinki', 'Suomenlinna', [24.986, 60.1455], true],
    ['muenster', 'the cathedral', [7.6256, 51.963], true],
    ['muenster', 'Albachten', [7.526, 51.92], true],
    ['muenster', 'Gelmer', [7.666, 52.029], true],
    ['muenster', 'the Aasee', [7.606, 51.951], false],
    ['muenster', 'Telgte', [7.784, 51.982], false],
    ['muenster', 'Senden', [7.484, 51.857], false],
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
