/**
 * A number in one sentence, and what must be known to trust it in a few short ones more, in the language of the page.
 */
import type { Across } from '../core/stats/across.ts'
import { usualInstant } from '../core/stats/usual.ts'
import { HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import { localHourAt } from '../core/time/local-hour.ts'
import { resolutionOf, standingOf } from '../domains/standing.ts'
import { defineMessage, say, type Message } from '../language/say.ts'
import { acrossName } from '../ui/words/across.ts'
import { formatDuration, formatWhen } from '../ui/words/age.ts'
import { formatClock } from '../ui/words/clock.ts'
import { formatNumber, formatQuantity } from '../ui/words/number.ts'
import { nearestLimit, type ExplainInput, type Facts, type LimitFact, type NeighbourFact } from './facts.ts'
import { acrossOf, OUT_REASONS, type OutReason } from './members.ts'

const OUT_WORDS: Readonly<Record<OutReason, Message>> = {
  stale: defineMessage({ id: 'out.stale', defaultMessage: 'late' }),
  lost: defineMessage({ id: 'out.lost', defaultMessage: 'lost' }),
  'clock-error': defineMessage({ id: 'out.clockError', defaultMessage: 'with a wrong clock' }),
  implausible: defineMessage({ id: 'out.implausible', defaultMessage: 'implausible' }),
  nothing: defineMessage({ id: 'out.nothing', defaultMessage: 'with nothing measured in the window' }),
  silent: defineMessage({ id: 'out.silent', defaultMessage: 'never heard of' }),
  'too-few': defineMessage({ id: 'out.tooFew', defaultMessage: 'too few to show' }),
  other: defineMessage({ id: 'out.other', defaultMessage: 'giving another measure' }),
}

const OUT_SENTENCES: Readonly<Record<OutReason, Message>> = {
  stale: defineMessage({ id: 'explain.outStale', defaultMessage: 'It is late and does not count in its cell or in the city’s number.' }),
  lost: defineMessage({ id: 'explain.outLost', defaultMessage: 'It is lost and does not count in its cell or in the city’s number.' }),
  'clock-error': defineMessage({ id: 'explain.outClockError', defaultMessage: 'Its clock is wrong, so it does not count in its cell or in the city’s number.' }),
  implausible: defineMessage({ id: 'explain.outImplausible', defaultMessage: 'The value is outside what is possible, so it does not count in its cell or in the city’s number.' }),
  nothing: defineMessage({ id: 'explain.outNothing', defaultMessage: 'Nothing was measured in the window, so it does not count in its cell or in the city’s number.' }),
  silent: defineMessage({ id: 'explain.outSilent', defaultMessage: 'It has never reported.' }),
  'too-few': defineMessage({ id: 'explain.outTooFew', defaultMessage: 'Fewer contributed than the privacy floor asks for, or nobody; it counts nowhere.' }),
  other: defineMessage({ id: 'explain.outOther', defaultMessage: 'It gives another measure, and does not count here.' }),
}

/** As the list of sensors says it: "late". */
export function outWord(reason: OutReason): string {
  return say(OUT_WORDS[reason])
}

/** "Noise in Porto is 61 dB(A) over the last 15 min, the energetic mean of 37 of 42 sensors." */
export function sentenceOf(input: ExplainInput, facts: Facts): string {
  const { model, format, subject } = input
  const { quantity } = model
  const { value, isLastReading, members } = facts
  const place = placeOf(input)
  if (value === undefined) return say({ id: 'explain.noValue', defaultMessage: '{quantity} {place} has no value: {why}.' }, { quantity, place, why: whyNone(input, facts) })
  const ofClass = classWords(facts, format)
  if (isLastReading) return say({ id: 'explain.lastReading', defaultMessage: '{quantity} {place} was {value} in the last reading{class}.' }, { quantity, place, value: format(value), class: ofClass })
  const made = subject.kind === 'sensor' ? '' : madeOf(members.counted, members.known - members.out.other - members.out['too-few'], acrossOf(model, subject))
  return say(
    { id: 'explain.value', defaultMessage: '{quantity} {place} is {value} {window}{usual}{class}{made}.' },
    { quantity, place, value: format(value), window: windowWords(input), usual: afterComma(usualWords(input, value)), class: ofClass, made: afterComma(made) },
  )
}

/** A part of the sentence that may be absent. */
function afterComma(part: string): string {
  return part === '' ? '' : `, ${part}`
}

/** What follows the sentence, each a sentence of its own; the most important first. */
export function trustOf(input: ExplainInput, facts: Facts): readonly string[] {
  const { subject, city, frame, usual } = input
  const seen = { nowMs: input.nowMs, timeZone: city.timeZone, isHistory: input.isHistory }
  const sentences: string[] = []
  if (facts.neighbours !== undefined && facts.neighbours.compared > 0) sentences.push(neighbourWords(facts.neighbours))
  if (facts.out !== undefined && facts.out !== 'other' && facts.out !== 'silent') sentences.push(say(OUT_SENTENCES[facts.out]))
  const nearest = nearestLimit(facts.limits)
  if (nearest !== undefined) sentences.push(limitWords(input, nearest))
  if (usual !== undefined && 'missing' in usual) sentences.push(say({ id: 'explain.noUsual', defaultMessage: 'No usual yet: {have} of {need} days.' }, usual.missing))
  const left = subject.kind === 'sensor' ? '' : outWords(facts.members.out)
  if (left !== '' && facts.value !== undefined) sentences.push(say({ id: 'explain.notCounted', defaultMessage: 'Not counted: {which}.' }, { which: left }))
  const newestMs = subject.kind === 'sensor' ? frame.observedAtMs[subject.row] : subject.kind === 'city' ? frame.total.newestMs : undefined
  if (newestMs !== undefined && !Number.isNaN(newestMs)) {
    const when = formatWhen(newestMs, seen)
    sentences.push(subject.kind === 'sensor' ? say({ id: 'explain.lastReadingWhen', defaultMessage: 'Last reading {when}.' }, { when }) : say({ id: 'explain.newestReadingWhen', defaultMessage: 'Newest reading {when}.' }, { when }))
  }
  if (city.isSimulated) sentences.push(say({ id: 'explain.simulated', defaultMessage: 'Simulated: no sensor measured it.' }))
  return sentences
}

/** "2 late, 1 lost"; empty when none is out. Those that give another measure are no loss. */
export function outWords(out: Readonly<Record<OutReason, number>>): string {
  return OUT_REASONS.filter((reason) => reason !== 'other' && out[reason] > 0)
    .map((reason) => say({ id: 'out.count', defaultMessage: '{count} {what}' }, { count: formatNumber(out[reason]), what: outWord(reason) }))
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
      return say({ id: 'explain.inPlace', defaultMessage: 'in {place}' }, { place: input.city.name })
    case 'district':
      return districtWords(input, input.subject.district)
    case 'cell':
      return say({ id: 'explain.inCell', defaultMessage: 'in this cell' })
    case 'sensor':
      return say({ id: 'explain.atSensor', defaultMessage: 'at {sensor}' }, { sensor: nameOf(input) })
  }
}

/** "in Bonfim, Porto"; a sector is called one. At 0 those in none. */
function districtWords({ city: { name: city, districts } }: Pick<ExplainInput, 'city'>, district: number): string {
  const own = districts?.names[district - 1]
  if (own === undefined) return say({ id: 'explain.inNoDistrict', defaultMessage: 'in no district of {city}' }, { city })
  if (districts?.kind === 'sectors') return say({ id: 'explain.inSector', defaultMessage: 'in the sector {sector} of {city}' }, { sector: own, city })
  return say({ id: 'explain.inPlace', defaultMessage: 'in {place}' }, { place: `${own}, ${city}` })
}

function whyNone({ subject, model }: ExplainInput, { members, out }: Facts): string {
  if (members.known === 0) return say({ id: 'explain.noneKnown', defaultMessage: 'no sensor is known' })
  if (subject.kind === 'sensor') {
    switch (out) {
      case 'silent':
        return say({ id: 'explain.noneSilent', defaultMessage: 'it has never reported' })
      case 'too-few':
        return say({ id: 'explain.noneTooFew', defaultMessage: 'too few contributed to show it' })
      case 'other':
        return say({ id: 'explain.noneOther', defaultMessage: 'it gives another measure' })
      case 'implausible':
        return say({ id: 'explain.noneImplausible', defaultMessage: 'what it says is outside what is possible' })
      default:
        return say({ id: 'explain.noneMeasured', defaultMessage: 'nothing was measured in {length}' }, { length: formatDuration(model.windowMs) })
    }
  }
  if (members.out.other === members.known) return say({ id: 'explain.allOther', defaultMessage: '{count, plural, one {its one sensor gives another measure} other {its # sensors give another measure}}' }, { count: members.known })
  const able = members.known - members.out.other - members.out['too-few']
  return say({ id: 'explain.noneCounts', defaultMessage: '{count, plural, one {its one sensor does not count} other {none of its # sensors counts}} ({which})' }, { count: able, which: outWords(members.out) })
}

/** "over the last 15 min"; in history up to the instant. */
function windowWords({ model, isHistory, nowMs, city }: ExplainInput): string {
  const isHour = model.windowMs === HOUR_MS
  const length = lengthWords(model.windowMs)
  if (isHistory) {
    const clock = formatClock(nowMs, city.timeZone)
    return isHour ? say({ id: 'explain.overHourBefore', defaultMessage: 'over the hour before {clock}' }, { clock }) : say({ id: 'explain.overBefore', defaultMessage: 'over the {length} before {clock}' }, { length, clock })
  }
  return isHour ? say({ id: 'explain.overLastHour', defaultMessage: 'over the last hour' }) : say({ id: 'explain.overLast', defaultMessage: 'over the last {length}' }, { length })
}

/** Left out where the value is its class already: "Fair", class Fair. */
function classWords({ class: found, value }: Facts, format: ExplainInput['format']): string {
  if (found === undefined || value === undefined || format(value) === found.label) return ''
  return ` ${say({ id: 'explain.class', defaultMessage: '(class {class})' }, { class: found.label })}`
}

function madeOf(counted: number, able: number, across: Across): string {
  const statistic = acrossName(across)
  if (counted === 1 && able === 1) return say({ id: 'explain.fromOne', defaultMessage: 'from its one sensor' })
  return counted === able
    ? say({ id: 'explain.madeOfAll', defaultMessage: 'the {statistic} of all {count} sensors' }, { statistic, count: formatNumber(able) })
    : say({ id: 'explain.madeOfSome', defaultMessage: 'the {statistic} of {counted} of {count} sensors' }, { statistic, counted: formatNumber(counted), count: formatNumber(able) })
}

function usualWords(input: ExplainInput, value: number): string {
  const { usual, frame, city, model } = input
  if (usual === undefined || 'missing' in usual) return ''
  const { hour, dayType } = localHourAt(usualInstant(model, frame.atMs), city.timeZone)
  const when = say({ id: 'explain.usualWhen', defaultMessage: '{day, select, workday {usual for a workday at {hour}} saturday {usual for a Saturday at {hour}} other {usual for a Sunday or holiday at {hour}}}' }, { day: dayType, hour })
  // By the rule of tile and map, so that none of the three says otherwise.
  const standing = standingOf(value, usual, resolutionOf(model))
  if (Math.abs(standing) <= 1) return say({ id: 'explain.asUsual', defaultMessage: 'as {usual}' }, { usual: when })
  const side = standing > 0 ? 'above' : 'below'
  // A class in words has no distance to another.
  if (model.legend.unit === '') return say({ id: 'explain.besideUsual', defaultMessage: '{side, select, above {above {usual}} other {below {usual}}}' }, { side, usual: when })
  return say({ id: 'explain.againstUsual', defaultMessage: '{side, select, above {{difference} above {usual}} other {{difference} below {usual}}}' }, { side, usual: when, difference: differenceWords(input, value - usual.median) })
}

function neighbourWords({ compared, agreeing, withinM }: NeighbourFact): string {
  const distance = withinM >= 1_000 ? formatQuantity(withinM / 1_000, 0, 'km') : formatQuantity(withinM, 0, 'm')
  if (compared === 1) {
    return agreeing === 1
      ? say({ id: 'explain.neighbourAgrees', defaultMessage: 'Its one neighbour within {distance} shows much the same, so it is probably real.' }, { distance })
      : say({ id: 'explain.neighbourDiffers', defaultMessage: 'Its one neighbour within {distance} shows something else: it may be local, or wrong.' }, { distance })
  }
  const count = formatNumber(compared)
  if (agreeing === 0) return say({ id: 'explain.neighboursDiffer', defaultMessage: 'None of {count} neighbours within {distance} shows the same: it may be local, or wrong.' }, { count, distance })
  if (agreeing === compared) return say({ id: 'explain.neighboursAgree', defaultMessage: 'All {count} neighbours within {distance} show much the same, so it is probably real.' }, { count, distance })
  return 2 * agreeing > compared
    ? say({ id: 'explain.mostAgree', defaultMessage: '{agreeing, plural, one {# of {count} neighbours within {distance} shows} other {# of {count} neighbours within {distance} show}} much the same, so it is probably real.' }, { agreeing, count, distance })
    : say({ id: 'explain.fewAgree', defaultMessage: '{agreeing, plural, one {Only # of {count} neighbours within {distance} shows} other {Only # of {count} neighbours within {distance} show}} much the same: it may be local.' }, { agreeing, count, distance })
}

/** "15 min", "24 h": a window is not called a day, which begins at midnight. */
function lengthWords(windowMs: number): string {
  return windowMs % HOUR_MS === 0 ? formatQuantity(windowMs / HOUR_MS, 0, 'h') : formatQuantity(windowMs / MINUTE_MS, 0, 'min')
}

function limitWords(input: ExplainInput, { limit, excess }: LimitFact): string {
  const { label, value, binds, source } = limit
  const line = source.confirmed
    ? say({ id: 'explain.limit', defaultMessage: '{value} of “{limit}”' }, { value: input.format(value), limit: label })
    : say({ id: 'explain.limitUnconfirmed', defaultMessage: '{value} of “{limit}”, a figure not confirmed' }, { value: input.format(value), limit: label })
  const side = excess === 0 ? 'at' : excess > 0 ? 'above' : 'below'
  const is = say(
    { id: 'explain.againstLimit', defaultMessage: '{side, select, at {It is at the {line}} above {It is {difference} above the {line}} other {It is {difference} below the {line}}}' },
    { side, line, difference: differenceWords(input, excess) },
  )
  if (binds === undefined) return `${is}.`
  return excess > 0
    ? say({ id: 'explain.limitNoBreach', defaultMessage: '{is}; that binds {what}, so {length} above it are no breach.' }, { is, what: binds, length: lengthWords(input.model.windowMs) })
    : say({ id: 'explain.limitBinds', defaultMessage: '{is}; that binds {what}.' }, { is, what: binds })
}
