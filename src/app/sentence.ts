/**
 * The first sentence of the screen: is it working, what is late, what are the numbers.
 *
 * It comes in two halves. `state` changes only when something happens and is what a screen reader is
 * told; `detail` holds counts and values that move all the time and is read when asked for.
 */
import { SECOND_MS } from '../core/time/instant.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { failureWords } from './failure-words.ts'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock, formatDay, formatSince, formatZone } from '../ui/words/clock.ts'
import { formatCount, formatNumber } from '../ui/words/number.ts'

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

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' })

export interface Sentence {
  readonly state: string
  readonly detail: string
}

export function firstSentence(input: SentenceInput): Sentence {
  const { city, status, layers, machineMs, timeZone } = input
  const hasData = layers.some(({ known }) => known > 0)
  if (input.isHistory) return pastSentence(input)
  if (status === undefined) return { state: `Connecting to ${city}…`, detail: '' }
  const since = formatSince(status.sinceMs, machineMs, timeZone)
  const numbers = hasData ? numbersOf(layers) : ''

  switch (status.mode) {
    case 'connecting':
      return hasData
        ? { state: `Connecting to ${city}; last values shown.`, detail: numbers }
        : { state: `Connecting to ${city}…`, detail: failureWords(status.detail) }
    case 'retrying':
      return {
        state: `${city}: no connection since ${since}${hasData ? '; last values shown' : ''}.`,
        detail: `${nextTry(status, machineMs)} ${failureWords(status.detail)}`.trim(),
      }
    case 'failed':
      return { state: `${city}: the connection failed at ${since}${hasData ? '; last values shown' : ''}.`, detail: failureWords(status.detail) }
    case 'paused':
      return { state: `${city}: paused since ${since}; values stand still.`, detail: numbers }
    case 'history':
      // The worker has not yet heard that the page came back.
      return { state: `${city}: coming back to now…`, detail: numbers }
    case 'live':
      // What is abnormal, where and since when comes first; the tiles have the values.
      if (hasData && input.usual !== undefined) return { state: `${input.usual}${brokersDown(status)}`, detail: `${capital(reportOf(layers, machineMs, timeZone))}; ${numbersOf(layers, { hasValues: false })}` }
      return hasData
        ? { state: `${city}: ${reportOf(layers, machineMs, timeZone)}.${brokersDown(status)}`, detail: numbers }
        : { state: `${city}: connected, ${layers.some(({ hasCome }) => hasCome) ? 'no sensors yet' : 'the first values are coming'}.${brokersDown(status)}`, detail: failureWords(status.detail) }
  }
}

/** Until every layer of the instant is there it says that it reads: a past half read is no past. */
function pastSentence(input: SentenceInput): Sentence {
  const { city, status, layers, nowMs, machineMs, timeZone } = input
  const when = `on ${formatDay(nowMs, machineMs, timeZone)} at ${formatClock(nowMs, timeZone)} ${formatZone(nowMs, timeZone)}`
  const come = layers.filter(({ hasCome }) => hasCome).length
  const hasData = layers.some(({ known }) => known > 0)
  if (come < layers.length) return { state: `Reading ${city} as it was ${when}…`, detail: come === 0 ? '' : `${come} of ${formatCount(layers.length, 'layer is', 'layers are')} read.` }
  const detail = status?.mode === 'history' ? status.detail : undefined
  // While all is well the worker only repeats the instant; whatever else it says went wrong.
  const problem = detail === undefined || /^(The|Reading the) city as it was at /.test(detail) ? '' : failureWords(detail)
  const silent = hasData ? '' : `${city} has no readings of that time.`
  return { state: `${city} as it was ${when}.`, detail: [input.usual ?? '', problem, hasData ? numbersOf(layers, { hasValues: input.usual === undefined }) : silent].filter((text) => text !== '').join(' ') }
}

function reportOf(layers: readonly LayerSummary[], machineMs: number, timeZone: string): string {
  // A layer whose sensors all give another measure has no value, and is not silent.
  const isReporting = ({ reporting, other }: LayerSummary): boolean => reporting > 0 || other > 0
  const reporting = layers.filter(isReporting).length
  const silent = layers.filter((layer) => !isReporting(layer)).map(({ name }) => name)
  if (reporting === 0) {
    const newestMs = Math.max(...layers.map((layer) => layer.newestMs ?? -Infinity))
    return `no layer reports${newestMs === -Infinity ? '' : `; the newest value is of ${formatSince(newestMs, machineMs, timeZone)}`}`
  }
  const count = `${reporting} of ${formatCount(layers.length, 'layer', 'layers')} ${reporting === 1 ? 'reports' : 'report'}`
  return silent.length === 0 ? count : `${count}, without ${LIST.format(silent)}`
}

function numbersOf(layers: readonly LayerSummary[], { hasValues } = { hasValues: true }): string {
  const sum = (count: (layer: LayerSummary) => number): number => layers.reduce((total, layer) => total + count(layer), 0)
  const known = sum((layer) => layer.known)
  const freshCount = sum((layer) => layer.fresh)
  const fresh = `${formatNumber(freshCount)} of ${formatCount(known, 'sensor', 'sensors')} ${freshCount === 1 ? 'is' : 'are'} fresh.`
  const values = !hasValues ? '' : layers.flatMap(({ name, value }) => (value === undefined ? [] : [`${name} ${value}`])).join(', ')
  const troubles = [
    trouble(sum((layer) => layer.late), 'is late', 'are late'),
    trouble(sum((layer) => layer.lost), 'is lost', 'are lost'),
    trouble(sum((layer) => layer.clockError), 'has a wrong clock', 'have a wrong clock'),
  ].filter((text) => text !== '')
  // "9 sensors are late, 3 are lost": the noun once.
  const worry = troubles.map((text, index) => (index === 0 ? text.replace(/^(\S+)/, (count) => `${count} ${count === '1' ? 'sensor' : 'sensors'}`) : text)).join(', ')
  const rest = [values, worry].filter((text) => text !== '').join('; ')
  return rest === '' ? fresh : `${fresh} ${rest}.`
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

function trouble(count: number, one: string, many: string): string {
  return count === 0 ? '' : formatCount(count, one, many)
}

function nextTry({ retryAtMs }: CityStatus, machineMs: number): string {
  if (retryAtMs === undefined) return 'Trying again.'
  if (retryAtMs <= machineMs) return 'Trying again now.'
  // Rounded up: "next try in 0 s" would be said for a whole second.
  return `Next try in ${formatDuration(retryAtMs - machineMs + SECOND_MS - 1)}.`
}

function brokersDown({ brokers }: CityStatus): string {
  const down = brokers.filter(({ state }) => state === 'down')
  if (down.length === 0) return ''
  const reasons = down.flatMap(({ detail }) => (detail === undefined ? [] : [detail])).join(' ')
  return ` ${down.length} of ${formatCount(brokers.length, 'feed', 'feeds')} ${down.length === 1 ? 'is' : 'are'} down${reasons === '' ? '.' : `: ${failureWords(reasons)}`}`
}
