import { fc, test } from '@fast-check/vitest'
import { expect, test as plain } from 'vitest'
import type { UnusualPlace } from '../workers/city.messages.ts'
import { placeBeside, placeKey } from './unusual-place.ts'

const placesOf = (count: number): readonly UnusualPlace[] => Array.from({ length: count }, (_, at) => ({ domain: 'noise', id: `s${at}`, name: '', kind: 'above', value: 1, median: 0, observedAtMs: 0 }))

test.prop({ count: fc.integer({ min: 1, max: 30 }), direction: fc.constantFrom(1 as const, -1 as const) })('as many steps as there are places come by each once and end where they began', ({ count, direction }) => {
  const places = placesOf(count)
  const seen: string[] = []
  let key: string | undefined
  for (let step = 0; step < count; step++) seen.push((key = placeKey(placeBeside(places, key, direction)!)))
  expect(new Set(seen).size).toBe(count)
  expect(placeKey(placeBeside(places, key, direction)!)).toBe(seen[0])
})

plain('one that is gone is left for the first; among none there is none', () => {
  expect(placeBeside(placesOf(3), 'noise gone', 1)?.id).toBe('s0')
  expect(placeBeside(placesOf(3), undefined, -1)?.id).toBe('s2')
  expect(placeBeside([], undefined, 1)).toBeUndefined()
})
