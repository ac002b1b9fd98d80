import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test.each([[null], ['loud'], [[]], [{ verbosity: 'loud', keyMap: 'n' }]])('of %j the settings are those of the start', (json) => {
  expect(readSettings(json)).toEqual({ keyMap: {}, verbosity: 'state' })
})

test('what was kept comes back', () => {
  const kept = { keyMap: { now: 'b' }, verbosity: 'off' }
  expect(readSettings(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
})
