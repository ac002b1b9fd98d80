import { expect, test } from 'vitest'
import { VIEWS } from '../domains/views.ts'
import type { Unusual, UnusualLayer, UnusualPlace } from '../workers/city.messages.ts'
import { deltaWords, sinceWords, unusualCount, usualSentence } from './unusual-words.ts'

const NOW = Date.UTC(2026, 10, 20, 8, 14)
const SEEN = { nowMs: NOW, timeZone: 'Europe/Lisbon' }
const HALF_PAST_SEVEN = NOW - 34 * 60_000

const viewOf = (id: string) => VIEWS.find(({ model }) => model.id === id)!
const place = (change: Partial<UnusualPlace>): UnusualPlace => ({ domain: 'noise', id: 'n', name: 'Rua de Camões', kind: 'above', value: 68, median: 61, observedAtMs: NOW - 40_000, ...change })
const layer = (change: Partial<UnusualLayer>): UnusualLayer => ({ domain: 'noise', known: 42, fresh: 42, unusual: 0, compared: 42, outside: 8, above: 0, below: 0, overLimit: 0, late: 0, lost: 0, clockError: 0, ...change })
const sentence = (unusual: Omit<Unusual, 'atMs'>, isHistory = false): string | undefined => usualSentence({ city: 'Porto', views: VIEWS, unusual: { atMs: NOW, ...unusual }, isHistory }, SEEN)

test('how far a place is from its usual is said in its unit; a silent one by how long', () => {
  expect(deltaWords(viewOf('noise'), place({}), SEEN)).toBe('7\u00A0dB above usual')
  expect(deltaWords(viewOf('cycling'), place({ kind: 'below', value: 14, median: 22 }), SEEN)).toBe(`${viewOf('cycling').format(8)} below usual`)
  expect(deltaWords(viewOf('noise'), place({ kind: 'late', observedAtMs: NOW - 2 * 3_600_000 }), SEEN)).toBe('silent for 2\u00A0h')
  expect(deltaWords(viewOf('noise'), place({ kind: 'lost', observedAtMs: NaN }), SEEN)).toBe('not heard of')
})

test('what was so when the watch began is not said to have begun then', () => {
  expect(sinceWords({ sinceMs: HALF_PAST_SEVEN, isBefore: false }, SEEN)).toBe('since 07:40')
  expect(sinceWords({ sinceMs: HALF_PAST_SEVEN, isBefore: true }, SEEN)).toBe('since before 07:40')
  expect(sinceWords({}, SEEN)).toBe('')
})

test('the city in a sentence: what, where, at how many, since when', () => {
  const places = [place({ sinceMs: NOW - 60_000 }), place({ id: 'm', name: 'Trindade', sinceMs: HALF_PAST_SEVEN }), place({ id: 'o', name: 'Foz', sinceMs: NOW })]
  const layers = [layer({ unusual: 3, above: 3 }), layer({ domain: 'cycling', unusual: 2, below: 1, late: 1, compared: 40 })]
  expect(sentence({ layers, places })).toBe('Porto is mostly as usual. Noise is far above usual at 3 of 42 places, most at Rua de Camões, since 07:40. One more place is unusual.')
  expect(sentence({ layers: [layer({ unusual: 1, above: 1 })], places: [place({ sinceMs: HALF_PAST_SEVEN })] })).toBe('Porto is mostly as usual. Noise is far above usual at Rua de Camões, since 07:40.')
  expect(sentence({ layers: [layer({ unusual: 20, below: 20 })], places: [place({ kind: 'below' })] }, true)).toBe('Porto was not as usual. Noise was far below usual at 20 of 42 places, most at Rua de Camões.')
})

test('its counts are those of the list: what it tells and the silent are all that is unusual', () => {
  const layers = [layer({ unusual: 6, above: 3, below: 1, late: 2 }), layer({ domain: 'school-air', unusual: 3, overLimit: 3 })]
  const text = sentence({ layers, places: [place({})] })!
  const told = [...text.matchAll(/at (\d+) of|(\d+) more places/g)].reduce((sum, [, at, more]) => sum + Number(at ?? more), 0)
  expect(told + 2).toBe(unusualCount({ atMs: NOW, layers, places: [] }))
})

test('nothing is said of usual while nobody knows it', () => {
  expect(sentence({ layers: [layer({ compared: 0, unusual: 1, lost: 1 })], places: [] })).toBeUndefined()
  expect(sentence({ layers: [layer({})], places: [] })).toBe('Porto is as usual.')
})
