/** A broker that is away: not there yet, dying, forgetful, or with its subscription taken from it. */
import { describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/core/time/instant.ts'
import { createFaultCity, idOf, noise, SENSORS, WAIT } from './fault-city.ts'
import { healed } from './healed.ts'

const city = createFaultCity()

describe('a broker that', () => {
  it('is down at the start is waited for', async () => {
    await city.start()
    await city.isToldDown()
    await city.untouched()
    await vi.waitFor(() => expect(city.porto.status()).toMatchObject({ mode: 'retrying' }), WAIT)
    await city.elsewhere.up()
    city.elsewhere.upsert(city.all(60))
    healed('down-at-start', await city.agrees())
    await city.isToldLive()
    await city.untouched()
  })

  it('is read before it can be subscribed at is read again: what changed between the two is seen', async () => {
    await city.elsewhere.up()
    city.elsewhere.upsert(city.all(40))
    city.elsewhere.manner = ({ method }, response) => {
      if (method !== 'POST') return false
      response.writeHead(503).end()
      return true
    }
    await city.start()
    await city.isToldDown()
    await city.agrees()
    city.elsewhere.upsert(city.all(52, city.elsewhere.now() + 1))
    city.elsewhere.manner = undefined
    await city.agrees()
    await city.isToldLive()
    expect(city.porto.status().counters).toMatchObject({ notifications: 0, resyncs: 1 })
  })

  it('is the only one and down leaves the server alive but not ready, and readyz says why', async () => {
    await city.start({ cities: ['porto'] })
    await vi.waitFor(async () => expect((await city.far()).state).toBe('down'), WAIT)
    const { status, ready, reason } = await city.readiness()
    expect([status, ready]).toEqual([503, false])
    expect(reason).toMatch(/^no broker is live: porto\/far is down \(.+\)$/)
    expect((await fetch(`${city.url}/healthz`)).status).toBe(200)
    await city.elsewhere.up()
    await vi.waitFor(async () => expect((await city.readiness()).status).toBe(200), WAIT)
  })

  it('is cut off while live is said to be down, keeps its last values on the map but not as fresh ones, and is caught up with', async () => {
    const porto = await city.startLive()
    const before = porto.sensors('noise')
    expect(city.freshness()).toEqual(['fresh'])
    await city.elsewhere.down()
    await city.isToldDown()
    await vi.waitFor(() => expect(city.freshness()).toEqual(['stale']), WAIT)
    expect(porto.frame('noise')!.total).toMatchObject({ reporting: 0, known: SENSORS })
    await city.untouched()
    // It goes on living behind the cut: changes, a new sensor, one taken away.
    city.elsewhere.upsert([...city.all(70).slice(1), noise('new', 55, city.elsewhere.now())])
    expect(porto.sensors('noise')).toEqual(before)
    await city.elsewhere.up()
    await city.elsewhere.delete(idOf(0))
    healed('dying', await city.agrees())
    await city.isToldLive()
    await vi.waitFor(() => expect(city.freshness()).toEqual(['fresh']), WAIT)
    await city.untouched()
    expect(porto.status().counters.resyncs).toBeGreaterThan(0)
  })

  it('is one of two and dies is one incident: its own sensors are stale, those of the other are as they were', async () => {
    await city.elsewhere.up()
    city.elsewhere.upsert(city.all(40, city.elsewhere.now() - MINUTE_MS))
    await city.start({ cities: ['porto'], hasSecond: true })
    const near = await fetch(`${city.url}/ngsi-ld/v1/entityOperations/upsert`, { method: 'POST', headers: { 'content-type': 'application/json', 'ngsild-tenant': 'porto' }, body: JSON.stringify([noise('near', 58, city.now())]) })
    expect(near.ok).toBe(true)
    await vi.waitFor(() => expect(city.porto.ids('noise')).toHaveLength(SENSORS + 1), WAIT)
    await vi.waitFor(() => expect(city.freshness()).toEqual(['fresh']), WAIT)
    await city.elsewhere.down()
    await vi.waitFor(() => expect(city.freshness()).toEqual(['fresh', 'stale']), WAIT)
    expect(city.porto.sensor('noise', idOf('near'))).toMatchObject({ freshness: 'fresh', total: { reporting: 1, known: SENSORS + 1, value: expect.closeTo(58, 9) as number } })
    expect(city.porto.status()).toMatchObject({ mode: 'live', brokers: [{ id: 'far', state: 'down' }, { id: 'near', state: 'live' }] })
    await city.elsewhere.up()
    await vi.waitFor(() => expect(city.freshness()).toEqual(['fresh']), WAIT)
    expect(city.porto.sensor('noise', idOf('near'))).toMatchObject({ total: { reporting: SENSORS + 1 } })
  })

  it('comes back without our subscription and with other entities is subscribed anew', async () => {
    await city.startLive()
    await city.elsewhere.down()
    await city.elsewhere.forget()
    city.elsewhere.upsert([...city.all(65).slice(3), noise('other', 44, city.elsewhere.now())])
    // So fast that nobody saw it gone.
    await city.elsewhere.up()
    healed('forgetful', await city.agrees())
    await city.isToldLive()
    expect(await city.elsewhere.subscriptions()).toBe(1)
    city.elsewhere.upsert([noise('other', 45, city.elsewhere.now() + 1_000)])
    await city.agrees()
    await city.untouched()
  })

  it('is robbed of our subscription by someone else gets it again, and what nobody told is read', async () => {
    const porto = await city.startLive()
    await city.elsewhere.unsubscribe()
    expect(await city.elsewhere.subscriptions()).toBe(0)
    city.elsewhere.upsert([...city.all(71).slice(2), noise('late', 47, city.elsewhere.now())])
    await city.elsewhere.delete(idOf(1))
    healed('unsubscribed', await city.agrees())
    await city.isToldLive()
    expect(await city.elsewhere.subscriptions()).toBe(1)
    expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 1 })
    city.elsewhere.upsert([noise('late', 48, city.elsewhere.now() + 1_000)])
    await city.agrees()
    await city.untouched()
  })

  it('lets us read and not subscribe is polled, says what it refused, and is heard again when it lets us', async () => {
    await city.elsewhere.up()
    city.elsewhere.upsert(city.all(40))
    city.elsewhere.manner = ({ method, url = '' }, response) => {
      if (method !== 'POST' || !url.startsWith('/ngsi-ld/v1/subscriptions')) return false
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ type: 'https://uri.etsi.org/ngsi-ld/errors/AccessDenied', title: 'read only here' }))
      return true
    }
    await city.start({ feed: { pollEveryMs: 100, polls: new Map() } })
    const words = /refuses our subscription \(problem 403: read only here\)/
    await vi.waitFor(() => expect(city.porto.status()).toMatchObject({ mode: 'live', brokers: [{ state: 'live', by: 'poll', left: expect.stringMatching(words) as string }] }), WAIT)
    expect(await city.far()).toMatchObject({ state: 'live', detail: expect.stringMatching(words) as string })
    city.elsewhere.upsert([...city.all(52, city.elsewhere.now() + 1).slice(1), noise('new', 55, city.elsewhere.now())])
    healed('refused', await city.agrees())
    await city.untouched()
    city.elsewhere.manner = undefined
    city.pass(11 * MINUTE_MS)
    await vi.waitFor(() => expect(city.porto.status().brokers).toMatchObject([{ state: 'live', by: 'relay' }]), WAIT)
    expect(city.porto.status().brokers[0]).not.toHaveProperty('left')
    city.elsewhere.upsert([noise('new', 58, city.elsewhere.now() + 1_000)])
    await city.agrees()
    await vi.waitFor(() => expect(city.porto.status().counters.notifications).toBeGreaterThan(0), WAIT)
  })
})
