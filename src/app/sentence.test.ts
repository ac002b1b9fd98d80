import { describe, expect, it } from 'vitest'
import type { CityStatus } from '../workers/city.messages.ts'
import { firstSentence, type LayerSummary, type SentenceInput } from './sentence.ts'

const NOW = Date.parse('2026-11-20T08:14:00Z')
const COUNTERS = { notifications: 0, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 }
const LIVE: CityStatus = { mode: 'live', sinceMs: NOW - 720_000, clockOffsetMs: 0, brokers: [{ id: 'a', state: 'live' }], counters: COUNTERS }
const NOISE: LayerSummary = { name: 'Noise', value: '61\u00A0dB(A)', hasCome: true, reporting: 40, known: 42, other: 0, fresh: 40, late: 2, lost: 0, clockError: 0 }
const AIR: LayerSummary = { name: 'Air quality', value: 'Fair', hasCome: true, reporting: 9, known: 9, other: 0, fresh: 8, late: 0, lost: 1, clockError: 0 }
const SILENT: LayerSummary = { name: 'Cycling', hasCome: true, reporting: 0, known: 0, other: 0, fresh: 0, late: 0, lost: 0, clockError: 0 }

function say(input: Partial<SentenceInput>): string {
  const { state, detail } = firstSentence({ city: 'Porto', timeZone: 'Europe/Lisbon', status: LIVE, layers: [NOISE, AIR], isHistory: false, nowMs: NOW, machineMs: NOW, ...input })
  return `${state} ${detail}`.trim().replaceAll('\u00A0', ' ')
}

describe('the first sentence', () => {
  it('answers whether it works, with what numbers, and what is late', () => {
    expect(say({})).toBe('Porto: 2 of 2 layers report. 48 of 51 sensors are fresh. Noise 61 dB(A), Air quality Fair; 2 sensors are late, 1 is lost.')
  })
  it('leaves worries out when there are none', () => {
    expect(say({ layers: [{ ...NOISE, fresh: 42, late: 0 }] })).toBe('Porto: 1 of 1 layer reports. 42 of 42 sensors are fresh. Noise 61 dB(A).')
  })
  it('says one sensor is late in the singular', () => {
    expect(say({ layers: [{ ...NOISE, late: 1 }] })).toContain('; 1 sensor is late.')
  })
  it('names the layers that are silent', () => {
    expect(say({ layers: [NOISE, AIR, SILENT] })).toContain('Porto: 2 of 3 layers report, without Cycling.')
  })
  it('says since when nothing reports', () => {
    const dead: LayerSummary = { ...NOISE, reporting: 0, fresh: 0, late: 0, lost: 42, newestMs: Date.parse('2025-10-31T05:00:00Z') }
    expect(say({ layers: [dead] })).toContain('Porto: no layer reports; the newest value is of Fri 31 Oct 2025 05:00.')
    expect(say({ layers: [{ ...dead, newestMs: Number.NEGATIVE_INFINITY }] })).toContain('Porto: no layer reports.')
  })
  it('speaks while it connects', () => {
    expect(say({ status: undefined, layers: [SILENT] })).toBe('Connecting to Porto…')
    expect(say({ status: { ...LIVE, mode: 'connecting' }, layers: [SILENT] })).toBe('Connecting to Porto…')
    expect(say({ status: { ...LIVE, mode: 'connecting' } })).toContain('Connecting to Porto; last values shown.')
  })
  it('says since when the server is away, what is kept and when it is tried again', () => {
    const status: CityStatus = { ...LIVE, mode: 'retrying', retryAtMs: NOW + 7_400, detail: 'The server closed the stream' }
    expect(say({ status })).toBe('Porto: no connection since 08:02; last values shown. Next try in 8 s. The server closed the stream.')
    expect(say({ status, layers: [SILENT] })).not.toContain('last values')
    expect(say({ status: { ...status, retryAtMs: NOW - 1 } })).toContain('Trying again now.')
  })
  it('says of when the values are that the last visit has left', () => {
    const kept: LayerSummary = { ...NOISE, fresh: 0, lost: 42, late: 0, keptAtMs: Date.parse('2026-11-19T14:02:00Z') }
    expect(say({ status: { ...LIVE, mode: 'connecting' }, layers: [kept] })).toBe('Porto: last values of Thu 19 Nov 14:02 shown; connecting… Noise 61 dB(A).')
    expect(say({ status: { ...LIVE, mode: 'retrying', retryAtMs: NOW + 7_400 }, layers: [kept, { ...AIR, keptAtMs: Date.parse('2026-11-20T08:02:00Z') }] })).toContain('Porto: no connection since 08:02; last values of 08:02 shown. Next try in 8 s. Noise 61 dB(A), Air quality Fair.')
  })
  it('keeps the seconds of the next try out of what is spoken', () => {
    const { state } = firstSentence({ city: 'Porto', timeZone: 'Europe/Lisbon', status: { ...LIVE, mode: 'retrying', retryAtMs: NOW + 8_000 }, layers: [NOISE], isHistory: false, nowMs: NOW, machineMs: NOW })
    expect(state).not.toMatch(/8\u00A0s/)
  })
  it('cannot be taken for live in the past', () => {
    const past = Date.parse('2026-11-19T22:00:00Z')
    const history: CityStatus = { ...LIVE, mode: 'history', detail: 'The city as it was at 2026-11-19T22:00:00Z.' }
    expect(say({ isHistory: true, status: history, nowMs: past })).toMatch(/^Porto as it was on Thu 19 Nov at 22:00 (WET|GMT)\. 48 of 51/)
    expect(say({ isHistory: true, status: history, nowMs: past, machineMs: Date.parse('2027-01-05T00:00:00Z') })).toContain('on Thu 19 Nov 2026 at 22:00')
  })
  it('says that the past is read until all of it is there, whatever the worker still believes', () => {
    const waiting: LayerSummary = { ...SILENT, hasCome: false }
    expect(say({ isHistory: true, layers: [waiting, waiting] })).toMatch(/^Reading Porto as it was on Fri 20 Nov at 08:14 (WET|GMT)…$/)
    expect(say({ isHistory: true, layers: [NOISE, waiting] })).toMatch(/… 1 of 2 layers are read\.$/)
    expect(say({ status: { ...LIVE, mode: 'history' }, layers: [waiting] })).toBe('Porto: coming back to now…')
  })
  it('says what of the past could not be had, and when there is none', () => {
    const broken: CityStatus = { ...LIVE, mode: 'history', detail: 'The past of Noise could not be read from a: Failed to fetch' }
    expect(say({ isHistory: true, status: broken })).toContain('could not be read from a: the server does not answer. 48 of 51')
    expect(say({ isHistory: true, layers: [SILENT] })).toContain('Porto has no readings of that time.')
  })
  it('does not call a layer silent whose sensors give another measure', () => {
    expect(say({ layers: [NOISE, { ...SILENT, known: 23, other: 23, fresh: 23 }] })).toContain('2 of 2 layers report.')
  })
  it('waits for the first values in words', () => expect(say({ layers: [{ ...SILENT, hasCome: false }] })).toBe('Porto: connected, the first values are coming.'))
  it('says that it is paused', () => {
    expect(say({ status: { ...LIVE, mode: 'paused' } })).toMatch(/^Porto: paused since 08:02; values stand still\. 48 of 51/)
  })
  it('names a feed that is down, with its reason, as one cause', () => {
    const status: CityStatus = { ...LIVE, brokers: [{ id: 'a', state: 'live' }, { id: 'b', state: 'down', detail: 'Scorpio answers 503 since 07:40' }] }
    expect(say({ status })).toContain('Porto: 2 of 2 layers report. 1 of 2 feeds is down: Scorpio answers 503 since 07:40.')
  })
})
