/** The simulated cities as the tests see them: their basemap files, their zones and anchors. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { SampleCity } from '../src/domains/sample-world.ts'
import { loadSampleCity, type SampleCityMeta } from '../src/server/simulation/load-city.ts'

export const SAMPLE_CITIES: readonly SampleCityMeta[] = [
  { id: 'porto', name: 'Porto', timeZone: 'Europe/Lisbon', anchor: [-8.611, 41.1496] },
  { id: 'antwerp', name: 'Antwerp', timeZone: 'Europe/Brussels', anchor: [4.4025, 51.2194] },
  { id: 'manchester', name: 'Manchester', timeZone: 'Europe/London', anchor: [-2.2426, 53.4808] },
  { id: 'milan', name: 'Milan', timeZone: 'Europe/Rome', anchor: [9.19, 45.4642] },
  { id: 'helsinki', name: 'Helsinki', timeZone: 'Europe/Helsinki', anchor: [24.9414, 60.1719] },
  { id: 'muenster', name: 'Münster', timeZone: 'Europe/Berlin', anchor: [7.6261, 51.9607] },
]

export interface BasemapFile {
  readonly attribution: string
  readonly bbox: readonly [number, number, number, number]
  readonly features: readonly {
    readonly properties: { readonly kind: string; readonly name?: string; readonly rank?: number; readonly widthM?: number; readonly drawn?: string }
    readonly geometry: { readonly type: string; readonly coordinates: unknown }
  }[]
}

export function readBasemap(id: string): BasemapFile {
  return JSON.parse(readFileSync(join(resolve(import.meta.dirname, '..'), 'public/basemap', `${id}.json`), 'utf8')) as BasemapFile
}

export function sampleCity(id: string): SampleCity {
  const meta = SAMPLE_CITIES.find((city) => city.id === id)
  if (meta === undefined) throw new Error(`no sample city ${id}`)
  return loadSampleCity(readBasemap(id), meta)
}
