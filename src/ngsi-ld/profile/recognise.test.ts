/** Answers written by hand in the manner of each broker; what is not sure is any broker. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { nameOfBroker, PROBES, recogniseBroker, type Probe, type ProbeAnswer } from './recognise.ts'

interface Told {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
}

const answers = (told: Partial<Record<Probe['id'], Told>>) =>
  new Map(
    Object.entries(told).map(([id, { status = 200, headers = {}, json, text = JSON.stringify(json ?? {}) }]): [Probe['id'], ProbeAnswer] => [id as Probe['id'], { status, header: (name) => headers[name], text }]),
  )

const recognise = (told: Partial<Record<Probe['id'], Told>>, apiUrl = 'http://broker:1026/ngsi-ld/v1') => recogniseBroker(answers(told), apiUrl)
const notFound = { type: 'https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound', title: 'none' }

describe('a broker that says its name', () => {
  it.each<[name: string, told: Partial<Record<Probe['id'], Told>>]>([
    ['Orion-LD 1.10.0', { version: { json: { 'orionld version': '1.10.0', 'based on orion': '1.15.0-next' } } }],
    ['Orion-LD 1.0.1-PRE-9', { version: { status: 404 }, 'ex-version': { json: { 'Orion-LD version': '1.0.1-PRE-9' } } }],
    ['Scorpio 5.0.5', { 'quarkus-info': { json: { build: { group: 'eu.neclab.ngsildbroker', artifact: 'runner', version: '5.0.5' } } } }],
    ['Stellio 2.33.0', { 'spring-info': { json: { build: { group: 'com.egm.stellio', name: 'Stellio Context Broker', version: '2.33.0' } } } }],
    ['Orion-LD', { identity: { json: { type: 'ContextSourceIdentity', contextSourceAlias: 'orionld-porto', contextSourceUptime: 'PT1H' } } }],
  ])('is %s', (name, told) => {
    expect(nameOfBroker(recognise(told))).toBe(name)
  })

  it('is believed over signs that point elsewhere, and the evidence is in words', () => {
    expect(recognise({ version: { json: { 'orionld version': '1.10.0' } }, nothing: { status: 404, json: { ...notFound, instance: '/x' } } })).toEqual({
      profile: 'orion-ld',
      version: '1.10.0',
      evidence: '"orionld version" in its version',
    })
  })
})

describe('a broker behind a gateway', () => {
  it.each<[profile: string, told: Partial<Record<Probe['id'], Told>>, apiUrl?: string]>([
    ['scorpio', { entities: { json: [], headers: { 'ngsild-entitymap': 'urn:ngsi-ld:entitymap:1' } } }],
    ['stellio', { nothing: { status: 404, json: { ...notFound, status: 404, instance: '/ngsi-ld/v1/entities/x' } } }],
    ['diwise', { types: { json: { id: 'entity-type-list-default', type: 'EntityTypeList', typeList: { type: 'Property', value: ['Device'] } } } }],
    ['diwise', { nothing: { status: 404, headers: { 'content-type': 'application/problem+json', 'content-language': 'en' }, json: { ...notFound, detail: 'x' } } }],
    ['djane', { types: { status: 404, headers: { 'x-powered-by': 'Express' }, text: '<pre>Cannot GET /ngsi-ld/v1/types</pre>' }, entities: { headers: { 'x-powered-by': 'Express' }, json: [] } }],
    ['obelisk', {}, 'https://obelisk.example/api/v3/ext/ngsi/5f1a/ngsi-ld/v1'],
  ])('is %s by what gives it away', (profile, told, apiUrl) => {
    expect(recognise(told, apiUrl).profile).toBe(profile)
  })
})

describe('a broker that nobody knows', () => {
  it.each<[what: string, told: Partial<Record<Probe['id'], Told>>, evidence: string]>([
    ['answers nothing', {}, 'it answered none of the questions'],
    ['answers 404 to all', Object.fromEntries(PROBES.map(({ id }) => [id, { status: 404, json: notFound }])), 'nothing says which broker it is'],
    ['is some other Quarkus program', { 'quarkus-info': { json: { build: { group: 'org.acme', artifact: 'shop', version: '1' } } } }, 'nothing says which broker it is'],
    ['is Orion without LD', { version: { json: { orion: { version: '3.10.1' } } } }, 'nothing says which broker it is'],
    ['has a gateway made with Express before it', { types: { headers: { 'x-powered-by': 'Express' }, json: { type: 'EntityTypeList', typeList: [] } }, entities: { headers: { 'x-powered-by': 'Express' }, json: [] } }, 'nothing says which broker it is'],
    ['gives two signs', { entities: { headers: { 'ngsild-entitymap': 'x' }, json: [] }, nothing: { status: 404, json: { ...notFound, instance: '/x' } } }, 'signs that do not agree: the header NGSILD-EntityMap on a query (Scorpio), errors that say on which path they arose (Stellio)'],
  ])('because it %s, is any broker', (_, told, evidence) => {
    expect(recognise(told)).toEqual({ profile: 'generic', evidence })
  })

  it('has no version but a version: what it says goes to every page', () => {
    expect(recognise({ version: { json: { 'orionld version': '<script>' } } })).not.toHaveProperty('version')
    expect(recognise({ version: { json: { 'orionld version': { a: 1 } } } })).not.toHaveProperty('version')
  })

  const told = fc.record({ status: fc.integer({ min: 100, max: 599 }), text: fc.oneof(fc.string(), fc.json()), headers: fc.dictionary(fc.string(), fc.string()) })
  test.prop([fc.dictionary(fc.constantFrom(...PROBES.map(({ id }) => id)), told), fc.string()])('never throws, whatever is answered', (all, apiUrl) => {
    expect(recognise(all, apiUrl).evidence).not.toBe('')
  })
})
