/** What brokers post too much of, over real sockets: refused early or thrown away, each counted and told, never silent. */
import { createServer, request } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SERVER_TIMERS } from '../timers.ts'
import { createCityHub } from './city-hub.ts'
import { createIntake } from './intake.ts'
import { createNotifyDoor, DOOR_LIMITS, type DoorLimits } from './notify-door.ts'

const MB = 1024 * 1024
const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

async function startDoor(limits: DoorLimits = DOOR_LIMITS) {
  const server = createServer()
  const sockets: Socket[] = []
  const door = createNotifyDoor({ now: Date.now, limits })
  server.on('connection', (socket) => sockets.push(socket))
  server.on('request', (asked, response) => void door.handle(asked, response, asked.url!.slice('/notify/'.length)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hub = createCityHub({ epoch: 'e', timers: SERVER_TIMERS })
  const intake = createIntake({ broker: 'b', hub, timers: SERVER_TIMERS, repeats: false })
  const losses: string[] = []
  const { key } = door.open(intake.receive, (reason) => {
    losses.push(reason)
    intake.lost()
  })
  endings.push(async () => {
    hub.close()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  })
  return { door, hub, intake, key, losses, sockets, port: (server.address() as AddressInfo).port }
}

/** So many bytes, as fast as the other side takes them; gives the status, or that it was cut off. */
function pour(port: number, path: string, bytes: number, isDeclared: boolean): Promise<number | 'cut'> {
  return new Promise((resolve) => {
    const asking = request({ port, host: '127.0.0.1', method: 'POST', path, agent: false, ...(isDeclared && { headers: { 'content-length': bytes } }) }, (response) => {
      resolve(response.statusCode!)
      response.resume()
      asking.destroy()
    })
    asking.on('error', () => resolve('cut'))
    const piece = Buffer.alloc(64 * 1024, ' ')
    let sent = 0
    const more = (): void => {
      while (sent < bytes && !asking.destroyed) {
        sent += piece.length
        if (!asking.write(piece)) return void asking.once('drain', more)
      }
      asking.end()
    }
    more()
  })
}

describe('a notification of 50 MB', () => {
  it.each([['that says so', true, 1 * MB], ['that does not say so', false, 20 * MB]] as const)('%s is refused before it is here, counted, and told', async (_, isDeclared, atMostBytes) => {
    const { door, key, losses, sockets, port, intake, hub } = await startDoor()
    expect(await pour(port, `/notify/${key}`, 50 * MB, isDeclared)).toSatisfy((status) => status === 413 || status === 'cut')
    await vi.waitFor(() => expect(door.stats).toEqual({ accepted: 0, refused: 1, tooLong: 1, dropped: 0 }))
    expect([losses, intake.stats.lost, hub.stats.seq]).toEqual([['too-long'], 1, 0])
    expect(sockets).toHaveLength(1)
    expect(sockets[0]!.bytesRead).toBeLessThan(atMostBytes)
  })
})

describe('ten thousand notifications at once', () => {
  const COUNT = 10_000
  const SOCKETS = 16

  /** All of a socket's requests in one go: nothing waits for an answer. */
  async function postAll(port: number, key: string): Promise<number> {
    const answers = await Promise.all(
      Array.from({ length: SOCKETS }, (_, own) => {
        const numbers = Array.from({ length: COUNT / SOCKETS }, (__, n) => n * SOCKETS + own)
        const bodies = numbers.map((n) => `{"data":[{"id":"urn:ngsi-ld:NoiseLevelObserved:${n}","type":"NoiseLevelObserved"}]}`)
        return new Promise<number>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1')
          let heard = ''
          socket.on('data', (chunk) => {
            heard += chunk.toString('latin1')
            if (heard.split('HTTP/1.1 200 OK').length > numbers.length) socket.destroy()
          })
          socket.on('error', reject)
          socket.on('close', () => resolve(heard.split('HTTP/1.1 200 OK').length - 1))
          socket.write(bodies.map((body) => `POST /notify/${key} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`).join(''))
        })
      }),
    )
    return answers.reduce((sum, one) => sum + one, 0)
  }

  it('are all answered, and every one goes on', async () => {
    const { door, hub, intake, key, port } = await startDoor()
    let heard = ''
    hub.connect({ gzip: false, outlet: { write: (bytes) => (heard += bytes.toString()) !== '', writableLength: 0, once: () => undefined, destroy: () => undefined } })
    expect(await postAll(port, key)).toBe(COUNT)
    await vi.waitFor(() => expect(intake.stats.notifications).toBe(COUNT), { timeout: 10_000 })
    expect(door.stats).toEqual({ accepted: COUNT, refused: 0, tooLong: 0, dropped: 0 })
    const ids = (): string[] => [...heard.matchAll(/NoiseLevelObserved:(\d+)/g)].map(([, n]) => n!)
    await vi.waitFor(() => expect(ids()).toHaveLength(COUNT), { timeout: 10_000 })
    expect(new Set(ids()).size).toBe(COUNT)
  }, 30_000)

  it('are either told or counted as lost when the door holds less', async () => {
    const { door, intake, key, losses, port } = await startDoor({ ...DOOR_LIMITS, maxWaitingBytes: 20_000 })
    expect(await postAll(port, key)).toBe(COUNT)
    await vi.waitFor(() => expect(intake.stats.notifications + door.stats.dropped).toBe(COUNT), { timeout: 10_000 })
    expect(door.stats.dropped).toBeGreaterThan(0)
    expect([losses.length, intake.stats.lost]).toEqual([door.stats.dropped, door.stats.dropped])
  }, 30_000)
})
