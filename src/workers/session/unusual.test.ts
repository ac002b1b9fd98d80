import { expect, test as plain } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import { freshnessCode } from '../../core/time/freshness.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { NOISE as noise } from '../../domains/noise/model.ts'
import { SCHOOL_AIR as school } from '../../domains/school-air/model.ts'
import type { Judged } from '../aggregator/row-standing.ts'
import { createUnusualWatch, MOST_PLACES } from './unusual.ts'

interface Row {
  readonly id: string
  readonly value?: number
  readonly standing?: number
  readonly freshness?: 'fresh' | 'stale' | 'lost' | 'clock-error'
  readonly observedAtMs?: number
  readonly isCounted?: boolean
}

const NOON = Date.UTC(2026, 10, 20, 12)
const MINUTE = 60_000

function layerOf(rows: readonly Row[], model: DomainModel = noise as DomainModel): Judged {
  return {
    model,
    rows: rows.length,
    judgedAtMs: NOON,
    idAt: (row) => rows[row]!.id,
    nameAt: (row) => `the ${rows[row]!.id}`,
    judge(row, into) {
      const { value = 60, standing = 0, freshness = 'fresh', observedAtMs = NOON - 1_000, isCounted = true } = rows[row]!
      Object.assign(into, { value, standing, observedAtMs, freshness: freshnessCode(freshness), isCounted, median: 60 })
    },
  }
}

/** A watch with its clock in the hand: `pass` asks and lets time go by until a whole pass was made. */
function watchInHand() {
  let now = 0
  const watch = createUnusualWatch(() => now)
  return {
    watch,
    pass(states: readonly Judged[], nowMs: number, atMs?: number) {
      watch.ask(atMs)
      now += 5_000
      for (let turn = 0; turn < 50; turn++) watch.tick(states, nowMs, atMs)
      return watch.ask(atMs)
    },
    sleep: (ms: number) => void (now += ms),
  }
}

plain('places far outside their usual come first, the farthest before, the better side after, and the silent behind, longest first', () => {
  const { pass } = watchInHand()
  const found = pass(
    [
      layerOf([
        { id: 'never heard', freshness: 'lost', observedAtMs: NaN },
        { id: 'late', freshness: 'stale', observedAtMs: NOON - 10 * MINUTE },
        { id: 'a little', standing: 1.5 },
        { id: 'above', standing: 2.5 },
        { id: 'further above', standing: 3 },
        { id: 'lost', freshness: 'lost', observedAtMs: NOON - 90 * MINUTE },
        { id: 'far below', standing: -4 },
        { id: 'usual' },
        { id: 'held back', standing: 9, isCounted: false },
      ]),
    ],
    NOON,
  )
  expect(found?.places.map(({ id, kind }) => [id, kind])).toEqual([
    ['further above', 'above'],
    ['above', 'above'],
    ['far below', 'below'],
    ['lost', 'lost'],
    ['late', 'late'],
    ['never heard', 'lost'],
  ])
  expect(found?.layers).toEqual([{ domain: 'noise', known: 8, fresh: 5, unusual: 6, compared: 5, outside: 4, above: 2, below: 1, overLimit: 0, late: 1, lost: 2, clockError: 0 }])
})

plain('a limit that binds another statistic is no breach of the moment; one of the moment is', () => {
  const { pass } = watchInHand()
  // Noise has the Lden of a year, school air a level of carbon dioxide.
  const loud = { id: 'loud', value: 90 }
  const stuffy = { id: 'stuffy', value: (school.limit?.value ?? NaN) * 1.2 }
  expect(school.limit?.binds).toBeUndefined()
  const found = pass([layerOf([loud]), layerOf([stuffy], school as DomainModel)], NOON)
  expect(found?.places.map(({ id, kind }) => [id, kind])).toEqual([['stuffy', 'limit']])
})

plain('what is unusual at the first pass began before it; what becomes so later began then, and stays so', () => {
  const { pass } = watchInHand()
  const first = layerOf([{ id: 'a', standing: 3 }, { id: 'b' }])
  const then = layerOf([{ id: 'a', standing: 3 }, { id: 'b', standing: 5 }])
  expect(pass([first], NOON)?.places).toMatchObject([{ id: 'a', sinceMs: NOON, isBefore: true }])
  pass([then], NOON + 5_000)
  expect(pass([then], NOON + 10_000)?.places).toMatchObject([
    { id: 'b', sinceMs: NOON + 5_000, isBefore: false },
    { id: 'a', sinceMs: NOON, isBefore: true },
  ])
})

plain('what became unusual while nobody looked is not said to have begun when somebody looked again', () => {
  const { pass } = watchInHand()
  pass([layerOf([{ id: 'a' }])], NOON)
  expect(pass([layerOf([{ id: 'a', standing: 3 }])], NOON + 10 * MINUTE)?.places).toMatchObject([{ sinceMs: NOON + 10 * MINUTE, isBefore: true }])
})

plain('of a past instant no beginning is told, and what is found there is not said of now', () => {
  const { watch, pass } = watchInHand()
  const state = layerOf([{ id: 'a', standing: 3 }])
  pass([state], NOON)
  const [place] = pass([state], NOON - 60 * MINUTE, NOON - 60 * MINUTE)?.places ?? []
  expect(place).toMatchObject({ id: 'a' })
  expect(place).not.toHaveProperty('sinceMs')
  expect(watch.ask(undefined)).toBeUndefined()
})

plain('nobody asks: nothing is looked at', () => {
  const { watch, pass, sleep } = watchInHand()
  pass([layerOf([{ id: 'a' }])], NOON)
  sleep(60_000)
  const broken = { ...layerOf([{ id: 'a' }]), judge: () => expect.unreachable() }
  for (let turn = 0; turn < 10; turn++) watch.tick([broken], NOON, undefined)
})

const row = fc.record({
  standing: fc.double({ min: -6, max: 6, noNaN: true }),
  freshness: fc.constantFrom('fresh', 'stale', 'lost', 'clock-error' as const),
  observedAtMs: fc.integer({ min: NOON - 86_400_000, max: NOON }),
})

test.prop({ rows: fc.array(row, { maxLength: 1_500 }) }, { numRuns: 40 })('every sensor is counted once, and the places are the farthest of their sort', ({ rows }) => {
  const { pass } = watchInHand()
  const found = pass([layerOf(rows.map((one, index) => ({ ...one, id: String(index) })))], NOON)!
  const [layer] = found.layers
  expect(layer).toMatchObject({ known: rows.length, fresh: rows.filter(({ freshness }) => freshness === 'fresh').length })
  expect(layer!.fresh + layer!.late + layer!.lost + layer!.clockError).toBe(rows.length)
  expect(layer!.unusual).toBe(layer!.above + layer!.below + layer!.late + layer!.lost + layer!.clockError)
  // Of noise, quiet is the better side.
  const rankOf = (standing: number): number => (standing < 0 ? -standing / 2 : standing)
  const far = rows.filter(({ freshness, standing }) => freshness === 'fresh' && Math.abs(standing) > 2).map(({ standing }) => rankOf(standing))
  expect(layer!.above + layer!.below).toBe(far.length)
  const told = found.places.filter(({ kind }) => kind === 'above' || kind === 'below').map(({ id }) => rankOf(rows[Number(id)]!.standing))
  expect(told).toEqual(far.toSorted((a, b) => b - a).slice(0, MOST_PLACES))
})
