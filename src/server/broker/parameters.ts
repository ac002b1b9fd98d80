/**
 * Query parameters, read strictly: one that the operation does not know, one given twice or one that does
 * not parse is a 400. What a client believes it asked for is what it gets, or it hears so.
 */
import type { View } from './representation.ts'
import { badRequest, Refusal } from './refusal.ts'
import type { BrokerLimits } from './limits.ts'

export interface Page {
  readonly offset: number
  readonly limit: number
  readonly count: boolean
}

/** Parameters of a page, of a representation, and of a choice of entities. */
export const PAGE_PARAMETERS = ['limit', 'offset', 'count', 'options'] as const
export const VIEW_PARAMETERS = ['attrs', 'pick', 'omit', 'options', 'format', 'lang', 'datasetId', 'geometryProperty'] as const
export const FILTER_PARAMETERS = ['id', 'type', 'idPattern', 'attrs', 'q', 'georel', 'geometry', 'coordinates', 'geoproperty', 'scopeQ', 'local'] as const
/** Known to the standard, not to this broker (no federation, no linked retrieval). */
const UNSUPPORTED = new Set(['csf', 'join', 'joinLevel', 'containedBy', 'entityMap', 'entityMapLifetime', 'splitEntities', 'jsonKeys', 'expandValues', 'via', 'orderBy', 'collapse'])

export class Parameters {
  readonly #values = new Map<string, string>()

  constructor(query: string) {
    try {
      decodeURIComponent(query.replaceAll('+', ' '))
    } catch {
      throw new Refusal('InvalidRequest', 'the query string is not percent-encoded UTF-8')
    }
    for (const [name, value] of new URLSearchParams(query)) {
      if (this.#values.has(name)) throw new Refusal('InvalidRequest', `parameter ${name} is given twice`)
      this.#values.set(name, value)
    }
  }

  /** 400 for every name that is not among these; 422 for what only larger brokers do. */
  allow(...known: readonly (readonly string[])[]): void {
    const names = new Set(known.flat())
    for (const [name, value] of this.#values) {
      if (names.has(name)) continue
      if (name === 'join' && value === 'none') continue
      if (UNSUPPORTED.has(name)) throw new Refusal('OperationNotSupported', `parameter ${name} is not supported`)
      throw new Refusal('InvalidRequest', `parameter ${JSON.stringify(name.slice(0, 80))} is not known here`)
    }
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name)
    if (value === '') throw badRequest(`parameter ${name} is empty`)
    return value
  }

  list(name: string): readonly string[] | undefined {
    const items = this.text(name)?.split(',').map((item) => item.trim())
    if (items?.includes('') === true) throw badRequest(`parameter ${name}: expected names joined by commas`)
    return items
  }

  flag(name: string): boolean {
    const value = this.#values.get(name)
    if (value !== undefined && value !== 'true' && value !== 'false') throw badRequest(`parameter ${name}: expected true or false`)
    return value === 'true'
  }

  integer(name: string, { min, max = Number.MAX_SAFE_INTEGER }: { readonly min: number; readonly max?: number }): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    if (!(number >= min && number <= max)) throw badRequest(`parameter ${name}: expected a whole number from ${min}${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}, got ${JSON.stringify(value.slice(0, 20))}`)
    return number
  }

  /** `options`, checked against what the operation offers. */
  options(...known: readonly string[]): ReadonlySet<string> {
    const options = this.list('options') ?? []
    const unknown = options.find((option) => !known.includes(option))
    if (unknown !== undefined) throw badRequest(`options: ${JSON.stringify(unknown.slice(0, 40))} is not known here; known are ${known.join(', ')}`)
    return new Set(options)
  }

  page(limits: BrokerLimits): Page {
    const count = this.flag('count') || (this.list('options') ?? []).includes('count')
    const limit = this.integer('limit', { min: 0 }) ?? limits.defaultPage
    if (limit > limits.page) throw new Refusal('TooManyResults', `limit: at most ${limits.page}`)
    if (limit === 0 && !count) throw badRequest('limit: 0 only makes sense with count=true')
    return { limit, offset: this.integer('offset', { min: 0 }) ?? 0, count }
  }

  view(): View {
    const options = this.options('normalized', 'concise', 'keyValues', 'simplified', 'sysAttrs', 'count')
    const asked = this.text('format') ?? [...options].find((option) => option !== 'sysAttrs' && option !== 'count') ?? 'normalized'
    const [attrs, pick, omit] = [this.list('attrs'), this.list('pick'), this.list('omit')]
    if (attrs !== undefined && (pick !== undefined || omit !== undefined)) throw badRequest('attrs does not go together with pick or omit')
    if (pick?.some((name) => omit?.includes(name) === true) === true) throw badRequest('pick and omit name the same member')
    const datasets = this.list('datasetId')
    return { format: formatOf(asked), sysAttrs: options.has('sysAttrs'), attrs, pick, omit, language: this.text('lang'), datasets: datasets === undefined ? undefined : new Set(datasets) }
  }

  /** The query string again, at another offset: for Link. */
  at(offset: number, limit: number): string {
    const next = new URLSearchParams([...this.#values])
    next.set('limit', String(limit))
    next.set('offset', String(offset))
    return next.toString()
  }
}

export function formatOf(name: string): View['format'] {
  switch (name) {
    case 'normalized':
    case 'concise':
    case 'simplified':
      return name
    case 'keyValues':
      return 'simplified'
    default:
      throw badRequest(`format: expected normalized, concise, simplified or keyValues, got ${JSON.stringify(name.slice(0, 40))}`)
  }
}
