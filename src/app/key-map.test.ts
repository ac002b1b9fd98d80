import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { bindingsOf, KEYS, type KeyId } from './keys.ts'
import { canChange, keysOf, meantKey, readKeyMap, withKey, type KeyMap } from './key-map.ts'
import { refusal } from './key-words.ts'

const changeable = KEYS.filter(canChange).map(({ id }) => id)

describe('changed keys', () => {
  it('mean what the old one meant, and the old one means nothing', () => {
    const map = withKey({}, 'now', 'b')
    expect(bindingsOf(meantKey('b', map)!)).toEqual(['now'])
    expect(meantKey('n', map)).toBeUndefined()
    expect(meantKey('u', map)).toBe('u')
  })

  it('are given back', () => {
    expect(withKey(withKey({}, 'now', 'b'), 'now', undefined)).toEqual({})
    expect(withKey(withKey({}, 'now', 'b'), 'now', 'N')).toEqual({})
  })

  it('are refused in words that say who has it', () => {
    expect(refusal('now', 'u', {})).toBe('U is taken: “Value, against usual, against the limit”. Choose another key, or change that one first.')
    expect(refusal('now', '4', {})).toContain('The layer of that number')
    // The first of two keys is waited with: it is nobody else's.
    expect(refusal('now', 'g', {})).toContain('Go to the Monitor')
    expect(refusal('now', 'Tab', {})).toBe('Tab cannot be used here: choose a letter, a digit or a sign.')
    expect(refusal('now', 'n', {})).toBeUndefined()
  })

  it('may take what another one was moved away from', () => {
    const map = withKey(withKey({}, 'view', 'b'), 'now', 'u')
    expect(bindingsOf(meantKey('u', map)!)).toEqual(['now'])
    expect(bindingsOf(meantKey('b', map)!)).toEqual(['view'])
    expect(meantKey('n', map)).toBeUndefined()
  })

  it('are given back only while nobody else has one of them', () => {
    const view = withKey(withKey({}, 'view', 'b'), 'now', 'u')
    expect(withKey(view, 'view', undefined)).toEqual(view)
    // Two keys of one: `=` is somebody else's meanwhile, so `+` alone comes back.
    const zoom = withKey(withKey({}, 'zoomIn', 'b'), 'now', '=')
    expect(withKey(zoom, 'zoomIn', '+')).toEqual({ zoomIn: '+', now: '=' })
  })

  it.each([[null], ['n'], [{ now: 7, nobody: 'q', layer: 'q', close: 'q' }], [{ now: 'u' }]])('from %j are none', (json) => {
    expect(readKeyMap(json)).toEqual({})
  })

  const steps = fc.array(fc.tuple(fc.constantFrom<KeyId>(...changeable), fc.option(fc.constantFrom(...'abcghjknqtuwxy/+=-é 14'), { nil: undefined })), { maxLength: 40 })
  test.prop([steps])('never give one key two meanings, and whatever is shown is what is heard', (taken) => {
    const map = taken.reduce<KeyMap>((before, [id, key]) => withKey(before, id, key), {})
    for (const binding of KEYS.filter(canChange)) {
      for (const key of keysOf(binding, map)) expect(bindingsOf(meantKey(key, map) ?? '')).toEqual([binding.id])
    }
  })

  test.prop([steps])('come back as they were kept', (taken) => {
    const map = taken.reduce<KeyMap>((before, [id, key]) => withKey(before, id, key), {})
    expect(readKeyMap(JSON.parse(JSON.stringify(map)))).toEqual(map)
  })
})
