/** The whole server as `npm start` runs it, on a free port: simulated cities, embedded broker, relay, forwarder. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import { decodeEntities } from '../../src/ngsi-ld/decode.ts'
import { readNotification } from '../../src/ngsi-ld/notification.ts'
import { createLogger } from '../../src/server/log.ts'
import { projectRoot, startServer, type RunningServer } from '../../src/server/start.ts'
import { readEvents } from '../event-reader.ts'

const lines: string[] = []
let server: RunningServer
let url = ''

beforeAll(async () => {
  const file: unknown = JSON.parse(readFileSync(join(projectRoot(), 'config', 'belvedere.json'), 'utf8'))
  const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment: {} })
  if (!configuration.ok) throw new Error('the default configuration is not valid')
  server = await startServer({ configuration: configuration.value, port: 0, log: createLogger((line) => lines.push(line)), environment: {} })
  url = `http://127.0.0.1:${server.port}`
})

afterAll(() => server.close())

async function json<T>(path: string): Promise<T> {
  const response = await fetch(`${url}${path}`)
  expect([path, response.status]).toEqual([path, 200])
  return (await response.json()) as T
}

describe('the server with its simulated cities', () => {
  it('becomes ready', async () => {
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { timeout: 5_000, interval: 50 })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  it('names its cities, and that they are simulated', async () => {
    const { cities } = await json<PublicConfiguration>('/api/config')
    expect(cities.map(({ id }) => id)).toEqual(['porto', 'antwerp', 'manchester', 'milan', 'helsinki'])
    expect(cities.every(({ brokers, layers }) => brokers.every(({ simulated }) => simulated) && layers.length === MODELS.length)).toBe(true)
  })

  it('gives a snapshot of every city through the forwarder, which the domains can read', async () => {
    const { cities } = await json<PublicConfiguration>('/api/config')
    const types = MODELS.flatMap(({ watches }) => watches.map(({ type }) => type)).join(',')
    for (const city of cities) {
      const page = await json<unknown>(`/api/cities/${city.id}/brokers/simulated/ngsi-ld/v1/entities?type=${types}&limit=100`)
      const { ok, rejected } = decodeEntities(page)
      expect(ok.length).toBe(100)
      expect(rejected).toEqual([])
      const readings = ok.filter((entity) => MODELS.some((model) => model.read(entity, city).ok))
      expect(readings.length).toBeGreaterThan(90)
    }
  })

  it('brings the first notification to a reader within seconds', async () => {
    const reader = await readEvents(`${url}/api/cities/porto/feed`, { gzip: true })
    const event = await reader.until((one) => one.event === 'notification', 10_000)
    reader.close()
    const notification = readNotification(event.event === 'notification' ? event.data.notification : undefined)
    expect(notification.ok && notification.value.entities.length).toBeGreaterThan(0)
    expect(notification.ok && notification.value.rejected).toEqual([])
  })

  it('answers history that it never stored', async () => {
    const [entity] = await json<{ id: string; type: string }[]>('/api/cities/milan/brokers/simulated/ngsi-ld/v1/entities?type=NoiseLevelObserved&limit=1')
    const timeAt = new Date(Date.now() - 6 * 3_600_000).toISOString()
    const history = await fetch(`${url}/api/cities/milan/brokers/simulated/ngsi-ld/v1/temporal/entities/${entity!.id}?timerel=after&timeAt=${timeAt}&options=temporalValues`)
    expect([200, 206]).toContain(history.status)
    const { LAeq } = (await history.json()) as { LAeq: { values: unknown[] } }
    expect(LAeq.values.length).toBeGreaterThan(20)
  })

  it('lets programs on this machine write to the embedded broker, and nobody from elsewhere', async () => {
    const write = (headers: Record<string, string>) =>
      fetch(`${url}/ngsi-ld/v1/entities`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'ngsild-tenant': 'porto', ...headers },
        body: JSON.stringify({ id: `urn:ngsi-ld:Test:${Object.keys(headers).join('') || 'plain'}`, type: 'Test' }),
      })
    expect((await write({})).status).toBe(201)
    expect((await write({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(403)
    expect((await write({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await write({ forwarded: 'for=203.0.113.7' })).status).toBe(403)
    expect((await fetch(`${url}/api/cities/porto/brokers/simulated/ngsi-ld/v1/entities`, { method: 'POST', body: '{}' })).status).toBe(405)
  })

  it.each(['/ngsi-ld/v1/subscriptions', '/ngsi-ld/v1/subscriptions/', '/ngsi-ld/v1/subscriptions?limit=1', '/ngsi-ld/v1/%73ubscriptions', '/ngsi-ld/v1//subscriptions', '/api/cities/porto/brokers/simulated/ngsi-ld/v1/subscriptions'])('tells nobody elsewhere where it is notified: %s', async (path) => {
    const response = await fetch(`${url}${path}`, { headers: { 'x-forwarded-for': '203.0.113.7', 'ngsild-tenant': 'porto' } })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await response.text()).not.toContain('/notify/')
  })

  it('has no word of the keys and subscriptions on its public side', async () => {
    const health = JSON.stringify(await json('/api/health'))
    expect(health).not.toMatch(/notify\/|urn:ngsi-ld:Subscription/)
    expect(lines.join('')).not.toMatch(/notify\//)
    expect(lines.filter((line) => / (warn|error) /.test(line))).toEqual([])
  })

  it('rejects a port that is taken, with the reason', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, resolve))
    const file: unknown = JSON.parse(readFileSync(join(projectRoot(), 'config', 'belvedere.json'), 'utf8'))
    const configuration = parseConfiguration(file, { domains: MODELS.map(({ id }) => id), environment: {} })
    if (!configuration.ok) throw new Error('the default configuration is not valid')
    await expect(startServer({ configuration: configuration.value, port: (other.address() as AddressInfo).port, log: createLogger(() => undefined) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    other.close()
  })
})
