/** The client and the decoder of `src/ngsi-ld` against the embedded broker: two readings of one standard that must meet. */
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EpochMs } from '../../src/core/time/instant.ts'
import { createClient, type FetchLike, type NgsiLdClient } from '../../src/ngsi-ld/client.ts'
import { decodeEntities, decodeEntity } from '../../src/ngsi-ld/decode.ts'
import type { Entity, Json, JsonObject } from '../../src/ngsi-ld/entity.ts'
import { readNotification } from '../../src/ngsi-ld/notification.ts'
import { nearPosition, withinBounds, type EntityQuery } from '../../src/ngsi-ld/query.ts'
import { statesOf } from '../../src/ngsi-ld/temporal.ts'
import { startBroker, startListener, type Listener, type RunningBroker } from '../running-broker.ts'
import { hasShared, sharedPath } from '../shared.ts'

let running: RunningBroker
let listener: Listener
let client: NgsiLdClient
beforeAll(async () => {
  running = await startBroker({ limits: { temporalInstances: 50 } })
  listener = await startListener()
  client = createClient({ fetch: fetch as unknown as FetchLike, baseUrl: `http://127.0.0.1:${running.port}`, tenant: 'porto', context: 'https://example.org/context.jsonld' })
  await running.ask('POST', '/entityOperations/create', { tenant: 'porto', body: sensors })
})
afterAll(async () => {
  await running.stop()
  await listener.stop()
})

const sensors = Array.from({ length: 250 }, (_, n) => ({
  id: `urn:ngsi-ld:Noise:${n}`,
  type: 'Noise',
  LAeq: { type: 'Property', value: n, unitCode: '2N', observedAt: '2024-05-14T08:00:00Z' },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.6 + n / 10_000, 41.15] } },
}))

async function all(query: EntityQuery): Promise<Json[]> {
  const found: Json[] = []
  for await (const page of client.queryEntities(query)) {
    if (!page.ok) throw new Error(JSON.stringify(page.error))
    found.push(...page.value.entities)
  }
  return found
}
function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('the client', () => {
  it('pages through every entity once', async () => {
    expect(await all({ types: ['Noise'] })).toEqual(sensors)
  })

  it('asks by value and place, and by POST when the address grows too long', async () => {
    expect(await all({ types: ['Noise'], q: 'LAeq>=100;LAeq<103' })).toHaveLength(3)
    expect(await all({ types: ['Noise'], geo: nearPosition([-8.6, 41.15], 100) })).toEqual(sensors.slice(0, 12))
    expect(await all({ types: ['Noise'], geo: withinBounds([-8.59995, 41, -8.59985, 42]) })).toEqual([sensors[1]])
    expect(await all({ types: ['Noise'], ids: sensors.map(({ id }) => id) })).toHaveLength(250)
  })

  it('hears of errors as they are', async () => {
    expect(await client.retrieveEntity('urn:ngsi-ld:Noise:999')).toMatchObject({ ok: false, error: { kind: 'problem', status: 404 } })
    const other = createClient({ fetch: fetch as unknown as FetchLike, baseUrl: running.url, tenant: 'nowhere' })
    expect(await other.types()).toMatchObject({ ok: false, error: { kind: 'problem', status: 404 } })
  })

  it('discovers', async () => {
    expect(value(await client.types()).items.map(({ name }) => name)).toContain('Noise')
    expect(value(await client.attributes()).items.map(({ name }) => name)).toEqual(expect.arrayContaining(['LAeq', 'location']))
  })

  it('reads a long history to its end, in every form', async () => {
    const id = 'urn:ngsi-ld:Past:1'
    const LAeq = Array.from({ length: 180 }, (_, n) => ({ type: 'Property', value: n, unitCode: '2N', observedAt: new Date(Date.parse('2024-01-01T00:00:00Z') + n * 60_000).toISOString() }))
    expect((await running.ask('POST', '/temporal/entities', { tenant: 'porto', body: { id, type: 'Past', LAeq } })).status).toBe(201)
    for (const form of ['normalized', 'temporalValues'] as const) {
      const history = value(await client.retrieveTemporal(id, { timerel: 'after', timeAtMs: Date.parse('2023-12-31T00:00:00Z'), form }))
      expect(history.isComplete).toBe(true)
      expect(statesOf(history.entities[0]!)).toHaveLength(180)
    }
    const range = { timeAtMs: Date.parse('2024-01-01T00:30:00Z'), endTimeAtMs: Date.parse('2024-01-01T02:30:00Z') }
    const between = value(await client.queryTemporal({ entities: { types: ['Past'] }, timerel: 'between', ...range, form: 'temporalValues' }))
    expect(statesOf(between.entities[0]!).map((state) => (state.attributes.get('LAeq')![0] as { value: number }).value)).toEqual(Array.from({ length: 120 }, (_, n) => n + 30))
    const newest = value(await client.retrieveTemporal(id, { lastN: 70, form: 'temporalValues' }))
    expect(statesOf(newest.entities[0]!)).toHaveLength(70)
    const hours = value(await client.retrieveTemporal(id, { timerel: 'between', ...range, form: 'aggregatedValues', aggregation: { methods: ['avg', 'totalCount'], period: 'PT1H' } }))
    expect(hours.form).toBe('aggregatedValues')
    expect(hours.entities[0]!.aggregates.get('LAeq')![0]!.series.get('totalCount')!.map((one) => one.value)).toEqual([60, 60])
    expect(hours.entities[0]!.aggregates.get('LAeq')![0]!.series.get('avg')!.map((one) => one.value)).toEqual([59.5, 119.5])
  })

  it('subscribes, is notified, renews and leaves', async () => {
    const id = value(
      await client.createSubscription({
        id: 'urn:ngsi-ld:Subscription:client',
        entities: [{ type: 'Noise', idPattern: '^.*:7$' }],
        watchedAttributes: ['LAeq'],
        triggers: ['attributeCreated', 'attributeUpdated', 'attributeDeleted', 'entityDeleted'],
        notification: { endpoint: { uri: listener.uri, accept: 'application/json' }, format: 'normalized' },
        expiresAtMs: (running.clock.now() + 3_600_000) as EpochMs,
      }),
    )
    await running.ask('POST', '/entityOperations/upsert', { tenant: 'porto', body: [sensors[7], sensors[8]] })
    await running.ask('DELETE', `/entities/${sensors[7]!.id}`, { tenant: 'porto' })
    const [updated, deleted] = (await listener.until(2)).map(({ json }) => value(readNotification(json)))
    expect(updated).toMatchObject({ subscriptionId: id, notifiedAt: running.clock.now() })
    expect(updated!.entities).toEqual(decodeEntities(sensors[7]).ok)
    expect(deleted!.entities[0]).toMatchObject({ id: sensors[7]!.id, deletedAt: running.clock.now() })
    value(await client.patchSubscription(id, { expiresAt: '2024-05-14T10:00:00Z' }))
    expect(value(await client.listSubscriptions()).subscriptions).toMatchObject([{ id, state: { status: 'active', timesSent: 2 } }])
    value(await client.deleteSubscription(id))
    expect(await client.retrieveSubscription(id)).toMatchObject({ ok: false, error: { status: 404 } })
  })
})

describe.skipIf(!hasShared)('recorded entities (skipped without the shared fixtures)', () => {
  it('come back from the broker, in normalized and concise form, as the decoder reads the originals', async () => {
    const folder = sharedPath('fixtures', 'ngsi-ld')
    const lines = readdirSync(folder)
      .filter((file) => file.endsWith('.jsonl'))
      .flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').trim().split('\n'))
      .map((line) => JSON.parse(line) as { source: string; kind: string; payload: Json })
      .filter(({ kind, payload }) => kind === 'entity-normalized' && !Array.isArray(payload))
    let taken = 0
    for (const { source, payload } of lines) {
      const { '@context': _context, ...body } = payload as JsonObject
      const { ok: read, rejected } = decodeEntities(body)
      const made = await running.ask('POST', '/entities', { tenant: 'fixtures', body })
      if (made.status !== 201 || rejected.length > 0) {
        await running.ask('DELETE', `/entities/${encodeURIComponent(String(body['id']))}`, { tenant: 'fixtures' })
        continue
      }
      taken++
      const path = `/entities/${encodeURIComponent(read[0]!.id)}`
      for (const format of ['normalized', 'concise']) {
        const back = await running.ask('GET', `${path}?format=${format}`, { tenant: 'fixtures' })
        expect({ source, format, entity: plain(value(decodeEntity(back.json))) }).toEqual({ source, format, entity: plain(read[0]!) })
      }
      await running.ask('DELETE', path, { tenant: 'fixtures' })
    }
    console.log(`${taken} of ${lines.length} recorded entities are taken`)
    expect(taken).toBeGreaterThan(450)
    expect(running.faults).toEqual([])
  })
})

/** Without what the broker writes itself, or does not keep: system times, ids of instances, what came before. */
function plain(entity: Entity): unknown {
  const { createdAt: _created, modifiedAt: _modified, ...rest } = entity
  return JSON.parse(JSON.stringify(rest, (key, part: unknown) => {
    if (['createdAt', 'modifiedAt', 'instanceId', 'previous', 'deletedAt'].includes(key)) return undefined
    return part instanceof Map ? Object.fromEntries(part) : part
  }))
}
