/**
 * What of the screen lives in the URL: layer, selection, time, camera, list and theme.
 *
 * A link is read kindly: a parameter that does not make sense is left out, the rest still counts.
 * Values are plain text, so that a link can be read and typed.
 */
import * as v from 'valibot'
import { formatInstant, parseInstant } from '../core/time/instant.ts'
import { readPlace } from './map-place.ts'
import { WINDOW_NAMES, type WindowName } from './look.ts'

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest))

export const LONGEST_FILTER = 80

export const citySearchSchema = v.object({
  layer: v.fallback(v.optional(v.pipe(text(64), v.regex(/^[a-z0-9-]+$/))), undefined),
  /** Entity id. */
  sel: v.fallback(v.optional(text(2_000)), undefined),
  /** The instant that is shown; absent is now. */
  t: v.fallback(v.optional(v.pipe(text(40), v.check((value) => parseInstant(value) !== undefined))), undefined),
  /** Name of the part of the city that is looked at; absent is all of it. */
  district: v.fallback(v.optional(text(80)), undefined),
  /** Absent is the value itself. */
  view: v.fallback(v.optional(v.picklist(['usual', 'limit'])), undefined),
  /** Absent is the layer's own. */
  window: v.fallback(v.optional(v.picklist(WINDOW_NAMES)), undefined),
  /** What stands beside the map; absent is what is unusual. */
  list: v.fallback(v.optional(v.picklist(['all', 'table', 'districts'])), undefined),
  /** How far back the open sensor's chart reaches; absent is 24 h. */
  range: v.fallback(v.optional(v.picklist(['7d', '30d'])), undefined),
  /** Id of the sensor that the open one is compared with. */
  with: v.fallback(v.optional(text(2_000)), undefined),
  /** Where the map looks; absent is all of the city or the district. */
  at: v.fallback(v.optional(v.pipe(text(60), v.check((value) => readPlace(value) !== undefined))), undefined),
  /** Order of the list; absent is by value. */
  sort: v.fallback(v.optional(v.picklist(['name', 'age'])), undefined),
  /** What the list is filtered by. */
  find: v.fallback(v.optional(text(LONGEST_FILTER)), undefined),
  /** Ids of the layers that lie in grey beneath. */
  also: v.fallback(v.optional(v.pipe(text(400), v.regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/))), undefined),
  theme: v.fallback(v.optional(v.picklist(['day', 'night'])), undefined),
})

export interface CitySearch {
  readonly layer?: string
  readonly sel?: string
  readonly t?: string
  readonly district?: string
  readonly view?: 'usual' | 'limit'
  readonly window?: WindowName
  readonly list?: ListName
  readonly range?: '7d' | '30d'
  readonly with?: string
  readonly at?: string
  readonly sort?: 'name' | 'age'
  readonly find?: string
  readonly also?: string
  readonly theme?: 'day' | 'night'
}

/** All sensors of the layer as a list or as a table, or its districts. */
export type ListName = 'all' | 'table' | 'districts'

export interface HealthSearch {
  /** Id of the city; absent is the first. */
  readonly city?: string
  readonly theme?: 'day' | 'night'
}

/** Of every page: the language that it is to be read in, whatever the reader chose. */
export interface LanguageSearch {
  readonly lang?: string
}

export function readLanguageSearch({ lang }: Readonly<Record<string, unknown>>): LanguageSearch {
  return typeof lang === 'string' && /^[a-z]{2}(-[a-z0-9]{2,8})*$/i.test(lang) ? { lang } : {}
}

export function readHealthSearch(raw: Readonly<Record<string, unknown>>): HealthSearch {
  const { city } = raw
  const { theme } = readCitySearch(raw)
  return { ...(typeof city === 'string' && city !== '' && { city: city.slice(0, 64) }), ...(theme !== undefined && { theme }) }
}

/** Total: whatever came, the answer holds only what is valid. */
export function readCitySearch(raw: unknown): CitySearch {
  const parsed = v.safeParse(citySearchSchema, raw)
  if (!parsed.success) return {}
  return Object.fromEntries(Object.entries(parsed.output).filter(([, value]) => value !== undefined))
}

/** The same place in other colours; undefined leaves them to the system. */
export function withTheme(search: { readonly theme?: unknown }, theme: 'day' | 'night' | undefined): { readonly theme?: 'day' | 'night' } {
  const { theme: _, ...rest } = search
  return theme === undefined ? rest : { ...rest, theme }
}

export function instantOf({ t }: CitySearch): number | undefined {
  return t === undefined ? undefined : parseInstant(t)
}

/** To the second: a link to an instant is for people. */
export function timeParameter(ms: number): string {
  return formatInstant(Math.floor(ms / 1_000) * 1_000)
}

export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query))
}

/** Percent-encodes only what a query must, so that `sel=urn:ngsi-ld:…`, `t=2026-11-20T08:00:00Z` and `at=41.15,-8.61,12` stay readable. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${encodeURIComponent(name)}=${encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',')}`] : [],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
