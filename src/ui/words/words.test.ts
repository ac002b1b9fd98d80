import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { formatDuration, formatWhen, type Seen } from './age.ts'
import { formatClock, formatDay, formatFull, formatSince, formatZone, fromWallInput, toWallInput } from './clock.ts'
import { inSentence } from './case.ts'
import { identifierWords } from './identifier.ts'
import { formatCount, formatNumber, formatQuantity, keepTogether } from './number.ts'

const plain = (text: string): string => text.replaceAll('\u00A0', ' ')
const at = (iso: string): number => Date.parse(iso)

describe('names within a sentence', () => {
  it.each([
    ['Air quality', 'air quality'],
    ['CO₂ in schools', 'CO₂ in schools'],
    ['LAeq', 'LAeq'],
    ['Índice', 'índice'],
  ])('%s are %s', (name, inside) => expect(inSentence(name)).toBe(inside))
})

describe('numbers', () => {
  it('have a true minus and a no-break space before the unit', () => {
    expect(formatQuantity(-3.2, 1, '°C')).toBe('\u22123.2\u00A0°C')
    expect(formatQuantity(61.4, 0, 'dB(A)')).toBe('61\u00A0dB(A)')
    expect(formatQuantity(3, 0, '')).toBe('3')
  })
  it('show no sign that the digits do not', () => expect(formatNumber(-0.04, 1)).toBe('0.0'))
  it('stay with their unit at the end of a line', () => expect(keepTogether('LAeq over 15 min, of 3 sensors')).toBe('LAeq over 15\u00A0min, of 3\u00A0sensors'))
  it('group thousands', () => expect(formatNumber(12_345)).toBe('12,345'))
  it('are a dash when there is none: absence is not zero', () => expect(formatNumber(Number.NaN)).toBe('–'))
  it('agree with their noun', () => expect([formatCount(1, 'sensor', 'sensors'), formatCount(0, 'sensor', 'sensors')]).toEqual(['1 sensor', '0 sensors']))
})

describe('ages', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [7_800_000, '2 h 10 min'],
    [86_400_000, '1 d'],
    [95_000_000, '1 d 2 h'],
    [9 * 86_400_000 + 5e6, '9 d'],
  ])('of %i ms are %s', (ms, text) => expect(plain(formatDuration(ms))).toBe(text))
})

describe('when something was observed', () => {
  const nowMs = at('2026-11-20T08:14:00Z')
  const live: Seen = { nowMs, timeZone: 'Europe/Lisbon', isHistory: false }
  const ago = (ms: number, seen: Partial<Seen> = {}): string => plain(formatWhen(nowMs - ms, { ...live, ...seen }))
  it('is an age within a day', () => expect([ago(40_000), ago(7_800_000)]).toEqual(['40 s ago', '2 h 10 min ago']))
  it('is its day and time beyond, with the year when that is another', () => {
    expect(ago(86_400_000)).toBe('Thu 19 Nov 08:14')
    expect(ago(385 * 86_400_000)).toBe('Fri 31 Oct 2025 08:14')
    expect(ago(86_400_000, { isHistory: true })).toBe('Thu 19 Nov 2026 08:14')
  })
  it('is told from the instant that is shown', () => expect([ago(40_000, { isHistory: true }), ago(0, { isHistory: true })]).toEqual(['40 s before', 'at that moment']))
  it('of a sensor that never reported is said so', () => {
    expect(ago(Number.NaN)).toBe('never reported')
    expect(ago(Number.NaN, { isHistory: true })).toBe('nothing by then')
  })
  it('a few seconds ahead is agreement of two clocks, minutes ahead are not', () => {
    expect(ago(-2_000)).toBe('0 s ago')
    expect(ago(-300_000)).toBe('stamped 5 min ahead')
  })
})

it.each([
  ['IncompleteIndex', 'Incomplete index'],
  ['swapped-coordinates', 'Swapped coordinates'],
  ['unit_assumed', 'Unit assumed'],
  ['EAQIIncomplete', 'EAQI incomplete'],
  ['laterThanNO2', 'Later than NO2'],
  ['', ''],
])('the identifier %s is read as "%s"', (identifier, words) => expect(identifierWords(identifier)).toBe(words))

describe('the city’s clock', () => {
  const porto = 'Europe/Lisbon'
  const helsinki = 'Europe/Helsinki'
  const instant = at('2026-11-20T08:14:05Z')

  it('shows local time with its zone', () => {
    expect(formatClock(instant, porto)).toBe('08:14')
    expect(formatClock(instant, helsinki, { seconds: true })).toBe('10:14:05')
    expect(formatDay(instant, instant, porto)).toBe('Fri 20 Nov')
    expect(formatFull(instant, helsinki)).toMatch(/^Fri 20 Nov 2026,? .*10:14:05 .*(EET|GMT\+2)$/)
    expect(formatZone(at('2026-07-01T12:00:00Z'), helsinki)).not.toBe(formatZone(instant, helsinki))
  })
  it('writes midnight as 00:00', () => expect(formatClock(at('2026-11-20T00:00:00Z'), porto)).toBe('00:00'))
  it('names the day only when it is another', () => {
    expect(formatSince(at('2026-11-20T07:00:00Z'), instant, porto)).toBe('07:00')
    expect(formatSince(at('2026-11-19T22:40:00Z'), instant, porto)).toBe('Thu 19 Nov 22:40')
  })
  it('names the year only when it is another', () => {
    expect(formatDay(at('2025-03-12T08:00:00Z'), instant, porto)).toBe('Wed 12 Mar 2025')
    expect(formatSince(at('2025-03-12T08:00:00Z'), instant, porto)).toBe('Wed 12 Mar 2025 08:00')
    // The last hour of the year in Porto is the first of the next in Helsinki.
    expect(formatDay(at('2025-12-31T23:00:00Z'), instant, porto)).toBe('Wed 31 Dec 2025')
    expect(formatDay(at('2025-12-31T23:00:00Z'), instant, helsinki)).toBe('Thu 1 Jan')
  })
  it('reads a typed time as the city’s own', () => {
    expect(fromWallInput('2026-11-20T10:14', helsinki)).toBe(at('2026-11-20T08:14:00Z'))
    expect(fromWallInput('2026-07-20T10:14', helsinki)).toBe(at('2026-07-20T07:14:00Z'))
    expect(fromWallInput('yesterday', helsinki)).toBeUndefined()
    expect(fromWallInput('', helsinki)).toBeUndefined()
  })
  test.prop([fc.integer({ min: at('2020-01-01T00:00:00Z') / 60_000, max: at('2030-01-01T00:00:00Z') / 60_000 }), fc.constantFrom(porto, helsinki, 'Asia/Kathmandu')])(
    'survives the way through the field, but for the hour that a clock shows twice',
    (minutes, zone) => {
      const ms = minutes * 60_000
      const back = fromWallInput(toWallInput(ms, zone), zone)
      expect([0, 3_600_000]).toContain(ms - (back ?? 0))
    },
  )
})
