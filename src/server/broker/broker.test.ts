import { fc, test } from '@fast-check/vitest'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBroker, type Ask, type RunningBroker } from '../../../test/running-broker.ts'

let running: RunningBroker
const ask = (method: string, path: string, more?: Ask) => running.ask(method, path, more)
const entity = { id: 'urn:x:1', type: 'X', a: 1 }
const errors = 'https://uri.etsi.org/ngsi-ld/errors/'

/** Bytes on a socket, and all that comes back until it closes or `until` is seen. */
function speak(port: number, bytes: string | Buffer, until?: string, { ends = false }: { readonly ends?: boolean } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (ends ? socket.end(bytes) : socket.write(bytes)))
    let text = ''
    const end = (): void => {
      socket.destroy()
      resolve(text)
    }
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      if (until !== undefined && text.includes(until)) end()
    })
    socket.on('close', end)
    socket.on('error', end)
  })
}

describe('the broker', () => {
  beforeEach(async () => {
    running = await startBroker({ limits: { bodyBytes: 2_000, jsonDepth: 10 } })
  })
  afterEach(async () => {
    expect(running.faults).toEqual([])
    await running.stop()
  })

  it('says what it does not know, does not allow and does not do', async () => {
    expect(await ask('GET', '/nothing')).toMatchObject({ status: 404, json: { type: `${errors}ResourceNotFound` } })
    expect((await ask('GET', `http://127.0.0.1:${running.port}/other`)).status).toBe(404)
    expect((await ask('GET', '/entities/urn:x:1/attrs/a/b')).status).toBe(404)
    const wrong = await ask('DELETE', '/types')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
    expect(await ask('GET', '/csourceRegistrations')).toMatchObject({ status: 422, json: { type: `${errors}OperationNotSupported` } })
    expect((await ask('GET', '/entities/%zz')).status).toBe(400)
    expect((await ask('GET', '/entities/notauri')).status).toBe(400)
    expect((await fetch(`${running.url}/entities?local=true`, { method: 'HEAD' })).status).toBe(200)
    expect((await ask('GET', '/info/sourceIdentity')).json).toMatchObject({ type: 'ContextSourceIdentity' })
  })

  it.each<[string, Ask, number]>([
    ['text', { raw: 'x', type: 'text/plain' }, 415],
    ['no type', { raw: new Uint8Array([123, 125]), type: '' }, 415],
    ['merge-patch where nothing is patched', { body: entity, type: 'application/merge-patch+json' }, 415],
    ['gzip', { body: entity, headers: { 'Content-Encoding': 'gzip' } }, 415],
    ['half JSON', { raw: '{"id":' }, 400],
    ['nothing', { raw: '' }, 400],
    ['no UTF-8', { raw: new Uint8Array([0x22, 0xff, 0x22]) }, 400],
    ['JSON too deep', { raw: '['.repeat(11) + ']'.repeat(11) }, 400],
    ['JSON much too deep', { raw: '['.repeat(1_900) }, 400],
    ['too many bytes', { raw: `"${'x'.repeat(2_000)}"` }, 413],
    ['@context inside plain JSON', { body: { ...entity, '@context': 'https://example.org/c' } }, 400],
    ['ld+json without @context', { body: entity, type: 'application/ld+json' }, 400],
    ['ld+json with a broken @context', { body: { ...entity, '@context': 5 }, type: 'application/ld+json' }, 400],
    ['ld+json and a Link', { body: { ...entity, '@context': 'https://example.org/c' }, type: 'application/ld+json', headers: { Link: '<https://example.org/d>; rel="http://www.w3.org/ns/json-ld#context"' } }, 400],
    ['an unacceptable Accept', { body: entity, headers: { Accept: 'image/png' } }, 406],
  ])('refuses a body of %s', async (_, how, status) => {
    const answer = await ask('POST', '/entities', how)
    expect(answer.status).toBe(status)
    expect(answer.json.type.startsWith(errors)).toBe(true)
    expect(answer.headers.get('content-type')).toBe('application/json')
  })

  it('wants to know how long a body is', async () => {
    const answer = await speak(running.port, 'POST /ngsi-ld/v1/entities HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n', '\r\n\r\n{')
    expect(answer).toMatch(/^HTTP\/1\.1 411/)
  })

  it('gives up a body that does not end, and one that grows without end', async () => {
    const head = 'POST /ngsi-ld/v1/entities HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
    const slow = speak(running.port, `${head}Content-Length: 100\r\n\r\n{"id"`)
    while (running.clock.pending === 0) await new Promise((resolve) => setImmediate(resolve))
    running.clock.advance(30_000)
    expect(await slow).toMatch(/^HTTP\/1\.1 408[^]*Connection: close/)
    const endless = await speak(running.port, `${head}Transfer-Encoding: chunked\r\n\r\n${'400\r\n'}${'x'.repeat(1_024)}\r\n${'400\r\n'}${'x'.repeat(1_024)}\r\n`)
    expect(endless).toMatch(/^HTTP\/1\.1 413[^]*Connection: close/)
  })

  it('writes only for whom it may', async () => {
    await running.stop()
    running = await startBroker({ mayWrite: (request) => request.headers.authorization === 'Bearer yes' })
    expect((await ask('POST', '/entities', { body: entity })).status).toBe(403)
    expect((await ask('POST', '/subscriptions', { body: {} })).status).toBe(403)
    expect((await ask('DELETE', '/entities/urn:x:1')).status).toBe(403)
    expect((await ask('POST', '/entities', { body: entity, headers: { Authorization: 'Bearer yes' } })).status).toBe(201)
    expect((await ask('GET', '/entities/urn:x:1')).status).toBe(200)
    expect((await ask('POST', '/entityOperations/query', { body: { type: 'Query', q: 'a' } })).json).toHaveLength(1)
  })

  it('takes no more than it may hold', async () => {
    await running.stop()
    running = await startBroker({ limits: { entities: 2, tenants: 2, attributes: 2, instances: 2, subscriptions: 1 } })
    await ask('POST', '/entities', { body: { ...entity, expiresAt: '2024-05-14T08:00:10Z' } })
    await ask('POST', '/entities', { body: { ...entity, id: 'urn:x:2' } })
    expect((await ask('POST', '/entities', { body: { ...entity, id: 'urn:x:3' } })).status).toBe(503)
    running.clock.advance(10_000)
    expect((await ask('POST', '/entities', { body: { ...entity, id: 'urn:x:3' } })).status).toBe(201)
    expect((await ask('POST', '/entities/urn:x:3/attrs', { body: { b: 1 } })).status).toBe(204)
    expect((await ask('POST', '/entities/urn:x:3/attrs', { body: { c: 1 } })).status).toBe(400)
    expect((await ask('POST', '/entities/urn:x:3/attrs', { body: { b: { value: 2, datasetId: 'urn:d:1' } } })).status).toBe(204)
    expect((await ask('POST', '/entities/urn:x:3/attrs', { body: { b: { value: 2, datasetId: 'urn:d:2' } } })).status).toBe(400)
    expect((await ask('POST', '/entities', { body: entity, tenant: 'a' })).status).toBe(201)
    expect((await ask('POST', '/entities', { body: entity, tenant: 'b' })).status).toBe(503)
    const subscription = { type: 'Subscription', entities: [{ type: 'X' }], expiresAt: '2024-05-14T08:01:00Z', notification: { endpoint: { uri: 'http://127.0.0.1:9/' } } }
    expect((await ask('POST', '/subscriptions', { body: subscription })).status).toBe(201)
    expect((await ask('POST', '/subscriptions', { body: { ...subscription, expiresAt: '2024-05-14T09:00:00Z' } })).status).toBe(503)
    running.clock.advance(60_000)
    expect((await ask('POST', '/subscriptions', { body: { ...subscription, expiresAt: '2024-05-14T09:00:00Z' } })).status).toBe(201)
  })
})

describe('whatever it is sent', () => {
  beforeAll(async () => {
    running = await startBroker({ fetch: async () => ({ status: 200 }) })
    await ask('POST', '/entities', { body: entity })
  })
  afterAll(() => running.stop())

  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD')
  const names = ['entities', 'urn:x:1', 'attrs', 'a', 'entityOperations', 'upsert', 'query', 'subscriptions', 'temporal', 'types', 'attributes', 'create', 'delete', 'update', 'merge', '..', '__proto__', 'constructor']
  const step = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string({ maxLength: 10 }).map((text) => encodeURIComponent(text.toWellFormed())) }, { weight: 1, arbitrary: fc.constant('%ff%zz') })
  const parameter = fc.tuple(
    fc.constantFrom('type', 'q', 'id', 'idPattern', 'georel', 'geometry', 'coordinates', 'limit', 'offset', 'count', 'options', 'timerel', 'timeAt', 'lastN', 'attrs', 'pick', 'local', '__proto__'),
    fc.oneof(fc.constantFrom('X', 'true', '1', 'a==1', '[0,0]', 'Point', 'near;maxDistance==1', 'keyValues', 'sysAttrs', 'temporalValues', 'after', '2024-01-01T00:00:00Z', '(', '((a+)+)+$'), fc.string({ maxLength: 20 })),
  )
  const member = fc.constantFrom('id', 'type', '@context', 'a', 'value', 'object', 'observedAt', 'datasetId', 'entities', 'notification', 'endpoint', 'uri', 'q', 'geoQ', 'languageMap', '__proto__', 'temporalQ', 'coordinates', 'dataset', 'scope', 'expiresAt')
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, true, 5, -1e300, '', 'X', 'urn:x:1', 'urn:x:2', 'urn:ngsi-ld:null', 'Property', 'Relationship', 'GeoProperty', 'Query', 'Subscription', 'http://127.0.0.1:9/', '2024-01-01T00:00:00Z', [0, 0]),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.array(fc.tuple(member, tie('json')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    ),
  }))

  test.prop([method, fc.array(step, { maxLength: 5 }), fc.array(parameter, { maxLength: 4 }), json, fc.constantFrom('application/json', 'application/ld+json', 'application/merge-patch+json')], { seed: 2, numRuns: 1_000 })(
    'it answers with an answer, and never with 500',
    async (verb, steps, parameters, body, type) => {
      const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')
      const hasBody = verb !== 'GET' && verb !== 'HEAD'
      const response = await fetch(`${running.url}/${steps.join('/')}?${query}`, { method: verb, ...(hasBody ? { body: JSON.stringify(body) ?? '', headers: { 'Content-Type': type } } : {}) })
      const text = await response.text()
      expect(response.status).toBeLessThan(500)
      if (text !== '') expect(() => JSON.parse(text)).not.toThrow()
      expect(running.faults).toEqual([])
    },
    60_000,
  )

  // The members that pass the first checks, so that the deeper ones are reached.
  test.prop([fc.constantFrom('upsert', 'create', 'merge', 'update'), fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'scope', 'expiresAt', '__proto__', 'location'), json, { maxKeys: 3 }), { minLength: 1, maxLength: 4 })], { seed: 4, numRuns: 300 })(
    'a batch is taken or refused entity by entity, and what was taken can be read',
    async (name, attributes) => {
      const body = attributes.map((some, n) => ({ ...some, id: `urn:fuzz:${n % 2}`, type: 'Fuzz' }))
      const answer = await ask('POST', `/entityOperations/${name}`, { body })
      expect([201, 204, 207]).toContain(answer.status)
      for (const options of ['normalized', 'concise', 'keyValues']) {
        const { status, json: found } = await ask('GET', `/entities?type=Fuzz&options=${options}`)
        expect(status).toBe(200)
        expect(found.every(({ id }: { id: string }) => id.startsWith('urn:fuzz:'))).toBe(true)
      }
      expect(running.faults).toEqual([])
    },
    60_000,
  )

  test.prop([fc.uint8Array({ maxLength: 200 })], { seed: 6, numRuns: 100 })('bytes that are no HTTP leave it standing', async (bytes) => {
    await speak(running.port, Buffer.concat([Buffer.from(bytes), Buffer.from('\r\n\r\n')]), 'HTTP/1.1', { ends: true })
    expect((await ask('GET', '/types')).status).toBe(200)
  })
})
