/** The offline basemaps: small, well formed, credited, and enough of each kind to know the city by. */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isPosition, type LonLat } from '../src/core/geo/position.ts'
import { readBasemap, SAMPLE_CITIES, sampleCity } from './sample-cities.ts'

const folder = resolve(import.meta.dirname, '../public/basemap')
const KINDS: Readonly<Record<string, readonly string[]>> = {
  land: ['Polygon'],
  outline: ['Polygon'],
  park: ['Polygon'],
  water: ['Polygon'],
  river: ['Polygon', 'LineString'],
  road: ['LineString'],
  district: ['Point'],
  landmark: ['Point'],
}

/** Published areas; Helsinki's counts the open sea, of which the outline has only a part. */
const AREA_KM2: Readonly<Record<string, number>> = { porto: 41.4, antwerp: 204.5, manchester: 115.6, milan: 181.7, muenster: 303.3 }

describe('basemap files', () => {
  it('are under 300 KB together', () => {
    const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
    expect(bytes).toBeLessThan(300 * 1024)
  })

  describe.each(SAMPLE_CITIES.map(({ id }) => id))('%s', (id) => {
    const { attribution, bbox, features } = readBasemap(id)
    const of = (kind: string): typeof features => features.filter(({ properties }) => properties.kind === kind)

    it('names its sources and marks what is drawn by hand', () => {
      expect(attribution).toMatch(/by hand/)
      expect(attribution.includes('© OpenStreetMap contributors')).toBe(['porto', 'helsinki'].includes(id))
      for (const kind of ['park', 'river', 'water', 'district', 'landmark', 'road', 'outline']) {
        expect(of(kind).every(({ properties }) => properties.drawn !== undefined)).toBe(true)
      }
    })

    it('has known kinds with their geometry, every position inside the box', () => {
      const [west, south, east, north] = bbox
      const visit = (coordinates: unknown): void => {
        if (!isPosition(coordinates)) return (coordinates as unknown[]).forEach(visit)
        expect(coordinates[0]).toBeGreaterThanOrEqual(west - 0.02)
        expect(coordinates[0]).toBeLessThanOrEqual(east + 0.02)
        expect(coordinates[1]).toBeGreaterThanOrEqual(south - 0.02)
        expect(coordinates[1]).toBeLessThanOrEqual(north + 0.02)
      }
      for (const { properties, geometry } of features) {
        expect(KINDS[properties.kind]).toContain(geometry.type)
        visit(geometry.coordinates)
      }
    })

    it('closes its rings', () => {
      for (const { geometry } of features.filter((one) => one.geometry.type === 'Polygon')) {
        for (const ring of geometry.coordinates as [number, number][][]) {
          expect(ring.length).toBeGreaterThanOrEqual(4)
          expect(ring.at(-1)).toEqual(ring[0])
        }
      }
    })

    it.runIf(id in AREA_KM2)('has an outline about as large as the city', () => {
      const [ring] = of('outline')[0]!.geometry.coordinates as [LonLat[]]
      expect(Math.abs(areaKm2(ring) / AREA_KM2[id]! - 1)).toBeLessThan(0.15)
    })

    it('has one outline, some districts and ranked landmarks', () => {
      expect(of('outline')).toHaveLength(1)
      expect(sampleCity(id).districts.length).toBeGreaterThanOrEqual(8)
      expect(of('landmark').length).toBeGreaterThanOrEqual(5)
      expect(of('landmark').every(({ properties: { rank = 0 } }) => rank >= 1 && rank <= 3)).toBe(true)
    })
  })
})

function areaKm2(ring: readonly LonLat[]): number {
  const kmPerDegree = 111.195
  const narrowing = Math.cos((ring[0]![1] * Math.PI) / 180)
  const twice = ring.reduce((sum, [lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length]!
    return sum + (lon * nextLat - nextLon * lat)
  }, 0)
  return (Math.abs(twice) / 2) * narrowing * kmPerDegree ** 2
}
