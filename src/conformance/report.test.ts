/** Each check by answers written by hand: one that passes, one that fails, one that cannot be judged. */
import { describe, expect, it } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import type { Outcome } from './check.ts'
import type { Answers, Exchange, Facts } from './exchange.ts'
import { conformanceCsv } from './export.ts'
import { closerQuestions, firstQuestions, sampleQuestions, typesIn } from './questions.ts'
import { byMim, conformanceOf, countOf } from './report.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ID = 'urn:ngsi-ld:NoiseLevelObserved:1'
const ENTITY = {
  id: ID,
  type: 'NoiseLevelObserved',
  LAeq: { type: 'Property', value: 61.5, unitCode: '2N', observedAt: '2026-11-20T12:00:00Z' },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.61, 41.14] } },
  dataProvider: { type: 'Property', value: 'City of Porto' },
}
const BOUNDS = [-8.7, 41.1, -8.5, 41.2] as const

function answered(target: string, json: unknown, more: Partial<Exchange> = {}): Exchange {
  return { request: `GET ${target}`, status: 200, headers: JSON_TYPE, json, ...more }
}

/** A broker that does everything right, reached by TLS. */
const GOOD: Readonly<Record<string, Exchange>> = {
  types: answered('/types', { typeList: ['NoiseLevelObserved'] }),
  nobody: answered('/entities/nobody', { type: 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound', title: 'No such entity' }, { status: 404 }),
  'sample:NoiseLevelObserved': answered('/entities?type=NoiseLevelObserved&limit=20', [ENTITY], { headers: { ...JSON_TYPE, 'strict-transport-security': 'max-age=1', 'access-control-allow-origin': '*', link: '</api.json>; rel="service-desc"' } }),
  [`earlier:${ID}`]: answered(`/entities/${ID}`, ENTITY),
  again: answered(`/entities/${encodeURIComponent(ID)}`, ENTITY),
  linked: answered(`/entities/${encodeURIComponent(ID)}`, { ...ENTITY, '@context': 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld' }),
  bare: answered(`/entities/${encodeURIComponent(ID)}`, { ...ENTITY, type: 'https://smartdatamodels.org/dataModel.Environment/NoiseLevelObserved' }),
  temporal: answered('/temporal/entities/1', ENTITY),
  geo: answered('/entities?type=NoiseLevelObserved', []),
  q: answered('/entities?type=NoiseLevelObserved&q=LAeq<-1', []),
  attrs: answered('/entities?type=NoiseLevelObserved&attrs=LAeq', [{ id: ID, type: 'NoiseLevelObserved', LAeq: ENTITY.LAeq }]),
  related: answered('/entities/urn:ngsi-ld:Device:1', { id: 'urn:ngsi-ld:Device:1', type: 'Device' }),
}
const FACTS: Facts = { apiUrl: 'https://broker.example/ngsi-ld/v1', isAnonymous: true, broker: 'Orion-LD 1.10.0: it says so', bounds: BOUNDS, licence: 'CC BY 4.0', attribution: 'City of Porto', floor: 'cycling: 3 riders', earlier: { ids: [ID], hoursAgo: 25 } }

function answersOf(changed: Readonly<Record<string, Exchange | undefined>> = {}, more: Partial<Omit<Answers, 'facts'>> & { readonly facts?: Partial<Facts> } = {}): Answers {
  const exchanges = new Map(Object.entries({ ...GOOD, ...changed }).flatMap(([id, exchange]) => (exchange === undefined ? [] : [[id, exchange] as const])))
  return { exchanges, doubts: [], judged: 1, ...more, facts: { ...FACTS, ...more.facts } }
}

function outcomeOf(check: string, answers: Answers): Outcome | undefined {
  return conformanceOf(answers, { of: 'main', atMs: 0 }).results.find((result) => result.check === check)?.outcome
}

const sampled = (...entities: unknown[]): Record<string, Exchange> => ({ 'sample:NoiseLevelObserved': answered('/entities?type=NoiseLevelObserved&limit=20', entities) })
const without = <K extends keyof Facts>(...keys: K[]): Facts => Object.fromEntries(Object.entries(FACTS).filter(([key]) => !keys.includes(key as K))) as unknown as Facts // what is left out is optional
const placed = (coordinates: unknown, more: object = {}): unknown => ({ ...ENTITY, location: { type: 'GeoProperty', value: { type: 'Point', coordinates, ...more } } })
const EMPTY: Answers = { facts: without('broker', 'bounds', 'licence', 'attribution', 'floor', 'earlier'), exchanges: new Map(), doubts: [], judged: 0 }
/** Nothing comes of these but a declaration. */
const NEVER = ['interlinking/dereference', 'representing/schema', 'exchanging/catalogue', 'personal/consent', 'transparency/register', 'securing/identity', 'places/service']

describe('a check passes', () => {
  const good = conformanceOf(answersOf(), { of: 'main', atMs: 0 })
  it.each(good.results.filter(({ check }) => !NEVER.includes(check) && check !== 'securing/challenge').map(({ check, outcome, words }) => [check, outcome, words] as const))('where the broker does what it asks: %s', (_, outcome) => {
    expect(outcome).toBe('pass')
  })

  it('when a refusal says how to prove who one is', () => {
    expect(outcomeOf('securing/challenge', answersOf({ types: answered('/types', undefined, { status: 401, headers: { 'www-authenticate': 'Bearer realm="porto"' } }) }))).toBe('pass')
  })
})

describe('a check fails', () => {
  it.each<[check: string, answers: Answers]>([
    ['accessing/web', answersOf({ 'sample:NoiseLevelObserved': answered('/entities', { title: 'no' }, { status: 400 }) })],
    ['accessing/format', answersOf({ 'sample:NoiseLevelObserved': answered('/entities', [], { headers: { 'content-type': 'text/html' } }) })],
    ['accessing/errors', answersOf({ nobody: answered('/entities/nobody', []) })],
    ['accessing/errors', answersOf({ nobody: answered('/entities/nobody', 'gone', { status: 404 }) })],
    ['accessing/attrs', answersOf({ attrs: answered('/entities?attrs=LAeq', [ENTITY]) })],
    ['accessing/attrs', answersOf({ attrs: answered('/entities?attrs=LAeq', []) })],
    ['accessing/q', answersOf({ q: answered('/entities?q=LAeq<-1', [ENTITY]) })],
    ['accessing/geo', answersOf({ geo: answered('/entities?georel=near', [ENTITY]) })],
    ['accessing/geo', answersOf({ geo: answered('/entities?georel=near', { title: 'no geo' }, { status: 400 }) })],
    ['accessing/temporal', answersOf({ temporal: answered('/temporal/entities/1', undefined, { status: 501 }) })],
    ['interlinking/ids', answersOf(sampled({ ...ENTITY, id: 'sensor 1' }))],
    ['interlinking/lookup', answersOf({ again: answered(`/entities/${encodeURIComponent(ID)}`, undefined, { status: 404 }) })],
    ['interlinking/persistent', answersOf({ [`earlier:${ID}`]: answered(`/entities/${ID}`, undefined, { status: 404 }) })],
    ['interlinking/types', answersOf({ types: answered('/types', undefined, { status: 404 }) })],
    ['interlinking/context', answersOf({ linked: answered('/entities/1', ENTITY) })],
    ['interlinking/relationships', answersOf({ related: answered('/entities/2', undefined, { status: 404 }) })],
    ['representing/types', answersOf({ bare: answered('/entities/1', { ...ENTITY, type: 'https://uri.etsi.org/ngsi-ld/default-context/NoiseLevelObserved' }) })],
    ['representing/readable', answersOf({}, { doubts: [{ entityId: ID, kind: 'no-value', detail: 'LAeq: expected a number, got none' }] })],
    ['representing/units', answersOf({}, { doubts: [{ entityId: ID, kind: 'assumedUnit', detail: 'no2: no unit came' }] })],
    ['representing/range', answersOf({}, { doubts: [{ entityId: ID, kind: 'implausible', detail: 'LAeq: expected 0 to 140, got 900' }] })],
    ['representing/time', answersOf(sampled({ ...ENTITY, LAeq: { ...ENTITY.LAeq, observedAt: '2026-11-20T12:00:00' } }))],
    ['representing/time', answersOf(sampled({ ...ENTITY, dateObserved: { type: 'Property', value: { '@type': 'DateTime', '@value': '2026-11-20T12:00:00' } } }))],
    ['exchanging/licence', { ...EMPTY, facts: { ...EMPTY.facts, isConfigured: true }, exchanges: new Map(Object.entries(GOOD)) }],
    ['exchanging/attribution', { ...EMPTY, facts: { ...EMPTY.facts, isConfigured: true }, exchanges: new Map(Object.entries(sampled({ id: ID, type: 'X' }))) }],
    ['personal/attributes', answersOf(sampled({ ...ENTITY, email: { type: 'Property', value: 'someone@example.org' } }))],
    ['securing/tls', answersOf({}, { facts: { apiUrl: 'http://broker.example/ngsi-ld/v1' } })],
    ['securing/hsts', answersOf(sampled(ENTITY))],
    ['securing/challenge', answersOf({ types: answered('/types', undefined, { status: 401 }) })],
    ['places/geometry', answersOf(sampled({ ...ENTITY, location: { type: 'GeoProperty', value: { lon: 1, lat: 2 } } }))],
    ['places/in-city', answersOf(sampled(placed([41.14, -8.61])))],
    ['places/in-city', answersOf(sampled(placed([190, 0])))],
    ['places/crs', answersOf(sampled(placed([-8.61, 41.14], { crs: { type: 'name', properties: { name: 'EPSG:3763' } } })))],
  ])('where it does not, with what to do: %s', (check, answers) => {
    const result = conformanceOf(answers, { of: 'main', atMs: 0 }).results.find((one) => one.check === check)
    expect([check, result?.outcome]).toEqual([check, 'fail'])
    expect(result?.remedy).toBeTruthy()
  })

  it('with the request, its status and the value that failed', () => {
    const { results } = conformanceOf(answersOf(sampled(placed([41.14, -8.61]))), { of: 'main', atMs: 0 })
    const { evidence, words } = results.find(({ check }) => check === 'places/in-city')!
    expect(words).toContain('swapped')
    expect(evidence).toMatchObject({ request: 'GET /entities?type=NoiseLevelObserved&limit=20', status: 200, value: `${ID} 41.14, -8.61` })
    expect(evidence?.payload).toContain('NoiseLevelObserved')
  })

  it('without the value where that would name the person', () => {
    const report = conformanceOf(answersOf(sampled({ ...ENTITY, email: { type: 'Property', value: 'someone@example.org' } })), { of: 'main', atMs: 0 })
    const { evidence } = report.results.find(({ check }) => check === 'personal/attributes')!
    expect(evidence?.value).toBe(`${ID} has email`)
    expect(JSON.stringify(evidence)).not.toContain('someone@')
  })
})

describe('a check is not checkable from here', () => {
  it.each(conformanceOf(EMPTY, { of: 'main', atMs: 0 }).results.filter(({ check }) => check !== 'securing/tls').map(({ check, outcome }) => [check, outcome] as const))('where nothing was seen: %s', (_, outcome) => {
    expect(outcome).toBe('not checkable')
  })

  it.each(NEVER)('where no client can see it, whatever the broker does: %s', (check) => expect(outcomeOf(check, answersOf())).toBe('not checkable'))

  it.each<[name: string, check: string, answers: Answers]>([
    ['the door is shut', 'accessing/web', answersOf({ 'sample:NoiseLevelObserved': answered('/entities', undefined, { status: 403 }) })],
    ['the broker is unwell', 'accessing/temporal', answersOf({ temporal: answered('/temporal', undefined, { status: 503 }) })],
    ['it is on this machine', 'securing/tls', answersOf({}, { facts: { apiUrl: 'http://127.0.0.1:8080/ngsi-ld/v1' } })],
    ['the type is of another vocabulary', 'representing/types', answersOf({ bare: answered('/entities/1', { ...ENTITY, type: 'https://example.org/Noise' }) })],
    ['the type stays short', 'representing/types', answersOf({ bare: answered('/entities/1', ENTITY) })],
  ])('where %s', (_, check, answers) => expect(outcomeOf(check, answers)).toBe('not checkable'))

  it('and links to the declaration of the city, when there is one', () => {
    const { results } = conformanceOf(answersOf({}, { facts: { declarations: { personal: 'https://porto.example/privacy' } } }), { of: 'main', atMs: 0 })
    expect(results.find(({ check }) => check === 'personal/consent')?.declaration).toBe('https://porto.example/privacy')
    expect(results.find(({ check }) => check === 'personal/attributes')?.declaration).toBeUndefined()
  })
})

describe('the report', () => {
  it('names each mechanism with number, version and address, as configured', () => {
    const groups = byMim(conformanceOf(answersOf(), { of: 'main', atMs: 0, mims: { accessing: { number: 'MIM1', version: 'ITU-T Y.MIM' } } }))
    expect(groups).toHaveLength(8)
    expect(groups[0]!.mim).toEqual({ name: 'Accessing data', number: 'MIM1', version: 'ITU-T Y.MIM', url: 'https://mims.oascities.org/' })
    for (const { mim } of groups) expect(Object.values(mim).every((text) => text !== '')).toBe(true)
  })

  it('says that nobody answered', () => {
    const report = conformanceOf({ ...EMPTY, exchanges: new Map([['types', { request: 'GET /types', headers: {}, failure: 'refused' }]]) }, { of: 'main', atMs: 0 })
    expect([report.isReached, report.failure]).toEqual([false, 'refused'])
  })

  it('is CSV that no spreadsheet runs', () => {
    const csv = conformanceCsv([conformanceOf(answersOf(sampled({ ...ENTITY, id: '=cmd|"x"' })), { of: '=1+1', atMs: 0 })])
    const rows = csv.trimEnd().split('\r\n')
    expect(rows[0]).toBe('\uFEFFbroker,checkedAt,mim,number,version,url,requirement,check,title,outcome,words,remedy,declaration,request,status,value,payload')
    expect(rows[1]).toMatch(/^'=1\+1,1970-01-01T00:00:00\.000Z,Accessing data,MIM0,/)
    expect(csv).toContain(`"'=cmd|""x"""`)
  })

  test.prop([fc.dictionary(fc.constantFrom(...Object.keys(GOOD)), fc.record({ status: fc.integer({ min: 200, max: 599 }), json: fc.jsonValue() }))])('judges whatever a broker answers', (random) => {
    const changed = Object.fromEntries(Object.entries(random).map(([id, { status, json }]) => [id, { request: `GET /${id}`, headers: JSON_TYPE, status, json }]))
    const { results } = conformanceOf(answersOf(changed), { of: 'main', atMs: 0 })
    expect(results.length).toBe(conformanceOf(EMPTY, { of: 'main', atMs: 0 }).results.length)
    expect(countOf(results, 'pass') + countOf(results, 'fail') + countOf(results, 'not checkable')).toBe(results.length)
  })
})

describe('the questions', () => {
  const scope = { types: ['NoiseLevelObserved'], isPersonal: (type: string) => type === 'Ride', nowMs: 0 }

  it('are reads of a few, of types of interest first, and of no type about people', () => {
    const types = new Map([['types', answered('/types', { typeList: ['Ride', 'Bench', 'NoiseLevelObserved'] })]])
    expect(sampleQuestions(types, scope).map(({ id }) => id)).toEqual(['sample:NoiseLevelObserved', 'sample:Bench'])
    expect(sampleQuestions(new Map(), scope).map(({ id }) => id)).toEqual(['sample:NoiseLevelObserved'])
    for (const { target } of [...firstQuestions(), ...closerQuestions(new Map(Object.entries(GOOD)), scope)]) expect(target).toMatch(/^\/(types|entities|temporal\/entities)/)
  })

  it('read a list of types in every spelling, and nothing from what is none', () => {
    expect(typesIn(answered('/types', ['A', { id: 'B' }, { typeName: 'C' }, 4]))).toEqual(['A', 'B', 'C'])
    expect(typesIn(answered('/types', { typeList: 'A' }))).toEqual(['A'])
    expect(typesIn(answered('/types', 'A', { status: 500 }))).toEqual([])
  })

  test.prop([fc.jsonValue()])('are made of whatever a broker answers', (json) => {
    const exchanges = new Map([['types', answered('/types', json)], ['sample:X', answered('/entities', json)]])
    expect(Array.isArray([...sampleQuestions(exchanges, scope), ...closerQuestions(exchanges, scope)])).toBe(true)
  })
})
