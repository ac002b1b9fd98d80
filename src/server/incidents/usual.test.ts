/** A rule that compares with what is usual, over a real broker's history: what a page would call far above usual raises it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../configuration/parse.ts'
import type { CityConfiguration } from '../../configuration/schema.ts'
import { NOISE } from '../../domains/noise/model.ts'
import { readContextOf } from '../../domains/read-context.ts'
import type { Rule } from '../../incidents/rule.ts'
import { isMet } from '../../incidents/signal.ts'
import { createClient, type NgsiLdClient } from '../../ngsi-ld/client.ts'
import { profileOf } from '../../ngsi-ld/profile/profiles.ts'
import { createLogger } from '../log.ts'
import { startServer, type RunningServer } from '../start.ts'
import { SERVER_TIMERS, type ServerTimers } from '../timers.ts'
import { createSurvey, type Survey } from './survey.ts'
import { createCityUsual, type CityUsual } from './usual.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
/** A Monday. */
const NOW = Date.parse('2026-03-02T08:40:00Z')
const ID = 'urn:ngsi-ld:NoiseLevelObserved:1'
const RULE: Rule = { id: 'odd', layer: 'noise', condition: { kind: 'usual', side: 'above', deadBand: 1 }, onDelayMs: 0, offDelayMs: 0, severity: 'medium' }

let nowMs = NOW
const timers: ServerTimers = { ...SERVER_TIMERS, now: () => nowMs }
/** Its pauses are for a broker that others ask too. */
const eager: ServerTimers = { ...timers, wait: (_, signal) => SERVER_TIMERS.wait(1, signal) }
let server: RunningServer
let client: NgsiLdClient
let survey: Survey
let usual: CityUsual

beforeAll(async () => {
  const parsed = parseConfiguration(
    { cities: [{ id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [{ id: 'b0', embedded: {} }] }] },
    { domains: ['noise'], environment: {} },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const city: CityConfiguration = parsed.value.cities[0]!
  server = await startServer({ configuration: parsed.value, port: 0, host: '127.0.0.1', log: createLogger(() => undefined), environment: {}, pageFolder: '/nonexistent', timers })
  client = createClient({ fetch, baseUrl: at('/api/cities/porto/brokers/b0'), profile: () => profileOf('embedded'), timeoutMs: 20_000, wait: (ms, signal) => timers.wait(ms, signal as AbortSignal) })
  survey = createSurvey({ models: [NOISE], rules: [RULE], expectedMsOf: () => MINUTE, contextOf: (model) => readContextOf(city, model) })
  usual = createCityUsual({ city, models: [NOISE], clients: new Map([['b0', client]]), profileOf: () => profileOf('embedded'), timers: eager })
})

afterAll(async () => {
  usual.close()
  await server.close()
})

const at = (path: string): string => `http://127.0.0.1:${server.port}${path}`

async function send(path: string, body: unknown): Promise<void> {
  const answer = await fetch(at(`/ngsi-ld/v1${path}`), { method: 'POST', headers: { 'content-type': 'application/json', 'ngsild-tenant': 'porto' }, body: JSON.stringify(body) })
  expect(answer.status).toBeLessThan(300)
}

const level = (value: number, ms: number) => ({ type: 'Property', value, unitCode: '2N', observedAt: new Date(ms).toISOString() })

async function hear(value: number): Promise<boolean | undefined> {
  await send('/entityOperations/upsert', [{ id: ID, type: 'NoiseLevelObserved', location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.15] } }, LAeq: level(value, nowMs) }])
  expect(await survey.read('b0', client, new AbortController().signal)).toBeUndefined()
  const [sensor] = survey.sensors('noise', () => nowMs, usual.bandsOf('noise', nowMs))
  return isMet(RULE.condition, sensor!.facts(RULE), false)
}

describe('a rule on what is usual', () => {
  it('knows nothing before the history is read, and then what is above it', async () => {
    // Every day of six weeks, at this hour: 60 to 62 dB(A).
    const days = Array.from({ length: 42 }, (_, index) => NOW - (index + 1) * DAY)
    await send('/temporal/entities', { id: ID, type: 'NoiseLevelObserved', LAeq: days.flatMap((ms, index) => [level(60 + (index % 3), ms), level(60 + ((index + 1) % 3), ms - 15 * MINUTE)]) })
    expect(await hear(61)).toBeUndefined()
    usual.want(nowMs)
    expect(usual.stateAt(nowMs)).toEqual({ noise: 'reading' })
    await expect.poll(() => usual.stateAt(nowMs), { timeout: 15_000 }).toEqual({ noise: 'known' })
    expect(usual.bandsOf('noise', nowMs)!(ID)).toMatchObject({ median: expect.closeTo(61, 9), p10: expect.closeTo(60, 9), p90: expect.closeTo(62, 9) })
    expect(await hear(61)).toBe(false)
  })

  it('compares the window that the layer shows, not one loud minute', async () => {
    // One minute of 66 dB(A) among fourteen of 60: 60.9 by energy. The minute alone would be far above.
    for (let minute = 1; minute <= 14; minute++) {
      nowMs = NOW + minute * MINUTE
      expect(await hear(minute === 14 ? 66 : 60)).toBe(false)
    }
    nowMs += MINUTE
    expect(await hear(90)).toBe(true)
    // Another hour is not known until it is asked for.
    nowMs = NOW + 60 * MINUTE
    expect(await hear(90)).toBeUndefined()
  })

  it('has nothing to say of a layer that no rule compares', () => {
    expect(usual.bandsOf('rain', nowMs)).toBeUndefined()
  })
})
