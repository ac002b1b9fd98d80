/**
 * One run of a decoder: its limits, where it stands in the document, and what it refused.
 *
 * What comes from outside is `unknown` and may be hostile: every loop and every recursion of the
 * decoder asks this run first, so work and memory grow with the limits and never with the nesting.
 */
import { NGSI_LD_NULL, type Json } from './entity.ts'

/** Something that was left out, and why. The entity around it may well have been kept. */
export interface Rejection {
  /** Id of the entity, empty when it has none. */
  readonly id: string
  /** Where: `LAeq.observedAt` within the entity, `[3].id` when the entity is unknown; empty for the whole. */
  readonly path: string
  /** What was expected and what came. */
  readonly reason: string
}

/** Bounds against hostile input. Beyond one, the surplus is left out and a rejection says so. */
export interface DecodeOptions {
  /** Entities of one payload. Default 50 000: fifty times the largest page a broker gives. */
  readonly maxEntities?: number
  /** Attributes of one entity, and sub-attributes of one attribute. Default 1 000. */
  readonly maxAttributes?: number
  /** Instances (datasets) of one attribute. Default 1 000. */
  readonly maxInstances?: number
  /** Levels of attributes: 1 = no sub-attributes. Default 6; real payloads have 3. */
  readonly maxSubDepth?: number
  /** Nesting of a JSON value; a MultiPolygon needs 5. Default 32. */
  readonly maxJsonDepth?: number
  /** JSON values (numbers, texts, objects, …) in one entity. Default 250 000: a polygon of 80 000 corners. */
  readonly maxJsonNodes?: number
  /** UTF-16 units of one text. Default 100 000. */
  readonly maxTextLength?: number
  /** UTF-16 units of an id, type, name or key. Default 2 048. */
  readonly maxNameLength?: number
  /** Rejections listed one by one; one more counts the rest. Default 1 000. */
  readonly maxRejections?: number
  /**
   * Take a missing type from an id of the form `urn:ngsi-ld:<Type>:…` (CIM 009, annex A.3)? Default no.
   * Notifications are read so: Djane leaves the type out of them.
   */
  readonly typeFromId?: boolean
}

export type DecodeLimits = Required<DecodeOptions>

export const DEFAULT_LIMITS: DecodeLimits = {
  maxEntities: 50_000,
  maxAttributes: 1_000,
  maxInstances: 1_000,
  maxSubDepth: 6,
  maxJsonDepth: 32,
  maxJsonNodes: 250_000,
  maxTextLength: 100_000,
  maxNameLength: 2_048,
  maxRejections: 1_000,
  typeFromId: false,
}

export type UnknownObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is UnknownObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of the object itself: `constructor` and what else a prototype brings is not there. */
export function own(object: UnknownObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** JSON-LD writes a list of one as its only element: undo that. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

/** The other way round: a list of one is its element. */
export function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

export function isDeletion(value: unknown): boolean {
  return single(value) === NGSI_LD_NULL
}

/** A value in a message: short, and of any type. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)
    case 'undefined':
      return 'nothing'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
    case 'function':
      return 'a function'
    default:
      return String(value)
  }
}

export class DecodeRun {
  readonly limits: DecodeLimits
  readonly rejected: Rejection[] = []
  /** Of the entity being read. */
  id = ''
  /** JSON values seen in the entity being read. */
  nodes = 0
  readonly path: (string | number)[] = []
  private unlisted = 0

  constructor(options: DecodeOptions = {}, defaults: DecodeLimits = DEFAULT_LIMITS) {
    this.limits = { ...defaults, ...options }
  }

  /** Notes what is left out, at the current path or below it. Gives undefined, for `return run.reject(…)`. */
  reject(reason: string, ...below: readonly (string | number)[]): undefined {
    if (this.rejected.length >= this.limits.maxRejections) this.unlisted++
    else this.rejected.push({ id: this.id, path: pathText([...this.path, ...below]), reason })
    return undefined
  }

  /** Everything that was refused, with one entry that counts what was not listed. */
  rejections(): Rejection[] {
    if (this.unlisted === 0) return this.rejected
    return [...this.rejected, { id: '', path: '', reason: `${this.unlisted} more rejections are not listed` }]
  }

  /** Is the name non-empty and short enough? Notes it when not. */
  allowsName(name: string): boolean {
    if (name !== '' && name.length <= this.limits.maxNameLength) return true
    this.reject(name === '' ? 'expected a name, got ""' : `expected a name of at most ${this.limits.maxNameLength} characters, got ${name.length}`)
    return false
  }

  /** Counts one more JSON value of the entity. Notes when it is one too many. */
  allowsOneMore(): boolean {
    if (++this.nodes <= this.limits.maxJsonNodes) return true
    this.reject(`expected at most ${this.limits.maxJsonNodes} JSON values in an entity, got more`)
    return false
  }

  /** Is it JSON within the limits? Notes where not. */
  allowsJson(value: unknown, depth = 0): value is Json {
    if (!this.allowsOneMore()) return false
    switch (typeof value) {
      case 'boolean':
        return true
      case 'number':
        if (Number.isFinite(value)) return true
        this.reject(`expected a finite number, got ${value}`)
        return false
      case 'string':
        if (value.length <= this.limits.maxTextLength) return true
        this.reject(`expected a text of at most ${this.limits.maxTextLength} characters, got ${value.length}`)
        return false
      case 'object':
        return value === null || this.allowsMembers(value, depth)
      default:
        this.reject(`expected JSON, got ${shown(value)}`)
        return false
    }
  }

  private allowsMembers(value: object, depth: number): boolean {
    if (depth >= this.limits.maxJsonDepth) {
      this.reject(`expected at most ${this.limits.maxJsonDepth} levels of JSON, got more`)
      return false
    }
    const isList = Array.isArray(value)
    const keys = isList ? value.keys() : Object.keys(value)
    for (const key of keys) {
      if (typeof key === 'string' && key.length > this.limits.maxNameLength) {
        this.reject(`expected keys of at most ${this.limits.maxNameLength} characters, got ${key.length}`)
        return false
      }
      this.path.push(key)
      const allowed = this.allowsJson((value as Record<string | number, unknown>)[key], depth + 1)
      this.path.pop()
      if (!allowed) return false
    }
    return true
  }
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}
