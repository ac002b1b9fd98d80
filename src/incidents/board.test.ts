import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createBoard } from './board.ts'
import { createEvaluator, type Evaluator } from './evaluate.ts'
import { replay, type Draft } from './journal.ts'
import type { Rule } from './rule.ts'
import { LONGEST_SHELF_MS } from './standing.ts'
import type { SensorSeen, World } from './world.ts'

const MINUTE = 60_000
const RESPONSE = { cause: 'a', consequence: 'b', action: 'c', owner: 'd' }
const DELAYS = { onDelayMs: 0, offDelayMs: 0, severity: 'high', response: RESPONSE } as const
const HIGH: Rule = { id: 'high', layer: 'water', measure: 'level', condition: { kind: 'limit', side: 'above', limit: 100, deadBand: 10 }, ...DELAYS }
const LOST: Rule = { id: 'lost', layer: 'water', condition: { kind: 'silent', of: 'sensor' }, ...DELAYS }
const DOWN: Rule = { id: 'down', condition: { kind: 'down' }, ...DELAYS }

interface Told {
  readonly down?: readonly string[]
  /** By sensor: a value, or silence. */
  readonly sensors: Readonly<Record<string, number | 'lost'>>
}

function worldOf(atMs: number, { down = [], sensors }: Told): World {
  return {
    atMs,
    brokers: ['north', 'south'].map((id) => ({ id, name: id, isDown: down.includes(id) })),
    sensors: () =>
      Object.entries(sensors).map(([id, value]): SensorSeen => {
        const isLost = value === 'lost'
        return { id, name: id, broker: id.startsWith('n') ? 'north' : 'south', isLost, facts: () => ({ isLost, value: isLost ? undefined : value }) }
      }),
  }
}

function cityOf(rules: readonly Rule[]) {
  const evaluator: Evaluator = createEvaluator({ rules, nameOf: (layer) => layer })
  const board = createBoard()
  const look = (atMs: number, told: Told) => board.take(evaluator.evaluate(worldOf(atMs, told), { isOpen: (id) => board.get(id)?.standing.isActive === true, isFlood: board.isFlood(atMs) }), atMs)
  return { board, evaluator, look, names: () => board.incidents.map(({ id }) => id).toSorted() }
}

const many = (prefix: string, count: number, value: number | 'lost') => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value] as const))

describe('one cause is one incident', () => {
  it('a dead broker takes the silence of its sensors in', () => {
    const { look, names, board } = cityOf([DOWN, LOST])
    look(0, { down: ['north'], sensors: many('n', 40, 50) })
    look(MINUTE, { down: ['north'], sensors: many('n', 40, 'lost') })
    expect(names()).toEqual(['down:broker:north'])
    expect(board.incidents[0]!.finding.sensors).toBe(40)
  })

  it('sensors that were told one by one become a part of their broker', () => {
    const { look, names, board } = cityOf([DOWN, LOST])
    look(0, { sensors: { n0: 'lost', n1: 50, n2: 50, n3: 50, n4: 50 } })
    expect(names()).toEqual(['lost:sensor:n0'])
    look(MINUTE, { down: ['north'], sensors: many('n', 5, 'lost') })
    expect(names()).toEqual(['down:broker:north'])
    expect(board.journal.at(-2)).toMatchObject({ type: 'fold', incident: 'lost:sensor:n0', into: 'down:broker:north' })
  })

  it('a layer that is lost is one, and stays one until its last sensor is back', () => {
    const { look, names } = cityOf([LOST])
    look(0, { sensors: { ...many('n', 6, 'lost'), ...many('s', 4, 50) } })
    expect(names()).toEqual(['lost:layer:water'])
    look(MINUTE, { sensors: { ...many('n', 6, 50), ...many('s', 1, 'lost') } })
    expect(names()).toEqual(['lost:layer:water'])
  })

  it('more than three sensors beyond one limit are one', () => {
    const { look, names, board } = cityOf([HIGH])
    look(0, { sensors: { n0: 120, n1: 50, n2: 50, n3: 50 } })
    expect(names()).toEqual(['high:sensor:n0'])
    look(MINUTE, { sensors: { n0: 120, n1: 130, n2: 140, n3: 150 } })
    expect(names()).toEqual(['high:group:water'])
    expect(board.incidents[0]!.finding).toMatchObject({ sensors: 4, value: 150 })
  })

  test.prop([fc.array(fc.record({ down: fc.subarray(['north', 'south']), states: fc.array(fc.constantFrom<number | 'lost'>(50, 120, 'lost'), { minLength: 12, maxLength: 12 }) }), { maxLength: 20 })])('no sensor is told twice for one rule, and nothing is told of silence behind a dead broker', (steps) => {
    const { look, board } = cityOf([DOWN, LOST, HIGH])
    steps.forEach(({ down, states }, index) => {
      const sensors = Object.fromEntries(states.map((state, at) => [`${at % 2 === 0 ? 'n' : 's'}${at}`, state] as const))
      look(index * MINUTE, { down, sensors })
      const active = board.incidents.filter(({ standing }) => standing.isActive)
      for (const rule of ['lost', 'high']) {
        const kinds = active.filter(({ finding }) => finding.rule === rule).map(({ finding }) => finding.subject.kind)
        expect(kinds.includes('group') || kinds.includes('layer') ? kinds.length : 1).toBe(1)
      }
      for (const broker of down) expect(active.some(({ finding }) => finding.rule === 'lost' && finding.subject.kind === 'sensor' && finding.subject.id.startsWith(broker[0]!))).toBe(false)
    })
  })
})

const DRAFTS = fc.array(
  fc.record({ step: fc.integer({ min: 0, max: 10 * MINUTE }), values: fc.array(fc.constantFrom<number | 'lost'>(50, 95, 120, 'lost'), { minLength: 6, maxLength: 6 }), act: fc.option(fc.constantFrom('acknowledge', 'shelve', 'unshelve', 'comment', 'take-out', 'put-back')), which: fc.nat(5) }),
  { maxLength: 40 },
)

describe('the journal', () => {
  test.prop([DRAFTS])('read again gives the same incidents', (steps) => {
    const { look, board } = cityOf([LOST, HIGH])
    let atMs = 0
    for (const { step, values, act, which } of steps) {
      atMs += step
      look(atMs, { sensors: Object.fromEntries(values.map((value, index) => [`n${index}`, value] as const)) })
      const target = board.incidents[which]
      if (act === null || target === undefined) continue
      const common = { atMs, incident: target.id, by: 'Ana' }
      const draft: Draft = act === 'shelve' ? { ...common, type: 'shelve', untilMs: atMs + MINUTE } : act === 'comment' ? { ...common, type: 'comment', comment: 'seen' } : { ...common, type: act as 'acknowledge' }
      board.act(draft)
    }
    const shape = (incidents: Iterable<{ readonly id: string; readonly standing: unknown }>) => [...incidents].map(({ id, standing }) => [id, standing])
    const again = replay(board.journal)
    expect(shape(again.values()).toSorted()).toEqual(shape(board.incidents).toSorted())
    expect(board.journal.map(({ seq }) => seq)).toEqual(board.journal.map((_, index) => index + 1))
    // Nothing stays on a shelf, even when nothing else ever happens.
    board.tick(atMs + LONGEST_SHELF_MS + 1)
    expect(board.incidents.filter(({ standing }) => standing.state === 'shelved')).toEqual([])
  })

  it('refuses nothing silently: an action on what is not there is told from one that means nothing', () => {
    const { board, look } = cityOf([HIGH])
    look(0, { sensors: { n0: 120 } })
    expect(board.act({ type: 'acknowledge', atMs: 1, incident: 'nothing', by: 'Ana' })).toBeUndefined()
    expect(board.act({ type: 'acknowledge', atMs: 1, incident: 'high:sensor:n0', by: 'Ana' })).toHaveLength(1)
    expect(board.act({ type: 'acknowledge', atMs: 2, incident: 'high:sensor:n0', by: 'Ana' })).toEqual([])
  })

  it('asks nobody to answer a notice', () => {
    const { board, look } = cityOf([{ ...HIGH, response: { cause: 'a' } }])
    look(0, { sensors: { n0: 120 } })
    expect(board.incidents[0]).toMatchObject({ finding: { kind: 'notice' }, standing: { state: 'acknowledged' } })
    look(1, { sensors: { n0: 50 } })
    expect(board.incidents).toEqual([])
    expect(board.budget(2).today).toBe(0)
  })
})

describe('a server that starts again', () => {
  it('neither ends nor repeats what it had raised, inside the dead-band and before the delay', () => {
    const slow: Rule = { ...HIGH, onDelayMs: 10 * MINUTE }
    const { look, board } = cityOf([slow])
    look(0, { sensors: { n0: 120 } })
    look(10 * MINUTE, { sensors: { n0: 120 } })
    const evaluator = createEvaluator({ rules: [slow], nameOf: (layer) => layer })
    const again = createBoard({ entries: board.journal })
    const asked = { isOpen: (id: string) => again.get(id)?.standing.isActive === true, isFlood: false }
    expect(again.take(evaluator.evaluate(worldOf(11 * MINUTE, { sensors: { n0: 95 } }), asked), 11 * MINUTE)).toEqual([])
    expect(again.take(evaluator.evaluate(worldOf(12 * MINUTE, { sensors: { n0: 80 } }), asked), 12 * MINUTE)).toMatchObject([{ type: 'clear' }])
  })
})

describe('what an evaluator keeps', () => {
  it('grows with what is abnormal, not with the city', () => {
    const { look, evaluator } = cityOf([LOST, HIGH])
    look(0, { sensors: { ...many('n', 1_000, 50), odd: 120 } })
    expect(evaluator.size).toBe(1)
  })
})
