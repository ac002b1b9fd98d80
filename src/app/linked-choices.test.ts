import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { choicesOf, linkOf } from './linked-choices.ts'
import { parseSearch, readCitySearch, stringifySearch } from './search.ts'
import { placeParameter, readPlace, type MapPlace } from './map-place.ts'
import { createMapPlaceLink } from './use-map-place.ts'

test.prop([
  fc.record({
    order: fc.constantFrom('value' as const, 'name' as const, 'age' as const),
    filter: fc.string({ maxLength: 80 }),
    ghosts: fc.uniqueArray(fc.constantFrom('noise', 'cycling', 'air-quality', 'rain')),
  }),
])('choices come back through the address as they were made', (choices) => {
  const address = stringifySearch({ ...linkOf(choices) })
  const { sort, find, also } = readCitySearch(parseSearch(address))
  expect(choicesOf({ sort, find, also })).toEqual(choices)
})

it('a filter that is longer than a link carries is cut, never left out', () => {
  const { find } = linkOf({ order: 'value', filter: 'a'.repeat(200), ghosts: [] })
  expect(readCitySearch({ find })).toEqual({ find: 'a'.repeat(80) })
})

test.prop([fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -85, max: 85, noNaN: true }), fc.double({ min: 0, max: 24, noNaN: true })])('a camera is written as it is read, to a metre', (lon, lat, zoom) => {
  const text = placeParameter({ centre: [lon, lat], zoom })
  const read = readPlace(text)!
  expect(placeParameter(read)).toBe(text)
  expect(Math.abs(read.centre[0] - lon)).toBeLessThanOrEqual(0.000_005_1)
  expect(Math.abs(read.centre[1] - lat)).toBeLessThanOrEqual(0.000_005_1)
})

test.prop([fc.string()])('a camera that is none is undefined', (text) => {
  expect(() => readPlace(text)).not.toThrow()
})

/** A link whose clock is in the test's hand. */
function placeLink() {
  const written: (string | undefined)[] = []
  let due: (() => void) | undefined
  const link = createMapPlaceLink<() => void>((at) => written.push(at), {
    after: (run) => (due = run),
    cancel: (timer) => {
      if (due === timer) due = undefined
    },
  })
  return { link, written, pass: () => due?.() }
}

const HERE: MapPlace = { centre: [-8.61, 41.15], zoom: 12 }

it('a camera that rests is written once, and what was written is no news', () => {
  const { link, written, pass } = placeLink()
  link.rested(HERE)
  expect(written).toEqual([])
  pass()
  expect(written).toEqual(['41.15,-8.61,12'])
  expect(link.news('41.15,-8.61,12')).toBeUndefined()
})

it('a link that says another camera is news, and one that says none any more frames', () => {
  const { link } = placeLink()
  expect(link.news(undefined)).toBeUndefined()
  expect(link.news('41.15,-8.61,12')).toEqual(HERE)
  expect(link.news('41.15,-8.61,12')).toBeUndefined()
  expect(link.news(undefined)).toBe('framed')
})

it('a camera that rests where the link says is not written again', () => {
  const { link, written, pass } = placeLink()
  link.news('41.15,-8.61,12')
  link.rested(HERE)
  pass()
  expect(written).toEqual([])
})

it('what framed a city takes the camera out of the link', () => {
  const { link, written, pass } = placeLink()
  link.news('41.15,-8.61,12')
  link.rested(undefined)
  pass()
  expect(written).toEqual([undefined])
})

it('a camera of a city that was left is not written', () => {
  const { link, written, pass } = placeLink()
  link.enter('porto')
  link.rested(HERE)
  link.enter('milano')
  pass()
  expect(written).toEqual([])
})
