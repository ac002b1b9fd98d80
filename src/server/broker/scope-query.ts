/**
 * Scope queries (CIM 009 v1.9.1, 4.19): `/city/centre`, `/city/+/noise`, `/city/#`, joined by `;` (and),
 * `,` or `|` (or) and parentheses. An entity meets a scope when one of its own does.
 */
import { badRequest } from './refusal.ts'

export type ScopeQuery = { readonly kind: 'scope'; readonly steps: readonly string[] } | { readonly kind: 'and' | 'or'; readonly terms: readonly ScopeQuery[] }

export function parseScopeQuery(text: string): ScopeQuery {
  const tokens = text.match(/[^,;|()\s]+|[,;|()]/g) ?? []
  let at = 0
  const refuse = () => badRequest(`scopeQ: expected scopes such as /city/# joined by ; , | and parentheses, got ${JSON.stringify(text.slice(0, 80))}`)
  if (text.length > 4_096) throw refuse()
  const series = (kind: 'and' | 'or', isSeparator: (token: string | undefined) => boolean, part: (depth: number) => ScopeQuery, depth: number): ScopeQuery => {
    const terms = [part(depth)]
    while (isSeparator(tokens[at])) {
      at++
      terms.push(part(depth))
    }
    return terms.length === 1 ? terms[0]! : { kind, terms }
  }
  const choice = (depth: number): ScopeQuery => series('or', (token) => token === ',' || token === '|', all, depth)
  const all = (depth: number): ScopeQuery => series('and', (token) => token === ';', one, depth)
  const one = (depth: number): ScopeQuery => {
    const token = tokens[at++]
    if (token === undefined || depth > 32) throw refuse()
    if (token === '(') {
      const inner = choice(depth + 1)
      if (tokens[at++] !== ')') throw refuse()
      return inner
    }
    const steps = token.split('/')
    const isScope = steps.shift() === '' && steps.length > 0 && steps.every((step, index) => step !== '' && (step !== '#' || index === steps.length - 1))
    if (!isScope) throw refuse()
    return { kind: 'scope', steps }
  }
  const query = choice(0)
  if (at < tokens.length) throw refuse()
  return query
}

export function isInScope(scopes: readonly string[], query: ScopeQuery): boolean {
  switch (query.kind) {
    case 'and':
      return query.terms.every((term) => isInScope(scopes, term))
    case 'or':
      return query.terms.some((term) => isInScope(scopes, term))
    case 'scope':
      return scopes.some((scope) => isUnder(scope.split('/').filter((step) => step !== ''), query.steps))
  }
}

function isUnder(scope: readonly string[], steps: readonly string[]): boolean {
  const open = steps.at(-1) === '#'
  const fixed = open ? steps.slice(0, -1) : steps
  if (open ? scope.length < fixed.length : scope.length !== fixed.length) return false
  return fixed.every((step, index) => step === '+' || step === scope[index])
}
