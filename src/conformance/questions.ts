/**
 * What a broker is asked, in rounds: what it has, a sample of that, then questions about one entity of the sample. All are
 * reads, each of a few entities. No question names a host: the checks go where the configuration points and nowhere else.
 */
import { isObject, own } from '../ngsi-ld/decode-run.ts'
import { shortName } from '../ngsi-ld/entity.ts'
import { attributesOf, entitiesIn, type Exchange, type JsonEntity } from './exchange.ts'

export interface Question {
  readonly id: string
  /** Below `/ngsi-ld/v1`, with the query. */
  readonly target: string
  readonly accept: 'application/json' | 'application/ld+json'
  /** Without the configured `@context`: then names come as the broker expanded them. */
  readonly isBare?: boolean
}

export interface Scope {
  /** Entity types that are of interest; of the rest only what comes first is looked at. */
  readonly types: readonly string[]
  /** Types that are about people: nothing of them is asked. */
  readonly isPersonal: (type: string) => boolean
  readonly nowMs: number
  readonly earlierIds?: readonly string[]
}

const SAMPLED_TYPES = 4
const SAMPLE = 20
const EARLIER = 3
/** Nobody measures here: 85° south. */
const FAR_AWAY = encodeURIComponent('[0,-85]')
const NOBODY = 'urn:ngsi-ld:Device:asked-by-belvedere'

export function firstQuestions(): readonly Question[] {
  return [ask('types', '/types'), ask('nobody', `/entities/${NOBODY}`)]
}

/** A few of each type; types of interest that the broker says it has come first. */
export function sampleQuestions(exchanges: ReadonlyMap<string, Exchange>, { types, isPersonal, earlierIds = [] }: Scope): readonly Question[] {
  const there = typesIn(exchanges.get('types'))
  const known = there.length === 0 ? types : [...there.filter((type) => types.includes(shortName(type))), ...there.filter((type) => !types.includes(shortName(type)))]
  const sampled = known.filter((type) => !isPersonal(type)).slice(0, SAMPLED_TYPES)
  return [
    ...sampled.map((type) => ask(`sample:${type}`, `/entities?type=${encodeURIComponent(type)}&limit=${SAMPLE}`)),
    ...earlierIds.slice(0, EARLIER).map((id) => ask(`earlier:${id}`, `/entities/${encodeURIComponent(id)}`)),
  ]
}

/** About one entity of the sample: the one with most attributes. */
export function closerQuestions(exchanges: ReadonlyMap<string, Exchange>, { isPersonal, nowMs }: Scope): readonly Question[] {
  const found = [...exchanges].flatMap(([id, exchange]) => (id.startsWith('sample:') ? entitiesIn(exchange).map((entity) => ({ entity, type: id.slice('sample:'.length) })) : []))
  const [best] = found.toSorted((a, b) => attributesOf(b.entity).length - attributesOf(a.entity).length)
  if (best === undefined) return []
  const { entity, type } = best
  const path = `/entities/${encodeURIComponent(entity.id)}`
  const list = `/entities?type=${encodeURIComponent(type)}&limit=5`
  const number = numericAttribute(entity)
  const related = found.map(({ entity: one }) => relatedTo(one)).find((id) => id !== undefined && !isPersonal(typeOfId(id)))
  return [
    ask('again', path),
    ask('linked', path, { accept: 'application/ld+json' }),
    ask('bare', path, { isBare: true }),
    ask('temporal', `/temporal${path}?timerel=before&timeAt=${encodeURIComponent(new Date(nowMs).toISOString())}&lastN=1&timeproperty=observedAt`),
    ask('geo', `${list}&geoproperty=location&georel=near%3BmaxDistance%3D%3D1000&geometry=Point&coordinates=${FAR_AWAY}`),
    ...(number === undefined ? [] : [ask('attrs', `${list}&attrs=${encodeURIComponent(number)}`), ask('q', `${list}&q=${encodeURIComponent(`${number}<-1000000000`)}`)]),
    ...(related === undefined ? [] : [ask('related', `/entities/${encodeURIComponent(related)}`)]),
  ]
}

/** Names that a list of types gives, in any of its spellings. */
export function typesIn(exchange: Exchange | undefined): readonly string[] {
  const { status, json } = exchange ?? {}
  if (status === undefined || status >= 300) return []
  const list = isObject(json) ? (own(json, 'typeList') ?? own(json, 'items')) : json
  if (typeof list === 'string') return [list]
  if (!Array.isArray(list)) return []
  return list.flatMap((one: unknown) => {
    const name = isObject(one) ? (own(one, 'typeName') ?? own(one, 'id')) : one
    return typeof name === 'string' ? [name] : []
  })
}

export function relatedTo(entity: JsonEntity): string | undefined {
  for (const [, attribute] of attributesOf(entity)) {
    const object = own(attribute, 'object')
    const first: unknown = Array.isArray(object) ? object[0] : object
    if (typeof first === 'string' && first !== '') return first
  }
  return undefined
}

function numericAttribute(entity: JsonEntity): string | undefined {
  // What does not come through a URL and a query unharmed is left alone.
  return attributesOf(entity).find(([name, attribute]) => typeof own(attribute, 'value') === 'number' && /^[A-Za-z][A-Za-z0-9_]*$/.test(name))?.[0]
}

/** `urn:ngsi-ld:Type:…` names the type by convention (CIM 009, annex A.3). */
function typeOfId(id: string): string {
  return id.split(':')[2] ?? ''
}

function ask(id: string, target: string, more: { readonly accept?: Question['accept']; readonly isBare?: boolean } = {}): Question {
  return { id, target, accept: 'application/json', ...more }
}
