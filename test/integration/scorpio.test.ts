/** What a real Scorpio 5.0.3 did that nobody had read in its source, over a real socket to a server that does the same. */
import { afterEach, expect, it } from 'vitest'
import { createClient, type NgsiLdClient } from '../../src/ngsi-ld/client.ts'
import { profileOf } from '../../src/ngsi-ld/profile/profiles.ts'
import { createBrokerAccess } from '../../src/workers/session/broker-access.ts'
import { startScorpioLike, type ScorpioLike } from '../scorpio-like.ts'

const ID = 'urn:ngsi-ld:TrafficFlowObserved:1'
const START = Date.parse('2026-11-01T00:00:00Z')
const QUARTER_MS = 15 * 60_000
const HOUR_MS = 4 * QUARTER_MS
const SIGNAL = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined }

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

async function scorpio(instances: number, newest?: number): Promise<{ readonly client: NgsiLdClient; readonly server: ScorpioLike; readonly access: ReturnType<typeof createBrokerAccess> }> {
  const server = await startScorpioLike({ id: ID, startMs: START, instances })
  endings.push(() => server.close())
  const known = profileOf('scorpio')
  const profile = () => (newest === undefined ? known : { ...known, temporal: { ...known.temporal, newest } })
  const client = createClient({ baseUrl: server.url, fetch: (url, init) => fetch(url, init), profile })
  return { client, server, access: createBrokerAccess(client, profile) }
}

it('gives all of a month, though without a word it would give the newest 50', async () => {
  const { access, server } = await scorpio(2_880)
  const history = await access.pastOf(ID, { fromMs: START, toMs: START + 2_880 * QUARTER_MS }, SIGNAL)
  expect(history.ok && [history.value.partial, history.value.rejected, history.value.entities[0]!.attributes.get('intensity')!.length]).toEqual([false, 0, 2_880])
  expect(server.asked.map(({ searchParams }) => [searchParams.get('lastN'), searchParams.get('options')])).toEqual([['10000', null]])
})

it('goes on from the oldest when there is more than was asked for', async () => {
  const { access, server } = await scorpio(250, 100)
  const history = await access.past(['TrafficFlowObserved'], { fromMs: START, toMs: START + 250 * QUARTER_MS }, SIGNAL)
  const values = history.ok && history.value.entities[0]!.attributes.get('intensity')!.map((one) => one.kind === 'Property' && one.value)
  expect(history.ok && history.value.partial).toBe(false)
  expect([...(values as number[])].sort((a, b) => a - b)).toEqual(Array.from({ length: 250 }, (_, value) => value))
  expect(server.asked).toHaveLength(3)
})

it('gives means of periods that hold each reading once', async () => {
  const { access } = await scorpio(12)
  const means = await access.means!(['TrafficFlowObserved'], { fromMs: START, toMs: START + 3 * HOUR_MS }, HOUR_MS, SIGNAL)
  // 0 to 3, 4 to 7, 8 to 11: no reading of the next hour in any of them.
  const hours = means.ok ? means.value.entities[0]!.aggregates.get('intensity')![0]!.series.get('avg')! : []
  expect(hours).toEqual([1.5, 5.5, 9.5].map((value, hour) => ({ value, fromMs: START + hour * HOUR_MS, toMs: START + (hour + 1) * HOUR_MS })))
})

it('has no history of an entity that was silent, and that is no failure', async () => {
  const { access } = await scorpio(12)
  const before = { fromMs: START - 2 * HOUR_MS, toMs: START - HOUR_MS }
  expect(await access.pastOf(ID, before, SIGNAL)).toEqual({ ok: true, value: { entities: [], rejected: 0, partial: false } })
})

it('has no type when its list of them is empty', async () => {
  const { client } = await scorpio(0)
  expect(await client.types()).toEqual({ ok: true, value: { kind: 'types', items: [] } })
})

it('names its refusals by types that may end with a space', async () => {
  const { client } = await scorpio(0)
  expect(await client.retrieveEntity(ID, { limit: 1_001 })).toMatchObject({ ok: false, error: { name: 'TooManyResults', status: 403 } })
})
