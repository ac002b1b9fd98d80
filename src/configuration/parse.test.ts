import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from './parse.ts'
import { formatProblem } from './problem.ts'
import { toPublicConfiguration } from './public-configuration.ts'

const surroundings = { domains: ['noise', 'rain'], environment: { ORION_AUTHORIZATION: 'Bearer t0p-secret', EMPTY: '', BROKEN: 'a\nb', SHORT: 'abc' } }

const city = {
  id: 'porto',
  name: 'Porto',
  country: 'PT',
  timeZone: 'Europe/Lisbon',
  anchor: [-8.61, 41.15],
  bounds: [-8.7, 41.12, -8.54, 41.2],
  brokers: [{ id: 'main', url: 'https://broker.example', headers: { Authorization: { env: 'ORION_AUTHORIZATION' } }, tenant: 'porto' }],
}
const file = { cities: [city] }

function problemsOf(input: unknown): string[] {
  const parsed = parseConfiguration(input, surroundings)
  return parsed.ok ? [] : parsed.error.map(formatProblem)
}

describe('a configuration', () => {
  it('is read with its defaults', () => {
    const parsed = parseConfiguration(file, surroundings)
    expect(parsed.ok && parsed.value.server.port).toBe(8080)
    expect(parsed.ok && parsed.value.cities[0]?.brokers[0]?.profile).toBe('auto')
    expect(parsed.ok && parsed.value.title).toBe('Belvedere')
  })

  const configFolder = resolve(import.meta.dirname, '../../config')
  const shipped = (name: string): unknown => JSON.parse(readFileSync(resolve(configFolder, name), 'utf8'))
  const domains = readdirSync(resolve(import.meta.dirname, '../domains'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)

  it.each(['belvedere.json', 'real-data.json'])('that comes with the program is valid: %s', (name) => {
    const parsed = parseConfiguration(shipped(name), { domains, environment: {} })
    expect(parsed.ok ? [] : parsed.error.map(formatProblem)).toEqual([])
  })

  it.each(readdirSync(resolve(import.meta.dirname, '../../examples')).filter((name) => name.endsWith('.json')))('that is given as an example is valid: %s', (name) => {
    const example = readFileSync(resolve(import.meta.dirname, '../../examples', name), 'utf8')
    const variables = Object.fromEntries([...example.matchAll(/"env": "(\w+)"/g)].map(([, variable]) => [variable, 'a value of some length']))
    const parsed = parseConfiguration(JSON.parse(example), { domains, environment: variables })
    expect(parsed.ok ? [] : parsed.error.map(formatProblem)).toEqual([])
  })

  it('that is the default simulates every city, and says so', () => {
    const parsed = parseConfiguration(shipped('belvedere.json'), { domains, environment: {} })
    const plan = parsed.ok ? toPublicConfiguration(parsed.value, { version: '0', domains, hasFile: () => true }) : undefined
    expect(plan?.cities.length).toBeGreaterThanOrEqual(5)
    expect(plan?.cities.every(({ brokers }) => brokers.every(({ simulated }) => simulated))).toBe(true)
  })

  it.each<[name: string, input: unknown, problem: string]>([
    ['a rule for a layer nobody has', { cities: [{ ...city, incidents: { rules: [{ id: 'r', layer: 'nose', when: { kind: 'silent' } }] } }] }, 'cities[0].incidents.rules[0].layer: expected one of noise, rain, got "nose"'],
    ['a limit with both sides', { cities: [{ ...city, incidents: { rules: [{ id: 'r', layer: 'noise', when: { kind: 'limit', above: 1, below: 0 } }] } }] }, 'cities[0].incidents.rules[0].when: expected either "above" or "below", got both'],
    ['a rate without a side', { cities: [{ ...city, incidents: { rules: [{ id: 'r', layer: 'noise', when: { kind: 'rate', overS: 600 } }] } }] }, 'cities[0].incidents.rules[0].when: expected either "rises" or "falls", got neither'],
    ['a rule that watches brokers by a layer', { cities: [{ ...city, incidents: { rules: [{ id: 'r', layer: 'noise', when: { kind: 'down' } }] } }] }, 'cities[0].incidents.rules[0].layer: expected nothing: this rule watches brokers, got "noise"'],
    ['a dead-band below nothing', { cities: [{ ...city, incidents: { rules: [{ id: 'r', layer: 'noise', when: { kind: 'limit', above: 1, deadBand: -1 } }] } }] }, 'cities[0].incidents.rules[0].when.deadBand: expected a number from 0, got -1'],
    ['two rules of one id', { cities: [{ ...city, incidents: { rules: [{ id: 'r', when: { kind: 'down' } }, { id: 'r', when: { kind: 'down' } }] } }] }, 'cities[0].incidents.rules[1].id: expected an id that no other has, got "r"'],
    ['alerts to a broker that is not there', { cities: [{ ...city, incidents: { alertsTo: 'other' } }] }, 'cities[0].incidents.alertsTo: expected one of main, got "other"'],
    ['a zone nobody knows', { cities: [{ ...city, timeZone: 'Europe/Lisboa' }] }, 'cities[0].timeZone: expected an IANA time zone, got "Europe/Lisboa"'],
    ['an offset in place of a zone', { cities: [{ ...city, timeZone: '+01:00' }] }, 'cities[0].timeZone: expected an IANA time zone, got "+01:00"'],
    ['a misspelt key', { cities: [{ ...city, popluation: 1 }] }, 'cities[0].popluation: expected a known key (did you mean "population"?), got "popluation"'],
    ['a missing key', { cities: [{ ...city, name: undefined }] }, 'cities[0].name: expected text, got nothing'],
    ['no cities', {}, 'cities: expected a value, got nothing'],
    ['an empty list of cities', { cities: [] }, 'cities: expected at least one city, got []'],
    ['another kind of file', 'hello', '(file): expected an object, got "hello"'],
    ['MQTT without a word on people', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', mqtt: { brokerSees: 'mqtt://m.example', pageSees: 'wss://m.example' } }] }] }, 'cities[0].brokers[0].mqtt.people: expected the word "apart", by which the city says that no entity of this broker is about people and of another type at once; MQTT goes past the privacy floor, and without that word it is not offered (docs/privacy.md), got nothing'],
    ['an MQTT address with a password', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', mqtt: { brokerSees: 'mqtt://me:secret@m.example', pageSees: 'wss://m.example', people: 'apart' } }] }] }, 'cities[0].brokers[0].mqtt.brokerSees: expected an mqtt or mqtts address without user, query or wildcard, got "mqtt://me:secret@m.example"'],
    ['a WebSocket of the embedded broker', { cities: [{ ...city, brokers: [{ id: 'main', embedded: {}, orionWs: {} }] }] }, 'cities[0].brokers[0].transports[0]: expected another transport: the embedded broker has no WebSocket, got "orion-ws"'],
    ['a WebSocket beside notifications', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', transports: ['orion-ws', 'relay'] }] }] }, 'cities[0].brokers[0].transports[0]: expected no other way for this server to hear the broker, "relay" or this, got both'],
    ['MQTT that is nowhere', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', transports: ['relay', 'mqtt'] }] }] }, 'cities[0].brokers[0].transports[1]: expected an MQTT server: "mqtt" beside it, got none'],
    ['a poll that hammers', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', pollIntervalS: 1 }] }] }, 'cities[0].brokers[0].pollIntervalS: expected seconds, at least 10, got 1'],
    ['an unknown layer', { cities: [{ ...city, layers: ['noise', 'smell'] }] }, 'cities[0].layers[1]: expected one of noise, rain, got "smell"'],
    ['an unknown layer with an interval', { cities: [{ ...city, expectedIntervalS: { smell: 3 } }] }, 'cities[0].expectedIntervalS.smell: expected one of noise, rain, got "smell"'],
    ['an anchor elsewhere', { cities: [{ ...city, anchor: [41.15, -8.61] }] }, 'cities[0].anchor: expected a position inside the bounds [-8.7,41.12,-8.54,41.2], got [41.15,-8.61]'],
    ['bounds turned round', { cities: [{ ...city, bounds: [-8.54, 41.12, -8.7, 41.2] }] }, 'cities[0].bounds: expected west below east and south below north, got [-8.54,41.12,-8.7,41.2]'],
    ['two cities of one id', { cities: [city, city] }, 'cities[1].id: expected an id that no other has, got "porto"'],
    ['two walls of one id', { ...file, walls: [{ id: 'hall', x: 1 }, { id: 'hall' }] }, 'walls[1].id: expected an id that no other has, got "hall"'],
    ['a broker nowhere', { cities: [{ ...city, brokers: [{ id: 'main' }] }] }, 'cities[0].brokers[0]: expected either "url" or "embedded", got neither'],
    ['a secret in the file', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', headers: { Authorization: 'Bearer x' } }] }] }, 'cities[0].brokers[0].headers.Authorization: expected an object, got "Bearer x"'],
    ['a secret in an address', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://user:pw@b.example' }] }] }, 'cities[0].brokers[0].url: expected an http or https address without user, query or fragment, got "https://user:pw@b.example"'],
    ['an environment variable that is not set', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', headers: { 'X-Auth-Token': { env: 'NOPE' } } }] }] }, 'cities[0].brokers[0].headers["X-Auth-Token"].env: expected an environment variable that is set, got NOPE, which is not'],
    ['a value that would end the header', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', headers: { Authorization: { env: 'BROKEN' } } }] }] }, 'cities[0].brokers[0].headers.Authorization.env: expected a value of printable ASCII, got BROKEN with other characters'],
    ['a secret in an access', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', access: { kind: 'login', loginUrl: 'https://b.example/login', username: 'city', password: 'pw' } }] }] }, 'cities[0].brokers[0].access.password: expected an object, got "pw"'],
    ['a kind of access that nobody knows', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', access: { kind: 'magic' } }] }] }, 'cities[0].brokers[0].access.kind: expected an access whose kind is headers, client-credentials, refresh-token, login or authorization-code, got "magic"'],
    ['a misspelt key of an access', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', access: { kind: 'client-credentials', tokenUrl: 'https://k.example/token', clientId: 'me', clientSecret: { env: 'ORION_AUTHORIZATION' }, scopes: 'read' } }] }] }, 'cities[0].brokers[0].access.scopes: expected a known key (did you mean "scope"?), got "scopes"'],
    ['an access whose secret is not set', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', access: { kind: 'refresh-token', tokenUrl: 'https://k.example/token', clientId: 'me', refreshToken: { env: 'NOPE' } } }] }] }, 'cities[0].brokers[0].access.refreshToken.env: expected an environment variable that is set, got NOPE, which is not'],
    ['a header that the access sets too', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', headers: { authorization: { env: 'ORION_AUTHORIZATION' } }, access: { kind: 'refresh-token', tokenUrl: 'https://k.example/token', clientId: 'me', refreshToken: { env: 'ORION_AUTHORIZATION' } } }] }] }, 'cities[0].brokers[0].headers.authorization: expected a header that access does not set, got "authorization"'],
    ['a login that comes back elsewhere', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', access: { kind: 'authorization-code', authorizeUrl: 'https://k.example/auth', tokenUrl: 'https://k.example/token', clientId: 'me', redirectUri: 'https://evil.example/' } }] }] }, 'cities[0].brokers[0].access.redirectUri: expected an http or https address that ends with /access/callback, got "https://evil.example/"'],
    ['an access to what is in this server', { cities: [{ ...city, brokers: [{ id: 'main', embedded: {}, access: { kind: 'refresh-token', tokenUrl: 'https://k.example/token', clientId: 'me', refreshToken: { env: 'ORION_AUTHORIZATION' } } }] }] }, 'cities[0].brokers[0].access: expected none for an embedded broker, got "refresh-token"'],
    ['an admin key that can be guessed', { ...file, server: { adminKey: { env: 'SHORT' } } }, 'server.adminKey.env: expected a value of at least 16 characters, got SHORT with 3'],
    ['a bound of nothing', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', limits: { concurrent: 0 } }] }] }, 'cities[0].brokers[0].limits.concurrent: expected a whole number from 1 to 1000, got 0'],
    ['a header that is the connection\'s own', { cities: [{ ...city, brokers: [{ id: 'main', url: 'https://b.example', headers: { Host: { env: 'EMPTY' } } }] }] }, 'cities[0].brokers[0].headers.Host: expected a header that the server does not set itself, got "Host"'],
    ['districts that are neither', { cities: [{ ...city, districts: {} }] }, 'cities[0].districts: expected either "boundaries" or "sectors", got neither'],
    ['districts that are both', { cities: [{ ...city, districts: { boundaries: 'a.json', attribution: 'x', sectors: { centreRadiusM: 1_000 } } }] }, 'cities[0].districts: expected either "boundaries" or "sectors", got both'],
    ['boundaries of nobody', { cities: [{ ...city, districts: { boundaries: 'a.json' } }] }, 'cities[0].districts.attribution: expected whose boundaries they are, got nothing'],
    ['sectors by another name', { cities: [{ ...city, districts: { name: 'freguesia', sectors: { centreRadiusM: 1_000 } } }] }, 'cities[0].districts.name: expected nothing: sectors have names and an origin of their own, got "freguesia"'],
    ['a centre larger than the city', { cities: [{ ...city, districts: { sectors: { centreRadiusM: 9_000 } } }] }, 'cities[0].districts.sectors.centreRadiusM: expected a circle around the anchor that lies inside the bounds [-8.7,41.12,-8.54,41.2], got 9000'],
    ['a centre of no size', { cities: [{ ...city, districts: { sectors: { centreRadiusM: 0 } } }] }, 'cities[0].districts.sectors.centreRadiusM: expected metres above 0, got 0'],
  ])('says what is wrong with %s', (_, input, problem) => {
    expect(problemsOf(input)).toEqual([problem])
  })

  it('says everything that is wrong at once', () => {
    const problems = problemsOf({ titel: 'x', servre: {}, cities: [{ ...city, timeZone: 'Mars', country: 'pt' }] })
    expect(problems).toHaveLength(4)
    expect(problems.join('\n')).toContain('did you mean "title"?')
  })

  test.prop([fc.jsonValue()])('never throws, whatever the file holds', (input) => {
    parseConfiguration(input, surroundings)
    parseConfiguration({ cities: [input], server: input }, surroundings)
    parseConfiguration({ cities: [{ ...city, brokers: [input], basemap: input }] }, surroundings)
  })
})

describe('what the page gets', () => {
  it('has no address, tenant or header of a broker', () => {
    const parsed = parseConfiguration(file, surroundings)
    if (!parsed.ok) throw new Error('expected a valid configuration')
    const text = JSON.stringify(toPublicConfiguration(parsed.value, { version: '1', domains: surroundings.domains, hasFile: () => true }))
    expect(text).not.toMatch(/broker\.example|Authorization|ORION|tenant|secret/)
    expect(JSON.parse(text)).toMatchObject({ cities: [{ layers: ['noise', 'rain'], basemap: { kind: 'outline', url: '/basemap/porto.json' } }] })
  })

  it('has the districts that were read, and whose they are; not where they were read', () => {
    const parsed = parseConfiguration({ cities: [{ ...city, districts: { boundaries: 'secret/place.geojson', attribution: '© Somebody' } }] }, surroundings)
    if (!parsed.ok) throw new Error('expected a valid configuration')
    const areas = [{ name: 'Bonfim', polygons: [] }]
    const plan = (boundariesOf?: () => typeof areas) => toPublicConfiguration(parsed.value, { version: '1', domains: surroundings.domains, hasFile: () => true, boundariesOf }).cities[0]!
    expect(plan(() => areas).districts).toEqual({ kind: 'boundaries', areas, source: '© Somebody' })
    expect(JSON.stringify(plan(() => areas))).not.toContain('secret')
    expect(plan()).not.toHaveProperty('districts')
  })

  it('has sectors that say they are sectors', () => {
    const parsed = parseConfiguration({ cities: [{ ...city, districts: { sectors: { centreRadiusM: 1_500 } } }] }, surroundings)
    if (!parsed.ok) throw new Error('expected a valid configuration')
    const districts = toPublicConfiguration(parsed.value, { version: '1', domains: surroundings.domains, hasFile: () => true }).cities[0]!.districts!
    expect(districts.areas.map(({ name }) => name)).toEqual(['Centre', 'North', 'East', 'South', 'West'])
    expect(districts.source).toMatch(/^Sectors cut by geometry, not official districts: a circle of 1\.5 km/)
  })

  it.each<[name: string, basemap: unknown, hasFile: boolean, plan: unknown]>([
    ['the file of its name, when it says nothing and there is one', undefined, true, { kind: 'outline', url: '/basemap/porto.json' }],
    ['no file, when it says nothing and there is none', undefined, false, { kind: 'outline' }],
    ['no file, when it asks for none', { kind: 'outline' }, true, { kind: 'outline' }],
    // What the operator wrote is not second-guessed: that it is missing must be seen.
    ['the file it names, even when that is missing', { kind: 'outline', url: '/basemap/mine.json' }, false, { kind: 'outline', url: '/basemap/mine.json' }],
  ])('has for the basemap of a city %s', (_, basemap, hasFile, plan) => {
    const parsed = parseConfiguration({ cities: [{ ...city, basemap }] }, surroundings)
    if (!parsed.ok) throw new Error('expected a valid configuration')
    expect(toPublicConfiguration(parsed.value, { version: '1', domains: surroundings.domains, hasFile: () => hasFile }).cities[0]?.basemap).toEqual(plan)
  })
})
