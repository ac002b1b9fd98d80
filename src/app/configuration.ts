/**
 * The configuration as the server gives it out, checked before anything stands on it.
 * A page newer or older than its server must say so, not fail somewhere behind.
 */
import * as v from 'valibot'
import { TRANSPORTS, type PublicConfiguration } from '../configuration/city-plan.ts'
import { isTimeZone } from '../core/time/zone.ts'
import { say } from '../language/say.ts'
import { whereWords } from './server-answered.ts'

const lonLat = v.tuple([v.pipe(v.number(), v.minValue(-180), v.maxValue(180)), v.pipe(v.number(), v.minValue(-90), v.maxValue(90))])

const basemap = v.variant('kind', [
  v.object({ kind: v.literal('outline'), url: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal('pmtiles'), url: v.string(), attribution: v.string() }),
  v.object({ kind: v.literal('style'), url: v.string(), attribution: v.string() }),
])

const districts = v.object({
  kind: v.picklist(['boundaries', 'sectors']),
  areas: v.array(v.object({ name: v.string(), polygons: v.array(v.array(v.array(lonLat))) })),
  source: v.string(),
})

const cityPlan = v.object({
  id: v.string(),
  name: v.string(),
  country: v.string(),
  timeZone: v.pipe(v.string(), v.check(isTimeZone, 'a time zone this browser knows')),
  anchor: lonLat,
  bounds: v.tuple([v.number(), v.number(), v.number(), v.number()]),
  population: v.exactOptional(v.number()),
  areaKm2: v.exactOptional(v.number()),
  layers: v.array(v.string()),
  expectedIntervalS: v.record(v.string(), v.number()),
  holidays: v.exactOptional(v.array(v.string())),
  districts: v.exactOptional(districts),
  brokers: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      simulated: v.boolean(),
      transports: v.exactOptional(v.array(v.picklist(TRANSPORTS))),
      pollIntervalS: v.exactOptional(v.number()),
    }),
  ),
  basemap,
  incidents: v.exactOptional(v.object({ mayAct: v.boolean() })),
  attribution: v.exactOptional(v.string()),
  licence: v.exactOptional(v.string()),
  contact: v.exactOptional(v.string()),
})

const publicConfiguration = v.object({ title: v.string(), version: v.string(), cities: v.array(cityPlan) })

/** Why there is no configuration, as one sentence for the operator. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

export function readConfiguration(json: unknown): PublicConfiguration {
  const parsed = v.safeParse(publicConfiguration, json)
  if (parsed.success) return parsed.output
  throw new ConfigurationError(say({ id: 'start.configurationUnfit', defaultMessage: "The server's configuration does not fit this page: {where}." }, { where: whereWords(parsed.issues[0]) }))
}

export async function fetchConfiguration(signal: AbortSignal): Promise<PublicConfiguration> {
  let response: Response
  try {
    response = await fetch('/api/config', { signal, headers: { accept: 'application/json' } })
  } catch (cause) {
    throw new ConfigurationError(say({ id: 'data.noAnswer', defaultMessage: 'The server does not answer.' }), { cause })
  }
  if (!response.ok) throw new ConfigurationError(say({ id: 'start.configurationRefused', defaultMessage: 'The server answered {status} to the request for its configuration.' }, { status: `${response.status} ${response.statusText}` }))
  let json: unknown
  try {
    json = await response.json()
  } catch (cause) {
    throw new ConfigurationError(say({ id: 'start.configurationNoJson', defaultMessage: 'The server answered with something that is not JSON; is this page served by Belvedere?' }), { cause })
  }
  return readConfiguration(json)
}
