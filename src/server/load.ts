/**
 * `npm run load -- [folder] [--broker URL]`: real open data with its history into a running broker.
 *
 * Every sensor becomes a temporal entity (its past) and an entity (its last state), through the
 * broker's own HTTP interface. Loading twice changes nothing: states are keyed by their time.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { JsonObject } from '../ngsi-ld/entity.ts'
import { readCityLearn } from './real-data/citylearn.ts'
import { readMuenster } from './real-data/muenster.ts'
import { readNoiseMonitor } from './real-data/noise-monitor.ts'
import { readOpenAq } from './real-data/openaq.ts'
import type { LeftOut, RealData, SensorSeries, SensorState } from './real-data/sensor-series.ts'

const USAGE = 'usage: npm run load -- [folder with real data] [--broker URL]'

const READERS: readonly (readonly [folder: string, read: (folder: string) => RealData])[] = [
  ['muenster-bike-counters', readMuenster],
  ['noise-monitor', readNoiseMonitor],
  ['openaq-cities', readOpenAq],
  ['citylearn-buildings', readCityLearn],
]

// A request of so many states stays below the 1 MB that Orion-LD accepts.
const STATES_PER_REQUEST = 1_000

/** Exit code: 0 when all was loaded, 1 when the broker refused, 2 when the call was wrong. */
export async function main(args: readonly string[]): Promise<number> {
  let folder: string
  let broker: string
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { broker: { type: 'string', default: 'http://localhost:8080' } } })
    folder = resolve(positionals[0] ?? join(process.env['BELVEDERE_SHARED'] ?? '../shared', 'realdata'))
    broker = brokerUrl(values.broker)
  } catch (error) {
    return fail(2, `${error instanceof Error ? error.message : String(error)} ${USAGE}`)
  }
  const present = READERS.filter(([name]) => existsSync(join(folder, name)))
  if (present.length === 0) return fail(2, `expected a folder with ${READERS.map(([name]) => name).join(', ')}, got ${folder}`)

  for (const [name, read] of present) {
    let data: RealData
    try {
      data = read(join(folder, name))
    } catch (error) {
      return fail(2, error instanceof Error ? error.message : String(error))
    }
    const refused = await loadAll(broker, data.sensors)
    if (refused !== undefined) return fail(1, refused)
    const states = data.sensors.reduce((sum, sensor) => sum + sensor.states.length, 0)
    console.log(`${name}: ${data.sensors.length} sensors, ${states} observations`)
    for (const [line, count] of summarise(data.leftOut)) console.log(`  left out ${count} × ${line}`)
  }
  return 0
}

/** The first refusal in words, or undefined when the broker took all. */
async function loadAll(broker: string, sensors: readonly SensorSeries[]): Promise<string | undefined> {
  for (const sensor of sensors) {
    for (let from = 0; from < sensor.states.length; from += STATES_PER_REQUEST) {
      const states = sensor.states.slice(from, from + STATES_PER_REQUEST)
      const refused = await post(`${broker}/temporal/entities`, sensor.tenant, temporalEntity(sensor, states))
      if (refused !== undefined) return refused
    }
  }
  for (const tenant of new Set(sensors.map((sensor) => sensor.tenant))) {
    const last = sensors.filter((sensor) => sensor.tenant === tenant && sensor.states.length > 0).map(lastState)
    const refused = await post(`${broker}/entityOperations/upsert`, tenant, last)
    if (refused !== undefined) return refused
  }
  return undefined
}

/** The temporal representation (CIM 009, 4.5.6): each attribute a list of instances. */
export function temporalEntity(sensor: SensorSeries, states: readonly SensorState[]): JsonObject {
  const instances = new Map<string, JsonObject[]>()
  for (const { observedAt, attributes } of states) {
    for (const [name, attribute] of Object.entries(attributes)) {
      const list = instances.get(name)
      const instance = { ...attribute, observedAt }
      if (list === undefined) instances.set(name, [instance])
      else list.push(instance)
    }
  }
  return { id: sensor.id, type: sensor.type, ...sensor.fixed, ...Object.fromEntries(instances) }
}

function lastState(sensor: SensorSeries): JsonObject {
  const { observedAt, attributes } = sensor.states.at(-1)!
  const dated = Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, { ...attribute, observedAt }]))
  return { id: sensor.id, type: sensor.type, ...sensor.fixed, ...dated }
}

async function post(url: string, tenant: string, body: unknown): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'ngsild-tenant': tenant },
      body: JSON.stringify(body),
      redirect: 'error',
    })
    const text = await response.text()
    // 207 is a batch of which some entities were refused.
    return response.ok && response.status !== 207 ? undefined : `${url} tenant ${tenant}: ${response.status} ${text.slice(0, 300)}`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return `${url}: no broker answers (${cause}); start one with npm start -- --config config/real-data.json`
  }
}

function brokerUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error(`--broker: expected an http or https URL, got "${text}".`)
  const { origin, pathname } = new URL(text)
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\/ngsi-ld\/v1$/, '')}/ngsi-ld/v1`
}

function summarise(leftOut: readonly LeftOut[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { file, reason, count } of leftOut) {
    const line = `${reason} (${file.replace(/_\d{4}-\d{2}\.csv$/, '')})`
    counts.set(line, (counts.get(line) ?? 0) + count)
  }
  return counts
}

function fail(status: number, message: string): number {
  console.error(`load: ${message.replaceAll(/\s*\n\s*/g, ' ')}`)
  return status
}
