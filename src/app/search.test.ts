import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { WINDOW_NAMES } from './look.ts'
import { placeParameter, readPlace } from './map-place.ts'
import { instantOf, parseSearch, readCitySearch, stringifySearch, timeParameter, type CitySearch } from './search.ts'

it('reads a link as people write it', () => {
  const search = readCitySearch(parseSearch('?layer=air-quality&sel=urn:ngsi-ld:AirQualityObserved:porto:1&t=2026-11-20T08:00:00Z&theme=night'))
  expect(search).toEqual({ layer: 'air-quality', sel: 'urn:ngsi-ld:AirQualityObserved:porto:1', t: '2026-11-20T08:00:00Z', theme: 'night' })
  expect(instantOf(search)).toBe(Date.parse('2026-11-20T08:00:00Z'))
})

it('leaves out what makes no sense and keeps the rest', () => {
  expect(readCitySearch({ layer: 'noise', t: 'yesterday', theme: 'pink', sel: '' })).toEqual({ layer: 'noise' })
  expect(readCitySearch({ t: '2026-11-20T08:00:00', layer: ['noise'] })).toEqual({})
})

it('reads a district by its name', () => {
  expect(readCitySearch(parseSearch('?district=Foz+do+Douro'))).toEqual({ district: 'Foz do Douro' })
  expect(stringifySearch({ district: 'Foz do Douro' })).toBe('?district=Foz%20do%20Douro')
})

it('reads a view and a window that exist', () => {
  expect(readCitySearch(parseSearch('?view=usual&window=24h'))).toEqual({ view: 'usual', window: '24h' })
  expect(readCitySearch(parseSearch('?view=value&window=3h'))).toEqual({})
})

it('writes a link that can be read', () => {
  expect(stringifySearch({ layer: 'noise', sel: 'urn:ngsi-ld:Noise:a/b c&d', t: '2026-11-20T08:00:00Z', theme: undefined })).toBe('?layer=noise&sel=urn:ngsi-ld:Noise:a/b%20c%26d&t=2026-11-20T08:00:00Z')
  expect(stringifySearch({})).toBe('')
})

it('reads a camera, and none that no map has', () => {
  expect(readCitySearch(parseSearch('?at=41.14961,-8.61099,12.4'))).toEqual({ at: '41.14961,-8.61099,12.4' })
  expect(readPlace('41.14961,-8.61099,12.4')).toEqual({ centre: [-8.61099, 41.14961], zoom: 12.4 })
  for (const at of ['91,0,5', '41,-8', '41,-8,99', '41,-8,12,3', 'here', '1e1,2,3', ' 1,2,3', '']) expect(readCitySearch({ at })).toEqual({})
})

it('keeps a camera readable', () => expect(stringifySearch({ at: '41.15,-8.61,12', also: 'noise,cycling' })).toBe('?at=41.15,-8.61,12&also=noise,cycling'))

it('tells time to the second', () => expect(timeParameter(Date.parse('2026-11-20T08:00:00.750Z'))).toBe('2026-11-20T08:00:00Z'))

test.prop([fc.anything()])('never fails, whatever came', (raw) => {
  expect(() => readCitySearch(raw)).not.toThrow()
})

const search: fc.Arbitrary<CitySearch> = fc.record(
  {
    layer: fc.constantFrom('noise', 'air-quality'),
    sel: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    t: fc.integer({ min: 0, max: 4e12 }).map(timeParameter),
    district: fc.string({ minLength: 1, maxLength: 80 }),
    view: fc.constantFrom('usual' as const, 'limit' as const),
    window: fc.constantFrom(...WINDOW_NAMES),
    list: fc.constantFrom('all' as const, 'table' as const, 'districts' as const),
    range: fc.constantFrom('7d' as const, '30d' as const),
    with: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    at: fc.record({ centre: fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -85, max: 85, noNaN: true })), zoom: fc.double({ min: 0, max: 24, noNaN: true }) }).map(placeParameter),
    sort: fc.constantFrom('name' as const, 'age' as const),
    find: fc.string({ minLength: 1, maxLength: 80 }),
    also: fc.uniqueArray(fc.constantFrom('noise', 'cycling', 'air-quality'), { minLength: 1 }).map((layers) => layers.join()),
    theme: fc.constantFrom('day' as const, 'night' as const),
  },
  { requiredKeys: [] },
)

test.prop([search])('survives the way through the address', (given) => {
  expect(readCitySearch(parseSearch(stringifySearch({ ...given })))).toEqual(given)
})
