import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createAnnouncer, QUIET_MS, type Fact } from './announce.ts'
import type { Verbosity } from './settings.ts'

const fact = (topic: string, state: string, rest: Partial<Fact> = {}): Fact => ({ topic, state, words: `${topic} is ${state}.`, ...rest })

describe('what is said aloud', () => {
  it('begins with silence: what was there from the start is no news', () => {
    expect(createAnnouncer().hear([fact('mode', 'live')], 0, 'all')).toBeUndefined()
  })

  it('tells a change once', () => {
    const announcer = createAnnouncer()
    announcer.hear([fact('mode', 'live')], 0, 'state')
    expect(announcer.hear([fact('mode', 'retrying')], 1, 'state')).toBe('mode is retrying.')
    expect(announcer.hear([fact('mode', 'retrying')], 60_000, 'state')).toBeUndefined()
  })

  it('gathers what happens within ten seconds, newest of each topic, urgent first', () => {
    const announcer = createAnnouncer()
    announcer.hear([fact('mode', 'live'), fact('feed', 'up'), fact('alarm', 'off')], 0, 'state')
    announcer.hear([fact('mode', 'paused')], 1_000, 'state')
    expect(announcer.hear([fact('feed', 'down')], 2_000, 'state')).toBeUndefined()
    expect(announcer.hear([fact('feed', 'mending')], 3_000, 'state')).toBeUndefined()
    expect(announcer.hear([fact('alarm', 'raised', { isUrgent: true })], 1_000 + QUIET_MS, 'state')).toBe('alarm is raised. feed is mending.')
  })

  it('does not mention what is back where it was', () => {
    const announcer = createAnnouncer()
    announcer.hear([fact('mode', 'live'), fact('feed', 'up')], 0, 'state')
    announcer.hear([fact('mode', 'paused')], 1_000, 'state')
    announcer.hear([fact('feed', 'down')], 2_000, 'state')
    expect(announcer.hear([fact('feed', 'up')], 20_000, 'state')).toBeUndefined()
  })

  it('keeps what the page shows for those who want all', () => {
    const told = (verbosity: Verbosity): string | undefined => {
      const announcer = createAnnouncer()
      announcer.hear([fact('layer', 'noise', { isShown: true })], 0, verbosity)
      return announcer.hear([fact('layer', 'air', { isShown: true })], 1, verbosity)
    }
    expect(told('all')).toBe('layer is air.')
    expect(told('state')).toBeUndefined()
    expect(told('off')).toBeUndefined()
  })

  it('tells no old news when it is made louder', () => {
    const announcer = createAnnouncer()
    announcer.hear([fact('mode', 'live')], 0, 'off')
    announcer.hear([fact('mode', 'paused')], 1_000, 'off')
    expect(announcer.hear([fact('mode', 'paused')], 30_000, 'all')).toBeUndefined()
  })

  it('says nothing of a state without words, and then of the next', () => {
    const announcer = createAnnouncer()
    announcer.hear([fact('mode', 'live')], 0, 'state')
    expect(announcer.hear([fact('mode', 'connecting', { words: '' })], 1, 'state')).toBeUndefined()
    expect(announcer.hear([fact('mode', 'live')], 2, 'state')).toBe('mode is live.')
  })

  const facts = fc.array(fc.record({ topic: fc.constantFrom('a', 'b', 'c'), state: fc.constantFrom('0', '1', '2') }), { maxLength: 3 })
  test.prop([fc.array(fc.tuple(fc.nat(15_000), facts), { maxLength: 60 })])('speaks at most every ten seconds, and each time ends where things are', (steps) => {
    const announcer = createAnnouncer()
    const heard = new Map<string, string>()
    const now = new Map<string, string>()
    let lastMs = -Infinity
    let ms = 0
    for (const [waitMs, given] of steps) {
      ms += waitMs
      for (const { topic, state } of given) {
        if (!now.has(topic)) heard.set(topic, state)
        now.set(topic, state)
      }
      const said = announcer.hear(given.map(({ topic, state }) => fact(topic, state)), ms, 'state')
      if (said === undefined) continue
      expect(ms - lastMs).toBeGreaterThanOrEqual(QUIET_MS)
      lastMs = ms
      for (const [, topic, state] of said.matchAll(/(\w) is (\w)\./g)) heard.set(topic!, state!)
    }
    // After a long silence, whoever only listened knows what who looks knows.
    const said = announcer.hear([...now].map(([topic, state]) => fact(topic, state)), ms + QUIET_MS, 'state') ?? ''
    for (const [, topic, state] of said.matchAll(/(\w) is (\w)\./g)) heard.set(topic!, state!)
    expect(Object.fromEntries(heard)).toEqual(Object.fromEntries(now))
  })
})
