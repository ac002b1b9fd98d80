import { describe, expect, it } from 'vitest'
import { createTestClock } from '../../test/running-broker.ts'
import { createLogger, REPEAT_MS } from './log.ts'

const START = Date.parse('2026-11-20T12:00:00Z')

function startLog() {
  const clock = createTestClock(START)
  const lines: string[] = []
  const log = createLogger((line) => lines.push(line.trimEnd()), clock.now, clock.after)
  return { clock, lines, log }
}

describe('the log', () => {
  it('says a fact on one line, with its values', () => {
    const { lines, log } = startLog()
    log.warn('broker down', { city: 'porto', count: 3, reason: 'not\nJSON', left: undefined })
    expect(lines).toEqual(['2026-11-20T12:00:00.000Z warn broker down city=porto count=3 reason="not\\nJSON"'])
  })

  it('says what repeats once, and after a minute how often it was since', () => {
    const { clock, lines, log } = startLog()
    for (let i = 0; i < 5_000; i++) log.warn('forward failed', { city: 'porto' })
    log.warn('forward failed', { city: 'milan' })
    expect(lines).toHaveLength(2)
    clock.advance(REPEAT_MS)
    expect(lines.slice(2)).toEqual(['2026-11-20T12:01:00.000Z warn forward failed city=porto repeated=4999'])
  })

  it('goes on counting minute by minute while it lasts, and is done when it is over', () => {
    const { clock, lines, log } = startLog()
    for (let minute = 0; minute < 3; minute++) {
      for (let i = 0; i < 100; i++) log.error('request failed')
      clock.advance(REPEAT_MS)
    }
    expect(lines.map((line) => line.slice(25))).toEqual(['error request failed', 'error request failed repeated=99', 'error request failed repeated=100', 'error request failed repeated=100'])
    clock.advance(REPEAT_MS)
    expect(clock.pending).toBe(0)
    log.error('request failed')
    expect(lines.at(-1)).toBe('2026-11-20T12:04:00.000Z error request failed')
  })

  it('counts together what differs only by what strangers send', () => {
    const { clock, lines, log } = startLog()
    for (let i = 0; i < 1_000; i++) log.warn('embedded broker refused entities', { id: `urn:ngsi-ld:X:${i}` })
    expect(lines).toHaveLength(21)
    clock.advance(REPEAT_MS)
    expect(lines.slice(21)).toEqual(['2026-11-20T12:01:00.000Z warn embedded broker refused entities of=others repeated=979'])
  })
})
