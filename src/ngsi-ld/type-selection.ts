/**
 * Choosing entities by type, id and id pattern (CIM 009 v1.9.1, 4.17 and 5.2.33).
 *
 * `A,B` and `A|B` mean one of the types, `A;B` both at once, parentheses group. A type is met by its full
 * name or by the last part of it, because who asks and who stored may have had different `@context`s.
 */
import { err, ok, type Result } from '../core/result.ts'
import type { Json } from './entity.ts'
import { shortName } from './entity.ts'
import { compilePattern, type Pattern } from './pattern.ts'

export type TypeSelection =
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly TypeSelection[] }

export interface EntitySelector {
  /** Undefined: any type (`*`). */
  readonly type?: TypeSelection
  readonly ids?: ReadonlySet<string>
  readonly idPattern?: Pattern
}

/** What a selector looks at; an `Entity` is one. */
export interface Identified {
  readonly id: string
  readonly types: readonly string[]
}

const MAX_LENGTH = 16_384
const MAX_DEPTH = 32

export function parseTypeSelection(text: string): Result<TypeSelection, string> {
  if (text.length > MAX_LENGTH) return err(`type: longer than ${MAX_LENGTH} characters`)
  const tokens = text.match(/[^,;|()\s]+|[,;|()]/g) ?? []
  let at = 0

  const choice = (depth: number): TypeSelection | undefined => series('or', [',', '|'], (inner) => series('and', [';'], one, inner), depth)
  const series = (
    kind: 'and' | 'or',
    separators: readonly string[],
    part: (depth: number) => TypeSelection | undefined,
    depth: number,
  ): TypeSelection | undefined => {
    const terms: TypeSelection[] = []
    do {
      const term = part(depth)
      if (term === undefined) return undefined
      terms.push(term)
    } while (separators.includes(tokens[at] ?? '') && ++at > 0)
    return terms.length === 1 ? terms[0]! : { kind, terms }
  }
  const one = (depth: number): TypeSelection | undefined => {
    const token = tokens[at++]
    if (token === undefined || depth > MAX_DEPTH) return undefined
    if (token === '(') {
      const inner = choice(depth + 1)
      return tokens[at++] === ')' ? inner : undefined
    }
    return /^[,;|)]$/.test(token) ? undefined : { kind: 'type', name: token }
  }

  const selection = choice(0)
  if (selection === undefined || at < tokens.length) return err(`type: expected names joined by , | ; and parentheses, got ${JSON.stringify(text.slice(0, 80))}`)
  return ok(selection)
}

export function isOfSelection(types: readonly string[], selection: TypeSelection): boolean {
  switch (selection.kind) {
    case 'type':
      return types.some((own) => isNamed(own, selection.name))
    case 'and':
      return selection.terms.every((term) => isOfSelection(types, term))
    case 'or':
      return selection.terms.some((term) => isOfSelection(types, term))
  }
}

/** Is `own` the name asked for: the same, or the same last part when asked by a short name? */
export function isNamed(own: string, asked: string): boolean {
  return own === asked || shortName(own) === asked
}

/** Reads one member of `entities` of a subscription or a query body. */
export function readSelector(json: Json): Result<EntitySelector, string> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return err('entities: expected objects with a type')
  const { type, id, idPattern } = json as { readonly [name: string]: Json }
  const selector: { type?: TypeSelection; ids?: ReadonlySet<string>; idPattern?: Pattern } = {}
  const typeText = Array.isArray(type) ? type.join(',') : type
  if (typeof typeText !== 'string' || typeText === '') return err('entities.type: expected a type or *')
  if (typeText !== '*') {
    const parsed = parseTypeSelection(typeText)
    if (!parsed.ok) return err(`entities.${parsed.error}`)
    selector.type = parsed.value
  }
  if (id !== undefined) {
    const ids = typeof id === 'string' ? id.split(',') : id
    if (!Array.isArray(ids) || !ids.every((one) => typeof one === 'string' && one !== '')) return err('entities.id: expected a URI or an array of them')
    selector.ids = new Set(ids as string[])
  }
  if (idPattern !== undefined) {
    if (typeof idPattern !== 'string') return err('entities.idPattern: expected a regular expression')
    const compiled = compilePattern(idPattern)
    if (!compiled.ok) return err(`entities.idPattern: ${compiled.error}`)
    selector.idPattern = compiled.value
  }
  return ok(selector)
}

/** Is the entity met by one of the selectors? An id outranks a pattern (5.2.33). */
export function matchesSelector(entity: Identified, selectors: readonly EntitySelector[]): boolean {
  return selectors.some(
    ({ type, ids, idPattern }) =>
      (type === undefined || isOfSelection(entity.types, type)) &&
      (ids === undefined ? idPattern === undefined || idPattern.test(entity.id) : ids.has(entity.id)),
  )
}
