import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { LONGEST_SHELF_MS, NORMAL, STATES, transition, type Standing, type StandingEvent } from './standing.ts'

const STEP = fc.integer({ min: 0, max: 3 * 3_600_000 })
const WHAT = fc.oneof(
  fc.record({ type: fc.constant('raise' as const), needsAnswer: fc.boolean() }),
  fc.constantFrom('clear', 'fold', 'acknowledge', 'unshelve', 'take-out', 'put-back', 'time').map((type) => ({ type })),
  fc.record({ type: fc.constant('shelve' as const), forMs: fc.oneof(fc.integer({ min: -1000, max: 3 * LONGEST_SHELF_MS }), fc.constantFrom(NaN, Infinity, -Infinity)) }),
)
const HISTORY = fc.array(fc.tuple(STEP, WHAT), { maxLength: 60 }).map((steps) => {
  let atMs = 1_000_000
  return steps.map(([step, what]): StandingEvent => {
    atMs += step
    return what.type === 'shelve' ? { type: 'shelve', atMs, untilMs: atMs + what.forMs } : ({ ...what, atMs } as StandingEvent)
  })
})

function livesOf(events: readonly StandingEvent[]): readonly Standing[] {
  const lives = [NORMAL]
  for (const event of events) lives.push(transition(lives.at(-1)!, event))
  return lives
}

describe('the life of an incident', () => {
  test.prop([HISTORY])('has no illegal state', (events) => {
    for (const { state, isActive, shelvedUntilMs } of livesOf(events)) {
      expect(STATES).toContain(state)
      if (state === 'normal' || state === 'returned') expect(isActive).toBe(false)
      if (state === 'unacknowledged' || state === 'acknowledged') expect(isActive).toBe(true)
      expect(shelvedUntilMs !== undefined).toBe(state === 'shelved')
    }
  })

  test.prop([HISTORY])('never shelves for longer than a day, and every shelf ends by time alone', (events) => {
    const lives = livesOf(events)
    lives.forEach(({ state, sinceMs, shelvedUntilMs }, index) => {
      if (state !== 'shelved') return
      expect(shelvedUntilMs! - sinceMs).toBeLessThanOrEqual(LONGEST_SHELF_MS)
      expect(transition(lives[index]!, { type: 'time', atMs: shelvedUntilMs! }).state).not.toBe('shelved')
    })
  })

  test.prop([HISTORY])('knows whether the cause lasts, whatever people do', (events) => {
    const last = events.findLast(({ type }) => type === 'raise' || type === 'clear' || type === 'fold')
    expect(livesOf(events).at(-1)!.isActive).toBe(last?.type === 'raise')
  })

  test.prop([HISTORY])('is told nothing new by the same event twice', (events) => {
    for (const [index, event] of events.entries()) {
      if (event.type === 'shelve') continue
      const once = livesOf(events).at(index + 1)!
      expect(transition(once, event)).toBe(once)
    }
  })

  test.prop([HISTORY])('an alarm that was raised is never gone before somebody has answered it', (events) => {
    const lives = livesOf(events)
    events.forEach(({ type }, index) => {
      if (lives[index]!.state === 'unacknowledged' && lives[index + 1]!.state === 'normal') expect(type).toBe('fold')
    })
  })

  it('goes the way that the standard draws', () => {
    const at = (type: 'clear' | 'acknowledge', atMs: number): StandingEvent => ({ type, atMs })
    const raised = transition(NORMAL, { type: 'raise', needsAnswer: true, atMs: 1 })
    expect(raised.state).toBe('unacknowledged')
    expect(transition(raised, at('clear', 2)).state).toBe('returned')
    expect(transition(transition(raised, at('clear', 2)), at('acknowledge', 3)).state).toBe('normal')
    expect(transition(transition(raised, at('acknowledge', 2)), at('clear', 3)).state).toBe('normal')
  })

  it('asks again for what lasts when its shelf ends, and forgets what is over', () => {
    const shelved = transition(transition(NORMAL, { type: 'raise', needsAnswer: true, atMs: 1 }), { type: 'shelve', atMs: 2, untilMs: 100 })
    expect(transition(shelved, { type: 'time', atMs: 100 })).toMatchObject({ state: 'unacknowledged', sinceMs: 100 })
    expect(transition(transition(shelved, { type: 'clear', atMs: 50 }), { type: 'time', atMs: 100 }).state).toBe('normal')
  })
})
