import { expect, it } from 'vitest'
import { PORTO_PLAN } from '../../test/porto-plan.ts'
import { parseConfiguration } from '../configuration/parse.ts'
import { toPublicConfiguration } from '../configuration/public-configuration.ts'
import { readConfiguration } from './configuration.ts'

const PORTO = { ...PORTO_PLAN, brokers: [{ id: 'b', name: 'Broker', simulated: true }], basemap: { kind: 'outline', url: '/basemap/porto.json' } }

it('takes what the server gives out, and what it adds later', () => {
  expect(readConfiguration({ title: 'T', version: '1', cities: [{ ...PORTO, novelty: 1 }] }).cities[0]?.name).toBe('Porto')
})

it('keeps all that the server tells of a city that says everything', () => {
  const { layers, expectedIntervalS, brokers: _, basemap, ...plain } = PORTO
  const city = {
    ...plain,
    layers,
    expectedIntervalS: { ...expectedIntervalS, noise: 60 },
    brokers: [{ id: 'b', name: 'Broker', embedded: { simulate: {} } }],
    basemap,
    population: 231_800,
    areaKm2: 41.4,
    holidays: ['2026-12-25'],
    districts: { sectors: { centreRadiusM: 1_500 } },
    attribution: 'City of Porto',
    licence: 'CC BY 4.0',
    contact: 'data@porto.example',
  }
  const parsed = parseConfiguration({ cities: [city] }, { domains: ['noise'], environment: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const told = JSON.parse(JSON.stringify(toPublicConfiguration(parsed.value, { version: '1', domains: ['noise'], hasFile: () => true })))
  expect(Object.keys(told.cities[0])).toEqual(expect.arrayContaining(['holidays', 'districts', 'contact', 'population']))
  expect(readConfiguration(told)).toEqual(told)
})

it('keeps the districts of a city', () => {
  const districts = { kind: 'sectors', areas: [{ name: 'Centre', polygons: [[[[-8.6, 41.1], [-8.5, 41.1], [-8.5, 41.2], [-8.6, 41.1]]]] }], source: 'Sectors' }
  expect(readConfiguration({ title: 'T', version: '1', cities: [{ ...PORTO, districts }] }).cities[0]?.districts).toEqual(districts)
})

it('names the path, what was expected and what came', () => {
  expect(() => readConfiguration({ title: 'T', version: '1', cities: [{ ...PORTO, anchor: ['x', 41] }] })).toThrow(/cities\.0\.anchor\.0: expected number, got "x"/)
  expect(() => readConfiguration({ title: 'T', version: '1', cities: [{ ...PORTO, timeZone: 'Porto/Time' }] })).toThrow(/cities\.0\.timeZone.*time zone/)
  expect(() => readConfiguration(null)).toThrow(/expected Object, got null/)
})
