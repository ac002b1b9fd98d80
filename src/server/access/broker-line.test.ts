/** The line to a broker over real sockets, with a clock that tests move. */
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeBroker, type FakeBroker } from '../../../test/fake-broker.ts'
import { createTestClock, eventually } from '../../../test/running-broker.ts'
import { createBrokerLine, type LineLimits } from './broker-line.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

async function start(limits: Partial<LineLimits> = {}) {
  const broker: FakeBroker = await startFakeBroker()
  endings.push(() => broker.close())
  const clock = createTestClock(0)
  const line = createBrokerLine({ apiUrl: `${broker.url}/ngsi-ld/v1`, timers: clock, limits: { timeoutMs: 1_000, failures: 2, ...limits } })
  const ask = (signal = new AbortController().signal, url = `${broker.url}/ngsi-ld/v1/entities`) => line.send({ url, method: 'GET', headers: {}, signal }, 'page')
  return { broker, clock, line, ask }
}

const until = (holds: () => boolean): Promise<boolean> => eventually(async () => holds(), Boolean)

describe('the line to a broker', () => {
  it.each([
    'http://evil.example/ngsi-ld/v1/entities',
    'HOST/ngsi-ld/v1/../../admin',
    'HOST/ngsi-ld/v1/%2e%2e/%2e%2e/admin',
    'HOST/ngsi-ld/v10/entities',
    'HOST.evil.example/ngsi-ld/v1/entities',
    'http://user:pw@HOSTNAME/ngsi-ld/v1/entities',
    'HOST\\@evil.example/ngsi-ld/v1/entities',
    'not an address',
  ])('does not lead to %s', async (url) => {
    const { broker, ask } = await start()
    const sent = await ask(undefined, url.replace('HOSTNAME', new URL(broker.url).host).replace('HOST', broker.url))
    expect(sent).toMatchObject({ ok: false, error: { kind: 'elsewhere' } })
    expect(broker.asked).toEqual([])
  })

  it('takes a broker that is silent for unwell', async () => {
    const { broker, clock, line, ask } = await start()
    broker.answer = () => undefined
    const sent = ask()
    await until(() => broker.asked.length === 1)
    clock.advance(1_000)
    expect(await sent).toMatchObject({ ok: false, error: { kind: 'late', status: 504 } })
    expect(line.stats).toMatchObject({ late: 1, running: 0, circuit: { failuresInARow: 1 } })
  })

  it('takes a broker that stops in the middle for unwell', async () => {
    const { broker, clock, line, ask } = await start()
    broker.answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('[')
    const sent = await ask()
    if (!sent.ok) throw new Error(sent.error.title)
    const reader = sent.value.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('[')
    const next = reader.read()
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(1_000)
    await expect(next).rejects.toThrow(/abort/i)
    expect(line.stats).toMatchObject({ late: 1, running: 0, circuit: { failuresInARow: 1 } })
  })

  it('does not blame the broker for a reader who takes nothing, and gives up its place', async () => {
    const { broker, clock, line, ask } = await start()
    broker.answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('x'.repeat(5_000_000))
    for (let i = 0; i < 5; i++) {
      expect((await ask()).ok).toBe(true)
      expect(line.stats.running).toBe(1)
      clock.advance(1_000)
    }
    expect(line.stats).toMatchObject({ late: 0, running: 0, circuit: { state: 'closed', failuresInARow: 0 } })
  })

  it('does not blame the broker for who went away', async () => {
    const { broker, line, ask } = await start()
    broker.answer = () => undefined
    for (let i = 1; i <= 5; i++) {
      const gone = new AbortController()
      const sent = ask(gone.signal)
      await until(() => broker.asked.length === i)
      gone.abort()
      expect(await sent).toMatchObject({ ok: false, error: { kind: 'left' } })
    }
    expect(line.stats).toMatchObject({ running: 0, circuit: { state: 'closed', failuresInARow: 0 } })
  })

  it('opens for nobody but the relay, whose answer opens it for all', async () => {
    const { broker, line, ask } = await start()
    broker.answer = (_, response) => void response.writeHead(502).end('x')
    for (let i = 0; i < 2; i++) {
      const sent = await ask()
      if (sent.ok) await sent.value.text()
    }
    expect(await ask()).toMatchObject({ ok: false, error: { kind: 'open', status: 503, retryAfterS: 15 } })
    broker.answer = (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
    const answer = await line.fetchAs('relay')(`${broker.url}/ngsi-ld/v1/entities`, { method: 'GET', headers: {}, redirect: 'error', signal: new AbortController().signal as never })
    expect(await answer.text()).toBe('[]')
    expect((await ask()).ok).toBe(true)
  })
})
