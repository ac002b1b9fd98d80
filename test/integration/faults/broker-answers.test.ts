/** A broker that answers, but not what was asked. */
import { describe, expect, it, vi } from 'vitest'
import { createFaultCity, idOf, noise, WAIT } from './fault-city.ts'
import type { FaultId } from './fault-rows.ts'
import { healed } from './healed.ts'

const city = createFaultCity()

describe('a broker that', () => {
  it.each<[name: string, fault: FaultId, body: string, type: string]>([
    ['an error body', 'error-body', '{"success":false,"message":"token expired"}', 'application/json'],
    ['a page of HTML', 'html', '<html><h1>It works!</h1></html>', 'text/html'],
    ['half a document', 'truncated', '[{"id":"urn:ngsi-ld:NoiseLevelObserved:0","type":"Noise', 'application/json'],
    ['nothing at all', 'empty', '', 'application/json'],
  ])('answers 200 with %s is down, and empties nothing', async (_, fault, body, type) => {
    const porto = await city.startLive()
    const before = porto.sensors('noise')
    city.elsewhere.manner = (_request, response) => {
      response.setHeader('content-type', type).end(body)
      return true
    }
    await city.isToldDown()
    await city.untouched()
    expect(porto.sensors('noise')).toEqual(before)
    await city.elsewhere.silently(() => city.elsewhere.upsert(city.all(72)))
    city.elsewhere.manner = undefined
    healed(fault, await city.agrees())
    await city.isToldLive()
  })

  it.each<[name: string, body: string]>([['an error body', '{"success":false}'], ['nothing at all', ''], ['half a page', '[{"id":"urn:a:1","type"']])('answers its list of entities with %s is read again until it is one', async (_, body) => {
    await city.elsewhere.up()
    city.elsewhere.upsert(city.all(40))
    city.elsewhere.manner = (request, response) => {
      if (!request.url!.startsWith('/ngsi-ld/v1/entities')) return false
      response.setHeader('content-type', 'application/json').end(body)
      return true
    }
    await city.start()
    await vi.waitFor(() => expect(city.porto.status()).toMatchObject({ mode: 'retrying' }), WAIT)
    expect(city.porto.status().detail).toMatch(/answered nonsense: .*(empty|not JSON|no list of entities)/)
    await city.untouched()
    city.elsewhere.manner = undefined
    healed('bad-pages', await city.agrees())
    await city.isToldLive()
  })

  it('breaks its answer off in the middle empties nothing', async () => {
    const porto = await city.startLive()
    const before = porto.sensors('noise')
    let broken = 0
    city.elsewhere.manner = (request, response) => {
      if (!request.url!.startsWith('/ngsi-ld/v1/entities')) return false
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5_000 })
      response.write('[')
      setTimeout(() => response.destroy(), 5)
      broken += 1
      return true
    }
    await city.elsewhere.forget()
    city.elsewhere.upsert(city.all(66).slice(2))
    await vi.waitFor(() => expect(broken).toBeGreaterThan(1), WAIT)
    expect(porto.sensors('noise')).toMatchObject({ [idOf(0)]: before[idOf(0)]! })
    city.elsewhere.manner = undefined
    healed('broken-off', await city.agrees())
    await city.untouched()
  })

  it('takes sensors away while its pages are read loses none of those it keeps', async () => {
    const porto = await city.startLive({ broker: { profile: 'generic' } })
    const many = Array.from({ length: 350 }, (_, sensor) => noise(`many-${sensor}`, 30 + (sensor % 50), city.elsewhere.now()))
    city.elsewhere.upsert(many)
    await city.agrees()
    let shifted = 0
    city.elsewhere.manner = (request, response) => {
      // Between the first page and the second, five of the first go.
      if (shifted > 0 || !request.url!.includes('offset=100')) return false
      shifted += 1
      void Promise.all(Array.from({ length: 5 }, (_, sensor) => city.elsewhere.delete(idOf(sensor)))).then(() => city.elsewhere.answer(request, response))
      return true
    }
    await city.elsewhere.unsubscribe()
    await vi.waitFor(() => expect(shifted).toBe(1), WAIT)
    healed('shifting', await city.agrees())
    expect(porto.ids('noise')).toContain(idOf('many-90'))
    await city.isToldLive()
    await city.untouched()
  })

  it.each([
    ['and answers nothing else is down', false, 'down', 'relay'],
    ['and can be read is polled', true, 'live', 'poll'],
  ] as const)('repeats our secret address in an error, %s, and does not get it published', async (_, canBeRead, state, by) => {
    await city.elsewhere.up()
    let key = ''
    city.elsewhere.manner = (request, response) => {
      if (request.method !== 'POST') return !canBeRead && request.url!.includes('asked-by-belvedere') && (response.writeHead(400, { 'content-type': 'application/json' }).end('{}'), true)
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      request.on('end', () => {
        key = /\/notify\/([\w-]+)/.exec(body)?.[1] ?? ''
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ type: 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData', title: 'Bad', detail: `no route to http://x/notify/${key}` }))
      })
      return true
    }
    await city.start()
    await vi.waitFor(() => expect(city.porto.status().brokers).toMatchObject([{ state, by }]), WAIT)
    expect(key).toMatch(/^[\w-]{40,}$/)
    // One that is polled is ready, of which readiness has nothing to say.
    const told = [JSON.stringify(await city.far()), city.lines.join(''), JSON.stringify(city.porto.status()), ...(canBeRead ? [] : [JSON.stringify(await city.readiness())])]
    for (const text of told) expect(text).toContain('no route to')
    expect(told.filter((text) => text.includes(key))).toEqual([])
  })
})
