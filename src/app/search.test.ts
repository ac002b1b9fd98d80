import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
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

it('tells time to the second', () => expect(timeParameter(Date.parse('2026-11-20T08:00:00.750Z'))).toBe('2026-11-20T08:00:00Z'))

test.prop([fc.anything()])('never fails, whatever came', (raw) => {
  expect(() => readCitySearch(raw)).not.toThrow()
})

const search: fc.Arbitrary<CitySearch> = fc.record(
  {
    layer: fc.constantFrom('noise', 'air-quality'),
    sel: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    t: fc.integer({ min: 0, max: 4e12 }).map(timeParameter),
    theme: fc.constantFrom('day' as const, 'night' as const),
  },
  { requiredKeys: [] },
)

test.prop([search])('survives the way through the address', (given) => {
  expect(readCitySearch(parseSearch(stringifySearch({ ...given })))).toEqual(given)
})
