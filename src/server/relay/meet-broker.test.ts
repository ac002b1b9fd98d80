/** Recognition over real sockets: questions are short, few, and never in the way of the subscription for long. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startFakeBroker, type FakeBroker } from '../../../test/fake-broker.ts'
import { MAX_PROBE_BYTES, PROBES } from '../../ngsi-ld/profile/recognise.ts'
import { createBrokerKind } from '../broker-kind.ts'
import { createLogger } from '../log.ts'
import { SERVER_TIMERS } from '../timers.ts'
import { meetBroker } from './meet-broker.ts'
import { createNotifyDoor } from './notify-door.ts'
import { createRelay, type Relay } from './relay.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ngsi-ld/v1`
}

const meet = (apiUrl: string, signal?: AbortSignal) => meetBroker({ apiUrl, headers: { authorization: 'Bearer s3cret' }, fetch: (url, init) => fetch(url, init), ...(signal !== undefined && { signal }) })

function relayOf(broker: FakeBroker, configured: 'auto' | 'djane' | 'scorpio'): { readonly relay: Relay; readonly said: string[] } {
  const said: string[] = []
  const relay = createRelay({
    installation: 'test',
    sources: [
      {
        address: { city: 'porto', broker: 'b0', apiUrl: `${broker.url}/ngsi-ld/v1`, headers: {}, timeoutMs: 2_000, profile: configured, kind: createBrokerKind({ configured, isEmbedded: false, temporalElsewhere: false }), isEmbedded: false },
        types: ['Device'],
        callbackUrl: 'http://127.0.0.1:1',
      },
    ],
    door: createNotifyDoor({ now: Date.now }),
    fetch: (url, init) => fetch(url, init),
    timers: SERVER_TIMERS,
    random: () => 0.5,
    log: createLogger((line) => said.push(line)),
  })
  relay.start()
  endings.push(() => relay.close())
  return { relay, said }
}

async function startBroker(answer: FakeBroker['answer']): Promise<FakeBroker> {
  const broker = await startFakeBroker()
  endings.push(() => broker.close())
  broker.answer = answer
  return broker
}

const stateOf = (relay: Relay) => vi.waitFor(() => {
  const [state] = relay.hub('porto')!.brokers
  expect(state?.state).toBe('live')
  return state!
}, { timeout: 5_000, interval: 10 })

describe('a broker that is met', () => {
  it('is asked each question once, with its own token', async () => {
    const asked: string[] = []
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`)
      response.setHeader('content-type', 'application/json').end(request.url === '/q/info' ? '{"build":{"group":"eu.neclab.ngsildbroker","version":"5.0.5"}}' : '{}')
    })
    expect(await meet(url)).toMatchObject({ profile: 'scorpio', version: '5.0.5' })
    expect(asked.toSorted()).toEqual(PROBES.map(({ at, path }) => `GET ${at === 'api' ? '/ngsi-ld/v1' : ''}${path} Bearer s3cret`).toSorted())
  })

  it('is any broker when it breaks off, redirects, or never ends', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/version') response.destroy()
      else if (request.url === '/q/info') response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end()
      else response.write(' '.repeat(MAX_PROBE_BYTES + 1)) // and no end
    })
    expect(await meet(url)).toEqual({ profile: 'generic', evidence: 'nothing says which broker it is' })
  })

  it('is not waited for when nobody wants to know any more', async () => {
    const end = new AbortController()
    const url = await serve(() => end.abort())
    expect(await meet(url, end.signal)).toEqual({ profile: 'generic', evidence: 'it answered none of the questions' })
  })
})

describe('a relay', () => {
  it('with profile auto subscribes in the words of the broker that it met, and tells readers which', async () => {
    const broker = await startBroker((request, response) => void response.setHeader('content-type', 'application/json').end(request.url === '/q/info' ? '{"build":{"group":"eu.neclab.ngsildbroker","version":"5.0.5"}}' : '[]'))
    const { relay, said } = relayOf(broker, 'auto')
    expect((await stateOf(relay)).known).toEqual({ profile: 'scorpio', version: '5.0.5', evidence: '"eu.neclab.ngsildbroker" in /q/info' })
    expect([...broker.subscriptions.values()][0]).toMatchObject({ notificationTrigger: ['entityCreated', 'entityUpdated', 'entityDeleted'] })
    expect(said.join('\n')).toContain('Scorpio 5.0.5')
  })

  it('asks nothing when the configuration says which it is', async () => {
    const broker = await startBroker((_, response) => void response.end('[]'))
    const { relay } = relayOf(broker, 'scorpio')
    expect((await stateOf(relay)).known).toEqual({ profile: 'scorpio', evidence: 'as configured' })
    expect(broker.asked.every(({ url }) => url.startsWith('/ngsi-ld/v1/subscriptions'))).toBe(true)
  })

  it('makes no subscription where it would bring nothing, says why, and is live', async () => {
    const broker = await startBroker((_, response) => void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found'))
    const { relay } = relayOf(broker, 'djane')
    expect(await stateOf(relay)).toMatchObject({ detail: 'Djane notifies of new entities only, never of updates' })
    expect(broker.subscriptions.size).toBe(0)
  })
})
