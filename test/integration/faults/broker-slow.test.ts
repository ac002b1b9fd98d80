/** A broker that is there and does not keep up, or has another idea of the time. */
import { describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/core/time/instant.ts'
import { createFaultCity, idOf, PACE, SENSORS, WAIT } from './fault-city.ts'
import { healed } from './healed.ts'

const city = createFaultCity()
const TIMEOUT_MS = 10_000

/** Asks for entities as a page would, so many times, one after the other. Gives what was answered. */
async function askAsPage(times: number): Promise<readonly { readonly status: number; readonly retryAfter: string | null }[]> {
  const answers = []
  for (let turn = 0; turn < times; turn++) {
    const answer = await fetch(`${city.url}/api/cities/porto/brokers/far/ngsi-ld/v1/entities?type=NoiseLevelObserved`)
    await answer.arrayBuffer()
    answers.push({ status: answer.status, retryAfter: answer.headers.get('retry-after') })
  }
  return answers
}

const askedForEntities = (): number => city.elsewhere.asked.filter((request) => request.startsWith('GET /ngsi-ld/v1/entities?')).length

describe('a broker that', () => {
  it('is slow is waited for; too slow, it is down, and says so', async () => {
    const porto = await city.startLive({ broker: { timeoutMs: TIMEOUT_MS } })
    city.elsewhere.slowMs = (0.2 * TIMEOUT_MS) / PACE
    await city.elsewhere.unsubscribe()
    city.elsewhere.upsert(city.all(61))
    await city.agrees()
    await city.isToldLive()
    const before = porto.sensors('noise')
    city.elsewhere.slowMs = (2 * TIMEOUT_MS) / PACE
    await city.isToldDown()
    expect((await city.far()).detail).toContain(`no answer within ${TIMEOUT_MS} ms`)
    await city.elsewhere.silently(() => city.elsewhere.upsert(city.all(64)))
    await vi.waitFor(() => expect(city.freshness()).toEqual(['stale']), WAIT)
    expect(porto.sensors('noise')).toEqual(before)
    await city.untouched()
    city.elsewhere.slowMs = 0
    healed('slow', await city.agrees())
    await city.isToldLive()
  })

  it('takes connections and never answers is down', async () => {
    const porto = await city.startLive({ broker: { timeoutMs: TIMEOUT_MS } })
    const before = porto.sensors('noise')
    city.elsewhere.manner = () => true
    await city.isToldDown()
    await city.untouched()
    await city.elsewhere.silently(() => city.elsewhere.upsert(city.all(66)))
    expect(porto.sensors('noise')).toEqual(before)
    city.elsewhere.manner = undefined
    healed('half-open', await city.agrees())
    await city.isToldLive()
  })

  it('answers 429 is left in peace for as long as it asks', async () => {
    const porto = await city.startLive()
    const before = porto.sensors('noise')
    city.elsewhere.manner = (_, response) => {
      response.writeHead(429, { 'retry-after': '60', 'content-type': 'application/json' }).end('{"title":"Too Many Requests"}')
      return true
    }
    await city.isToldDown()
    const asked = city.elsewhere.asked.length
    const answers = await askAsPage(30)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    for (const { retryAfter } of answers) expect(Number(retryAfter)).toBeGreaterThan(0)
    expect(city.elsewhere.asked.length).toBe(asked)
    await city.elsewhere.silently(() => city.elsewhere.upsert(city.all(67)))
    expect(porto.sensors('noise')).toEqual(before)
    city.elsewhere.manner = undefined
    city.pass(MINUTE_MS)
    healed('storm-429', await city.agrees())
    await city.isToldLive()
    await city.untouched()
  })

  it('answers 503 to everybody is asked by no page after a few, and empties nothing', async () => {
    const porto = await city.startLive()
    const before = porto.sensors('noise')
    city.elsewhere.manner = (_, response) => {
      response.writeHead(503).end()
      return true
    }
    const asked = askedForEntities()
    const answers = await askAsPage(40)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    // Five open the circuit; a look of the relay or a snapshot may come between.
    expect(askedForEntities() - asked).toBeLessThanOrEqual(6)
    await city.isToldDown()
    await city.elsewhere.silently(() => city.elsewhere.upsert(city.all(68)))
    await city.untouched()
    expect(porto.sensors('noise')).toEqual(before)
    city.elsewhere.manner = undefined
    healed('storm-503', await city.agrees())
    await city.isToldLive()
  })

  it('has its clock ten minutes off: its values are fresh by its own clock', async () => {
    for (const [fault, aheadMs] of [['clock-ahead', 10 * MINUTE_MS], ['clock-behind', -10 * MINUTE_MS]] as const) {
      city.elsewhere.aheadMs = aheadMs
      const porto = await city.startLive()
      city.elsewhere.upsert(city.all(60))
      healed(fault, await city.agrees())
      await vi.waitFor(async () => expect(Math.abs((await city.far()).clockOffsetMs - aheadMs)).toBeLessThanOrEqual(1_000), WAIT)
      await vi.waitFor(() => expect(Math.abs(porto.status().clockOffsetMs - aheadMs)).toBeLessThanOrEqual(2_000), WAIT)
      await vi.waitFor(() => expect(porto.sensor('noise', idOf(3))).toMatchObject({ freshness: 'fresh', total: { reporting: SENSORS, known: SENSORS } }), WAIT)
      await city.untouched()
      await city.again()
    }
  })

  it('has its clock two hours ahead still takes our subscription', async () => {
    city.elsewhere.aheadMs = 120 * MINUTE_MS
    await city.startLive()
    expect(await city.elsewhere.subscriptions()).toBe(1)
  })
})
