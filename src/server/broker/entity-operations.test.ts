import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startBroker, type RunningBroker } from '../../../test/running-broker.ts'

let running: RunningBroker
beforeEach(async () => {
  running = await startBroker()
})
afterEach(async () => {
  expect(running.faults).toEqual([])
  await running.stop()
})

const ask: RunningBroker['ask'] = (...all) => running.ask(...all)
const noise = (n: number, LAeq = 50 + n) => ({
  id: `urn:ngsi-ld:NoiseLevelObserved:${n}`,
  type: 'NoiseLevelObserved',
  LAeq: { type: 'Property', value: LAeq, unitCode: '2N', observedAt: '2024-05-14T07:59:00Z', accuracy: { type: 'Property', value: 0.5 } },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.6 + n / 1000, 41.15] } },
  refDevice: { type: 'Relationship', object: `urn:ngsi-ld:Device:${n}` },
})
const path = (n: number) => `/entities/${noise(n).id}`
const problem = (name: string) => `https://uri.etsi.org/ngsi-ld/errors/${name}`

describe('an entity', () => {
  it('is created once, and read back as it was written', async () => {
    const made = await ask('POST', '/entities', { body: noise(1) })
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(`/ngsi-ld/v1/entities/${encodeURIComponent(noise(1).id)}`)
    const read = await ask('GET', path(1))
    expect(read.status).toBe(200)
    expect(read.json).toEqual(noise(1))
    expect(read.headers.get('content-type')).toBe('application/json')
    expect(read.headers.get('link')).toContain('rel="http://www.w3.org/ns/json-ld#context"')
    const again = await ask('POST', '/entities', { body: noise(1) })
    expect(again.status).toBe(409)
    expect(again.json).toMatchObject({ type: problem('AlreadyExists'), status: 409 })
    expect(again.json.title).toBeTruthy()
  })

  it('takes every type of attribute, and concise and simplified ones', async () => {
    const written = {
      id: 'urn:ngsi-ld:Thing:1',
      type: ['Thing', 'Other'],
      scope: ['/city/centre'],
      plain: 5,
      list: [1, 2],
      text: 'x',
      object: { street: 'Rua' },
      where: { type: 'Point', coordinates: [1, 2] },
      link: { object: 'urn:x:1' },
      links: { type: 'Relationship', object: ['urn:x:1', 'urn:x:2'] },
      name: { languageMap: { en: 'a', pt: ['b', 'c'] } },
      word: { vocab: 'high' },
      json: { type: 'JsonProperty', json: { a: null } },
      values: { valueList: [1, 'b'] },
      objects: { objectList: [{ object: 'urn:x:3' }] },
      when: { type: 'Property', value: { '@type': 'DateTime', '@value': '2024-01-01T00:00:00Z' } },
      many: [{ value: 1 }, { value: 2, datasetId: 'urn:d:2' }],
      sub: { value: 1, inner: 2 },
      dataset: { dataset: { '@none': 1, 'urn:d:2': 2 } },
      objectsOfNoDataset: [{ value: 1 }, { value: 2 }],
    }
    expect((await ask('POST', '/entities', { body: written })).status).toBe(201)
    const { json } = await ask('GET', '/entities/urn:ngsi-ld:Thing:1')
    expect(json).toMatchObject({
      type: ['Thing', 'Other'],
      scope: '/city/centre',
      plain: { type: 'Property', value: 5 },
      list: { type: 'Property', value: [1, 2] },
      object: { type: 'Property', value: { street: 'Rua' } },
      where: { type: 'GeoProperty', value: { type: 'Point', coordinates: [1, 2] } },
      link: { type: 'Relationship', object: 'urn:x:1' },
      name: { type: 'LanguageProperty', languageMap: { en: 'a', pt: ['b', 'c'] } },
      word: { type: 'VocabProperty', vocab: 'high' },
      values: { type: 'ListProperty', valueList: [1, 'b'] },
      objects: { type: 'ListRelationship' },
      many: [{ type: 'Property', value: 1 }, { type: 'Property', value: 2, datasetId: 'urn:d:2' }],
      sub: { type: 'Property', value: 1, inner: { type: 'Property', value: 2 } },
      dataset: [{ type: 'Property', value: 1 }, { type: 'Property', value: 2, datasetId: 'urn:d:2' }],
      objectsOfNoDataset: { type: 'Property', value: [{ value: 1 }, { value: 2 }] },
    })
    const simple = await ask('GET', '/entities/urn:ngsi-ld:Thing:1?options=keyValues')
    expect(simple.json).toMatchObject({
      plain: 5,
      where: { type: 'Point', coordinates: [1, 2] },
      links: ['urn:x:1', 'urn:x:2'],
      name: { languageMap: { en: 'a' } },
      word: { vocab: 'high' },
      json: { json: { a: null } },
      values: [1, 'b'],
      objects: ['urn:x:3'],
      many: { dataset: { '@none': 1, 'urn:d:2': 2 } },
      sub: 1,
    })
    const concise = await ask('GET', '/entities/urn:ngsi-ld:Thing:1?format=concise')
    expect(concise.json).toMatchObject({ plain: 5, link: { object: 'urn:x:1' }, sub: { value: 1, inner: 2 }, many: [{ value: 1 }, { value: 2, datasetId: 'urn:d:2' }] })
    const english = await ask('GET', '/entities/urn:ngsi-ld:Thing:1?lang=pt&attrs=name')
    expect(english.json.name).toEqual({ type: 'Property', value: ['b', 'c'], lang: 'pt' })
    const one = await ask('GET', '/entities/urn:ngsi-ld:Thing:1?attrs=many&datasetId=urn:d:2')
    expect(one.json.many).toEqual({ type: 'Property', value: 2, datasetId: 'urn:d:2' })
  })

  it.each<[string, object]>([
    ['no id', { type: 'A' }],
    ['an id that is no URI', { id: 'x', type: 'A' }],
    ['no type', { id: 'urn:x:1' }],
    ['a type that is a number', { id: 'urn:x:1', type: 5 }],
    ['null as a value', { id: 'urn:x:1', type: 'A', a: null }],
    ['a Property without value', { id: 'urn:x:1', type: 'A', a: { type: 'Property' } }],
    ['a Relationship to no URI', { id: 'urn:x:1', type: 'A', a: { type: 'Relationship', object: 'x' } }],
    ['an unknown type of attribute', { id: 'urn:x:1', type: 'A', a: { type: 'Proprety', value: 1 } }],
    ['a geometry out of this world', { id: 'urn:x:1', type: 'A', a: { type: 'GeoProperty', value: { type: 'Point', coordinates: [500, 1] } } }],
    ['an observedAt without zone', { id: 'urn:x:1', type: 'A', a: { value: 1, observedAt: '2024-01-01T00:00:00' } }],
    ['two instances of a dataset', { id: 'urn:x:1', type: 'A', a: [{ value: 1, datasetId: 'urn:d:1' }, { value: 2, datasetId: 'urn:d:1' }] }],
    ['a name with a bracket', { id: 'urn:x:1', type: 'A', 'a(b)': 1 }],
    ['the mark of deletion', { id: 'urn:x:1', type: 'A', a: 'urn:ngsi-ld:null' }],
    ['too deep sub-attributes', { id: 'urn:x:1', type: 'A', a: { value: 1, b: { value: 1, c: { value: 1, d: { value: 1, e: { value: 1, f: { value: 1, g: 1 } } } } } } }],
  ])('with %s is refused', async (_, body) => {
    const answer = await ask('POST', '/entities', { body })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ type: problem('BadRequestData') })
    expect(answer.json.detail.length).toBeGreaterThan(3)
  })

  it('is replaced, merged, appended to, updated and deleted', async () => {
    await ask('POST', '/entities', { body: noise(1) })
    running.clock.advance(60_000)
    expect((await ask('PATCH', `${path(1)}/attrs`, { body: { LAeq: { type: 'Property', value: 70 } } })).status).toBe(204)
    expect((await ask('GET', path(1))).json.LAeq).toEqual({ type: 'Property', value: 70 })

    const partly = await ask('PATCH', `${path(1)}/attrs`, { body: { LAeq: 71, missing: 1 } })
    expect(partly.status).toBe(207)
    expect(partly.json).toMatchObject({ updated: ['LAeq'], notUpdated: [{ attributeName: 'missing' }] })

    const kept = await ask('POST', `${path(1)}/attrs?options=noOverwrite`, { body: { LAeq: 1, extra: 2 } })
    expect(kept.status).toBe(207)
    expect(kept.json).toMatchObject({ updated: ['extra'], notUpdated: [{ attributeName: 'LAeq' }] })
    expect((await ask('POST', `${path(1)}/attrs`, { body: { LAeq: { value: 72, datasetId: 'urn:d:1' } } })).status).toBe(204)
    expect((await ask('GET', path(1))).json.LAeq).toEqual([{ type: 'Property', value: 71 }, { type: 'Property', value: 72, datasetId: 'urn:d:1' }])

    // A partial update keeps the members that it does not name.
    expect((await ask('PATCH', `${path(1)}/attrs/LAeq`, { body: { unitCode: '2N', accuracy: { type: 'Property', value: 1 } } })).status).toBe(204)
    expect((await ask('PATCH', `${path(1)}/attrs/LAeq`, { body: { value: 73 } })).status).toBe(204)
    expect((await ask('GET', path(1))).json.LAeq[0]).toEqual({ type: 'Property', value: 73, unitCode: '2N', accuracy: { type: 'Property', value: 1 } })
    expect((await ask('PATCH', `${path(1)}/attrs/LAeq`, { body: { unitCode: 'urn:ngsi-ld:null' } })).status).toBe(204)
    expect((await ask('PUT', `${path(1)}/attrs/extra`, { body: { value: 9, unitCode: 'P1' } })).status).toBe(204)
    expect((await ask('GET', path(1))).json.extra).toEqual({ type: 'Property', value: 9, unitCode: 'P1' })

    expect((await ask('PATCH', path(1), { body: { extra: 'urn:ngsi-ld:null', LAeq: { value: 80 }, added: { value: { a: 1, b: 2 } } } })).status).toBe(204)
    expect((await ask('PATCH', path(1), { body: { added: { value: { b: 3 } } }, type: 'application/merge-patch+json' })).status).toBe(204)
    const merged = (await ask('GET', `${path(1)}?options=sysAttrs`)).json
    expect(merged.extra).toBeUndefined()
    expect(merged.added.value).toEqual({ a: 1, b: 3 })
    expect(merged.LAeq[0]).toMatchObject({ value: 80, accuracy: { value: 1 }, createdAt: '2024-05-14T08:00:00Z', modifiedAt: '2024-05-14T08:01:00Z' })
    expect(merged).toMatchObject({ createdAt: '2024-05-14T08:00:00Z', modifiedAt: '2024-05-14T08:01:00Z' })

    expect((await ask('DELETE', `${path(1)}/attrs/LAeq?datasetId=urn:d:1`)).status).toBe(204)
    expect((await ask('DELETE', `${path(1)}/attrs/LAeq?datasetId=urn:d:1`)).status).toBe(404)
    expect((await ask('DELETE', `${path(1)}/attrs/LAeq?deleteAll=true`)).status).toBe(204)
    expect((await ask('PUT', path(1), { body: { type: 'NoiseLevelObserved', only: 1 } })).status).toBe(204)
    expect((await ask('GET', path(1))).json).toEqual({ id: noise(1).id, type: 'NoiseLevelObserved', only: { type: 'Property', value: 1 } })

    expect((await ask('DELETE', path(1))).status).toBe(204)
    for (const [method, where] of [['GET', ''], ['DELETE', ''], ['PATCH', '/attrs/LAeq'], ['DELETE', '/attrs/LAeq']] as const) {
      const gone = await ask(method, path(1) + where, method === 'PATCH' ? { body: { value: 1 } } : {})
      expect(gone.status).toBe(404)
      expect(gone.json.type).toBe(problem('ResourceNotFound'))
    }
  })

  it('is gone when it has expired', async () => {
    await ask('POST', '/entities', { body: { ...noise(1), expiresAt: '2024-05-14T09:00:00Z' } })
    expect((await ask('GET', path(1))).status).toBe(200)
    running.clock.advance(3_600_000)
    expect((await ask('GET', path(1))).status).toBe(404)
    expect((await ask('GET', '/entities?type=NoiseLevelObserved')).json).toEqual([])
  })

  it('called __proto__ in an attribute is only an attribute', async () => {
    const raw = '{"id":"urn:x:1","type":"A","__proto__":{"type":"Property","value":5,"__proto__":{"value":6}},"constructor":1}'
    expect((await ask('POST', '/entities', { raw })).status).toBe(201)
    const response = await fetch(`${running.url}/entities/urn:x:1`)
    expect(await response.text()).toContain('"__proto__":{"type":"Property","value":5,"__proto__":{"type":"Property","value":6}}')
  })
})

describe('a query', () => {
  beforeEach(async () => {
    const more = [
      { id: 'urn:ngsi-ld:Vehicle:1', type: ['Vehicle', 'Bus'], speed: 30, scope: '/porto/norte' },
      { id: 'urn:ngsi-ld:Vehicle:2', type: 'Vehicle', speed: 50, scope: '/porto/sul' },
    ]
    await ask('POST', '/entityOperations/create', { body: [...Array.from({ length: 7 }, (_, n) => noise(n)), ...more] })
  })
  const ids = async (query: string): Promise<string[]> => (await ask('GET', `/entities?${query}`)).json.map(({ id }: { id: string }) => id.replace('urn:ngsi-ld:', '').replace('LevelObserved', ''))
  const q = (text: string) => encodeURIComponent(text)

  it('selects by type, id and pattern', async () => {
    expect(await ids('type=Vehicle')).toEqual(['Vehicle:1', 'Vehicle:2'])
    expect(await ids(`type=${q('(Vehicle|NoiseLevelObserved);Bus')}`)).toEqual(['Vehicle:1'])
    expect(await ids('type=Vehicle,NoiseLevelObserved')).toHaveLength(9)
    expect(await ids('type=NoiseLevelObserved&id=urn:ngsi-ld:NoiseLevelObserved:3,urn:ngsi-ld:NoiseLevelObserved:5')).toEqual(['Noise:3', 'Noise:5'])
    expect(await ids(`type=NoiseLevelObserved&idPattern=${q('[12]$')}`)).toEqual(['Noise:1', 'Noise:2'])
    expect(await ids('local=true')).toHaveLength(9)
  })

  it('selects by value, place, scope and attribute', async () => {
    expect(await ids(`q=${q('LAeq>=55;refDevice!=urn:ngsi-ld:Device:6')}`)).toEqual(['Noise:5'])
    expect(await ids(`type=NoiseLevelObserved&q=${q('LAeq.accuracy==0.5;LAeq==50,51')}`)).toEqual(['Noise:0', 'Noise:1'])
    expect(await ids(`georel=near;maxDistance==200&geometry=Point&coordinates=${q('[-8.6,41.15]')}`)).toEqual(['Noise:0', 'Noise:1', 'Noise:2'])
    expect(await ids(`georel=within&geometry=Polygon&coordinates=${q('[[[-8.5985,41],[-8.5,41],[-8.5,42],[-8.5985,42],[-8.5985,41]]]')}`)).toEqual(['Noise:2', 'Noise:3', 'Noise:4', 'Noise:5', 'Noise:6'])
    expect(await ids(`type=Vehicle&scopeQ=${q('/porto/+')}`)).toHaveLength(2)
    expect(await ids(`type=Vehicle&scopeQ=${q('/porto/norte')}`)).toEqual(['Vehicle:1'])
    expect(await ids('attrs=speed')).toEqual(['Vehicle:1', 'Vehicle:2'])
  })

  it('shows what was picked', async () => {
    const [first] = (await ask('GET', '/entities?type=NoiseLevelObserved&attrs=LAeq&limit=1')).json
    expect(Object.keys(first)).toEqual(['id', 'type', 'LAeq'])
    const [picked] = (await ask('GET', '/entities?type=NoiseLevelObserved&pick=id,LAeq&limit=1&options=keyValues')).json
    expect(picked).toEqual({ id: noise(0).id, LAeq: 50 })
    const [omitted] = (await ask('GET', '/entities?type=NoiseLevelObserved&omit=location,refDevice&limit=1&format=simplified')).json
    expect(omitted).toEqual({ id: noise(0).id, type: 'NoiseLevelObserved', LAeq: 50 })
  })

  it('answers GeoJSON and JSON-LD when asked', async () => {
    const geo = await ask('GET', '/entities?type=NoiseLevelObserved&limit=2', { headers: { Accept: 'application/geo+json' } })
    expect(geo.headers.get('content-type')).toBe('application/geo+json')
    expect(geo.json).toMatchObject({ type: 'FeatureCollection', features: [{ id: noise(0).id, type: 'Feature', geometry: { type: 'Point' }, properties: { type: 'NoiseLevelObserved', LAeq: { value: 50 }, location: { type: 'GeoProperty' } } }, {}] })
    const feature = await ask('GET', `${path(1)}?geometryProperty=missing`, { headers: { Accept: 'application/geo+json' } })
    expect(feature.json).toMatchObject({ type: 'Feature', geometry: null })
    const link = '<https://example.org/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    const ld = await ask('GET', path(1), { headers: { Accept: 'application/ld+json', Link: link } })
    expect(ld.json['@context']).toBe('https://example.org/context.jsonld')
    expect(ld.headers.get('link')).toBeNull()
    expect((await ask('GET', path(1), { headers: { Link: link } })).headers.get('link')).toBe(link)
    expect((await ask('GET', path(1), { headers: { Accept: 'text/html' } })).status).toBe(406)
    expect((await ask('GET', '/types', { headers: { Accept: 'application/geo+json' } })).status).toBe(406)
    expect((await ask('GET', path(1), { headers: { Accept: 'text/html, application/json;q=0.1, */*;q=0' } })).headers.get('content-type')).toBe('application/json')
  })

  it('counts, and links to the pages around', async () => {
    const first = await ask('GET', '/entities?type=NoiseLevelObserved&limit=3&count=true')
    expect(first.headers.get('ngsild-results-count')).toBe('7')
    expect(first.headers.get('link')).toMatch(/<\/ngsi-ld\/v1\/entities\?type=NoiseLevelObserved&limit=3&count=true&offset=3>;rel="next"/)
    expect(first.headers.get('link')).not.toContain('rel="prev"')
    const last = await ask('GET', '/entities?type=NoiseLevelObserved&limit=3&offset=6')
    expect(last.json).toHaveLength(1)
    expect(last.headers.get('link')).toContain('rel="prev"')
    expect(last.headers.get('link')).not.toContain('rel="next"')
    const none = await ask('GET', '/entities?type=NoiseLevelObserved&limit=0&count=true')
    expect([none.status, none.json, none.headers.get('ngsild-results-count')]).toEqual([200, [], '7'])
  })

  it('gives every entity exactly once, whatever the size of the page', async () => {
    for (const size of [1, 2, 3, 4, 5, 7, 9, 10]) {
      const all: string[] = []
      for (let next: string | undefined = `${running.url}/entities?type=*&limit=${size}&local=true`; next !== undefined; ) {
        const page = await ask('GET', next)
        expect(page.json.length).toBeLessThanOrEqual(size)
        all.push(...page.json.map(({ id }: { id: string }) => id))
        const link: string | undefined = /<([^>]*)>;rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
        next = link === undefined ? undefined : `http://127.0.0.1:${running.port}${link}`
      }
      expect(all).toHaveLength(9)
      expect(new Set(all).size).toBe(9)
    }
  })

  it.each([
    ['', 400], ['limit=5', 400], ['id=urn:x:1', 400], ['type=', 400], ['type=A;;', 400], ['type=A&q=(', 400], ['type=A&idPattern=(', 400], ['type=A&idPattern=(?=a)', 400],
    ['type=A&limit=0', 400], ['type=A&limit=-1', 400], ['type=A&limit=x', 400], ['type=A&offset=-1', 400], ['type=A&limit=1001', 403], ['type=A&count=yes', 400],
    ['type=A&georel=near;maxDistance==5', 400], ['type=A&georel=near;maxDistance==5&geometry=Point&coordinates=x', 400], ['type=A&unknown=1', 400], ['type=A&type=B', 400],
    ['type=A&options=nonsense', 400], ['type=A&format=nonsense', 400], ['type=A&attrs=a&pick=b', 400], ['type=A&scopeQ=x', 400], ['type=A&geometryProperty=x', 400], ['type=A&csf=x', 422], ['type=%zz', 400],
  ])('with %j is refused with %i', async (query, status) => {
    const answer = await ask('GET', `/entities?${query}`)
    expect(answer.status).toBe(status)
    expect(answer.json.type).toMatch(/^https:\/\/uri\.etsi\.org\/ngsi-ld\/errors\/(BadRequestData|InvalidRequest|TooManyResults|OperationNotSupported)$/)
  })

  it('comes by POST as well', async () => {
    const answer = await ask('POST', '/entityOperations/query?limit=2&count=true&options=keyValues', {
      body: { type: 'Query', entities: [{ type: 'NoiseLevelObserved', idPattern: '[0-4]$' }], q: 'LAeq>51', pick: ['id', 'LAeq'], geoQ: { georel: 'near;maxDistance==5000', geometry: 'Point', coordinates: [-8.6, 41.15] } },
    })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual([{ id: noise(2).id, LAeq: 52 }, { id: noise(3).id, LAeq: 53 }])
    expect(answer.headers.get('ngsild-results-count')).toBe('3')
    for (const body of [{}, { type: 'Query' }, { type: 'Query', entities: [{}] }, { type: 'Query', q: 5 }, { type: 'Query', q: 'a', foo: 1 }, []]) {
      expect((await ask('POST', '/entityOperations/query', { body })).status).toBe(400)
    }
  })

  it('discovers types and attributes', async () => {
    expect((await ask('GET', '/types')).json).toMatchObject({ type: 'EntityTypeList', typeList: ['NoiseLevelObserved', 'Vehicle', 'Bus'] })
    expect((await ask('GET', '/types?details=true')).json[1]).toEqual({ id: 'https://uri.etsi.org/ngsi-ld/default-context/Vehicle', type: 'EntityType', typeName: 'Vehicle', attributeNames: ['speed'] })
    expect((await ask('GET', '/types/Vehicle')).json).toMatchObject({ type: 'EntityTypeInformation', entityCount: 2, attributeDetails: [{ attributeName: 'speed', attributeTypes: ['Property'] }] })
    expect((await ask('GET', '/types/Nothing')).status).toBe(404)
    expect((await ask('GET', '/attributes')).json).toMatchObject({ type: 'AttributeList', attributeList: ['LAeq', 'location', 'refDevice', 'speed'] })
    expect((await ask('GET', '/attributes?details=true')).json[3]).toMatchObject({ attributeName: 'speed', typeNames: ['Vehicle', 'Bus'] })
    expect((await ask('GET', '/attributes/LAeq')).json).toMatchObject({ type: 'Attribute', attributeCount: 7, attributeTypes: ['Property'], typeNames: ['NoiseLevelObserved'] })
    expect((await ask('GET', '/attributes/nothing')).status).toBe(404)
  })
})

describe('a batch', () => {
  it('creates what it can and names what it cannot', async () => {
    expect((await ask('POST', '/entityOperations/create', { body: [noise(1), noise(2)] })).json).toEqual([noise(1).id, noise(2).id])
    const mixed = await ask('POST', '/entityOperations/create', { body: [noise(2), noise(3), { id: 'urn:x:1' }, 5] })
    expect(mixed.status).toBe(207)
    expect(mixed.json.success).toEqual([noise(3).id])
    expect(mixed.json.errors.map((one: { entityId: string; error: { status: number } }) => [one.entityId, one.error.status])).toEqual([[noise(2).id, 409], ['urn:x:1', 400], ['', 400]])
  })

  it('upserts by replacing, or by updating when asked', async () => {
    expect((await ask('POST', '/entityOperations/upsert', { body: [noise(1)] })).status).toBe(201)
    expect((await ask('POST', '/entityOperations/upsert', { body: [{ id: noise(1).id, type: 'NoiseLevelObserved', LAeq: 1 }, noise(2)] })).json).toEqual([noise(2).id])
    expect(Object.keys((await ask('GET', path(1))).json)).toEqual(['id', 'type', 'LAeq'])
    expect((await ask('POST', '/entityOperations/upsert?options=update', { body: [{ id: noise(2).id, type: 'NoiseLevelObserved', LAeq: 1 }] })).status).toBe(204)
    expect(Object.keys((await ask('GET', path(2))).json)).toEqual(['id', 'type', 'LAeq', 'location', 'refDevice'])
  })

  it('updates, merges and deletes', async () => {
    await ask('POST', '/entityOperations/create', { body: [noise(1), noise(2)] })
    expect((await ask('POST', '/entityOperations/update', { body: [{ id: noise(1).id, LAeq: 1 }] })).status).toBe(204)
    expect((await ask('POST', '/entityOperations/update?options=noOverwrite', { body: [{ id: noise(1).id, LAeq: 2 }, { id: 'urn:x:9', a: 1 }] })).json.errors).toHaveLength(2)
    expect((await ask('POST', '/entityOperations/merge', { body: [{ id: noise(2).id, LAeq: { value: 3 } }] })).status).toBe(204)
    expect((await ask('GET', path(2))).json.LAeq).toMatchObject({ value: 3, unitCode: '2N' })
    const gone = await ask('POST', '/entityOperations/delete', { body: [noise(1).id, 'urn:x:9'] })
    expect(gone.json).toMatchObject({ success: [noise(1).id], errors: [{ entityId: 'urn:x:9', error: { status: 404 } }] })
  })

  it.each([[[]], [{}], ['x'], [Array.from({ length: 1_001 }, () => 1)]])('is refused when it is no list of a decent length', async (body) => {
    for (const name of ['create', 'upsert', 'update', 'merge', 'delete']) expect((await ask('POST', `/entityOperations/${name}`, { body })).status).toBe(400)
  })
})

describe('a tenant', () => {
  it('is made by a write and holds its own entities', async () => {
    expect((await ask('GET', '/entities?type=A', { tenant: 'porto' })).json).toMatchObject({ type: problem('NonexistentTenant'), status: 404 })
    const made = await ask('POST', '/entities', { tenant: 'porto', body: noise(1) })
    expect([made.status, made.headers.get('ngsild-tenant')]).toEqual([201, 'porto'])
    expect((await ask('GET', path(1), { tenant: 'porto' })).status).toBe(200)
    expect((await ask('GET', path(1))).status).toBe(404)
    expect((await ask('GET', path(1), { tenant: 'a/b' })).status).toBe(400)
  })

  it('is not made by a write that is refused', async () => {
    expect((await ask('POST', '/entities', { tenant: 'nowhere', body: {} })).status).toBe(400)
    expect((await ask('GET', '/types', { tenant: 'nowhere' })).status).toBe(404)
    expect((await ask('DELETE', path(1), { tenant: 'nowhere' })).status).toBe(404)
  })
})
