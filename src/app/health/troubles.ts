/**
 * What is wrong, as incidents: each with what it means, what to do and whom to ask. A broker that is down is one incident,
 * however many sensors it has; its feeds are grey, and no incidents of their own.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { formatDuration } from '../../ui/words/age.ts'
import { formatSince } from '../../ui/words/clock.ts'
import { formatCount } from '../../ui/words/number.ts'
import { failureWords } from '../failure-words.ts'
import type { LayerSummary } from '../sentence.ts'
import type { BrokerHealth, CityHealth } from './read-health.ts'

export interface Incident {
  readonly id: string
  readonly rank: 'alarm' | 'warning'
  /** "Broker Orion down for 12 min: 3 layers grey." */
  readonly what: string
  /** What to do and whom to ask: ends the line. */
  readonly todo: string
}

export type FeedState = 'ok' | 'late' | 'lost' | 'grey' | 'coming' | 'none'

export interface Feed {
  readonly id: string
  readonly name: string
  readonly expectedMs: number
  readonly summary: LayerSummary
  /** Of those that ever reported, ms; by the broker's clock. */
  readonly oldestMs: number | undefined
  readonly medianMs: number | undefined
  /** Ids of the brokers that its types were heard from; empty while that is not known. */
  readonly brokers: readonly string[]
}

/** What the broker has and no layer is about: that is no fault. */
const NOT_OURS = 'no layer reads this type'
/** More than this share of late sensors is worth a look; a few always are. */
const LATE_SHARE = 0.1

export function feedState(feed: Feed, brokers: readonly BrokerHealth[] | undefined): FeedState {
  if (brokers !== undefined && isCutOff(feed, brokers)) return 'grey'
  const { summary } = feed
  if (!summary.hasCome) return 'coming'
  const known = sensorsOf(summary)
  if (known === 0) return 'none'
  if (summary.fresh === 0 && summary.lost > 0) return 'lost'
  return summary.late + summary.lost + summary.clockError > LATE_SHARE * known ? 'late' : 'ok'
}

/** Every sensor of the layer, whichever measure it gives: each has an age. */
export function sensorsOf({ fresh, late, lost, clockError }: LayerSummary): number {
  return fresh + late + lost + clockError
}

/** The server's own, which has no line: the privacy floor. It is never the cause. */
export function isMadeOfOthers({ line }: BrokerHealth): boolean {
  return line === undefined
}

/** All brokers that it comes from are down. While nobody knows which, all that the city has. */
function isCutOff({ brokers: own }: Feed, brokers: readonly BrokerHealth[]): boolean {
  const real = brokers.filter((one) => !isMadeOfOthers(one))
  const sources = real.filter(({ broker }) => own.includes(broker))
  const all = sources.length > 0 ? sources : real
  return all.length > 0 && all.every(({ state }) => state === 'down')
}

export function incidentsOf(given: { readonly plan: CityPlan; readonly health: CityHealth | undefined; readonly feeds: readonly Feed[]; readonly rejected?: readonly { readonly reason: string; readonly count: number }[]; readonly nowMs: number }): readonly Incident[] {
  const { plan, health, feeds, rejected = [], nowMs } = given
  const unread = rejected.filter(({ reason }) => reason !== NOT_OURS)
  const brokers = health?.brokers
  const ask = contactWords(plan)
  return [
    ...(brokers ?? []).flatMap((broker) => brokerIncidents(broker, { plan, feeds, brokers: brokers ?? [], nowMs })),
    ...feeds.flatMap((feed): Incident[] => {
      const state = feedState(feed, brokers)
      const { summary, name } = feed
      if (state === 'lost') {
        const since = summary.newestMs === undefined ? '' : ` since ${formatSince(summary.newestMs, nowMs, plan.timeZone)}`
        return [{ id: `feed:${feed.id}`, rank: 'alarm', what: `${name}: no sensor reports${since}.`, todo: `The broker answers, so look at the sensors, their network and whatever writes them to the broker. ${ask}` }]
      }
      if (state !== 'late') return []
      const parts = [
        ...(summary.late > 0 ? [`${summary.late} late`] : []),
        ...(summary.lost > 0 ? [`${summary.lost} lost`] : []),
        ...(summary.clockError > 0 ? [`${summary.clockError} stamped in the future`] : []),
      ]
      return [{ id: `feed:${feed.id}`, rank: 'warning', what: `${name}: ${parts.join(', ')} of ${formatCount(sensorsOf(summary), 'sensor', 'sensors')}.`, todo: `See which ones in the list of the layer; power and network of those places first. ${ask}` }]
    }),
    ...(unread.length === 0 ? [] : [{ id: 'data', rank: 'warning' as const, what: `${formatCount(unread.reduce((sum, { count }) => sum + count, 0), 'entity', 'entities')} could not be read.`, todo: `See the examples under “Not read”, and show them to whoever writes these entities. ${ask}` }]),
  ]
}

function brokerIncidents(broker: BrokerHealth, { plan, feeds, brokers, nowMs }: { readonly plan: CityPlan; readonly feeds: readonly Feed[]; readonly brokers: readonly BrokerHealth[]; readonly nowMs: number }): readonly Incident[] {
  const name = plan.brokers.find(({ id }) => id === broker.broker)?.name ?? broker.broker
  const ask = contactWords(plan)
  const access = accessWords(broker)
  // Made of what the others tell: that they are down is said of them.
  if (broker.state === 'down' && isMadeOfOthers(broker)) return []
  if (broker.state === 'down') {
    const grey = feeds.filter((feed) => feedState(feed, brokers) === 'grey')
    const sensors = grey.reduce((sum, { summary }) => sum + sensorsOf(summary), 0)
    const words = grey.length === 0 ? '' : ` ${formatCount(grey.length, 'layer is', 'layers are')} grey${sensors > 0 ? `, ${formatCount(sensors, 'sensor', 'sensors')} in all` : ''}.`
    return [{ id: `broker:${broker.broker}`, rank: 'alarm', what: `${name} is down since ${formatSince(broker.sinceMs, nowMs, plan.timeZone)} (${formatDuration(nowMs - broker.sinceMs)}).${words}`, todo: `${access ?? remedyFor(broker.detail)} ${ask}` }]
  }
  const found: Incident[] = []
  if (access !== undefined) found.push({ id: `access:${broker.broker}`, rank: 'alarm', what: `${name}: this server has no access.`, todo: `${access} ${ask}` })
  if (broker.subscriptions !== undefined && broker.state === 'live' && broker.subscriptions.held < broker.subscriptions.wanted) {
    found.push({ id: `subscription:${broker.broker}`, rank: 'warning', what: `${name}: it holds no subscription of ours.`, todo: `It is made again by itself within a minute; if not, look whether something deletes subscriptions. ${ask}` })
  }
  if (Math.abs(broker.clockOffsetMs) > 60_000) {
    found.push({ id: `clock:${broker.broker}`, rank: 'warning', what: `${name}: its clock is ${formatDuration(Math.abs(broker.clockOffsetMs))} ${broker.clockOffsetMs > 0 ? 'ahead' : 'behind'}.`, todo: `Set the clock of that machine by NTP. ${ask}` })
  }
  return found
}

/** What a failure means and what to do, by what was said of it. */
const REMEDIES: readonly (readonly [said: RegExp, words: string])[] = [
  [/\b401\b|unauthori[sz]ed|no access/i, 'It does not know this server: check the token or key in the configuration.'],
  [/\b403\b|forbidden/i, 'This server may not read there: ask for the right to read and to subscribe.'],
  [/\b404\b/i, 'Nothing is at its address, or the tenant is not there: check url and tenant in the configuration.'],
  [/\b429\b|too many|asked for a pause/i, 'It is asked too much: lower limits.concurrent, or ask for a higher quota.'],
  [/timeout|too slow|within \d+ ms/i, 'It is too slow: look at its load and its database, then at the network.'],
  [/\b5\d\d\b/, 'It fails itself: look into its log and at its database.'],
  [/malformed|not JSON|no JSON/i, 'Something else answers at its address, such as a proxy: open the address and look.'],
  [/redirect/i, 'It redirects: put its own address into the configuration.'],
  [/unreachable|cannot be reached|fetch failed|ECONN|ENOTFOUND/i, 'Nobody answers at its address: see whether it runs and whether a firewall is between.'],
]

export function remedyFor(detail: string | undefined): string {
  const found = REMEDIES.find(([said]) => said.test(detail ?? ''))
  return found?.[1] ?? 'See whether it runs and answers at its address.'
}

/** What a broker's failure is called; to us the platform's "server" is the broker. */
export function brokerWords(detail: string | undefined): string {
  return failureWords(detail).replaceAll('the server', 'the broker').replaceAll('The server', 'The broker')
}

/** Undefined while access works. */
export function accessWords({ line }: BrokerHealth): string | undefined {
  const { state, detail } = line?.access ?? {}
  if (state === 'login-needed') return 'Somebody has to log in for this broker on the machine of this server.'
  return state === 'failing' ? `Its token cannot be had: ${failureWords(detail ?? 'the token server does not answer')}` : undefined
}

export function contactWords({ contact, name }: Pick<CityPlan, 'contact' | 'name'>): string {
  return contact === undefined ? `Ask whoever runs the sensors of ${name}; their contact is not in the configuration.` : `Ask ${contact}.`
}
