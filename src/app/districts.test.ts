import { describe, expect, it } from 'vitest'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DistrictTotal } from '../domains/frame.ts'
import { TOO_FEW_KIND } from '../domains/privacy.ts'
import { PLAN } from '../../test/aggregator-in-hand.ts'
import { layerOf } from '../../test/layer-in-hand.ts'
import { chosenDistrict, countOthers, districtRows, noDistrictValue } from './districts.ts'
import { inPlaces } from './rows-at-rest.ts'
import { setLanguage, spoken } from '../language/say.ts'
import type { LiveLayer } from './live-store.ts'

const AREAS = ['Bonfim', 'Campanhã', 'Foz', 'Sé'].map((name) => ({ name, polygons: [] }))
const CITY: CityPlan = { ...PLAN, districts: { kind: 'boundaries', areas: AREAS, source: '© Somebody' } }
const total = (value: number | undefined, more: Partial<DistrictTotal> = {}): DistrictTotal => ({ reporting: 1, known: 1, late: 0, lost: 0, tooFew: 0, ...(value === undefined ? {} : { value }), ...more })
const layerWith = (districts: readonly DistrictTotal[], districtOf: readonly number[] = []): LiveLayer => {
  const layer = layerOf(districtOf.map((_, at) => ({ name: `s${at}`, value: NaN, latest: NaN })))
  return { ...layer, frame: { ...layer.frame, districts, districtOf: Uint8Array.from(districtOf) } }
}
const namesOf = (layer: LiveLayer, worse: 'higher' | 'lower' | 'neither'): readonly (string | undefined)[] => districtRows(CITY, layer, worse).map(({ name }) => name)

describe('the table of districts', () => {
  const none = total(undefined, { reporting: 0, known: 0 })

  it('begins with the worst, and has those without a value behind', () => {
    const layer = layerWith([none, total(60), total(70), total(undefined, { reporting: 0 }), total(65)])
    expect(namesOf(layer, 'higher')).toEqual(['Campanhã', 'Sé', 'Bonfim', 'Foz'])
    expect(namesOf(layer, 'neither')).toEqual(['Campanhã', 'Sé', 'Bonfim', 'Foz'])
    expect(namesOf(layer, 'lower')).toEqual(['Bonfim', 'Sé', 'Campanhã', 'Foz'])
  })

  it('has equal values by name, and ends with the sensors in none when there are any', () => {
    expect(namesOf(layerWith([total(90), total(60), total(60), total(60), total(60)]), 'higher')).toEqual(['Bonfim', 'Campanhã', 'Foz', 'Sé', undefined])
  })

  it('is empty until a frame has the districts of the city', () => {
    expect(namesOf(layerWith([]), 'higher')).toEqual([])
    expect(districtRows(PLAN, layerWith([none]), 'higher')).toEqual([])
  })

  it('says why a district has no value, and never a number in its place', () => {
    const layer = layerWith([none, total(undefined, { known: 0, tooFew: 3 }), none, total(undefined), total(undefined)], [3, 4])
    // Of Foz one sensor is known, and it gives another measure; so it is with Sé's.
    expect(districtRows(CITY, layer, 'higher').map((row) => [row.name, noDistrictValue(row)])).toEqual([['Bonfim', 'too few to show'], ['Campanhã', 'no sensors'], ['Foz', 'another measure'], ['Sé', 'another measure']])
    expect(noDistrictValue({ total: total(undefined), other: 0 })).toBe('no value')
  })

  it('counts what is held back as no other measure', () => {
    const layer = layerWith([none, none, none, none, none], [1, 1, 2])
    const held: LiveLayer = { ...layer, roster: { ...layer.roster, warnings: [[{ kind: TOO_FEW_KIND, detail: '' }], [], []] } }
    expect([...countOthers(held)]).toEqual([0, 1, 1, 0, 0])
  })

  it('keeps its rows while somebody reads, and has newcomers behind', () => {
    const rows = districtRows(CITY, layerWith([none, total(60), total(70), total(80), total(90)]), 'higher')
    expect(inPlaces(rows, ['1', '2', '3'], ({ place }) => String(place)).map(({ name }) => name)).toEqual(['Bonfim', 'Campanhã', 'Foz', 'Sé'])
  })
})

it('a sector has its name in the language of the page, and a district the one its city gave it', () => {
  const english = spoken()
  try {
    setLanguage({ tag: 'fi', region: 'fi', catalogue: { 'district.north': 'Pohjoinen' } })
    const areas = [{ name: 'North', polygons: [] }]
    expect(chosenDistrict({ ...CITY, districts: { kind: 'sectors', areas, source: '' } }, 'North')).toMatchObject({ name: 'North', label: 'Pohjoinen' })
    expect(chosenDistrict({ ...CITY, districts: { kind: 'boundaries', areas, source: '' } }, 'North')).toMatchObject({ label: 'North' })
  } finally {
    setLanguage(english)
  }
})

it('a link chooses a district by its name, or none', () => {
  expect(chosenDistrict(CITY, 'Foz')).toMatchObject({ name: 'Foz', place: 3 })
  expect(chosenDistrict(CITY, 'Elsewhere')).toBeUndefined()
  expect(chosenDistrict(CITY, undefined)).toBeUndefined()
  expect(chosenDistrict(PLAN, 'Foz')).toBeUndefined()
})
