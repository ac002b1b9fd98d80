/** The two tables of `docs/brokers.md`, made from the profiles. */
import type { BrokerProfile, RuleGroup, RulePart, Verified } from '../src/ngsi-ld/profile/profile.ts'
import { PROFILES } from '../src/ngsi-ld/profile/profiles.ts'

const MARKS: Readonly<Record<Verified, string>> = { live: 'live', recorded: 'rec', source: 'src' }

type Line = readonly [capability: string, group: RuleGroup, cell: (profile: BrokerProfile) => string, part?: RulePart]

const yes = (is: boolean): string => (is ? 'yes' : 'no')

const LINES: readonly Line[] = [
  ['entities in a page', 'page', ({ page }) => (page.kind === 'whole' ? 'all at once' : String(page.maxLimit))],
  ['counts', 'query', ({ query }) => yes(query.counts)],
  ['query by POST', 'query', ({ query }) => yes(query.hasPostQuery)],
  ['selects by', 'query', ({ query }) => (query.selects === 'one type' ? 'one type' : query.canSearch === undefined ? 'everything' : 'everything, few geometries')],
  ['local flag', 'query', ({ query }) => `\`${query.localFlag ?? 'local'}\``],
  ['forms asked for', 'query', ({ query }) => query.formats?.join(', ') ?? 'all'],
  ['says its types', 'query', ({ query }) => yes(query.hasTypes)],
  ['subscription', 'subscription', ({ subscription }) => (subscription.kind === 'none' ? 'none' : 'owned by the relay')],
  ['triggers named', 'subscription', ({ subscription }) => (subscription.kind === 'none' ? '–' : subscription.triggers === undefined ? 'none' : String(subscription.triggers.length))],
  ['entity by id', 'subscription', ({ subscription }) => (subscription.kind === 'none' ? '–' : subscription.selectsIdBy)],
  ['posts to', 'subscription', ({ subscription }) => (subscription.kind === 'none' ? '–' : subscription.schemes.join(', ')), 'endpoints'],
  ['repeats itself', 'subscription', ({ repeats }) => yes(repeats)],
  ['deletes are read', 'deletes', ({ transports }) => (transports[0] === 'poll' ? 'when polled' : 'as told')],
  ['history', 'temporal', ({ temporal }) => (temporal.kind === 'none' ? 'none' : temporal.forms.filter((form) => form !== 'aggregatedValues').join(', '))],
  ['aggregates', 'temporal', ({ temporal }) => yes(temporal.forms.includes('aggregatedValues'))],
  ['history elsewhere', 'temporal', ({ temporalElsewhere }) => (temporalElsewhere === undefined ? 'no' : `by ${temporalElsewhere.paging}, ${temporalElsewhere.forms.includes('aggregatedValues') ? 'aggregated' : 'not aggregated'}`)],
  ['tenant', 'tenant', ({ tenant }) => (tenant.kind === 'none' ? 'none' : tenant.lowerCase ? 'header, lower case' : 'header')],
  ['body of a request', 'query', ({ maxBodyBytes }) => (maxBodyBytes === undefined ? 'any' : `${Math.round(maxBodyBytes / 1_000_000)} MB`), 'body'],
  ['transports', 'subscription', ({ transports }) => transports.join(', '), 'endpoints'],
]

/** A broker is a column; a cell says the capability and how that was verified. */
export function capabilityTable(): string {
  const rows = LINES.map(([capability, group, cell, part]) => [capability, ...PROFILES.map((profile) => `${cell(profile)} (${MARKS[(part && profile.verified[part]) ?? profile.verified[group]]})`)])
  return table(['', ...PROFILES.map(({ id }) => id)], rows)
}

export function quirkTable(): string {
  return table(['quirk', 'what it does, and what we do', 'source', 'verified'], PROFILES.flatMap(({ quirks }) => quirks.map(({ id, says, source, verified }) => [`\`${id}\``, says, source, verified])))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
