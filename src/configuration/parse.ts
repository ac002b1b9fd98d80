/**
 * Reads the configuration: everything that is wrong with it at once, each problem as path, expectation and what came.
 *
 * The order is: shape (schema.ts), then what several fields must agree on. The second is only asked
 * when the shape is right, so that it reads typed values.
 */
import * as v from 'valibot'
import { isInBounds } from '../core/geo/position.ts'
import { isRadiusInside } from '../core/geo/sectors.ts'
import { err, ok, type Result } from '../core/result.ts'
import { variablesOf } from './access.ts'
import { checkIncidents } from './incidents.ts'
import { PEOPLE_APART, variablesOfMqtt } from './mqtt.ts'
import { show, type Problem } from './problem.ts'
import { transportsOf } from './public-configuration.ts'
import { configurationSchema, type CityConfiguration, type Configuration } from './schema.ts'

export interface Surroundings {
  /** Ids of the sensor domains that the program has. */
  readonly domains: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

const MAX_UNKNOWN_KEYS = 50

export function parseConfiguration(input: unknown, surroundings: Surroundings): Result<Configuration, readonly Problem[]> {
  const shaped = parseShape(input)
  if (!shaped.ok) return shaped
  const problems = crossCheck(shaped.value, surroundings)
  return problems.length > 0 ? err(problems) : shaped
}

function parseShape(input: unknown): Result<Configuration, readonly Problem[]> {
  const problems: Problem[] = []
  let rest = input
  for (let round = 0; round < MAX_UNKNOWN_KEYS; round++) {
    const parsed = v.safeParse(configurationSchema, rest)
    if (parsed.success) return problems.length > 0 ? err(problems) : ok(parsed.output)
    const unknown = parsed.issues.filter((issue) => issue.expected === 'never')
    problems.push(...unknown.map(problemOf))
    if (unknown.length === 0) return err([...problems, ...parsed.issues.map(problemOf)])
    rest = unknown.reduce<unknown>((value, issue) => without(value, keysOf(issue)), rest)
  }
  return err(problems)
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  const keys = keysOf(issue)
  if (issue.expected === 'never') return { path: formatPath(keys), expected: issue.message, got: JSON.stringify(keys.at(-1) ?? '') }
  return { path: formatPath(keys), expected: issue.message, got: show(issue.input) }
}

function keysOf(issue: v.BaseIssue<unknown>): readonly (string | number)[] {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
}

function formatPath(keys: readonly (string | number)[]): string {
  return keys.reduce<string>(at, '')
}

function at(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

function without(value: unknown, keys: readonly (string | number)[]): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return value
  if (Array.isArray(value)) return (value as unknown[]).map((item, index) => (index === key ? without(item, rest) : item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([own, item]) => (own !== key ? [[own, item]] : rest.length === 0 ? [] : [[own, without(item, rest)]])),
  )
}

function crossCheck({ cities, walls, server }: Configuration, surroundings: Surroundings): Problem[] {
  return [
    ...repeated(cities, 'cities'),
    ...repeated(walls, 'walls'),
    ...checkAdminKey(server, surroundings.environment),
    ...cities.flatMap((city, index) => checkCity(city, `cities[${index}]`, surroundings)),
  ]
}

function checkCity(city: CityConfiguration, path: string, { domains, environment }: Surroundings): Problem[] {
  const problems = repeated(city.brokers, `${path}.brokers`)
  const [west, south, east, north] = city.bounds
  if (west >= east || south >= north) {
    problems.push({ path: `${path}.bounds`, expected: 'west below east and south below north', got: show(city.bounds) })
  } else if (!isInBounds(city.anchor, city.bounds)) {
    problems.push({ path: `${path}.anchor`, expected: `a position inside the bounds ${show(city.bounds)}`, got: show(city.anchor) })
  }
  problems.push(...checkDistricts(city, `${path}.districts`))
  problems.push(...checkIncidents(city, `${path}.incidents`, domains))
  const known = `one of ${domains.join(', ')}`
  city.layers?.forEach((layer, index, all) => {
    if (!domains.includes(layer)) problems.push({ path: `${path}.layers[${index}]`, expected: known, got: show(layer) })
    else if (all.indexOf(layer) !== index) problems.push({ path: `${path}.layers[${index}]`, expected: 'each layer once', got: show(layer) })
  })
  for (const layer of Object.keys(city.privacyFloor)) {
    if (!domains.includes(layer)) problems.push({ path: at(`${path}.privacyFloor`, layer), expected: known, got: show(layer) })
  }
  for (const layer of Object.keys(city.expectedIntervalS)) {
    if (!domains.includes(layer)) problems.push({ path: at(`${path}.expectedIntervalS`, layer), expected: known, got: show(layer) })
  }
  city.brokers.forEach((broker, index) => {
    const own = `${path}.brokers[${index}]`
    if ((broker.url === undefined) === (broker.embedded === undefined)) {
      problems.push({ path: own, expected: 'either "url" or "embedded"', got: broker.url === undefined ? 'neither' : 'both' })
    }
    for (const [name, { env }] of Object.entries(broker.headers)) {
      problems.push(...checkVariable(env, `${at(`${own}.headers`, name)}.env`, environment))
      if ('header' in broker.access && broker.access.header.toLowerCase() === name.toLowerCase()) {
        problems.push({ path: at(`${own}.headers`, name), expected: 'a header that access does not set', got: show(name) })
      }
    }
    for (const { key, env } of broker.mqtt === undefined ? [] : variablesOfMqtt(broker.mqtt)) problems.push(...checkVariable(env, `${own}.mqtt.${key}.env`, environment))
    if (broker.mqtt !== undefined && broker.mqtt.people === undefined) problems.push({ path: `${own}.mqtt.people`, expected: PEOPLE_APART, got: 'nothing' })
    problems.push(...checkTransports(broker, `${own}.transports`))
    for (const { key, env } of variablesOf(broker.access)) problems.push(...checkVariable(env, `${own}.access.${key}.env`, environment))
    if (broker.embedded !== undefined && broker.access.kind !== 'headers') {
      problems.push({ path: `${own}.access`, expected: 'none for an embedded broker', got: show(broker.access.kind) })
    }
  })
  return problems
}

function checkTransports(broker: CityConfiguration['brokers'][number], path: string): Problem[] {
  const { mqtt, obelisk } = broker
  const transports = transportsOf(broker) ?? []
  return transports.flatMap((way, index): Problem[] => {
    const own = `${path}[${index}]`
    if (transports.indexOf(way) !== index) return [{ path: own, expected: 'each transport once', got: show(way) }]
    if (way === 'mqtt' && mqtt === undefined) return [{ path: own, expected: 'an MQTT server: "mqtt" beside it', got: 'none' }]
    if (way === 'obelisk-events' && obelisk === undefined) return [{ path: own, expected: 'an event stream: "obelisk" beside it', got: 'none' }]
    if (way === 'orion-ws') return checkSocket(broker, own)
    return []
  })
}

/** What this server reads in place of being notified, it reads in one way; and Orion-LD's WebSocket knows the core context only. */
function checkSocket(broker: CityConfiguration['brokers'][number], path: string): Problem[] {
  const { embedded, context } = broker
  const other = transportsOf(broker)?.find((way) => way === 'relay' || way === 'obelisk-events')
  if (embedded !== undefined) return [{ path, expected: 'another transport: the embedded broker has no WebSocket', got: show('orion-ws') }]
  if (other !== undefined) return [{ path, expected: `no other way for this server to hear the broker, ${show(other)} or this`, got: 'both' }]
  return context === undefined ? [] : [{ path, expected: "another transport: Orion-LD's WebSocket reads short names by the core context, not by that of this broker", got: show('orion-ws') }]
}

function checkVariable(env: string, path: string, environment: Surroundings['environment']): Problem[] {
  const value = environment[env]
  if (value === undefined || value === '') return [{ path, expected: 'an environment variable that is set', got: `${env}, which is not` }]
  // The value itself is a secret: it is not shown.
  return /^[\t\x20-\x7e]+$/.test(value) ? [] : [{ path, expected: 'a value of printable ASCII', got: `${env} with other characters` }]
}

/** Whoever may try it knows that it is there: it must not be guessed. */
function checkAdminKey({ adminKey }: Configuration['server'], environment: Surroundings['environment']): Problem[] {
  if (adminKey === undefined) return []
  const path = 'server.adminKey.env'
  const problems = checkVariable(adminKey.env, path, environment)
  const length = environment[adminKey.env]?.length ?? 0
  return problems.length > 0 || length >= 16 ? problems : [{ path, expected: 'a value of at least 16 characters', got: `${adminKey.env} with ${length}` }]
}

function checkDistricts({ districts, anchor, bounds }: CityConfiguration, path: string): Problem[] {
  if (districts === undefined) return []
  const { sectors, boundaries, attribution } = districts
  if ((sectors === undefined) === (boundaries === undefined)) return [{ path, expected: 'either "boundaries" or "sectors"', got: sectors === undefined ? 'neither' : 'both' }]
  if (boundaries !== undefined) return attribution === undefined ? [{ path: `${path}.attribution`, expected: 'whose boundaries they are', got: 'nothing' }] : []
  const alien = (['name', 'attribution'] as const).filter((key) => districts[key] !== undefined)
  if (alien.length > 0) return [{ path: `${path}.${alien[0]}`, expected: 'nothing: sectors have names and an origin of their own', got: show(districts[alien[0]!]) }]
  if (isInBounds(anchor, bounds) && !isRadiusInside(anchor, bounds, sectors!.centreRadiusM)) return [{ path: `${path}.sectors.centreRadiusM`, expected: `a circle around the anchor that lies inside the bounds ${show(bounds)}`, got: show(sectors!.centreRadiusM) }]
  return []
}

function repeated(items: readonly { readonly id: string }[], path: string): Problem[] {
  return items.flatMap(({ id }, index) =>
    items.findIndex((other) => other.id === id) === index ? [] : [{ path: `${path}[${index}].id`, expected: 'an id that no other has', got: show(id) }],
  )
}
