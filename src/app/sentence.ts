/**
 * The first sentence of the screen: is it working, what is late, what are the numbers.
 *
 * It comes in two halves. `state` changes only when something happens and is what a screen reader is
 * told; `detail` holds counts and values that move all the time and is read when asked for.
 */
import { SECOND_MS } from '../core/time/instant.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { perLanguage, say } from '../language/say.ts'
import { failureWords } from './failure-words.ts'
import { formatDuration } from '../ui/words/age.ts'
import { upperFirst } from '../ui/words/case.ts'
import { formatClock, formatDay, formatSince, formatZone } from '../ui/words/clock.ts'

export interface LayerSummary {
  readonly name: string
  /** Its state at the time shown has come; until then it counts nothing. */
  readonly hasCome: boolean
  /** The city's value with its unit, as the tile shows it; absent when nothing was measured. */
  readonly value?: string
  readonly reporting: number
  readonly known: number
  /** Of those known: they report, but another measure than the layer's value. They are not silent. */
  readonly other: number
  readonly fresh: number
  readonly late: number
  readonly lost: number
  readonly clockError: number
  /** Newest observation; absent when there is none. */
  readonly newestMs?: number
  /** Its values are of a visit before, which ended at this instant. */
  readonly keptAtMs?: number
}

export interface SentenceInput {
  readonly city: string
  readonly timeZone: string
  /** Undefined until the worker has said anything. */
  readonly status: CityStatus | undefined
  readonly layers: readonly LayerSummary[]
  readonly isHistory: boolean
  /** By the broker's clock; in history the instant that is shown. */
  readonly nowMs: number
  /** By this machine's clock, which is what `retryAtMs` and `sinceMs` are told in. */
  readonly machineMs: number
  /** How the city stands to what is usual, in a sentence or two; undefined while nobody knows. */
  readonly usual?: string | undefined
}

const list = perLanguage((region) => new Intl.ListFormat(region, { type: 'conjunction' }))

export interface Sentence {
  readonly state: string
  readonly detail: string
}

export function firstSentence(input: SentenceInput): Sentence {
  const { city, status, layers, machineMs, timeZone } = input
  const hasData = layers.some(({ known }) => known > 0)
  if (input.isHistory) return pastSentence(input)
  const connecting = (): string => say({ id: 'sentence.connecting', defaultMessage: 'Connecting to {city}…' }, { city })
  if (status === undefined) return { state: connecting(), detail: '' }
  const since = formatSince(status.sinceMs, machineMs, timeZone)
  const numbers = hasData ? numbersOf(layers) : ''
  const keptMs = newestKept(layers.map(({ keptAtMs }) => keptAtMs))
  const kept = keptMs === undefined ? undefined : formatSince(keptMs, machineMs, timeZone)

  switch (status.mode) {
    case 'connecting':
      if (kept !== undefined) return { state: say({ id: 'sentence.connectingKept', defaultMessage: '{city}: last values of {when} shown; connecting…' }, { city, when: kept }), detail: keptValues(layers) }
      return hasData
        ? { state: say({ id: 'sentence.connectingLast', defaultMessage: 'Connecting to {city}; last values shown.' }, { city }), detail: numbers }
        : { state: connecting(), detail: failureWords(status.detail) }
    case 'retrying':
      return {
        state:
          kept !== undefined
            ? say({ id: 'sentence.retryingKept', defaultMessage: '{city}: no connection since {since}; last values of {when} shown.' }, { city, since, when: kept })
            : hasData
              ? say({ id: 'sentence.retryingLast', defaultMessage: '{city}: no connection since {since}; last values shown.' }, { city, since })
              : say({ id: 'sentence.retrying', defaultMessage: '{city}: no connection since {since}.' }, { city, since }),
        detail: together(nextTry(status, machineMs), failureWords(status.detail), kept === undefined ? '' : keptValues(layers)),
      }
    case 'failed':
      return {
        state: hasData
          ? say({ id: 'sentence.failedLast', defaultMessage: '{city}: the connection failed at {since}; last values shown.' }, { city, since })
          : say({ id: 'sentence.failed', defaultMessage: '{city}: the connection failed at {since}.' }, { city, since }),
        detail: failureWords(status.detail),
      }
    case 'paused':
      return { state: say({ id: 'sentence.paused', defaultMessage: '{city}: paused since {since}; values stand still.' }, { city, since }), detail: numbers }
    case 'history':
      // The worker has not yet heard that the page came back.
      return { state: say({ id: 'sentence.comingBack', defaultMessage: '{city}: coming back to now…' }, { city }), detail: numbers }
    case 'live':
      return liveSentence(input, status)
  }
}

/** What is abnormal, where and since when comes first, where it is known; the tiles have the values. */
function liveSentence({ city, layers, machineMs, timeZone, usual }: SentenceInput, status: CityStatus): Sentence {
  const hasData = layers.some(({ known }) => known > 0)
  const down = brokersDown(status)
  if (!hasData) {
    const state = layers.some(({ hasCome }) => hasCome)
      ? say({ id: 'sentence.noSensors', defaultMessage: '{city}: connected, no sensors yet.' }, { city })
      : say({ id: 'sentence.coming', defaultMessage: '{city}: connected, the first values are coming.' }, { city })
    return { state: together(state, down), detail: failureWords(status.detail) }
  }
  const report = reportOf(layers, machineMs, timeZone)
  if (usual === undefined) return { state: together(say({ id: 'sentence.live', defaultMessage: '{city}: {report}.' }, { city, report }), down), detail: numbersOf(layers) }
  return { state: together(usual, down), detail: say({ id: 'sentence.reportNumbers', defaultMessage: '{report}; {numbers}' }, { report: upperFirst(report), numbers: numbersOf(layers, { hasValues: false }) }) }
}

export function newestKept(keptAtMs: readonly (number | undefined)[]): number | undefined {
  const known = keptAtMs.filter((ms) => ms !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

function together(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ')
}

/** Until every layer of the instant is there it says that it reads: a past half read is no past. */
function pastSentence({ city, status, layers, nowMs, machineMs, timeZone, usual }: SentenceInput): Sentence {
  const when = { city, day: formatDay(nowMs, machineMs, timeZone), clock: formatClock(nowMs, timeZone), zone: formatZone(nowMs, timeZone) }
  const come = layers.filter(({ hasCome }) => hasCome).length
  const hasData = layers.some(({ known }) => known > 0)
  if (come < layers.length) {
    return {
      state: say({ id: 'sentence.readingPast', defaultMessage: 'Reading {city} as it was on {day} at {clock} {zone}…' }, when),
      detail: come === 0 ? '' : say({ id: 'sentence.layersRead', defaultMessage: '{part} of {count, plural, one {# layer is read.} other {# layers are read.}}' }, { part: come, count: layers.length }),
    }
  }
  const detail = status?.mode === 'history' ? status.detail : undefined
  // While all is well the worker only repeats the instant; whatever else it says went wrong.
  const problem = detail === undefined || /^(The|Reading the) city as it was at /.test(detail) ? '' : failureWords(detail)
  const numbers = hasData ? numbersOf(layers, { hasValues: usual === undefined }) : say({ id: 'sentence.noReadings', defaultMessage: '{city} has no readings of that time.' }, { city })
  return { state: say({ id: 'sentence.past', defaultMessage: '{city} as it was on {day} at {clock} {zone}.' }, when), detail: [usual ?? '', problem, numbers].filter((text) => text !== '').join(' ') }
}

function reportOf(layers: readonly LayerSummary[], machineMs: number, timeZone: string): string {
  // A layer whose sensors all give another measure has no value, and is not silent.
  const isReporting = ({ reporting, other }: LayerSummary): boolean => reporting > 0 || other > 0
  const reporting = layers.filter(isReporting).length
  const silent = layers.filter((layer) => !isReporting(layer)).map(({ name }) => name)
  if (reporting === 0) {
    const newestMs = Math.max(...layers.map((layer) => layer.newestMs ?? -Infinity))
    return newestMs === -Infinity
      ? say({ id: 'sentence.noneReports', defaultMessage: 'no layer reports' })
      : say({ id: 'sentence.noneReportsNewest', defaultMessage: 'no layer reports; the newest value is of {when}' }, { when: formatSince(newestMs, machineMs, timeZone) })
  }
  const count = say(
    { id: 'sentence.report', defaultMessage: '{part, plural, one {# of {count, plural, one {# layer} other {# layers}} reports} other {# of {count, plural, one {# layer} other {# layers}} report}}' },
    { part: reporting, count: layers.length },
  )
  return silent.length === 0 ? count : say({ id: 'sentence.without', defaultMessage: '{report}, without {layers}' }, { report: count, layers: list().format(silent) })
}

function numbersOf(layers: readonly LayerSummary[], { hasValues } = { hasValues: true }): string {
  const sum = (count: (layer: LayerSummary) => number): number => layers.reduce((total, layer) => total + count(layer), 0)
  const fresh = say(
    { id: 'sentence.fresh', defaultMessage: '{part, plural, one {# of {count, plural, one {# sensor} other {# sensors}} is fresh.} other {# of {count, plural, one {# sensor} other {# sensors}} are fresh.}}' },
    { part: sum((layer) => layer.fresh), count: sum((layer) => layer.known) },
  )
  const values = hasValues ? valuesOf(layers) : ''
  const rest = [values, troubleOf(sum((layer) => layer.late), sum((layer) => layer.lost), sum((layer) => layer.clockError))].filter((text) => text !== '').join('; ')
  return rest === '' ? fresh : `${fresh} ${rest}.`
}

function valuesOf(layers: readonly LayerSummary[]): string {
  return layers.flatMap(({ name, value }) => (value === undefined ? [] : [say({ id: 'sentence.layerValue', defaultMessage: '{layer} {value}' }, { layer: name, value })])).join(', ')
}

/** Nobody is late who was not yet asked: of a visit before only the values are said. */
function keptValues(layers: readonly LayerSummary[]): string {
  const values = valuesOf(layers)
  return values === '' ? '' : `${values}.`
}

/** "9 sensors are late, 3 are lost": the noun once. */
function troubleOf(late: number, lost: number, clock: number): string {
  const first: string[] = []
  const also: string[] = []
  if (late > 0) {
    first.push(say({ id: 'sentence.late', defaultMessage: '{count, plural, one {# sensor is late} other {# sensors are late}}' }, { count: late }))
    also.push(first[0]!)
  }
  if (lost > 0) {
    first.push(say({ id: 'sentence.lost', defaultMessage: '{count, plural, one {# sensor is lost} other {# sensors are lost}}' }, { count: lost }))
    also.push(say({ id: 'sentence.alsoLost', defaultMessage: '{count, plural, one {# is lost} other {# are lost}}' }, { count: lost }))
  }
  if (clock > 0) {
    first.push(say({ id: 'sentence.clock', defaultMessage: '{count, plural, one {# sensor has a wrong clock} other {# sensors have a wrong clock}}' }, { count: clock }))
    also.push(say({ id: 'sentence.alsoClock', defaultMessage: '{count, plural, one {# has a wrong clock} other {# have a wrong clock}}' }, { count: clock }))
  }
  return [...first.slice(0, 1), ...also.slice(1)].join(', ')
}

function nextTry({ retryAtMs }: CityStatus, machineMs: number): string {
  if (retryAtMs === undefined) return say({ id: 'sentence.again', defaultMessage: 'Trying again.' })
  if (retryAtMs <= machineMs) return say({ id: 'sentence.againNow', defaultMessage: 'Trying again now.' })
  // Rounded up: "next try in 0 s" would be said for a whole second.
  return say({ id: 'sentence.nextTry', defaultMessage: 'Next try in {wait}.' }, { wait: formatDuration(retryAtMs - machineMs + SECOND_MS - 1) })
}

function brokersDown({ brokers }: CityStatus): string {
  const down = brokers.filter(({ state }) => state === 'down')
  if (down.length === 0) return ''
  const reasons = down.flatMap(({ detail }) => (detail === undefined ? [] : [detail])).join(' ')
  const said = say(
    { id: 'sentence.feedsDown', defaultMessage: '{part, plural, one {# of {count, plural, one {# feed} other {# feeds}} is down} other {# of {count, plural, one {# feed} other {# feeds}} are down}}' },
    { part: down.length, count: brokers.length },
  )
  return reasons === '' ? `${said}.` : say({ id: 'sentence.downBecause', defaultMessage: '{what}: {reason}' }, { what: said, reason: failureWords(reasons) })
}
