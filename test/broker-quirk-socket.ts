/** Quirks of Orion-LD's WebSocket: our side of it over a real socket, and a double after its source. */
import { expect, vi } from 'vitest'
import { parseConfiguration } from '../src/configuration/parse.ts'
import { ok } from '../src/core/result.ts'
import { createClient } from '../src/ngsi-ld/client.ts'
import type { JsonObject } from '../src/ngsi-ld/entity.ts'
import { profileOf } from '../src/ngsi-ld/profile/profiles.ts'
import { createOrionSocket } from '../src/server/relay/orion-socket.ts'
import { SERVER_TIMERS } from '../src/server/timers.ts'
import type { QuirkCase } from './broker-quirk-asking.ts'
import { OrionDouble } from './orion-double.ts'

const device = (id: string): JsonObject => ({ id, type: 'Device', level: { type: 'Property', value: 1 } })
const WITHIN = { timeout: 15_000, interval: 10 }

/** What is read of such a broker, for as long as the case lasts. */
async function listening(tenant: string | undefined, look: (given: { readonly orion: OrionDouble; readonly taken: unknown[]; readonly troubles: (string | undefined)[] }) => Promise<void>): Promise<void> {
  const orion = await OrionDouble.start()
  const taken: unknown[] = []
  const troubles: (string | undefined)[] = []
  const profile = () => profileOf('orion-ld')
  const socket = createOrionSocket({
    url: `${orion.url.replace('http', 'ws')}/ws`,
    line: { credentials: () => Promise.resolve(ok({ headers: {}, refused: () => undefined })) },
    headers: () => ({ ...(tenant !== undefined && { 'ngsild-tenant': tenant }) }),
    tenant,
    api: createClient({ fetch: (url, init) => fetch(url, init as RequestInit), baseUrl: orion.url, profile, ...(tenant !== undefined && { tenant }) }),
    effects: { now: () => SERVER_TIMERS.now(), random: () => 0.5, wait: (ms, signal) => SERVER_TIMERS.wait(ms / 50, signal) },
    wish: () => ok({ id: 'urn:ngsi-ld:Subscription:ours:ws', entities: [{ type: 'Device' }], notification: { format: 'normalized', endpoint: { uri: 'http://nobody.invalid', accept: 'application/json' } } }),
    take: (body) => void taken.push(JSON.parse(body.toString())),
    onTrouble: (words) => void troubles.push(words),
    onGap: () => undefined,
  })
  socket.start()
  try {
    await look({ orion, taken, troubles })
  } finally {
    socket.close()
    await orion.end()
  }
}

export const SOCKET: Readonly<Record<string, QuirkCase>> = {
  'orion-ld/ws-envelope': () =>
    listening(undefined, async ({ orion, taken, troubles }) => {
      await vi.waitFor(() => expect(troubles).toEqual([undefined]), WITHIN)
      orion.upsert([device('urn:d:1')])
      await vi.waitFor(() => expect(taken).toMatchObject([{ type: 'Notification', data: [{ id: 'urn:d:1' }] }]), WITHIN)
      expect(taken[0]).not.toHaveProperty('metadata')
    }),
  'orion-ld/ws-ends-with-its-socket': () =>
    listening(undefined, async ({ orion }) => {
      await vi.waitFor(() => expect(orion.subscribed).toBe(1), WITHIN)
      // Cut as a crash cuts: the broker still has the subscription, and tells nobody by it.
      orion.cut()
      await vi.waitFor(() => expect(orion.subscribed).toBe(1), WITHIN)
      expect(await orion.subscriptions()).toEqual(['urn:ngsi-ld:Subscription:ours:ws'])
    }),
  'orion-ld/ws-default-tenant': () =>
    listening('porto', async ({ orion, taken, troubles }) => {
      orion.upsert([device('urn:d:0')], 'porto')
      await vi.waitFor(() => expect(troubles).toContainEqual(expect.stringContaining('knows no tenants')), WITHIN)
      orion.upsert([device('urn:d:1')])
      orion.knowsTenants = true
      await vi.waitFor(() => expect(troubles).toContain(undefined), WITHIN)
      orion.upsert([device('urn:d:2')], 'porto')
      await vi.waitFor(() => expect(taken).toMatchObject([{ data: [{ id: 'urn:d:2' }] }]), WITHIN)
    }),
  'orion-ld/ws-core-context'() {
    const broker = { id: 'main', url: 'http://orion.example:1026', context: 'https://city.example/context.jsonld', transports: ['orion-ws', 'poll'] }
    const city = { id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], brokers: [broker] }
    expect(parseConfiguration({ cities: [city] }, { domains: [], environment: {} })).toMatchObject({ ok: false, error: [{ path: 'cities[0].brokers[0].transports[0]', expected: expect.stringContaining('core context') as string }] })
  },
}
