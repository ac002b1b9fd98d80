/** The feed against a real server: snapshot, stream, and a server that ends and comes back. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createEventStreamParser } from '../../src/feed/event-stream.ts'
import type { FeedOutput } from '../../src/feed/feed-output.ts'
import { createFeed, type FeedEffects } from '../../src/feed/feed.ts'
import type { Json } from '../../src/ngsi-ld/entity.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer, type RunningServer } from '../../src/server/start.ts'
import { SERVER_TIMERS } from '../../src/server/timers.ts'

const city = {
  id: 'testville',
  name: 'Testville',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: [-8.61, 41.15],
  bounds: [-8.7, 41.1, -8.5, 41.2],
  brokers: [{ id: 'one', embedded: { simulate: { seed: 1, sensors: 400 } } }, { id: 'dead', url: 'http://127.0.0.1:9' }],
}

let server: RunningServer | undefined
afterAll(() => server?.close())

async function start(port: number): Promise<RunningServer> {
  const configuration = parseConfiguration({ cities: [city] }, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!configuration.ok) throw new Error('the configuration of this test is not valid')
  return startServer({ configuration: configuration.value, port, host: '127.0.0.1', environment: {}, log: createLogger(() => undefined) })
}

function effectsFor(base: string): FeedEffects<AbortSignal> {
  return {
    async *openStream(lastEventId, signal) {
      const response = await fetch(`${base}/feed`, { headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId }, signal })
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
      const parser = createEventStreamParser()
      for await (const chunk of response.body) yield* parser.push(chunk)
    },
    async *snapshot(broker, signal) {
      const types = MODELS.flatMap(({ watches }) => watches.map(({ type }) => type)).join(',')
      const response = await fetch(`${base}/brokers/${broker}/ngsi-ld/v1/entities?type=${types}&limit=100`, { signal })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      yield (await response.json()) as Json
    },
    now: Date.now,
    wait: (ms, signal) => SERVER_TIMERS.wait(ms, signal),
    random: Math.random,
    decodeText: (bytes) => new TextDecoder().decode(bytes),
    createAbort: () => new AbortController(),
  }
}

it('goes live, with one broker dead, and heals when the server comes back', async () => {
  // A port that is free now, and is the same for both lives of the server.
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))

  server = await start(port)
  const outputs: FeedOutput[] = []
  const feed = createFeed({ effects: effectsFor(`http://127.0.0.1:${port}/api/cities/testville`), emit: (output) => outputs.push(output), brokers: ['one', 'dead'] })
  const phase = (): string => outputs.flatMap((output) => (output.type === 'phase' ? [output.phase.kind] : [])).at(-1) ?? 'none'
  const of = (from: string) => outputs.filter((output) => output.type === 'entities' && output.from === from && output.entities.length > 0).length
  feed.start()
  await vi.waitFor(() => expect(phase()).toBe('live'), { timeout: 10_000, interval: 20 })
  expect(of('snapshot')).toBeGreaterThan(0)
  expect(outputs).toContainEqual({ type: 'snapshot-ended', broker: 'dead', complete: false })
  await vi.waitFor(() => expect(of('stream')).toBeGreaterThan(0), { timeout: 15_000, interval: 20 })

  await server.close()
  await vi.waitFor(() => expect(phase()).toBe('retrying'), { timeout: 5_000, interval: 20 })
  const before = { snapshots: of('snapshot'), streams: of('stream') }
  server = await start(port)
  await vi.waitFor(() => expect(phase()).toBe('live'), { timeout: 15_000, interval: 20 })
  expect(of('snapshot')).toBeGreaterThan(before.snapshots)
  await vi.waitFor(() => expect(of('stream')).toBeGreaterThan(before.streams), { timeout: 15_000, interval: 20 })
  expect(outputs.flatMap((output) => (output.type === 'entities' ? output.rejected : []))).toEqual([])
  feed.stop()
}, 60_000)
