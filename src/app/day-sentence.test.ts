import { expect, it } from 'vitest'
import { daySentence } from './day-sentence.ts'

const format = (value: number): string => `${value} dB(A)`
const at = (clock: string): number => Date.parse(`2026-11-20T${clock}:00Z`)
const say = (points: readonly (readonly [string, number])[], gaps: readonly (readonly [string, string])[] = []): string =>
  daySentence({ points: points.map(([clock, value]) => ({ ms: at(clock), value })), gaps: gaps.map(([from, to]) => ({ fromMs: at(from), toMs: at(to) })), timeZone: 'Europe/Lisbon', format }).replaceAll('\u00A0', ' ')

it('tells the range with its times, and the gap', () => {
  expect(say([['06:00', 55], ['08:00', 68], ['11:00', 60]], [['08:00', '11:00']])).toBe('3 readings, from 55 dB(A) at 06:00 to 68 dB(A) at 08:00; one gap of 3 h from 08:00.')
})
it('names the longest of several gaps', () => expect(say([['06:00', 55], ['08:00', 68]], [['01:00', '02:00'], ['03:00', '05:30']])).toContain('; 2 gaps, the longest 2 h 30 min from 03:00.'))
it('says when nothing was measured', () => expect(say([])).toBe('No readings in these 24 hours.'))
it('says when nothing moved', () => expect(say([['06:00', 55], ['07:00', 55]])).toBe('2 readings, constantly 55 dB(A).'))
