/** The state of an open city in the words of the operator. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { formatInstant } from '../../core/time/instant.ts'
import type { BrokerWay } from '../../feed/feed-output.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import type { Aggregator } from '../aggregator/aggregator.ts'
import type { BackgroundNote, CityStatus } from '../city.messages.ts'
import type { Past } from './past.ts'

export function statusOf(options: {
  readonly plan: CityPlan
  readonly aggregator: Aggregator
  /** By which way each broker is heard. */
  readonly ways: readonly BrokerWay[]
  readonly paused: boolean
  readonly atMs: number | undefined
  readonly past: Past
  /** When the operator last changed what is shown. */
  readonly changedAtMs: number
  readonly background: readonly BackgroundNote[]
}): CityStatus {
  const { plan, aggregator, paused, atMs, past, changedAtMs } = options
  const { lastDataAtMs } = aggregator
  const base = {
    clockOffsetMs: aggregator.clockOffsetMs(),
    ...(lastDataAtMs === undefined ? {} : { lastDataAtMs }),
    brokers: brokersOf(plan, aggregator, options.ways),
    counters: aggregator.counters(),
    ...(options.background.length === 0 ? {} : { background: options.background }),
  }
  if (atMs !== undefined) return { ...base, mode: 'history', sinceMs: changedAtMs, detail: describePast(atMs, past) }
  const feed = liveStatus(plan, aggregator, base.brokers)
  // A picture that is paused on purpose still says when the data behind it has stopped.
  return paused && feed.mode === 'live' ? { ...base, mode: 'paused', sinceMs: changedAtMs, detail: 'Paused: data is still coming in.' } : { ...base, ...feed }
}

function liveStatus(plan: CityPlan, aggregator: Aggregator, brokers: CityStatus['brokers']): Pick<CityStatus, 'mode' | 'sinceMs' | 'detail' | 'retryAtMs'> {
  const { phase } = aggregator
  const { sinceMs } = phase
  if (plan.brokers.length === 0) return { mode: 'failed', sinceMs, detail: `No broker is configured for ${plan.name}.` }
  if (aggregator.domains.size === 0) return { mode: 'failed', sinceMs, detail: `No layer of ${plan.name} is known: ${plan.layers.join(', ') || 'none is configured'}.` }
  switch (phase.kind) {
    case 'connecting':
      return { mode: 'connecting', sinceMs, detail: 'Connecting to the server.' }
    case 'snapshot':
      return { mode: 'connecting', sinceMs, detail: 'Reading what the brokers hold.' }
    case 'live': {
      const down = brokers.filter(({ state }) => state === 'down')
      const detail = down.map((broker) => `${nameOf(plan, broker.id)} is down${broker.detail === undefined ? '' : `: ${broker.detail}`}`).join(' ')
      return { mode: 'live', sinceMs, ...(detail === '' ? {} : { detail }) }
    }
    case 'retrying':
      return { mode: 'retrying', sinceMs, detail: phase.reason, retryAtMs: phase.retryAtMs }
    case 'stopped':
      return { mode: 'failed', sinceMs, detail: 'The feed was stopped.' }
  }
}

function brokersOf(plan: CityPlan, { brokers }: Aggregator, ways: readonly BrokerWay[]): CityStatus['brokers'] {
  return plan.brokers.map(({ id }) => {
    const known = brokers.find(({ broker }) => broker === id)
    const way = ways.find(({ broker }) => broker === id)
    // What the server says of a broker is of its own line; a way of the page's own may be down while that is well.
    const isOwn = way !== undefined && way.way !== 'relay' && (known === undefined || known.state === 'live')
    const { state = 'connecting', detail } = (isOwn ? { state: way.state, detail: way.reason ?? known?.detail } : known) ?? {}
    return { id, state, ...(detail !== undefined && { detail }), ...(way !== undefined && { by: way.way === 'relay' ? (known?.by ?? 'relay') : way.way }), ...(way?.state === 'live' && way.reason !== undefined && { left: way.reason }), ...(known === undefined ? {} : kindOf(known)) }
  })
}

/** What it turned out to be: any broker, and our own, are nothing to tell. */
function kindOf({ known }: RelayBrokerState): { readonly kind?: string } {
  if (known === undefined || known.profile === 'generic' || known.profile === 'embedded') return {}
  return { kind: nameOfBroker(known) }
}

function describePast(atMs: number, past: Past): string {
  const when = formatInstant(atMs)
  if (!past.isComplete(atMs)) return `Reading the city as it was at ${when}.`
  const problems = past.problems(atMs)
  return problems.length === 0 ? `The city as it was at ${when}.` : problems.join(' ')
}

function nameOf(plan: CityPlan, broker: string): string {
  return plan.brokers.find(({ id }) => id === broker)?.name ?? broker
}
