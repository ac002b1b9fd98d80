import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { MODELS } from '../../domains/models.ts'
import { privacyRule, type Part, type PrivacyRule } from '../../domains/privacy.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { property } from '../../ngsi-ld/normalized.ts'
import { createGathering, type Gathering } from './gathering.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const CONTEXT = { cityId: 'porto', anchor: [-8.611, 41.1496] as const, timeZone: 'Europe/Lisbon' }

/** Tells only how many parts there are: what a floor lets through is then plain to see. */
function ruleOf(existence: PrivacyRule['existence']): PrivacyRule {
  return privacyRule<number>({
    types: ['Thing'],
    floor: { value: 5, least: 3, of: 'people', source: 'a test' },
    windowMs: HOUR_MS,
    graceMs: 10 * MINUTE_MS,
    existence,
    passes: [],
    read: () => ({ kind: 'withheld', reason: 'a test' }),
    identify: (group) => ({ id: `urn:x:${group}`, type: 'Group', name: group }),
    values: (parts) => ({ parts: property(parts.length) }),
  })
}

function gathering(existence: PrivacyRule['existence'], floor = 5, maxParts = 1_000): Gathering {
  const made = createGathering({ rule: ruleOf(existence), context: CONTEXT, floor, maxParts, isSimulated: true })
  made.wholeFrom(0)
  made.close(NOW)
  return made
}

function give(to: Gathering, people: Iterable<string>, { group = 'g', atMs = NOW + 1, nowMs = NOW + 1 } = {}): void {
  for (const contributor of people) to.add({ group, contributor, entityId: `light of ${contributor}`, atMs, value: 1 } as Part<unknown> & { group: string; entityId: string }, nowMs)
}

const people = (count: number, from = 0): readonly string[] => Array.from({ length: count }, (_, i) => `p${from + i}`)
const isShown = (entity: JsonObject | undefined): boolean => entity?.['parts'] !== undefined
const HOUR_IS_OVER = NOW + HOUR_MS + 10 * MINUTE_MS

describe('the floor', () => {
  it.each([
    [2, 3, false],
    [3, 3, true],
    [4, 5, false],
    [5, 5, true],
    // A city may ask for more, and for no less than the rule's least.
    [2, 1, false],
    [3, 1, true],
    [7, 8, false],
    [8, 8, true],
  ])('of %i people at a floor of %i: shown is %s', (count, floor, shown) => {
    const parts = gathering('public', floor)
    give(parts, people(count))
    expect(parts.close(HOUR_IS_OVER).entities.map(isShown)).toEqual([shown])
  })

  test.prop([fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 59 })), { maxLength: 60 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom<PrivacyRule['existence']>('public', 'earned')])(
    'counts people and not parts, in any order and however often they come',
    (given, floor, existence) => {
      const parts = gathering(existence, floor)
      for (const [group, person, minute] of [...given, ...given.toReversed()]) give(parts, [`p${person}`], { group, atMs: NOW + minute * MINUTE_MS })
      const told = new Map(parts.close(HOUR_IS_OVER).entities.map((entity) => [entity['id'], entity]))
      for (const group of ['a', 'b', 'c']) {
        const own = given.filter(([name]) => name === group)
        const isEnough = new Set(own.map(([, person]) => person)).size >= Math.max(3, floor)
        expect(isShown(told.get(`urn:x:${group}`))).toBe(isEnough)
        // A cell below the floor is not even named; a school is.
        expect(told.has(`urn:x:${group}`)).toBe(isEnough || (existence === 'public' && own.length > 0))
      }
      expect(JSON.stringify([...told.values()])).not.toMatch(/p\d|light of/)
    },
  )

  it('is not crossed by an hour that is told twice', () => {
    const parts = gathering('public')
    give(parts, people(4))
    expect(parts.close(HOUR_IS_OVER).entities.map(isShown)).toEqual([false])
    give(parts, people(1, 4), { nowMs: HOUR_IS_OVER })
    expect(parts.stats.late).toBe(1)
    expect(parts.close(HOUR_IS_OVER + MINUTE_MS).entities).toEqual([])
  })

  it('tells nothing before the grace is over', () => {
    const parts = gathering('public')
    give(parts, people(9))
    expect(parts.close(HOUR_IS_OVER - 1).entities).toEqual([])
  })
})

describe('a cell that reached the floor', () => {
  it('is too few whether few came or nobody, and is gone a day later', () => {
    const empty = gathering('earned')
    const few = gathering('earned')
    for (const one of [empty, few]) {
      give(one, people(5))
      expect(one.close(HOUR_IS_OVER).entities.map(isShown)).toEqual([true])
    }
    give(few, people(4), { atMs: NOW + HOUR_MS + 1, nowMs: HOUR_IS_OVER })
    const later = HOUR_IS_OVER + HOUR_MS
    const told = few.close(later).entities
    expect(told).toEqual(empty.close(later).entities)
    expect(told.map((entity) => (entity['tooFewToShow'] as { value: unknown }).value)).toEqual([true])
    const gone: string[] = []
    for (let ms = later; ms <= NOW + DAY_MS + 3 * HOUR_MS; ms += HOUR_MS) gone.push(...empty.close(ms).gone)
    expect(gone).toEqual(['urn:x:g'])
  })
})

describe('what is kept', () => {
  it('is bounded: the oldest window goes untold, and is counted', () => {
    const parts = gathering('public', 3, 10)
    give(parts, people(6))
    give(parts, people(6), { atMs: NOW + HOUR_MS + 1 })
    expect(parts.stats).toMatchObject({ parts: 6, overflow: 6 })
    expect(parts.close(HOUR_IS_OVER).entities).toEqual([])
    expect(parts.close(HOUR_IS_OVER + HOUR_MS).entities.map(isShown)).toEqual([true])
  })

  it('tells nothing of windows that are not whole', () => {
    const parts = createGathering({ rule: ruleOf('public'), context: CONTEXT, floor: 3, isSimulated: false })
    parts.wholeFrom(NOW + 1)
    give(parts, people(6))
    expect(parts.close(HOUR_IS_OVER).entities).toEqual([])
  })

  it('forgets what its broker deleted', () => {
    const parts = gathering('public', 3)
    give(parts, people(3))
    parts.forget('light of p1')
    expect(parts.close(HOUR_IS_OVER).entities.map(isShown)).toEqual([false])
  })
})

describe('the rules of the domains', () => {
  it('have a floor with a source, and no type that pages are to read raw', () => {
    const rules = MODELS.flatMap(({ id, privacy }) => (privacy === undefined ? [] : [{ id, privacy }]))
    expect(rules.map(({ id, privacy }) => [id, privacy.floor.value, privacy.floor.least])).toEqual([
      ['cycling', 5, 3],
      ['building-energy', 4, 4],
      ['school-air', 3, 3],
    ])
    for (const { privacy } of rules) {
      expect(privacy.floor.source).not.toBe('')
      expect(privacy.passes.map((name) => name.toLowerCase())).not.toContain('peoplecount')
      expect(privacy.passes.map((name) => name.toLowerCase())).not.toContain('currentcircuit')
    }
  })
})
