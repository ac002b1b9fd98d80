import { Aedes } from 'aedes'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, startBroker, startListener, type Ask, type Listener, type RunningBroker } from '../../../test/running-broker.ts'

let running: RunningBroker
let listener: Listener
beforeEach(async () => {
  running = await startBroker()
  listener = await startListener()
})
afterEach(async () => {
  expect(running.faults).toEqual([])
  await running.stop()
  await listener.stop()
})

const ask = (method: string, path: string, more?: Ask) => running.ask(method, path, more)
const ID = 'urn:ngsi-ld:Subscription:1'
const noise = (n: number, LAeq: unknown = { type: 'Property', value: 50, unitCode: '2N' }, extra = {}) => ({ id: `urn:ngsi-ld:Noise:${n}`, type: 'Noise', LAeq, battery: { type: 'Property', value: 1 }, ...extra })

interface Wish {
  readonly [name: string]: unknown
  readonly notification?: object
  readonly endpoint?: object
}
function body({ notification = {}, endpoint = {}, ...rest }: Wish = {}): object {
  return { id: ID, type: 'Subscription', entities: [{ type: 'Noise' }], ...rest, notification: { endpoint: { uri: listener.uri, ...endpoint }, ...notification } }
}
async function subscribe(wish?: Wish, more?: Ask): Promise<void> {
  const made = await ask('POST', '/subscriptions', { body: body(wish), ...more })
  expect([made.status, made.json]).toEqual([201, undefined])
}
const upsert = (...entities: object[]) => ask('POST', '/entityOperations/upsert?options=update', { body: entities })
const state = (id = ID) => ask('GET', `/subscriptions/${id}`).then(({ json }) => json.notification)
/** A marker that always notifies: what was to be silent before it would have come first. */
async function silence(before: number): Promise<void> {
  await ask('POST', '/subscriptions', { body: { ...body(), id: `${ID}:marker`, entities: [{ type: 'Marker' }] } })
  await upsert({ id: `urn:ngsi-ld:Marker:${before}:${Math.random()}`, type: 'Marker', a: 1 })
  const all = await listener.until(before + 1)
  expect(all).toHaveLength(before + 1)
  expect(all.at(-1)!.json.subscriptionId).toBe(`${ID}:marker`)
}

describe('a subscription', () => {
  it('is created, read, listed, patched and deleted', async () => {
    const made = await ask('POST', '/subscriptions', { body: body({ subscriptionName: 'mine', throttling: 5, expiresAt: '2024-05-14T09:00:00Z' }) })
    expect([made.status, made.headers.get('location')]).toEqual([201, `/ngsi-ld/v1/subscriptions/${encodeURIComponent(ID)}`])
    expect((await ask('POST', '/subscriptions', { body: body() })).status).toBe(409)
    const read = (await ask('GET', `/subscriptions/${ID}`)).json
    expect(read).toMatchObject({ id: ID, type: 'Subscription', subscriptionName: 'mine', throttling: 5, status: 'active', isActive: true, notification: { format: 'normalized', timesSent: 0, timesFailed: 0 } })
    expect((await ask('GET', '/subscriptions?count=true')).headers.get('ngsild-results-count')).toBe('1')
    expect((await ask('PATCH', `/subscriptions/${ID}`, { body: { isActive: false, notification: { format: 'concise' } } })).status).toBe(204)
    expect((await ask('GET', `/subscriptions/${ID}`)).json).toMatchObject({ status: 'paused', isActive: false, notification: { format: 'concise', endpoint: { uri: listener.uri } } })
    running.clock.advance(3_600_000)
    expect((await ask('GET', `/subscriptions/${ID}`)).json.status).toBe('expired')
    expect((await ask('PATCH', `/subscriptions/${ID}`, { body: { isActive: true } })).status).toBe(204)
    expect((await ask('PATCH', `/subscriptions/${ID}`, { body: { expiresAt: '2024-05-14T10:00:00Z' } })).status).toBe(204)
    expect((await ask('GET', `/subscriptions/${ID}`)).json.status).toBe('active')
    expect((await ask('DELETE', `/subscriptions/${ID}`)).status).toBe(204)
    expect((await ask('GET', `/subscriptions/${ID}`)).status).toBe(404)
    expect((await ask('POST', '/subscriptions', { body: { ...body(), id: undefined } })).headers.get('location')).toMatch(/subscriptions\/urn%3Angsi-ld%3ASubscription%3A[0-9a-f-]{36}$/)
  })

  it.each<[string, object, number]>([
    ['no type', { type: undefined }, 400], ['no notification', { notification: undefined }, 400], ['neither entities nor watchedAttributes', { entities: undefined }, 400],
    ['an unknown member', { colour: 1 }, 400], ['a read-only member', { status: 'active' }, 400], ['a past expiry', { expiresAt: '2020-01-01T00:00:00Z' }, 400],
    ['both timeInterval and throttling', { timeInterval: 5, throttling: 5 }, 400], ['both timeInterval and watchedAttributes', { timeInterval: 5, watchedAttributes: ['a'] }, 400],
    ['empty watchedAttributes', { watchedAttributes: [] }, 400], ['an unknown trigger', { notificationTrigger: ['entityMoved'] }, 400], ['a broken q', { q: '(' }, 400],
    ['a broken geoQ', { geoQ: { georel: 'near' } }, 400], ['negative throttling', { throttling: -1 }, 400], ['csf', { csf: 'x' }, 422],
    ['a broken pattern', { entities: [{ type: 'A', idPattern: '(' }] }, 400],
    ['an ftp endpoint', { notification: { endpoint: { uri: 'ftp://x/y' } } }, 400], ['no endpoint', { notification: {} }, 400],
    ['a strange accept', { notification: { endpoint: { uri: 'http://x/', accept: 'text/plain' } } }, 400],
    ['a header in disguise', { notification: { endpoint: { uri: 'http://x/', receiverInfo: [{ key: 'A', value: 'b\r\nHost: evil' }] } } }, 400],
    ['a header of the broker', { notification: { endpoint: { uri: 'http://x/', receiverInfo: [{ key: 'Content-Length', value: '5' }] } } }, 400],
    ['mqtt without topic', { notification: { endpoint: { uri: 'mqtt://x' } } }, 400], ['mqtt to a wildcard', { notification: { endpoint: { uri: 'mqtt://x/a/%23' } } }, 400],
    ['an unknown MQTT version', { notification: { endpoint: { uri: 'mqtt://x/a', notifierInfo: [{ key: 'MQTT-Version', value: 'mqtt9' }] } } }, 400],
    ['showChanges of simplified', { notification: { endpoint: { uri: 'http://x/' }, format: 'keyValues', showChanges: true } }, 400],
  ])('with %s is refused', async (_, wish, status) => {
    const answer = await ask('POST', '/subscriptions', { body: { ...body(), ...wish } })
    expect(answer.status).toBe(status)
    expect((await ask('GET', '/subscriptions')).json).toEqual([])
  })
})

describe('a notification', () => {
  it('tells of one operation at once, with headers that say what it is', async () => {
    await ask('POST', '/entities', { body: { id: 'urn:x:1', type: 'X' }, tenant: 'porto' })
    await subscribe({ endpoint: { receiverInfo: [{ key: 'Authorization', value: 'Bearer 1' }] } }, { tenant: 'porto' })
    await ask('POST', '/entityOperations/create', { body: [noise(1), noise(2), { id: 'urn:x:2', type: 'X', a: 1 }], tenant: 'porto' })
    const [first] = await listener.until(1)
    expect(first!.json).toEqual({ id: expect.stringMatching(/^urn:ngsi-ld:Notification:/), type: 'Notification', subscriptionId: ID, notifiedAt: '2024-05-14T08:00:00Z', data: [noise(1), noise(2)] })
    expect(first!.headers).toMatchObject({ 'content-type': 'application/json', 'ngsild-tenant': 'porto', authorization: 'Bearer 1', 'ngsild-attribute-format': 'Normalized', link: expect.stringContaining('json-ld#context') })
  })

  it('counts what was sent, and what failed', async () => {
    await subscribe()
    await upsert(noise(1))
    await listener.until(1)
    expect(await eventually(state, ({ timesSent }) => timesSent === 1)).toMatchObject({ status: 'ok', timesSent: 1, timesFailed: 0, lastNotification: '2024-05-14T08:00:00Z', lastSuccess: '2024-05-14T08:00:00Z' })
    listener.answer(204)
    running.clock.advance(1_000)
    await upsert(noise(1))
    expect(await eventually(state, ({ timesSent }) => timesSent === 2)).toMatchObject({ status: 'ok', timesFailed: 0 })
    listener.answer(500)
    running.clock.advance(1_000)
    await upsert(noise(1))
    expect(await eventually(state, ({ timesFailed }) => timesFailed === 1)).toMatchObject({ status: 'failed', timesSent: 3, lastFailure: '2024-05-14T08:00:02Z', lastSuccess: '2024-05-14T08:00:01Z', lastErrorReason: 'the endpoint answered 500' })
  })

  it('waits for no other: an endpoint that hangs delays only its own, and is given up in time', async () => {
    const slow = await startListener()
    slow.answer('nothing')
    await ask('POST', '/subscriptions', { body: { ...body({ endpoint: { uri: slow.uri, timeout: 2_000 } }), id: `${ID}:slow` } })
    await subscribe()
    for (let n = 0; n < 100; n++) await upsert(noise(n))
    expect(await listener.until(100)).toHaveLength(100)
    expect(slow.received).toHaveLength(1)
    // 64 may wait and one is being sent: 35 of the oldest were dropped, and counted.
    const slowState = () => state(`${ID}:slow`)
    expect(await slowState()).toMatchObject({ timesSent: 0, timesFailed: 35 })
    running.clock.advance(2_000)
    expect(await eventually(slowState, ({ timesSent }) => timesSent === 1)).toMatchObject({ timesFailed: 36, status: 'failed', lastErrorReason: 'no answer within 2000 ms' })
    await slow.until(2)
    expect(slow.received[1]!.json.data[0].id).toBe('urn:ngsi-ld:Noise:36')
    await slow.stop()
  })

  it('says nothing within the cooldown after a failure', async () => {
    listener.answer(500)
    await subscribe({ endpoint: { cooldown: 5_000 } })
    await upsert(noise(1))
    await eventually(state, ({ timesFailed }) => timesFailed === 1)
    listener.answer(200)
    await upsert(noise(2))
    await silence(1)
    running.clock.advance(5_000)
    await upsert(noise(3))
    expect((await listener.until(3)).at(-1)!.json.data[0].id).toBe('urn:ngsi-ld:Noise:3')
  })

  it('comes when a watched attribute changes, with the same value too', async () => {
    await subscribe({ watchedAttributes: ['LAeq'] })
    await upsert(noise(1))
    await ask('PATCH', '/entities/urn:ngsi-ld:Noise:1/attrs', { body: { battery: 5 } })
    await ask('PATCH', '/entities/urn:ngsi-ld:Noise:1/attrs/LAeq', { body: { value: 50 } })
    const all = await listener.until(2)
    expect(all.map(({ json }) => json.data[0].battery.value)).toEqual([1, 5])
    await silence(2)
  })

  it('comes only when q, geoQ, scope and selector are met', async () => {
    await subscribe({
      entities: [{ type: 'Noise', idPattern: ':[0-4]$' }],
      q: 'LAeq>55',
      scopeQ: '/porto/#',
      geoQ: { georel: 'near;maxDistance==1000', geometry: 'Point', coordinates: [-8.6, 41.15] },
    })
    const near = { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.601, 41.15] } }, scope: '/porto/centro' }
    await upsert(noise(1, 60), noise(2, 50, near), noise(3, 60, near), noise(9, 60, near), noise(4, 60, { ...near, scope: '/lisboa' }))
    const [first] = await listener.until(1)
    expect(first!.json.data.map(({ id }: { id: string }) => id)).toEqual(['urn:ngsi-ld:Noise:3'])
    await silence(1)
  })

  it('is dropped inside the throttling, and comes again after it', async () => {
    await subscribe({ throttling: 10 })
    await upsert(noise(1))
    running.clock.advance(9_999)
    await upsert(noise(2))
    running.clock.advance(1)
    await upsert(noise(3))
    const all = await listener.until(2)
    expect(all.map(({ json }) => json.data[0].id)).toEqual(['urn:ngsi-ld:Noise:1', 'urn:ngsi-ld:Noise:3'])
  })

  it('comes every interval with all that match, until it expires or pauses', async () => {
    await upsert(noise(1), noise(2, 10), { id: 'urn:x:1', type: 'X' })
    await subscribe({ timeInterval: 60, q: 'LAeq>20', expiresAt: '2024-05-14T08:02:30Z' })
    await upsert(noise(3))
    running.clock.advance(60_000)
    expect((await listener.until(1))[0]!.json.data.map(({ id }: { id: string }) => id)).toEqual(['urn:ngsi-ld:Noise:1', 'urn:ngsi-ld:Noise:3'])
    running.clock.advance(60_000)
    expect((await listener.until(2))[1]!.json.notifiedAt).toBe('2024-05-14T08:02:00Z')
    running.clock.advance(600_000)
    await silence(2)
  })

  it('of an inactive, expired or deleted subscription never comes', async () => {
    await subscribe({ expiresAt: '2024-05-14T08:10:00Z', isActive: false })
    await upsert(noise(1))
    await silence(0)
    await ask('PATCH', `/subscriptions/${ID}`, { body: { isActive: true } })
    await upsert(noise(1))
    await listener.until(2)
    running.clock.advance(600_000)
    await upsert(noise(1))
    await silence(2)
    await ask('DELETE', `/subscriptions/${ID}`)
    await upsert(noise(1))
    await silence(3)
    expect(listener.received.filter(({ json }) => json.subscriptionId === ID)).toHaveLength(1)
  })

  it('tells of creation, update and deletion of entities only to who asked', async () => {
    await subscribe({ notificationTrigger: ['entityCreated', 'entityDeleted'] })
    await upsert(noise(1))
    await upsert(noise(1))
    await ask('DELETE', '/entities/urn:ngsi-ld:Noise:1')
    const all = await listener.until(2)
    expect(all[0]!.json.data[0]).toMatchObject({ LAeq: { value: 50 } })
    expect(all[1]!.json.data).toEqual([{ id: 'urn:ngsi-ld:Noise:1', type: 'Noise', deletedAt: '2024-05-14T08:00:00Z' }])
    await ask('PATCH', `/subscriptions/${ID}`, { body: { notificationTrigger: ['entityUpdated'] } })
    await upsert(noise(1))
    await upsert(noise(1, 77))
    expect((await listener.until(3))[2]!.json.data[0].LAeq.value).toBe(77)
    await silence(3)
  })

  // As in the ETSI test suite: data/subscriptions/expectations/{entity,building}-deleted-*.json.
  it('shows what went as urn:ngsi-ld:null to who asked for deletions', async () => {
    await subscribe({ notificationTrigger: ['attributeDeleted'], watchedAttributes: ['LAeq', 'word'] })
    const word = [{ type: 'LanguageProperty', languageMap: { pt: 'a' } }, { type: 'LanguageProperty', languageMap: { pt: 'b' }, datasetId: 'urn:d:1' }]
    await upsert(noise(1, { type: 'Property', value: 50 }, { word }))
    const path = '/entities/urn:ngsi-ld:Noise:1'
    const battery = { type: 'Property', value: 1 }
    await ask('DELETE', `${path}/attrs/word?datasetId=urn:d:1`)
    const gone = { type: 'LanguageProperty', languageMap: { '@none': 'urn:ngsi-ld:null' }, datasetId: 'urn:d:1' }
    expect((await listener.until(1))[0]!.json.data).toEqual([{ id: 'urn:ngsi-ld:Noise:1', type: 'Noise', LAeq: { type: 'Property', value: 50 }, battery, word: [word[0], gone] }])
    await ask('PATCH', `/subscriptions/${ID}`, { body: { notification: { showChanges: true } } })
    await ask('DELETE', `${path}/attrs/LAeq`)
    expect((await listener.until(2))[1]!.json.data[0].LAeq).toEqual({ type: 'Property', value: 'urn:ngsi-ld:null', previousValue: 50 })
    await ask('PATCH', `/subscriptions/${ID}`, { body: { notification: { showChanges: false, format: 'keyValues' } } })
    await ask('DELETE', `${path}/attrs/battery`)
    await ask('DELETE', path)
    expect((await listener.until(3))[2]!.json.data).toEqual([{ id: 'urn:ngsi-ld:Noise:1', type: 'Noise', word: { languageMap: { '@none': 'urn:ngsi-ld:null' } }, deletedAt: '2024-05-14T08:00:00Z' }])
  })

  it('has the format, members and changes that were asked for', async () => {
    await upsert(noise(1))
    await subscribe({ notification: { format: 'normalized', attributes: ['LAeq'], sysAttrs: true, showChanges: true } })
    running.clock.advance(1_000)
    await upsert(noise(1, { type: 'Property', value: 51 }))
    expect((await listener.until(1))[0]!.json.data[0]).toEqual({
      id: 'urn:ngsi-ld:Noise:1', type: 'Noise', createdAt: '2024-05-14T08:00:00Z', modifiedAt: '2024-05-14T08:00:01Z',
      LAeq: { type: 'Property', value: 51, previousValue: 50, createdAt: '2024-05-14T08:00:00Z', modifiedAt: '2024-05-14T08:00:01Z' },
    })
    await ask('PATCH', `/subscriptions/${ID}`, { body: { notification: { format: 'keyValues', attributes: null, pick: ['battery'], sysAttrs: false, showChanges: false } } })
    await upsert(noise(1))
    const second = (await listener.until(2))[1]!
    expect(second.json.data).toEqual([{ id: 'urn:ngsi-ld:Noise:1', type: 'Noise', battery: 1 }])
    expect(second.headers['ngsild-attribute-format']).toBe('Simplified')
    await ask('PATCH', `/subscriptions/${ID}`, { body: { notification: { format: 'concise', pick: null } } })
    await upsert(noise(1))
    expect((await listener.until(3))[2]!.json.data).toEqual([{ id: 'urn:ngsi-ld:Noise:1', type: 'Noise', LAeq: { value: 50, unitCode: '2N' }, battery: 1 }])
  })

  it('comes as GeoJSON or JSON-LD when the endpoint wants it', async () => {
    await subscribe({ endpoint: { accept: 'application/geo+json' } })
    await ask('POST', '/subscriptions', { type: 'application/ld+json', body: { ...body({ endpoint: { accept: 'application/ld+json' } }), id: `${ID}:ld`, '@context': 'https://example.org/c.jsonld' } })
    await upsert(noise(1, 50, { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [1, 2] } } }))
    const all = await listener.until(2)
    const geo = all.find(({ json }) => json.subscriptionId === ID)!
    expect(geo.json.data).toMatchObject({ type: 'FeatureCollection', features: [{ type: 'Feature', id: 'urn:ngsi-ld:Noise:1', geometry: { type: 'Point', coordinates: [1, 2] }, properties: { type: 'Noise' } }] })
    const ld = all.find(({ json }) => json.subscriptionId === `${ID}:ld`)!
    expect([ld.json['@context'], ld.headers['content-type'], ld.headers.link]).toEqual(['https://example.org/c.jsonld', 'application/ld+json', undefined])
  })

  it('keeps every state of an entity that one batch writes twice', async () => {
    await subscribe()
    await upsert(noise(1, 50), noise(1, 51))
    expect((await listener.until(1))[0]!.json.data.map(({ LAeq }: { LAeq: { value: number } }) => LAeq.value)).toEqual([50, 51])
  })

  it('comes for what the program itself upserts, which hears what was refused', async () => {
    running.broker.upsert('porto', [{ id: 'urn:x:1', type: 'X' }])
    await subscribe({}, { tenant: 'porto' })
    // A program's own entities need not be JSON to the compiler, as `noise` is not.
    const refused = running.broker.upsert('porto', [noise(1) as never, { id: 'x', type: 'Noise' }])
    expect(refused).toEqual([{ id: 'x', reason: 'id: expected a URI, got "x"' }])
    expect((await listener.until(1))[0]!.json.data).toEqual([noise(1)])
  })

  it('is split when it would hold too many entities', async () => {
    await running.stop()
    running = await startBroker({ limits: { notificationEntities: 2 } })
    await subscribe()
    await upsert(noise(1), noise(2), noise(3))
    expect((await listener.until(2)).map(({ json }) => json.data.length)).toEqual([2, 1])
  })
})

describe('a notification over MQTT', () => {
  // aedes 1.2 speaks 3.1.1 only; for version 5 the last test here answers by hand.
  it.each(['0', '1', '2'])('reaches the topic as metadata and body, with QoS %s', async (qos) => {
    const aedes = await Aedes.createBroker()
    const server = createTcpServer(aedes.handle)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const packets: { topic: string; qos: number; json: any }[] = [] // eslint-disable-line typescript/no-explicit-any -- looked into below
    let onPacket: (() => unknown) | undefined
    aedes.on('publish', (packet) => {
      if (packet.topic.startsWith('$SYS')) return
      packets.push({ topic: packet.topic, qos: packet.qos, json: JSON.parse(String(packet.payload)) })
      onPacket?.()
    })
    await subscribe({
      endpoint: {
        uri: `mqtt://user:pass@127.0.0.1:${port}/city/noise`,
        receiverInfo: [{ key: 'H1', value: '123' }],
        notifierInfo: [{ key: 'MQTT-Version', value: 'mqtt3.1.1' }, { key: 'MQTT-QoS', value: qos }],
      },
    })
    const two = new Promise<void>((resolve) => (onPacket = () => packets.length === 2 && resolve()))
    await upsert(noise(1))
    await upsert(noise(2))
    await two
    expect(packets[0]).toMatchObject({
      topic: 'city/noise',
      qos: Number(qos),
      json: { metadata: { 'Content-Type': 'application/json', H1: '123', Link: expect.stringContaining('json-ld#context') }, body: { type: 'Notification', subscriptionId: ID, data: [noise(1)] } },
    })
    expect(packets[1]!.json.body.data).toEqual([noise(2)])
    await eventually(state, ({ timesSent, status }) => timesSent === 2 && status === 'ok')
    expect(aedes.connectedClients).toBe(1)

    await new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())))
    await upsert(noise(3))
    await upsert(noise(4))
    // QoS 0 has no answer: what is written into a connection that is just breaking may count as sent.
    expect(await eventually(state, ({ timesSent }) => timesSent === 4)).toMatchObject({ status: 'failed', lastErrorReason: expect.stringMatching(/./) })
  })

  it('fails, and is tried anew, where the server refuses: the default is version 5, which aedes does not speak', async () => {
    const aedes = await Aedes.createBroker()
    const server = createTcpServer(aedes.handle)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await subscribe({ endpoint: { uri: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}/a` } })
    await upsert(noise(1))
    await upsert(noise(2))
    expect(await eventually(state, ({ timesFailed }) => timesFailed === 2)).toMatchObject({ status: 'failed', lastErrorReason: 'Connection refused: Unacceptable protocol version' })
    await new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())))
  })

  it('speaks version 5 unless told otherwise', async () => {
    const messages: string[] = []
    const server = createTcpServer((socket) => {
      socket.on('data', (bytes) => {
        // Enough of MQTT 5 for one CONNECT and one short PUBLISH of QoS 1 (OASIS MQTT 5.0, 3.1, 3.3).
        if (bytes[0] === 0x10) {
          messages.push(bytes.subarray(4, 9).toString())
          socket.write(Buffer.from([0x20, 3, 0, 0, 0])) // CONNACK: accepted, no properties
        } else if (bytes[0] === 0x32) {
          const topicAt = 3 // the remaining length of a message of 128 to 16383 bytes takes two
          const idAt = topicAt + 2 + bytes.readUInt16BE(topicAt)
          messages.push(bytes.subarray(topicAt + 2, idAt).toString(), bytes.subarray(idAt + 3).toString())
          socket.write(Buffer.from([0x40, 2, bytes[idAt]!, bytes[idAt + 1]!])) // PUBACK
        }
      })
      socket.on('error', () => socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await subscribe({ endpoint: { uri: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}/a/b`, accept: 'application/ld+json', notifierInfo: [{ key: 'MQTT-QoS', value: '1' }] } })
    await upsert(noise(1))
    await eventually(state, ({ timesSent, status }) => timesSent === 1 && status === 'ok')
    expect(messages.slice(0, 2)).toEqual(['MQTT\u0005', 'a/b'])
    expect(JSON.parse(messages[2]!)).toMatchObject({ metadata: { 'Content-Type': 'application/ld+json' }, body: { '@context': expect.any(String), data: [noise(1)] } })
    running.clock.advance(60_000) // idle: the connection closes
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
