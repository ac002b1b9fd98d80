import { describe, expect, it } from 'vitest'
import { budgetOf, isFloodAt } from './budget.ts'
import type { Finding } from './finding.ts'
import type { Entry } from './journal.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const NOW = 100 * DAY

function raise(atMs: number, incident = 'a', kind: Finding['kind'] = 'alarm'): Entry {
  return { seq: 1, type: 'raise', atMs, incident, finding: { id: incident, rule: 'r', kind, severity: 'high', subject: { kind: 'sensor', id: incident, name: incident }, condition: { kind: 'down' }, sensors: 1 } }
}

const every = (ms: number, count: number, endMs = NOW): Entry[] => Array.from({ length: count }, (_, index) => raise(endMs - (count - 1 - index) * ms, `s${index % 4}`))

describe('the alarm budget', () => {
  it('takes one in ten minutes, all day, for what it was made for', () => {
    expect(budgetOf(every(10 * MINUTE, 144), [], NOW)).toMatchObject({ today: 144, perDay: 150, peak: 1, floods: 0, isFlood: false, chattering: 0 })
  })

  it('calls ten in ten minutes much, and eleven a flood', () => {
    expect(budgetOf(every(MINUTE, 10), [], NOW)).toMatchObject({ peak: 10, floods: 0 })
    expect(budgetOf(every(0.9 * MINUTE, 11), [], NOW)).toMatchObject({ peak: 11, floods: 1, isFlood: true })
  })

  it('ends a flood when fewer than five are left, and counts the next anew', () => {
    const flood = every(MINUTE / 2, 12)
    expect(isFloodAt(flood, NOW + 5 * MINUTE)).toBe(true)
    expect(isFloodAt(flood, NOW + 9 * MINUTE)).toBe(false)
    const second = every(MINUTE / 2, 12, NOW + 60 * MINUTE)
    expect(budgetOf([...flood, ...second], [], NOW + 61 * MINUTE).floods).toBe(2)
  })

  it('forgets after a day, and does not count notices', () => {
    expect(budgetOf([raise(NOW - DAY), raise(NOW - DAY + 1), raise(NOW, 'b', 'notice')], [], NOW).today).toBe(1)
  })

  it('names what chatters, and the source of most', () => {
    const budget = budgetOf([raise(NOW - 50_000), raise(NOW - 20_000), raise(NOW), raise(NOW, 'b')], [], NOW)
    expect(budget).toMatchObject({ chattering: 1, topSource: { incident: 'a', count: 3, share: 0.75 } })
  })

  it('counts what is shelved and what lasts for over a day', () => {
    const incident = (id: string, state: 'shelved' | 'acknowledged', raisedAtMs: number) => ({
      id,
      finding: (raise(0, id) as Extract<Entry, { type: 'raise' }>).finding,
      raisedAtMs,
      standing: { state, isActive: true, needsAnswer: true, sinceMs: raisedAtMs, ...(state === 'shelved' && { shelvedUntilMs: NOW + MINUTE }) },
    })
    expect(budgetOf([], [incident('a', 'shelved', NOW), incident('b', 'acknowledged', NOW - DAY - 1)], NOW)).toMatchObject({ shelved: 1, shelvedUntilMs: NOW + MINUTE, stale: 1 })
  })
})
