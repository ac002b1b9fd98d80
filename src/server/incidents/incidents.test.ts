/** Incidents of a running server, over real sockets: what is raised without any page, who may answer, and what the broker then holds. */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../configuration/parse.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { createLogger } from '../log.ts'
import { startServer, type RunningServer } from '../start.ts'
import { SERVER_TIMERS, type ServerTimers } from '../timers.ts'
import { readJournal } from './journal-file.ts'

const MINUTE = 60_000
const START = Date.parse('2026-03-02T08:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'belvedere-incidents-'))
let server: RunningServer
let nowMs = START
/** Waits of the watch itself, fired by the test; others are the platform's. */
let rounds: (() => void)[] = []
const timers: ServerTimers = {
  ...SERVER_TIMERS,
  now: () => nowMs,
  after(ms, call) {
    if (ms !== 7_000 && ms !== 13_000) return SERVER_TIMERS.after(ms, call)
    rounds.push(call)
    return () => (rounds = rounds.filter((one) => one !== call))
  },
}

const RESPONSE = { cause: 'rain', consequence: 'flooded cellars', action: 'call civil protection', owner: 'civil protection' }
const CITY = {
  name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], layers: ['noise'], brokers: [{ id: 'b0', embedded: {} }],
}
const INCIDENTS = { mayAct: true, everyS: 13, rules: [{ id: 'loud', layer: 'noise', when: { kind: 'limit', above: 80, deadBand: 5 }, offDelayS: 0, severity: 'high', ...RESPONSE }] }

function configurationOf(): Configuration {
  const cities = [{ ...CITY, id: 'porto', incidents: INCIDENTS }, { ...CITY, id: 'shown', incidents: { everyS: INCIDENTS.everyS, rules: INCIDENTS.rules } }, { ...CITY, id: 'plain' }]
  const parsed = parseConfiguration({ server: { dataFolder: folder }, cities }, { domains: ['noise'], environment: {} })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return parsed.value
}

beforeAll(async () => {
  server = await startServer({ configuration: configurationOf(), port: 0, host: '127.0.0.1', log: createLogger(() => undefined), environment: {}, pageFolder: '/nonexistent', timers })
})

afterAll(() => server.close())

const at = (path: string): string => `http://127.0.0.1:${server.port}${path}`

async function measure(levelDbA: number, sensors: readonly number[] = [1]): Promise<void> {
  const observedAt = new Date(nowMs).toISOString()
  const entities = sensors.map((one) => ({
    id: `urn:ngsi-ld:NoiseLevelObserved:${one}`,
    type: 'NoiseLevelObserved',
    name: { type: 'Property', value: `Street ${one}` },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.15] } },
    LAeq: { type: 'Property', value: levelDbA, unitCode: '2N', observedAt },
  }))
  const answer = await fetch(at('/ngsi-ld/v1/entityOperations/upsert'), { method: 'POST', headers: { 'content-type': 'application/json', 'ngsild-tenant': 'porto' }, body: JSON.stringify(entities) })
  expect(answer.status).toBeLessThan(300)
}

/** One turn of every city's watch, until each waits for its next. */
async function turn(): Promise<void> {
  nowMs += MINUTE
  const due = rounds
  rounds = []
  for (const call of due) call()
  await expect.poll(() => rounds.length).toBe(due.length)
}

interface Told {
  readonly incidents: readonly { readonly id: string; readonly finding: { readonly value?: number; readonly subject: { readonly name: string } }; readonly standing: { readonly state: string } }[]
  readonly budget: { readonly today: number; readonly shelved: number }
  readonly watched: { readonly sensors: number }
}

async function told(): Promise<Told> {
  return (await (await fetch(at('/api/cities/porto/incidents'))).json()) as Told
}

async function answer(action: string, body: unknown, { incident = 'loud:sensor:urn:ngsi-ld:NoiseLevelObserved:1', city = 'porto', headers = {} }: { readonly incident?: string; readonly city?: string; readonly headers?: Record<string, string> } = {}): Promise<Response> {
  return fetch(at(`/api/cities/${city}/incidents/${encodeURIComponent(incident)}/${action}`), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

async function alert(): Promise<Record<string, { readonly value: unknown }>> {
  const answered = await fetch(at('/ngsi-ld/v1/entities?type=Alert'), { headers: { 'ngsild-tenant': 'porto' } })
  return ((await answered.json()) as Record<string, { readonly value: unknown }>[])[0]!
}

describe('incidents of a running server', () => {
  it('are raised with no page open, and kept as an alert in the broker', async () => {
    await measure(85)
    await turn()
    expect(await told()).toMatchObject({ incidents: [{ id: 'loud:sensor:urn:ngsi-ld:NoiseLevelObserved:1', finding: { value: 85 }, standing: { state: 'unacknowledged' } }], budget: { today: 1 }, watched: { sensors: 1 } })
    await expect.poll(async () => (await alert())?.['incidentState']?.value).toBe('unacknowledged')
    const kept = await alert()
    expect(kept).toMatchObject({ type: 'Alert', category: { value: 'environment' }, severity: { value: 'high' }, action: { value: 'call civil protection' }, dateIssued: { value: { '@type': 'DateTime', '@value': '2026-03-02T08:01:00Z' } } })
  })

  it('are sent only when something has changed', async () => {
    const first = await fetch(at('/api/cities/porto/incidents'))
    const etag = first.headers.get('etag')!
    expect((await fetch(at('/api/cities/porto/incidents'), { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it('are answered by a name, and by nobody from another site', async () => {
    expect((await answer('acknowledge', { by: 'Ana' }, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect((await answer('acknowledge', { by: 'Ana' }, { headers: { origin: 'https://elsewhere.example' } })).status).toBe(403)
    expect((await answer('acknowledge', { by: 'Ana' }, { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await answer('acknowledge', { by: '' })).status).toBe(400)
    expect((await answer('acknowledge', { by: 'Ana', comment: 'x'.repeat(9_000) })).status).toBe(413)
    expect((await answer('shelve', { by: 'Ana' })).status).toBe(400)
    expect((await answer('explode', { by: 'Ana' })).status).toBe(404)
    expect((await answer('acknowledge', { by: 'Ana' }, { incident: 'nothing' })).status).toBe(404)
    expect((await answer('acknowledge', { by: 'Ana' }, { city: 'shown' })).status).toBe(403)
    expect((await fetch(at('/api/cities/plain/incidents'))).status).toBe(404)
    expect((await told()).incidents[0]!.standing.state).toBe('unacknowledged')

    expect((await answer('acknowledge', { by: ' Ana\n', comment: '=SUM(A1)' })).status).toBe(200)
    expect((await answer('acknowledge', { by: 'Ana' })).status).toBe(409)
    await expect.poll(async () => (await alert())['answeredBy']?.value).toBe('Ana')
    const csv = await (await fetch(at('/api/cities/porto/incidents/journal.csv'))).text()
    expect(csv.trimEnd().split('\r\n')).toEqual([
      'time,incident,what,by,comment,until,into',
      '2026-03-02T08:01:00Z,loud:sensor:urn:ngsi-ld:NoiseLevelObserved:1,raise,,,,',
      "2026-03-02T08:01:00Z,loud:sensor:urn:ngsi-ld:NoiseLevelObserved:1,acknowledge,Ana,'=SUM(A1),,",
    ])
  })

  it('come back from the shelf, stay inside the dead-band, and end below it', async () => {
    expect((await answer('shelve', { by: 'Ana', hours: 0.25 })).status).toBe(200)
    expect((await told()).budget.shelved).toBe(1)
    nowMs += 15 * MINUTE
    await measure(78)
    await turn()
    expect((await told()).incidents[0]!.standing.state).toBe('unacknowledged')
    expect((await answer('acknowledge', { by: 'Ana' })).status).toBe(200)
    await measure(74)
    await turn()
    expect((await told()).incidents).toEqual([])
    await expect.poll(async () => (await alert())['incidentState']?.value).toBe('normal')
    expect((await alert())['validTo']).toBeDefined()
  })

  it('are one when a layer falls silent', async () => {
    await measure(60, [1, 2, 3, 4])
    await turn()
    nowMs += 10 * MINUTE
    await turn()
    await turn()
    await turn()
    expect((await told()).incidents.map(({ id }) => id)).toEqual(['layer-lost-noise:layer:noise'])
  })

  it('are read again from the journal by the next server', async () => {
    const before = (await told()).incidents
    await server.close()
    rounds = []
    expect(readJournal(readFileSync(join(folder, 'incidents-porto.jsonl'), 'utf8'))).toMatchObject({ entries: expect.any(Array) })
    server = await startServer({ configuration: configurationOf(), port: 0, host: '127.0.0.1', log: createLogger(() => undefined), environment: {}, pageFolder: '/nonexistent', timers })
    expect((await told()).incidents).toEqual(before)
  })
})
