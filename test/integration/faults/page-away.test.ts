/** The page loses its server: no network, a connection that only looks like one, an hour asleep, a relay that starts anew. */
import { describe, expect, it, vi } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../../src/core/time/instant.ts'
import { createFaultCity, idOf, noise, notification, post, SENSORS, WAIT } from './fault-city.ts'
import { healed } from './healed.ts'

const city = createFaultCity()
/** Ticks of the server come by the pace: three of them are silence. */
const TICKS = { tickMs: 250 }

const isRetrying = (): Promise<unknown> => vi.waitFor(() => expect(city.porto.status()).toMatchObject({ mode: 'retrying' }), WAIT)

/** Notifications of the relay that the city's page did not hear. */
async function unheard(): Promise<void> {
  await vi.waitFor(async () => expect((await city.health()).find(({ city: id }) => id === 'porto')!.hub.readers).toBe(0), WAIT)
}

describe('a page that', () => {
  it('has no network keeps its last values, and gets all it missed from the relay', async () => {
    const porto = await city.startLive()
    const before = porto.sensors('noise')
    city.line.cut()
    await isRetrying()
    await unheard()
    const toldBefore = (await city.health()).find(({ city: id }) => id === 'porto')!.hub.seq
    city.elsewhere.upsert([...city.all(62).slice(1), noise('new', 51, city.elsewhere.now())])
    await vi.waitFor(async () => expect((await city.health()).find(({ city: id }) => id === 'porto')!.hub.seq).toBeGreaterThan(toldBefore), WAIT)
    expect(porto.sensors('noise')).toEqual(before)
    // The broker is no worse for it, and the other page goes on.
    expect((await city.far()).state).toBe('live')
    await city.untouched()
    city.line.mend()
    healed('no-network', await city.agrees())
    await city.isToldLive()
    // Told from the replay buffer: nothing was read anew.
    expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 0 })
  })

  it('was away for longer than the relay remembers reads everything anew, and says that there was a gap', async () => {
    const porto = await city.startLive()
    const uri = await city.elsewhere.callback()
    city.line.cut()
    await isRetrying()
    await unheard()
    // The replay buffer has 16 MiB; what a page ignores fills it as well.
    const filler = notification({ id: 'urn:ngsi-ld:Filler:1', type: 'Filler', text: { type: 'Property', value: 'x'.repeat(6_000_000) } })
    city.elsewhere.upsert([...city.all(63).slice(1), noise('new', 52, city.elsewhere.now())])
    await city.elsewhere.delete(idOf(0))
    for (let turn = 0; turn < 4; turn++) expect(await post(uri, filler)).toBe(200)
    await vi.waitFor(async () => expect((await city.far()).intake.notifications).toBeGreaterThanOrEqual(5), WAIT)
    city.line.mend()
    healed('long-gap', await city.agrees())
    await city.isToldLive()
    expect(porto.status().counters).toMatchObject({ gaps: 1, resyncs: 1 })
    await city.untouched()
  })

  it('hears nothing on a connection that is still open takes a new one', async () => {
    const porto = await city.startLive({ feed: TICKS })
    city.line.freeze()
    city.elsewhere.upsert(city.all(64))
    healed('silent-line', await city.agrees())
    await city.isToldLive()
    expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 0 })
    await city.untouched()
  })

  it('was asleep for an hour shows what is now, and nothing of an hour ago as fresh', async () => {
    const porto = await city.startLive({ feed: TICKS })
    city.line.freeze({ isDead: true })
    // Half an hour at a time, as the subscription is renewed: server and broker are awake.
    for (let half = 0; half < 2; half++) {
      city.pass(HOUR_MS / 2)
      const asked = city.elsewhere.asked.length
      await vi.waitFor(() => expect(city.elsewhere.asked.slice(asked).filter((request) => request.startsWith('PATCH'))).toHaveLength(1), WAIT)
      // The clock leaps on only once the relay has its answer, or the next half-life would count from after the leap.
      await city.far()
    }
    expect((await city.far()).state).toBe('live')
    // Those that nobody told anything of are lost by now, the others are of this minute.
    city.elsewhere.upsert([...city.all(65).slice(2), noise('new', 53, city.elsewhere.now() - SECOND_MS)])
    city.line.mend()
    healed('asleep', await city.agrees())
    await city.isToldLive()
    await vi.waitFor(() => expect([0, 1, 2, 'new'].map((sensor) => porto.sensor('noise', idOf(sensor))!.freshness)).toEqual(['lost', 'lost', 'fresh', 'fresh']), WAIT)
    expect(porto.sensor('noise', idOf(2))!.total).toMatchObject({ reporting: SENSORS - 1, known: SENSORS + 1 })
    expect(await city.elsewhere.subscriptions()).toBe(1)
  })

  it('sees its relay start anew reads everything anew, and the relay leaves no subscription behind', async () => {
    const porto = await city.startLive({ cities: ['porto'] })
    const before = porto.sensors('noise')
    const { port } = city.server
    await city.stopServer()
    await isRetrying()
    expect(porto.sensors('noise')).toEqual(before)
    city.elsewhere.upsert([...city.all(66).slice(1), noise('new', 54, city.elsewhere.now())])
    await city.elsewhere.delete(idOf(0))
    await city.startServer({ cities: ['porto'], port })
    healed('relay-restarted', await city.agrees())
    await city.isToldLive()
    expect(porto.status().counters.resyncs).toBeGreaterThan(0)
    expect(await city.elsewhere.subscriptions()).toBe(1)
    city.elsewhere.upsert([noise('new', 55, city.elsewhere.now() + 1_000)])
    await city.agrees()
  })
})
