/** The MQTT server between a broker and its pages is restarted: what it would have carried meanwhile is nowhere but in the broker. */
import { afterEach, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/core/time/instant.ts'
import { startAedes, type MqttServer } from '../../mqtt-server.ts'
import { createFaultCity, FEED, idOf, noise, PACE, WAIT } from './fault-city.ts'
import { healed } from './healed.ts'

const city = createFaultCity()
/** `LANE_DEFAULTS` by the pace. */
const LANE = { retry: { baseMs: 1_000 / PACE, capMs: 30_000 / PACE }, giveUpMs: 20_000 / PACE, firstAgainMs: 300_000 / PACE }

let mqttServer: MqttServer | undefined
afterEach(async () => {
  await mqttServer?.down()
  mqttServer = undefined
})

async function startByMqtt(transports: readonly string[]): Promise<MqttServer> {
  mqttServer = await startAedes()
  const mqtt = { brokerSees: `mqtt://127.0.0.1:${mqttServer.tcpPort}`, pageSees: `ws://127.0.0.1:${mqttServer.wsPort}`, people: 'apart', version: '3.1.1' }
  await city.elsewhere.up()
  city.elsewhere.upsert(city.all(40, city.elsewhere.now() - MINUTE_MS))
  await city.start({ feed: { ...FEED, lane: LANE, pollEveryMs: 100, polls: new Map() }, broker: { transports, mqtt } })
  await isBy('mqtt', 'live')
  await city.agrees()
  await vi.waitFor(async () => expect(await city.elsewhere.subscriptions()).toBe(1), WAIT)
  return mqttServer
}

const isBy = (by: string, state: string): Promise<void> => vi.waitFor(() => expect(city.porto.status().brokers).toMatchObject([{ by, state }]), WAIT)

async function changes(levelDbA: number): Promise<void> {
  city.elsewhere.upsert([...city.all(levelDbA, city.elsewhere.now() + 1).slice(1), noise(`new-${levelDbA}`, 55, city.elsewhere.now())])
  await city.elsewhere.delete(idOf(0))
}

it('what changed meanwhile is read when it is there again, and then it tells as before', async () => {
  const server = await startByMqtt(['mqtt'])
  await server.down()
  await isBy('mqtt', 'down')
  expect(city.porto.status().brokers[0]!.detail).toMatch(/MQTT server/)
  const before = city.porto.sensors('noise')
  await changes(52)
  await city.untouched()
  expect(city.porto.sensors('noise')).toEqual(before)
  await server.up()
  healed('mqtt-restarted', await city.agrees())
  await isBy('mqtt', 'live')
  await city.isToldLive()
  // By its messages, not by another snapshot.
  const { resyncs } = city.porto.status().counters
  city.elsewhere.upsert([noise('later', 61, city.elsewhere.now())])
  await city.agrees()
  expect(city.porto.status().counters).toMatchObject({ resyncs, mended: 0 })
  await city.untouched()
})

it('nothing is missed meanwhile where polling is the next way', async () => {
  const server = await startByMqtt(['mqtt', 'poll'])
  await server.down()
  await isBy('poll', 'live')
  expect(city.porto.status().brokers[0]!.left).toMatch(/^mqtt: .*MQTT server/)
  await changes(53)
  await city.agrees()
  await server.up()
  await changes(54)
  await isBy('mqtt', 'live')
  await city.agrees()
  expect(city.porto.status().brokers[0]).not.toHaveProperty('left')
})
