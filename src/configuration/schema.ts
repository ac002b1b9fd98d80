/**
 * The one configuration file: its shape, with words for the editor that completes it.
 *
 * Every message of this schema says what was expected, as a noun phrase; `parse.ts` puts the path in
 * front and what came behind. What one field alone can tell is checked here, what takes several in `parse.ts`.
 * Secrets have no place in the file: a header's value is the name of an environment variable.
 */
import * as v from 'valibot'
import { MIM_NAMES } from './mim-names.ts'
import { access } from './access.ts'
import { TRANSPORTS } from './city-plan.ts'
import { incidents } from './incidents.ts'
import { mqtt } from './mqtt.ts'
import { headerName, object, secret, socketUrl, text, webUrl } from './shapes.ts'

/** `portable` is what `generic` was called first: files that say so stay right. */
export const PROFILES = ['auto', 'generic', 'orion-ld', 'scorpio', 'stellio', 'diwise', 'djane', 'obelisk', 'portable'] as const

const DEFAULT_TIMEOUT_MS = 10_000

const id = v.pipe(
  v.string('an id'),
  v.regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, 'an id of lower-case letters, digits and hyphens'),
)
const positive = (what: string) => v.pipe(v.number(what), v.gtValue(0, what))
const degrees = (limit: number, what: string) => v.pipe(v.number(what), v.minValue(-limit, what), v.maxValue(limit, what))
const longitude = degrees(180, 'a longitude in degrees')
const latitude = degrees(90, 'a latitude in degrees')

const whole = (from: number, to: number) => {
  const what = `a whole number from ${from} to ${to}`
  return v.pipe(v.number(what), v.integer(what), v.minValue(from, what), v.maxValue(to, what))
}

const limits = v.pipe(
  object({
    concurrent: v.optional(v.pipe(whole(1, 1_000), v.description('Requests to this broker at once.')), 32),
    waiting: v.optional(v.pipe(whole(0, 10_000), v.description('Requests of pages that wait for their turn; beyond, they are told to come again.')), 256),
    responseBytes: v.optional(v.pipe(whole(1_024, 1_073_741_824), v.description('Longest answer, decompressed.')), 67_108_864),
    failures: v.optional(v.pipe(whole(1, 1_000), v.description('Failures in a row after which the broker is left in peace.')), 5),
    pauseS: v.optional(v.pipe(whole(1, 120), v.description('For how long, the first time.')), 15),
  }),
  v.description('What this broker is asked at most.'),
)

const broker = object({
  id,
  name: v.optional(text),
  url: v.optional(v.pipe(webUrl, v.description('Address of the broker up to, and without, /ngsi-ld/v1.'))),
  embedded: v.optional(
    v.pipe(
      object({
        simulate: v.optional(
          object({
            seed: v.optional(v.pipe(v.number('a whole number'), v.integer('a whole number')), 1),
            sensors: v.optional(
              v.pipe(v.number('a whole number from 1 to 20000'), v.integer('a whole number from 1 to 20000'), v.minValue(1, 'a whole number from 1 to 20000'), v.maxValue(20_000, 'a whole number from 1 to 20000')),
              300,
            ),
          }),
        ),
      }),
      v.description('The broker inside this server instead of one elsewhere; with `simulate` it fills itself.'),
    ),
  ),
  tenant: v.optional(v.pipe(v.string('a tenant'), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'a tenant of letters, digits, _ . -'), v.description('Sent as NGSILD-Tenant. Embedded brokers take the id of the city when it is left out.'))),
  context: v.optional(v.pipe(webUrl, v.description('JSON-LD @context of the short names, sent as a Link header.'))),
  profile: v.optional(v.pipe(v.picklist(PROFILES, `one of ${PROFILES.join(', ')}`), v.description('Which broker this is: decides its quirks. `auto` asks the broker; `generic` asks only for what all of them do (`portable` is its former name).')), 'auto'),
  temporalUrl: v.optional(v.pipe(webUrl, v.description('Where history is answered, when elsewhere: Mintaka beside Orion-LD. All that stands before /temporal/entities.'))),
  headers: v.optional(
    v.pipe(
      v.record(
        headerName,
        secret,
        'an object of header names',
      ),
      v.description('Headers for this broker; values come from the environment: { "Authorization": { "env": "ORION_AUTHORIZATION" } }.'),
    ),
    {},
  ),
  timeoutMs: v.optional(v.pipe(positive('milliseconds above 0'), v.maxValue(120_000, 'at most 120000 milliseconds')), DEFAULT_TIMEOUT_MS),
  access: v.optional(v.pipe(access, v.description('How this server proves who it is, beyond `headers`.')), { kind: 'headers' }),
  limits: v.optional(limits, {}),
  transports: v.optional(
    v.pipe(
      v.array(v.picklist(TRANSPORTS, `one of ${TRANSPORTS.join(', ')}`), 'a list of transports'),
      v.minLength(1, 'at least one transport'),
      v.description('Ways by which pages hear what changes, the best first; the next is tried when one does not connect. As the kind of broker allows when left out, by MQTT first where `mqtt` is set.'),
    ),
  ),
  pollIntervalS: v.optional(v.pipe(v.number('seconds, at least 10'), v.minValue(10, 'seconds, at least 10'), v.maxValue(86_400, 'at most 86400 seconds'), v.description('How often a page reads everything, where it polls; as often as the quickest layer expects its sensors when left out.'))),
  obelisk: v.optional(
    v.pipe(
      object({ streamUrl: v.pipe(webUrl, v.description('The stream, made in Obelisk for the data set and its NGSI-LD metrics: https://obelisk.example/api/v3/data/streams/<id>.')) }),
      v.description('Obelisk\'s own event stream, which this server reads in place of subscriptions.'),
    ),
  ),
  orionWs: v.optional(
    v.pipe(
      object({ url: v.optional(v.pipe(socketUrl, v.description('Where it is, when not at /ws beside the API: wss://gateway.example/orion/ws.'))) }),
      v.description('Orion-LD\'s experimental WebSocket (-wip ws), which this server reads in place of being notified.'),
    ),
  ),
  mqtt: v.optional(v.pipe(mqtt, v.description('An MQTT server that this broker publishes to and pages read from.'))),
})

const pageUrl = v.pipe(v.string('an address'), v.regex(/^(https?:\/\/[^\s/]+\/\S*|\/[^\s/]\S*)$/, 'an http or https address, or a path on this server'))

const basemap = v.variant(
  'kind',
  [
    object({ kind: v.literal('outline'), url: v.optional(pageUrl) }),
    object({ kind: v.literal('pmtiles'), url: pageUrl, attribution: text }),
    object({ kind: v.literal('style'), url: pageUrl, attribution: text }),
  ],
  'a basemap whose kind is outline, pmtiles or style',
)

const districts = object({
  boundaries: v.optional(v.pipe(text, v.description('GeoJSON FeatureCollection of Polygons and MultiPolygons: a file, relative to this one, or an http or https address that the server asks when it starts.'))),
  name: v.optional(v.pipe(text, v.description('Property that has the name of a district; "name" when left out. Features of one name are one district.'))),
  attribution: v.optional(v.pipe(text, v.description('Whose boundaries they are, plain text. Needed with `boundaries`.'))),
  sectors: v.optional(
    v.pipe(
      object({ centreRadiusM: v.pipe(positive('metres above 0'), v.description('Radius of the circle around the anchor that is the centre.')) }),
      v.description('Without boundaries: centre, north, east, south and west of the anchor by geometry, called sectors wherever they show.'),
    ),
  ),
})

const city = object({
  id,
  name: text,
  country: v.pipe(v.string('a country code'), v.regex(/^[A-Z]{2}$/, 'a country code of two capitals (ISO 3166-1)')),
  timeZone: v.pipe(v.string('an IANA time zone'), v.check(isTimeZone, 'an IANA time zone'), v.description('IANA time zone, such as Europe/Lisbon.')),
  anchor: v.pipe(v.strictTuple([longitude, latitude], 'two numbers: longitude, latitude'), v.description('Middle of the city, [longitude, latitude].')),
  bounds: v.pipe(v.strictTuple([longitude, latitude, longitude, latitude], 'four numbers: west, south, east, north'), v.description('Box of the city: [west, south, east, north], degrees.')),
  population: v.optional(positive('a number above 0')),
  areaKm2: v.optional(positive('square kilometres above 0')),
  layers: v.optional(v.pipe(v.array(text, 'a list of layers'), v.minLength(1, 'at least one layer'), v.description('Sensor domains in the order of the tiles; all when left out.'))),
  expectedIntervalS: v.optional(v.pipe(v.record(text, positive('seconds above 0'), 'an object of seconds by layer'), v.description('How often a sensor should report, seconds by layer, where it differs from the layer\'s own.')), {}),
  holidays: v.optional(
    v.pipe(
      v.array(v.pipe(v.string('a date such as 2026-12-25'), v.isoDate('a date such as 2026-12-25')), 'a list of dates'),
      v.description('Public holidays, as local dates: what is usual on them is what is usual on a Sunday. Without them they count as their weekday.'),
    ),
    [],
  ),
  privacyFloor: v.optional(v.pipe(v.record(text, v.pipe(v.number('a whole number of people or homes'), v.integer('a whole number of people or homes'), v.minValue(1, 'a whole number of people or homes')), 'an object of numbers by layer'), v.description('How many different riders, rooms or flats a group needs before it is shown, by layer. Never less than the layer\'s own least.')), {}),
  districts: v.optional(v.pipe(districts, v.description('Parts of the city that have totals of their own: `boundaries` from a file, or `sectors`.'))),
  brokers: v.pipe(v.array(broker, 'a list of brokers'), v.minLength(1, 'at least one broker')),
  basemap: v.optional(basemap),
  attribution: v.optional(v.pipe(text, v.description('Whose data it is, plain text.'))),
  licence: v.optional(text),
  contact: v.optional(v.pipe(text, v.description('Whom to ask when data is missing: Health names it beside each fault.'))),
  annotations: v.optional(
    v.pipe(
      object({
        broker: v.optional(v.pipe(id, v.description('Broker of the city that keeps the notes, as entities of type Annotation: this server must be allowed to write there.'))),
        mayWrite: v.optional(v.pipe(v.boolean('true or false'), v.description('May whoever reaches this page write and delete notes? There is no login, so nobody may unless this says so.')), false),
      }),
      v.description('Notes that people leave beside the numbers. An embedded broker keeps them without being told; else they are kept in the memory of this server.'),
    ),
  ),
  incidents: v.optional(v.pipe(incidents, v.description('What this server watches for, all day and with no page open. Nothing when left out; `{}` takes the rules that each layer brings.'))),
  declarations: v.optional(
    v.pipe(object(v.entriesFromList(MIM_NAMES, v.exactOptional(webUrl))), v.description('Where the city declares what a broker cannot show: { "personal": "https://…" }. Health links to it beside "not checkable from here".')),
  ),
})

const mim = object({ name: v.exactOptional(text), number: v.exactOptional(text), version: v.exactOptional(text), url: v.exactOptional(webUrl) })

/** Walls come later; what is known of them now is that each has an id. */
const wall = v.looseObject({ id }, 'an object with an id')

export const configurationSchema = object({
  $schema: v.optional(v.string('text')),
  title: v.optional(text, 'Belvedere'),
  server: v.optional(
    object({
      port: v.optional(v.pipe(v.number('a port, 0 to 65535'), v.integer('a port, 0 to 65535'), v.minValue(0, 'a port, 0 to 65535'), v.maxValue(65_535, 'a port, 0 to 65535')), 8080),
      host: v.optional(v.pipe(text, v.description('Address to listen on; all of them when left out.'))),
      publicUrl: v.optional(v.pipe(webUrl, v.description('Where brokers reach this server: notifications go to <publicUrl>/notify/… .'))),
      installation: v.optional(v.pipe(id, v.description('Name of this installation in the ids of its subscriptions. Two servers on one broker need two names.'))),
      dataFolder: v.optional(v.pipe(text, v.description('Folder that this server may write to, relative to where it was started: the journals of incidents are kept there. In memory only when left out.'))),
      adminKey: v.optional(v.pipe(secret, v.description('Lets a person elsewhere than on this machine log in at brokers that ask for it. At least 16 characters.'))),
    }),
    {},
  ),
  cities: v.pipe(v.array(city, 'a list of cities'), v.minLength(1, 'at least one city')),
  mims: v.optional(v.pipe(object(v.entriesFromList(MIM_NAMES, v.exactOptional(mim))), v.description('How the Minimal Interoperability Mechanisms are called and numbered, where it differs from what this version knows.'))),
  walls: v.optional(v.array(wall, 'a list of walls'), []),
})

export type Configuration = v.InferOutput<typeof configurationSchema>
export type CityConfiguration = Configuration['cities'][number]
export type BrokerConfiguration = CityConfiguration['brokers'][number]

/** Known to this platform's zone database. Offsets such as `+01:00` are no zone: they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

