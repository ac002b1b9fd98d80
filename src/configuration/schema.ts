/**
 * The one configuration file: its shape, with words for the editor that completes it.
 *
 * Every message of this schema says what was expected, as a noun phrase; `parse.ts` puts the path in
 * front and what came behind. What one field alone can tell is checked here, what takes several in `parse.ts`.
 * Secrets have no place in the file: a header's value is the name of an environment variable.
 */
import * as v from 'valibot'

/** `portable` is what `generic` was called first: files that say so stay right. */
export const PROFILES = ['auto', 'generic', 'orion-ld', 'scorpio', 'stellio', 'diwise', 'djane', 'obelisk', 'portable'] as const

const DEFAULT_TIMEOUT_MS = 10_000

const text = v.pipe(v.string('text'), v.minLength(1, 'text that is not empty'))
const id = v.pipe(
  v.string('an id'),
  v.regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, 'an id of lower-case letters, digits and hyphens'),
)
const positive = (what: string) => v.pipe(v.number(what), v.gtValue(0, what))
const webUrl = v.pipe(
  v.string('an http or https address'),
  v.regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, 'an http or https address without user, query or fragment'),
)
const degrees = (limit: number, what: string) => v.pipe(v.number(what), v.minValue(-limit, what), v.maxValue(limit, what))
const longitude = degrees(180, 'a longitude in degrees')
const latitude = degrees(90, 'a latitude in degrees')

/** Valibot stops at the first unknown key of an object; `parse.ts` takes it out and asks again. */
function object<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries)
  return v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return `a known key${hintFor(String(issue.path?.at(-1)?.key ?? ''), known)}`
    return issue.received === 'undefined' ? 'a value' : 'an object'
  })
}

const header = object({
  env: v.pipe(
    v.string('the name of an environment variable'),
    v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
    v.description('Name of the environment variable that holds the value.'),
  ),
})

/** Headers that the server or the connection sets itself. */
const RESERVED_HEADERS = /^(host|connection|content-length|content-type|accept|accept-encoding|transfer-encoding|upgrade|te|trailer|keep-alive|expect|link|ngsild-tenant|proxy-connection)$/i

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
        v.pipe(v.string('a header name'), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name'), v.check((name) => !RESERVED_HEADERS.test(name), 'a header that the server does not set itself')),
        header,
        'an object of header names',
      ),
      v.description('Headers for this broker; values come from the environment: { "Authorization": { "env": "ORION_AUTHORIZATION" } }.'),
    ),
    {},
  ),
  timeoutMs: v.optional(v.pipe(positive('milliseconds above 0'), v.maxValue(120_000, 'at most 120000 milliseconds')), DEFAULT_TIMEOUT_MS),
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
  brokers: v.pipe(v.array(broker, 'a list of brokers'), v.minLength(1, 'at least one broker')),
  basemap: v.optional(basemap),
  attribution: v.optional(v.pipe(text, v.description('Whose data it is, plain text.'))),
  licence: v.optional(text),
  contact: v.optional(text),
})

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
    }),
    {},
  ),
  cities: v.pipe(v.array(city, 'a list of cities'), v.minLength(1, 'at least one city')),
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

/** ` (did you mean "timeZone"?)`, or all the keys there are when none is near. */
function hintFor(typed: string, known: readonly string[]): string {
  const distance = (key: string): number => editDistance(typed.toLowerCase(), key.toLowerCase())
  const nearest = known.reduce((best, key) => (distance(key) < distance(best) ? key : best))
  if (distance(nearest) <= Math.max(2, typed.length / 3)) return ` (did you mean ${JSON.stringify(nearest)}?)`
  return `, one of ${known.join(', ')}`
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
