/** Notifications that are broken, far too long, far too many, in disorder, or that never come. */
import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { createFaultCity, idOf, noise, notification, post, SENSORS, WAIT } from './fault-city.ts'
import { healed } from './healed.ts'

const city = createFaultCity()

/**
 * Posts all of them over so many sockets, each without waiting for the answer to the one before: as fast as they can be
 * written. Gives how many were answered with 200, and with anything else.
 */
async function flood(uri: string, bodies: readonly string[], sockets: number): Promise<{ readonly taken: number; readonly refused: number }> {
  const { hostname, port, pathname } = new URL(uri)
  const requests = bodies.map((body) => `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  const share = Math.ceil(requests.length / sockets)
  const counts = await Promise.all(
    Array.from({ length: sockets }, (_, index) => {
      const own = requests.slice(index * share, (index + 1) * share)
      return new Promise<{ taken: number; refused: number }>((resolve, reject) => {
        const socket = connect(Number(port), hostname)
        const count = { taken: 0, refused: 0 }
        let tail = ''
        socket.setEncoding('latin1').once('error', reject)
        socket.on('data', (text: string) => {
          const lines = (tail + text).split('\r\n')
          tail = lines.pop()!
          for (const line of lines) {
            if (line.startsWith('HTTP/1.1 200')) count.taken += 1
            else if (line.startsWith('HTTP/1.1')) count.refused += 1
          }
          if (count.taken + count.refused < own.length) return
          socket.destroy()
          resolve(count)
        })
        socket.write(own.join(''))
      })
    }),
  )
  return { taken: counts.reduce((sum, { taken }) => sum + taken, 0), refused: counts.reduce((sum, { refused }) => sum + refused, 0) }
}

describe('notifications that', () => {
  it('are malformed or cut off are counted, and what they may have said is read', async () => {
    await city.startLive()
    const uri = await city.elsewhere.callback()
    await city.elsewhere.silently(() => city.elsewhere.upsert(city.all(71)))
    for (const body of ['{"data":[{"id":"urn:ngsi-ld:NoiseLevelObserved:1","ty', 'nonsense', '[', '']) expect(await post(uri, body)).toBe(200)
    const healedMs = await city.agrees()
    healed('malformed', healedMs)
    await vi.waitFor(async () => expect((await city.far()).intake.malformed).toBe(4), WAIT)
    await city.isToldLive()
    await city.untouched()
  })

  it('are five megabytes long arrive whole', async () => {
    const porto = await city.startLive()
    const uri = await city.elsewhere.callback()
    const atMs = city.elsewhere.now()
    const description = { type: 'Property', value: 'x'.repeat(300) }
    const many = Array.from({ length: 8_500 }, (_, sensor) => noise(`many-${sensor}`, 30 + (sensor % 50), atMs, { description }))
    await city.elsewhere.silently(() => city.elsewhere.upsert(many))
    const body = notification(...many)
    expect(body.length).toBeGreaterThan(5_000_000)
    expect(await post(uri, body)).toBe(200)
    healed('long', await city.agrees())
    expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 0 })
    await city.isToldLive()
    await city.untouched()
  })

  it('are fifty megabytes long are refused and counted, and what they said is read from the broker', async () => {
    const porto = await city.startLive()
    const uri = await city.elsewhere.callback()
    const states = city.all(69)
    await city.elsewhere.silently(() => city.elsewhere.upsert(states))
    const said = notification(...states)
    const body = Buffer.alloc(50 * 1024 * 1024, ' ')
    body.write(said)
    // The door closes while it is still being written.
    expect(await post(uri, body).catch(() => 'cut')).toSatisfy((status) => status === 413 || status === 'cut')
    healed('huge', await city.agrees())
    expect((await city.far()).intake).toMatchObject({ lost: 1, malformed: 0 })
    expect(city.lines.filter((text) => text.includes('notification lost'))).toHaveLength(1)
    await vi.waitFor(() => expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 1 }), WAIT)
    await city.isToldLive()
    await city.untouched()
  })

  it('flood in, ten thousand as fast as they can be written, end in the state of the last', async () => {
    const count = 10_000
    const porto = await city.startLive()
    const uri = await city.elsewhere.callback()
    const baseMs = city.elsewhere.now()
    const states = Array.from({ length: count }, (_, turn) => noise(turn % SENSORS, 40 + (turn % 37), baseMs + turn))
    await city.elsewhere.silently(async () => city.elsewhere.upsert(states.slice(-SENSORS)))
    expect(await flood(uri, states.map((state) => notification(state)), 16)).toEqual({ taken: count, refused: 0 })
    healed('flood', await city.agrees())
    await vi.waitFor(() => expect(porto.status().counters.notifications).toBe(count), WAIT)
    expect((await city.far()).intake).toMatchObject({ malformed: 0, lost: 0 })
    await city.isToldLive()
    await city.untouched()
    expect(city.lines.filter((text) => / (warn|error) /.test(text))).toEqual([])
  })

  it('come in any order and more than once end in the newest of each sensor', async () => {
    const porto = await city.startLive()
    const uri = await city.elsewhere.callback()
    const baseMs = city.elsewhere.now()
    const states = Array.from({ length: 60 }, (_, turn) => noise(turn % SENSORS, 40 + turn / 4, baseMs + turn * 10))
    await city.elsewhere.silently(async () => {
      for (const state of states) city.elsewhere.upsert([state])
    })
    // A fixed shuffle: 7 and 60 have no common factor.
    for (let turn = 0; turn < 60; turn++) {
      const state = states[(turn * 7 + 59) % 60]!
      await post(uri, notification(state))
      if (turn % 3 === 0) await post(uri, notification(state, state))
    }
    healed('disorder', await city.agrees())
    await vi.waitFor(() => expect(porto.status().counters.notifications).toBe(80), WAIT)
    expect(porto.status().counters).toMatchObject({ gaps: 0, resyncs: 0, duplicates: 40 })
    expect(porto.status().counters.late).toBeGreaterThan(20)
    await city.untouched()
  })

  it('are lost without a trace are found by a check', async () => {
    const porto = await city.startLive({ feed: { checkEveryMs: 1_500 } })
    await city.elsewhere.silently(async () => {
      city.elsewhere.upsert([...city.all(77).slice(2), noise('silent', 33, city.elsewhere.now())])
      await city.elsewhere.delete(idOf(0))
    })
    healed('untold', await city.agrees())
    expect(porto.status().counters).toMatchObject({ resyncs: 0, gaps: 0 })
    await vi.waitFor(() => expect(porto.status().counters.mended).toBeGreaterThan(0), WAIT)
    await city.untouched()
  })
})
