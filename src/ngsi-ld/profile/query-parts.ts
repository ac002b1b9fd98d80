/**
 * One query as the questions that a broker can be asked: a type at a time where it knows no lists, long lists of ids
 * in parts where there is no query by POST or its body would be too long. Refused here is what the broker would answer
 * wrong without a word.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { entityQueryParameters, queryBody, type EntityQuery } from '../query.ts'
import type { BrokerProfile } from './profile.ts'

/** Longer addresses are cut or refused on the way (8 KB in nginx and Node, less elsewhere): then the query is a body. */
export const MAX_PARAMETERS = 4_000

/** The error is a sentence. */
export function queryParts(query: EntityQuery, profile: BrokerProfile): Result<readonly EntityQuery[], string> {
  const { name, query: rule } = profile
  if (query.geo !== undefined && rule.canSearch?.(query.geo) === false) return err(`${name} cannot search by ${query.geo.georel.kind} of a ${query.geo.geometry}`)
  if (rule.selects === 'one type') {
    const { types = [], ...rest } = query
    const misread = (Object.keys(rest) as (keyof EntityQuery)[]).filter((member) => SELECTS.has(member) && rest[member as keyof typeof rest] !== undefined)
    if (misread.length > 0 || types.length === 0) return err(`${name} can be asked for one type and nothing else, not by ${misread.join(', ') || 'no type'}`)
    return ok(types.map((type) => ({ types: [type] })))
  }
  return ok(partsOfIds(query, profile))
}

const SELECTS: ReadonlySet<keyof EntityQuery> = new Set<keyof EntityQuery>(['ids', 'idPattern', 'q', 'geo', 'scopeQ'])

function partsOfIds(query: EntityQuery, profile: BrokerProfile): readonly EntityQuery[] {
  const { query: rule, maxBodyBytes = Infinity } = profile
  const { ids } = query
  if (ids === undefined || ids.length < 2) return [query]
  const size = rule.hasPostQuery
    ? entityQueryParameters(query, rule).length <= MAX_PARAMETERS ? 0 : utf8Bytes(JSON.stringify(queryBody(query))) / maxBodyBytes
    : entityQueryParameters(query, rule).length / MAX_PARAMETERS
  if (size <= 1) return [query]
  const half = Math.ceil(ids.length / 2)
  return [ids.slice(0, half), ids.slice(half)].flatMap((some) => partsOfIds({ ...query, ids: some }, profile))
}

/** Without a platform's encoder: one character is at most three bytes, two halves of a pair four. */
function utf8Bytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
