/**
 * Reads NGSI-LD entities of any representation into `Entity`: normalized, concise, simplified
 * (keyValues) and GeoJSON (CIM 009 v1.9.1, 4.5.1 to 4.5.5, 4.5.16). It is total: it never throws.
 *
 * Three rules decide what bad input costs:
 * - An item without id or type is not an entity: it is rejected, its neighbours are read.
 * - An attribute that cannot be read is left out of its entity and reported with its path;
 *   the entity is kept.
 * - Beyond a limit of `DecodeOptions` the surplus is left out and reported; nothing is cut in silence.
 */
import { err, ok, type Result } from '../core/result.ts'
import type { EpochMs } from '../core/time/instant.ts'
import { NGSI_LD_NULL, type Attribute, type Entity } from './entity.ts'
import { coreName, declaredKind, instantOf, readAttribute } from './decode-attribute.ts'
import { asList, DecodeRun, isObject, own, shown, single, type DecodeOptions, type Rejection, type UnknownObject } from './decode-run.ts'

export type { DecodeOptions, Rejection } from './decode-run.ts'

export interface Decoded {
  readonly ok: Entity[]
  /** Items that are no entities, and attributes that their entities lack now. */
  readonly rejected: Rejection[]
}

/** Reads one entity, a list of them, a Feature or a FeatureCollection. */
export function decodeEntities(payload: unknown, options?: DecodeOptions): Decoded {
  const run = new DecodeRun(options)
  const entities: Entity[] = []
  const list = listIn(payload)
  const { maxEntities } = run.limits
  const items = list ?? [payload]
  if (items.length > maxEntities) run.reject(`expected at most ${maxEntities} entities, got ${items.length}: the rest is left out`)
  for (let index = 0; index < Math.min(items.length, maxEntities); index++) {
    const entity = readEntity(run, items[index], list === undefined ? undefined : index)
    if (entity !== undefined) entities.push(entity)
  }
  return { ok: entities, rejected: run.rejections() }
}

/**
 * Reads one entity. Attributes that could not be read are missing from it; who wants to hear of them
 * uses `decodeEntities`, which takes a single entity too.
 */
export function decodeEntity(json: unknown, options?: DecodeOptions): Result<Entity, Rejection> {
  const run = new DecodeRun(options)
  const entity = readEntity(run, json, undefined)
  return entity === undefined ? err(run.rejected[0] ?? { id: '', path: '', reason: 'expected an entity' }) : ok(entity)
}

/** Reads the entities of a list one by one, for who has only some of them as JSON: the same as `decodeEntities` of the whole list. */
export function createEntityReader(options?: DecodeOptions): { read(json: unknown, index: number): Entity | undefined; rejections(): readonly Rejection[] } {
  const run = new DecodeRun(options)
  return { read: (json, index) => readEntity(run, json, index), rejections: () => run.rejections() }
}

function listIn(payload: unknown): readonly unknown[] | undefined {
  if (Array.isArray(payload)) return payload
  const isCollection = isObject(payload) && own(payload, 'type') === 'FeatureCollection' && Object.hasOwn(payload, 'features')
  return isCollection ? asList(payload['features']) : undefined
}

function readEntity(run: DecodeRun, json: unknown, index: number | undefined): Entity | undefined {
  run.id = ''
  run.nodes = 0
  run.path.length = 0
  if (index !== undefined) run.path.push(index)
  if (!isObject(json)) return run.reject(`expected an entity, got ${shown(json)}`)
  const isFeature = own(json, 'type') === 'Feature' && (Object.hasOwn(json, 'properties') || Object.hasOwn(json, 'geometry'))
  const id = single(own(json, 'id') ?? own(json, '@id'))
  if (typeof id !== 'string' || id === '' || id === NGSI_LD_NULL) return run.reject(`expected the URI of an entity, got ${shown(id)}`, 'id')
  if (id.length > run.limits.maxNameLength) return run.reject(`expected an id of at most ${run.limits.maxNameLength} characters, got ${id.length}`, 'id')
  // From here on the id says which entity it is, so paths start at its attributes.
  run.id = id
  run.path.length = 0
  return isFeature ? readFeature(run, id, json) : readMembers(run, id, json)
}

function readFeature(run: DecodeRun, id: string, feature: UnknownObject): Entity | undefined {
  const properties = own(feature, 'properties')
  if (!isObject(properties)) return run.reject(`expected an object, got ${shown(properties)}`, 'properties')
  run.path.push('properties')
  const entity = readMembers(run, id, properties)
  run.path.length = 0
  const geometry = own(feature, 'geometry')
  if (entity === undefined || geometry === undefined || geometry === null) return entity
  // The geometry repeats a GeoProperty of the entity (4.5.16). One that does not is the location:
  // data model examples have it there only, some of them dressed as a GeoProperty.
  if (entity.attributes.has('location')) return entity
  run.path.push('geometry')
  const isAttribute = isObject(geometry) && declaredKind(geometry) !== undefined
  const location = readAttribute(run, isAttribute ? geometry : { type: 'GeoProperty', value: geometry })
  run.path.length = 0
  if (location.length === 0 || location.some((instance) => hasGeometry(entity, instance))) return entity
  return { ...entity, attributes: new Map([...entity.attributes, ['location', location]]) }
}

function hasGeometry(entity: Entity, geometry: Attribute): boolean {
  if (geometry.kind !== 'GeoProperty') return false
  const coordinates = JSON.stringify(geometry.geometry.coordinates)
  return [...entity.attributes.values()].flat().some((own) => own.kind === 'GeoProperty' && JSON.stringify(own.geometry.coordinates) === coordinates)
}

function readMembers(run: DecodeRun, id: string, json: UnknownObject): Entity | undefined {
  const types = textsOf(own(json, 'type') ?? own(json, '@type') ?? (run.limits.typeFromId ? typeInId(id) : undefined))
  if (types === undefined || types.length === 0) return run.reject(`expected the entity's type, got ${shown(own(json, 'type'))}`, 'type')
  if (!types.every((type) => run.allowsName(type))) return undefined
  const times: { createdAt?: EpochMs; modifiedAt?: EpochMs; deletedAt?: EpochMs; expiresAt?: EpochMs } = {}
  const attributes = new Map<string, readonly Attribute[]>()
  let scopes: readonly string[] = []
  for (const key of Object.keys(json)) {
    const name = coreName(key)
    switch (name) {
      case 'id':
      case '@id':
      case 'type':
      case '@type':
      case '@context':
        break
      case 'createdAt':
      case 'modifiedAt':
      case 'deletedAt':
      case 'expiresAt': {
        const instant = instantOf(json[key])
        if (instant === undefined) run.reject(`expected ISO 8601 with a zone, got ${shown(json[key])}`, name)
        else times[name] = instant
        break
      }
      case 'scope': {
        const texts = textsOf(unwrappedScope(json[key]))
        if (texts === undefined) run.reject(`expected a scope such as "/city/centre", got ${shown(json[key])}`, name)
        else scopes = texts
        break
      }
      default:
        if (attributes.size >= run.limits.maxAttributes) {
          run.reject(`expected at most ${run.limits.maxAttributes} attributes, got more: it is left out`, key.slice(0, 100))
        } else if (run.allowsName(key)) {
          run.path.push(key)
          const instances = readAttribute(run, json[key])
          run.path.pop()
          if (instances.length > 0) attributes.set(key, instances)
        }
    }
  }
  return { id, types, scopes, attributes, ...times }
}

function typeInId(id: string): string | undefined {
  return /^urn:ngsi-ld:([^:]+):./.exec(id)?.[1]
}

// Temporal documents have the scope as a Property.
function unwrappedScope(json: unknown): unknown {
  const value = single(json)
  return isObject(value) ? own(value, 'value') : value
}

function textsOf(json: unknown): readonly string[] | undefined {
  const texts = asList(json)
  return texts.every((text): text is string => typeof text === 'string') ? texts : undefined
}
