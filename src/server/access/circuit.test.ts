import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createCircuit, MAX_PAUSE_MS, retryAfterMs, type Circuit, type Outcome } from './circuit.ts'

function start() {
  let nowMs = 0
  const circuit = createCircuit({ failures: 3, pauseMs: 1_000 }, () => nowMs)
  return { circuit, pass: (ms: number) => (nowMs += ms) }
}

/** False when it was refused. */
function ask(circuit: Circuit, outcome: Outcome, isProbe = false): boolean {
  const admission = circuit.admit(isProbe)
  if (admission.ok) admission.settle(outcome)
  return admission.ok
}

describe('a circuit', () => {
  it('opens after so many failures in a row, and one that tries closes it', () => {
    const { circuit, pass } = start()
    for (let i = 0; i < 3; i++) expect(ask(circuit, 'failed')).toBe(true)
    expect(circuit.stats).toMatchObject({ state: 'open', opened: 1, retryAtMs: 1_000 })
    expect(ask(circuit, 'answered')).toBe(false)
    pass(1_000)
    expect(circuit.stats.state).toBe('half-open')
    expect(ask(circuit, 'answered')).toBe(true)
    expect(circuit.stats).toMatchObject({ state: 'closed', failuresInARow: 0 })
  })

  it('lets one try at a time, and stays open longer when it fails', () => {
    const { circuit, pass } = start()
    for (let i = 0; i < 3; i++) ask(circuit, 'failed')
    pass(1_000)
    const probe = circuit.admit(false)
    expect(ask(circuit, 'answered')).toBe(false)
    if (probe.ok) probe.settle('failed')
    pass(1_999)
    expect(ask(circuit, 'answered')).toBe(false)
    pass(1)
    expect(ask(circuit, 'answered')).toBe(true)
  })

  it('lets the next one try when the one that tried went away', () => {
    const { circuit, pass } = start()
    for (let i = 0; i < 3; i++) ask(circuit, 'failed')
    pass(1_000)
    expect(ask(circuit, 'left')).toBe(true)
    expect(ask(circuit, 'answered')).toBe(true)
  })

  it('is passed by the relay, whose answer closes it', () => {
    const { circuit } = start()
    for (let i = 0; i < 3; i++) ask(circuit, 'failed')
    expect(ask(circuit, 'answered', true)).toBe(true)
    expect(circuit.stats.state).toBe('closed')
  })

  it('gives a pause that was asked for to everybody, and no longer than is sensible', () => {
    const { circuit, pass } = start()
    circuit.pause(30_000)
    expect(circuit.admit(true)).toEqual({ ok: false, reason: 'paused', retryInMs: 30_000 })
    pass(30_000)
    expect(ask(circuit, 'answered')).toBe(true)
    circuit.pause(86_400_000)
    expect(circuit.admit(false)).toMatchObject({ retryInMs: MAX_PAUSE_MS })
  })

  it('waits longer each time when no time was named', () => {
    const { circuit, pass } = start()
    circuit.pause(undefined)
    expect(circuit.admit(false)).toMatchObject({ retryInMs: 2_000 })
    pass(2_000)
    circuit.pause(undefined)
    expect(circuit.admit(false)).toMatchObject({ retryInMs: 4_000 })
  })

  test.prop([fc.array(fc.constantFrom<Outcome>('answered', 'left'), { maxLength: 50 }), fc.integer({ min: 0, max: 2 })])('never opens for answers, whatever they say, nor for who went away', (outcomes, failed) => {
    const { circuit } = start()
    for (let i = 0; i < failed; i++) ask(circuit, 'failed')
    for (const outcome of outcomes) expect(ask(circuit, outcome)).toBe(true)
    expect(circuit.stats.opened).toBe(0)
  })

  test.prop([fc.array(fc.record({ outcome: fc.constantFrom<Outcome>('answered', 'failed', 'left'), ms: fc.nat({ max: 5_000 }), isProbe: fc.boolean() }), { maxLength: 60 })])('always lets somebody in again', (steps) => {
    const { circuit, pass } = start()
    for (const { outcome, ms, isProbe } of steps) {
      ask(circuit, outcome, isProbe)
      pass(ms)
    }
    pass(120_000)
    expect(ask(circuit, 'answered')).toBe(true)
    expect(circuit.stats.state).toBe('closed')
  })
})

describe('Retry-After', () => {
  it.each<[what: string, headers: Record<string, string>, ms: number | undefined]>([
    ['seconds', { 'retry-after': '120' }, 120_000],
    // RFC 9110, 10.2.3 has this date as its example; ours is half a minute before it.
    ['an instant', { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }, 30_000],
    ['an instant by the clock of who says it', { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT', date: 'Fri, 31 Dec 1999 23:59:49 GMT' }, 10_000],
    ['an instant that is over', { 'retry-after': 'Fri, 31 Dec 1999 23:00:00 GMT' }, 0],
    ['nothing', {}, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('is read from %s', (_, headers, ms) => {
    expect(retryAfterMs(new Headers(headers), Date.parse('1999-12-31T23:59:29Z'))).toBe(ms)
  })
})
