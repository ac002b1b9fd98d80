/**
 * The first sentence of the screen: is it working, what is late, what are the numbers.
 *
 * It comes in two halves. `state` changes only when something happens and is what a screen reader is
 * told; `detail` holds counts and values that move all the time and is read when asked for.
 */
import { SECOND_MS } from '../core/time/instant.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock, formatDay, formatSince, formatZone } from '../ui/words/clock.ts'
import { formatCount, formatNumber } from '../ui/words/number.ts'

export interface LayerSummary {
  readonly name: string
  /** The city's value with its unit, as the tile shows it; absent when nothing was measured. */
  readonly value?: string
  readonly reporting: number
  readonly known: number
  readonly fresh: number
  readonly late: number
  readonly lost: number
  readonly clockError: number
}

export interface SentenceInput {
  readonly city: string
  readonly timeZone: string
  /** Undefined until the worker has said anything. */
  readonly status: CityStatus | undefined
  readonly layers: readonly LayerSummary[]
  /** By the broker's clock; in history the instant that is shown. */
  readonly nowMs: number
  /** By this machine's clock, which is what `retryAtMs` and `sinceMs` are told in. */
  readonly machineMs: number
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' })

export interface Sentence {
  readonly state: string
  readonly detail: string
}

export function firstSentence(input: SentenceInput): Sentence {
  const { city, status, layers, nowMs, machineMs, timeZone } = input
  const hasData = layers.some(({ known }) => known > 0)
  if (status === undefined) return { state: `Connecting to ${city}…`, detail: '' }
  const since = formatSince(status.sinceMs, machineMs, timeZone)
  const numbers = hasData ? numbersOf(layers) : ''

  switch (status.mode) {
    case 'connecting':
      return hasData
        ? { state: `Connecting to ${city}; last values shown.`, detail: numbers }
        : { state: `Connecting to ${city}…`, detail: sentenceOf(status.detail) }
    case 'retrying':
      return {
        state: `${city}: no connection since ${since}${hasData ? '; last values shown' : ''}.`,
        detail: `${nextTry(status, machineMs)} ${sentenceOf(status.detail)}`.trim(),
      }
    case 'failed':
      return { state: `${city}: the connection failed at ${since}${hasData ? '; last values shown' : ''}.`, detail: sentenceOf(status.detail) }
    case 'paused':
      return { state: `${city}: paused since ${since}; values stand still.`, detail: numbers }
    case 'history':
      return {
        state: `${city} as it was on ${formatDay(nowMs, timeZone)} at ${formatClock(nowMs, timeZone)} ${formatZone(nowMs, timeZone)}.`,
        detail: hasData ? numbers : sentenceOf(status.detail ?? 'Asking the brokers for that hour…'),
      }
    case 'live':
      return hasData
        ? { state: `${city}: ${reportOf(layers)}.${brokersDown(status)}`, detail: numbers }
        : { state: `${city}: connected, no sensors yet.${brokersDown(status)}`, detail: sentenceOf(status.detail) }
  }
}

function reportOf(layers: readonly LayerSummary[]): string {
  const reporting = layers.filter((layer) => layer.reporting > 0).length
  const silent = layers.filter((layer) => layer.reporting === 0).map(({ name }) => name)
  const count = `${reporting} of ${formatCount(layers.length, 'layer', 'layers')} ${reporting === 1 ? 'reports' : 'report'}`
  return silent.length === 0 || reporting === 0 ? count : `${count}, without ${LIST.format(silent)}`
}

function numbersOf(layers: readonly LayerSummary[]): string {
  const sum = (count: (layer: LayerSummary) => number): number => layers.reduce((total, layer) => total + count(layer), 0)
  const known = sum((layer) => layer.known)
  const freshCount = sum((layer) => layer.fresh)
  const fresh = `${formatNumber(freshCount)} of ${formatCount(known, 'sensor', 'sensors')} ${freshCount === 1 ? 'is' : 'are'} fresh.`
  const values = layers.flatMap(({ name, value }) => (value === undefined ? [] : [`${name} ${value}`])).join(', ')
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
  return ` ${down.length} of ${formatCount(brokers.length, 'feed', 'feeds')} ${down.length === 1 ? 'is' : 'are'} down${reasons === '' ? '.' : `: ${sentenceOf(reasons)}`}`
}

function sentenceOf(text: string | undefined): string {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
