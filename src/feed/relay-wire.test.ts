import { describe, expect, it } from 'vitest'
import { readRelayEvent } from './relay-wire.ts'

const state = { broker: 'main', state: 'live', sinceMs: 1, clockOffsetMs: 0 }
const heard = (known: unknown): unknown => readRelayEvent({ event: 'brokers', data: JSON.stringify([{ ...state, known }]) })?.data

describe('what the relay says of a broker\'s kind', () => {
  it('is read', () => {
    const known = { profile: 'orion-ld', version: '1.10.0', evidence: 'its version', temporalElsewhere: true }
    expect(heard(known)).toEqual([{ ...state, known }])
  })

  it.each<[what: string, known: unknown, read: object]>([
    ['nothing', undefined, state],
    ['a word', 'orion-ld', state],
    ['no profile', { version: '1' }, state],
    ['a version that is none', { profile: 'scorpio', version: 5, evidence: null }, { ...state, known: { profile: 'scorpio', evidence: '' } }],
  ])('costs nothing else when it is %s', (_, known, read) => {
    expect(heard(known)).toEqual([read])
  })
})
