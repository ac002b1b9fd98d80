import { expect, test } from 'vitest'
import { bindingsOf, KEYS } from './keys.ts'

test('every id is there once', () => {
  expect(new Set(KEYS.map(({ id }) => id)).size).toBe(KEYS.length)
})

test('a key means one thing, but for the arrows, which are shared with the map', () => {
  const meanings = new Map<string, string[]>()
  for (const { id, keys } of KEYS) for (const key of keys) meanings.set(key, [...(meanings.get(key) ?? []), id])
  expect([...meanings].filter(([, ids]) => ids.length > 1)).toEqual([
    ['ArrowLeft', ['earlier', 'moveMap']],
    ['ArrowRight', ['later', 'moveMap']],
  ])
})

test('a letter is the same with Shift, and a key of nobody means nothing', () => {
  expect(bindingsOf('J')).toEqual(['nextUnusual'])
  expect(bindingsOf('q')).toEqual([])
})
