/**
 * A number in one sentence, and what must be known to trust it in a few short ones more.
 *
 * English, and with `details.ts` the only place of an explanation that has words: another language is
 * another such pair of files.
 */
import type { Across } from '../core/stats/across.ts'
import { ACROSS_METHODS } from '../core/stats/across-methods.ts'
import { usualInstant } from '../core/stats/usual.ts'
import { HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import { localHourAt } from '../core/time/local-hour.ts'
import type { DayType } from '../core/time/zone.ts'
import { resolutionOf, standingOf } from '../domains/standing.ts'
import { formatDuration, formatWhen } from '../ui/words/age.ts'
import { formatClock } from '../ui/words/clock.ts'
import { formatNumber, formatQuantity } from '../ui/words/number.ts'
import { nearestLimit, type ExplainInput, type Facts, type LimitFact, type NeighbourFact } from './facts.ts'
import { acrossOf, OUT_REASONS, type OutReason } from './members.ts'

/** As the list of sensors says them. */
export const OUT_WORDS: Readonly<Record<OutReason, string>> = {
  stale: 'late',
  lost: 'lost',
  'clock-error': 'with a wrong clock',
  implausible: 'implausible',
  nothing: 'with nothing measured in the window',
  silent: 'never heard of',
  'too-few': 'too few to show',
  other: 'giving another measure',
}

const OUT_SENTENCES: Readonly<Record<OutReason, string>> = {
  stale: 'It is late and does not count in its cell or in the city’s number.',
  lost: 'It is lost and does not count in its cell or in the city’s number.',
  'clock-error': 'Its clock is wrong, so it does not count in its cell or in the city’s number.',
  implausible: 'The value is outside what is possible, so it does not count in its cell or in the city’s number.',
  nothing: 'Nothing was measured in the window, so it does not count in its cell or in the city’s number.',
  silent: 'It has never reported.',
  'too-few': 'Fewer contributed than the privacy floor asks for, or nobody; it counts nowhere.',
  other: 'It gives another measure, and does not count here.',
}

const DAY_WORDS: Readonly<Record<DayType, string>> = { workday: 'a workday', saturday: 'a Saturday', sunday: 'a Sunday or holiday' }

/** "Noise in Porto is 61 dB(A) over the last 15 min, the energetic mean of 37 of 42 sensors." */
export function sentenceOf(input: ExplainInput, facts: Facts): string {
  const { model, format, subject } = input
  const { quantity } = model
  const { value, isLastReading, members } = facts
  const place = placeOf(input)
  if (value === undefined) return `${quantity} ${place} has no value: ${whyNone(input, facts)}.`
  if (isLastReading) return `${quantity} ${place} was ${format(value)} in the last reading${classWords(facts, format)}.`
  const made = subject.kind === 'sensor' ? '' : `, ${madeOf(members.counted, members.known - members.out.other - members.out['too-few'], acrossOf(model, subject))}`
  return `${quantity} ${place} is ${format(value)} ${windowWords(input)}${usualWords(input, value)}${classWords(facts, format)}${made}.`
}

/** What follows the sentence, each a sentence of its own; the most important first. */
export function trustOf(input: ExplainInput, facts: Facts): readonly string[] {
  const { subject, city, frame, usual } = input
  const seen = { nowMs: input.nowMs, timeZone: city.timeZone, isHistory: input.isHistory }
  const sentences: string[] = []
  if (facts.neighbours !== undefined && facts.neighbours.compared > 0) sentences.push(neighbourWords(facts.neighbours))
  if (facts.out !== undefined && facts.out !== 'other' && facts.out !== 'silent') sentences.push(OUT_SENTENCES[facts.out])
  const nearest = nearestLimit(facts.limits)
  if (nearest !== undefined) sentences.push(limitWords(input, nearest))
  if (usual !== undefined && 'missing' in usual) sentences.push(`No usual yet: ${usual.missing.have} of ${usual.missing.need} days.`)
  const left = subject.kind === 'sensor' ? '' : outWords(facts.members.out)
  if (left !== '' && facts.value !== undefined) sentences.push(`Not counted: ${left}.`)
  const newestMs = subject.kind === 'sensor' ? frame.observedAtMs[subject.row] : subject.kind === 'city' ? frame.total.newestMs : undefined
  if (newestMs !== undefined && !Number.isNaN(newestMs)) sentences.push(`${subject.kind === 'sensor' ? 'Last reading' : 'Newest reading'} ${formatWhen(newestMs, seen)}.`)
  if (city.isSimulated) sentences.push('Simulated: no sensor measured it.')
  return sentences
}

/** "2 late, 1 lost"; empty when none is out. Those that give another measure are no loss. */
export function outWords(out: Readonly<Record<OutReason, number>>): string {
  return OUT_REASONS.filter((reason) => reason !== 'other' && out[reason] > 0)
    .map((reason) => `${formatNumber(out[reason])} ${OUT_WORDS[reason]}`)
    .join(', ')
}

/** "7 dB(A)", without a sign. */
export function differenceWords({ model }: Pick<ExplainInput, 'model'>, difference: number): string {
  const decimals = model.measures.find(({ id }) => id === model.headline)?.decimals ?? 0
  return formatQuantity(Math.abs(difference), decimals, model.legend.unit)
}

export function nameOf({ frame, roster, subject }: ExplainInput): string {
  if (subject.kind !== 'sensor' || subject.row >= frame.count) return ''
  const id = roster.ids[subject.row] ?? ''
  const name = roster.names[subject.row] ?? ''
  // What is left of a URN that a person can use: its last part.
  return name === '' || name === id ? (id.replace(/^urn:ngsi-ld:/i, '').split(':').at(-1) ?? id) : name
}

function placeOf(input: ExplainInput): string {
  switch (input.subject.kind) {
    case 'city':
      return `in ${input.city.name}`
    case 'district':
      return `in ${districtWords(input, input.subject.district)}`
    case 'cell':
      return 'in this cell'
    case 'sensor':
      return `at ${nameOf(input)}`
  }
}

/** "Bonfim, Porto"; a sector is called one. At 0 those in none. */
function districtWords({ city: { name, districts } }: Pick<ExplainInput, 'city'>, district: number): string {
  const own = districts?.names[district - 1]
  if (own === undefined) return `no district of ${name}`
  return districts?.kind === 'sectors' ? `the sector ${own} of ${name}` : `${own}, ${name}`
}

function whyNone({ subject, model }: ExplainInput, { members, out }: Facts): string {
  if (members.known === 0) return 'no sensor is known'
  if (subject.kind === 'sensor') return out === 'silent' ? 'it has never reported' : out === 'too-few' ? 'too few contributed to show it' : out === 'other' ? 'it gives another measure' : out === 'implausible' ? 'what it says is outside what is possible' : `nothing was measured in ${formatDuration(model.windowMs)}`
  if (members.out.other === members.known) return members.known === 1 ? 'its one sensor gives another measure' : `its ${formatNumber(members.known)} sensors give another measure`
  const able = members.known - members.out.other - members.out['too-few']
  const who = able === 1 ? 'its one sensor does not count' : `none of its ${formatNumber(able)} sensors counts`
  return `${who} (${outWords(members.out)})`
}

/** "over the last 15 min"; in history up to the instant. */
function windowWords({ model, isHistory, nowMs, city }: ExplainInput): string {
  const length = model.windowMs === HOUR_MS ? 'hour' : lengthWords(model.windowMs)
  return isHistory ? `over the ${length} before ${formatClock(nowMs, city.timeZone)}` : `over the last ${length}`
}

/** Left out where the value is its class already: "Fair", class Fair. */
function classWords({ class: found, value }: Facts, format: ExplainInput['format']): string {
  return found === undefined || value === undefined || format(value) === found.label ? '' : ` (class ${found.label})`
}

function madeOf(counted: number, able: number, across: Across): string {
  const { name } = ACROSS_METHODS[across]
  if (counted === 1 && able === 1) return 'from its one sensor'
  return counted === able ? `the ${name} of all ${formatNumber(able)} sensors` : `the ${name} of ${formatNumber(counted)} of ${formatNumber(able)} sensors`
}

function usualWords(input: ExplainInput, value: number): string {
  const { usual, frame, city, model } = input
  if (usual === undefined || 'missing' in usual) return ''
  const { hour, dayType } = localHourAt(usualInstant(model, frame.atMs), city.timeZone)
  const when = `usual for ${DAY_WORDS[dayType]} at ${hour}`
  // By the rule of tile and map, so that none of the three says otherwise.
  const standing = standingOf(value, usual, resolutionOf(model))
  if (Math.abs(standing) <= 1) return `, as ${when}`
  const side = standing > 0 ? 'above' : 'below'
  // A class in words has no distance to another.
  return model.legend.unit === '' ? `, ${side} ${when}` : `, ${differenceWords(input, value - usual.median)} ${side} ${when}`
}

function neighbourWords({ compared, agreeing, withinM }: NeighbourFact): string {
  const within = `within ${withinM >= 1_000 ? formatQuantity(withinM / 1_000, 0, 'km') : formatQuantity(withinM, 0, 'm')}`
  if (compared === 1) return agreeing === 1 ? `Its one neighbour ${within} shows much the same, so it is probably real.` : `Its one neighbour ${within} shows something else: it may be local, or wrong.`
  if (agreeing === 0) return `None of ${formatNumber(compared)} neighbours ${within} shows the same: it may be local, or wrong.`
  const some = agreeing === compared ? `All ${formatNumber(compared)} neighbours` : `${formatNumber(agreeing)} of ${formatNumber(compared)} neighbours`
  const verb = agreeing === 1 ? 'shows' : 'show'
  return 2 * agreeing > compared ? `${some} ${within} ${verb} much the same, so it is probably real.` : `Only ${some} ${within} ${verb} much the same: it may be local.`
}

/** "15 min", "24 h": a window is not called a day, which begins at midnight. */
function lengthWords(windowMs: number): string {
  return windowMs % HOUR_MS === 0 ? formatQuantity(windowMs / HOUR_MS, 0, 'h') : formatQuantity(windowMs / MINUTE_MS, 0, 'min')
}

function limitWords(input: ExplainInput, { limit, excess }: LimitFact): string {
  const { label, value, binds, source } = limit
  const line = `${input.format(value)} of “${label}”`
  const doubt = source.confirmed ? '' : ', a figure not confirmed'
  const side = excess > 0 ? 'above' : 'below'
  const is = excess === 0 ? `It is at the ${line}${doubt}` : `It is ${differenceWords(input, excess)} ${side} the ${line}${doubt}`
  return binds === undefined ? `${is}.` : `${is}; that binds ${binds}${excess > 0 ? `, so ${lengthWords(input.model.windowMs)} above it are no breach` : ''}.`
}
