/** Examples that need nothing but this machine start as they are given, and their cities live. Without an MQTT server beside it, a page polls. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import type { PublicConfiguration } from '../../src/configuration/city-plan.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { MODELS } from '../../src/domains/models.ts'
import { createLogger } from '../../src/server/log.ts'
import { startServer } from '../../src/server/start.ts'
import { openCity } from '../city-in-hand.ts'

const folder = resolve(import.meta.dirname, '../../examples')
const configurations = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => {
    const parsed = parseConfiguration(JSON.parse(readFileSync(resolve(folder, name), 'utf8')), { domains: MODELS.map(({ id }) => id), environment: {} })
    // What names secrets or brokers elsewhere is only read: `parse.test.ts`.
    return parsed.ok && parsed.value.cities.every(({ brokers }) => brokers.every(({ embedded }) => embedded !== undefined)) ? [{ name, configuration: parsed.value }] : []
  })

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

it('there is one for each transport of this machine', () => {
  expect(configurations.map(({ name }) => name)).toEqual(expect.arrayContaining(['mqtt.json', 'poll.json', 'relay.json']))
})

it.each(configurations)('$name starts, and its city is live by a way that it names', async ({ configuration }) => {
  const server = await startServer({ configuration, port: 0, host: '127.0.0.1', environment: {}, log: createLogger(() => undefined) })
  endings.push(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const { cities } = (await (await fetch(`${url}/api/config`)).json()) as PublicConfiguration
  const [plan] = cities
  const city = openCity(url, plan!, { lane: { retry: { baseMs: 50, capMs: 200 }, giveUpMs: 1_000, firstAgainMs: 60_000 } })
  endings.push(() => city.close())
  await vi.waitFor(() => {
    expect(city.status().mode).toBe('live')
    const [own] = city.status().brokers
    expect(own!.state).toBe('live')
    expect(plan!.brokers[0]!.transports).toContain(own!.by)
    expect(Object.keys(city.sensors('noise')).length).toBeGreaterThan(10)
  }, { timeout: 20_000, interval: 50 })
}, 40_000)
