import { expect, it } from 'vitest'
import { readConfiguration } from './configuration.ts'

const PORTO = {
  id: 'porto',
  name: 'Porto',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: [-8.61, 41.15],
  bounds: [-8.7, 41.1, -8.5, 41.2],
  layers: ['noise'],
  expectedIntervalS: {},
  brokers: [{ id: 'b', name: 'Broker', simulated: true }],
  basemap: { kind: 'outline', url: '/basemap/porto.json' },
}

it('takes what the server gives out, and what it adds later', () => {
  expect(readConfiguration({ title: 'T', version: '1', cities: [{ ...PORTO, novelty: 1 }] }).cities[0]?.name).toBe('Porto')
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
