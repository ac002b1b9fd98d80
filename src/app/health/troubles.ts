/**
 * What is wrong, as incidents: each with what it means, what to do and whom to ask. A broker that is down is one incident,
 * however many sensors it has; its feeds are grey, and no incidents of their own.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { defineMessage, say, type Message } from '../../language/say.ts'
import { formatDuration } from '../../ui/words/age.ts'
import { formatSince } from '../../ui/words/clock.ts'
import { brokerName } from '../broker-name.ts'
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
        const what =
          summary.newestMs === undefined
            ? say({ id: 'trouble.silent', defaultMessage: '{layer}: no sensor reports.' }, { layer: name })
            : say({ id: 'trouble.silentSince', defaultMessage: '{layer}: no sensor reports since {since}.' }, { layer: name, since: formatSince(summary.newestMs, nowMs, plan.timeZone) })
        return [{ id: `feed:${feed.id}`, rank: 'alarm', what, todo: `${say({ id: 'trouble.silentTodo', defaultMessage: 'The broker answers, so look at the sensors, their network and whatever writes them to the broker.' })} ${ask}` }]
      }
      if (state !== 'late') return []
      const parts = [
        ...(summary.late > 0 ? [say({ id: 'trouble.late', defaultMessage: '{count} late' }, { count: summary.late })] : []),
        ...(summary.lost > 0 ? [say({ id: 'trouble.lost', defaultMessage: '{count} lost' }, { count: summary.lost })] : []),
        ...(summary.clockError > 0 ? [say({ id: 'trouble.future', defaultMessage: '{count} stamped in the future' }, { count: summary.clockError })] : []),
      ]
      return [{ id: `feed:${feed.id}`, rank: 'warning', what: say({ id: 'trouble.some', defaultMessage: '{layer}: {which} of {count, plural, one {# sensor} other {# sensors}}.' }, { layer: name, which: parts.join(', '), count: sensorsOf(summary) }), todo: `${say({ id: 'trouble.someTodo', defaultMessage: 'See which ones in the list of the layer; power and network of those places first.' })} ${ask}` }]
    }),
    ...(unread.length === 0 ? [] : [{ id: 'data', rank: 'warning' as const, what: say({ id: 'trouble.unread', defaultMessage: '{count, plural, one {# entity} other {# entities}} could not be read.' }, { count: unread.reduce((sum, { count }) => sum + count, 0) }), todo: `${say({ id: 'trouble.unreadTodo', defaultMessage: 'See the examples under “Not read”, and show them to whoever writes these entities.' })} ${ask}` }]),
  ]
}

function brokerIncidents(broker: BrokerHealth, { plan, feeds, brokers, nowMs }: { readonly plan: CityPlan; readonly feeds: readonly Feed[]; readonly brokers: readonly BrokerHealth[]; readonly nowMs: number }): readonly Incident[] {
  const name = brokerName(plan, broker.broker)
  const ask = contactWords(plan)
  const access = accessWords(broker)
  // Made of what the others tell: that they are down is said of them.
  if (broker.state === 'down' && isMadeOfOthers(broker)) return []
  if (broker.state === 'down') {
    const grey = feeds.filter((feed) => feedState(feed, brokers) === 'grey')
    const sensors = grey.reduce((sum, { summary }) => sum + sensorsOf(summary), 0)
    const down = say({ id: 'trouble.down', defaultMessage: '{broker} is down since {since} ({age}).' }, { broker: name, since: formatSince(broker.sinceMs, nowMs, plan.timeZone), age: formatDuration(nowMs - broker.sinceMs) })
    const layers = { count: grey.length, sensors }
    const greyWords =
      sensors > 0
        ? say({ id: 'trouble.greySensors', defaultMessage: '{count, plural, one {# layer is grey} other {# layers are grey}}, {sensors, plural, one {# sensor in all} other {# sensors in all}}.' }, layers)
        : say({ id: 'trouble.grey', defaultMessage: '{count, plural, one {# layer is grey} other {# layers are grey}}.' }, layers)
    return [{ id: `broker:${broker.broker}`, rank: 'alarm', what: grey.length === 0 ? down : `${down} ${greyWords}`, todo: `${access ?? remedyFor(broker.detail)} ${ask}` }]
  }
  const found: Incident[] = []
  if (access !== undefined) found.push({ id: `access:${broker.broker}`, rank: 'alarm', what: say({ id: 'trouble.noAccess', defaultMessage: '{broker}: this server has no access.' }, { broker: name }), todo: `${access} ${ask}` })
  if (broker.subscriptions !== undefined && broker.state === 'live' && broker.subscriptions.held < broker.subscriptions.wanted) {
    found.push({ id: `subscription:${broker.broker}`, rank: 'warning', what: say({ id: 'trouble.noSubscription', defaultMessage: '{broker}: it holds no subscription of ours.' }, { broker: name }), todo: `${say({ id: 'trouble.noSubscriptionTodo', defaultMessage: 'It is made again by itself within a minute; if not, look whether something deletes subscriptions.' })} ${ask}` })
  }
  if (Math.abs(broker.clockOffsetMs) > 60_000) {
    found.push({ id: `clock:${broker.broker}`, rank: 'warning', what: say({ id: 'trouble.clock', defaultMessage: '{broker}: its clock is {side, select, ahead {{age} ahead} other {{age} behind}}.' }, { broker: name, age: formatDuration(Math.abs(broker.clockOffsetMs)), side: broker.clockOffsetMs > 0 ? 'ahead' : 'behind' }), todo: `${say({ id: 'trouble.clockTodo', defaultMessage: 'Set the clock of that machine by NTP.' })} ${ask}` })
  }
  return found
}

/** What a failure means and what to do, by what was said of it. */
const REMEDIES: readonly (readonly [said: RegExp, words: Message])[] = [
  [/\b401\b|unauthori[sz]ed|no access/i, defineMessage({ id: 'remedy.unknown', defaultMessage: 'It does not know this server: check the token or key in the configuration.' })],
  [/\b403\b|forbidden/i, defineMessage({ id: 'remedy.forbidden', defaultMessage: 'This server may not read there: ask for the right to read and to subscribe.' })],
  [/\b404\b/i, defineMessage({ id: 'remedy.nothing', defaultMessage: 'Nothing is at its address, or the tenant is not there: check url and tenant in the configuration.' })],
  [/\b429\b|too many|asked for a pause/i, defineMessage({ id: 'remedy.tooMuch', defaultMessage: 'It is asked too much: lower limits.concurrent, or ask for a higher quota.' })],
  [/timeout|too slow|within \d+ ms/i, defineMessage({ id: 'remedy.slow', defaultMessage: 'It is too slow: look at its load and its database, then at the network.' })],
  [/\b5\d\d\b/, defineMessage({ id: 'remedy.fails', defaultMessage: 'It fails itself: look into its log and at its database.' })],
  [/malformed|not JSON|no JSON/i, defineMessage({ id: 'remedy.proxy', defaultMessage: 'Something else answers at its address, such as a proxy: open the address and look.' })],
  [/redirect/i, defineMessage({ id: 'remedy.redirects', defaultMessage: 'It redirects: put its own address into the configuration.' })],
  [/unreachable|cannot be reached|fetch failed|ECONN|ENOTFOUND/i, defineMessage({ id: 'remedy.nobody', defaultMessage: 'Nobody answers at its address: see whether it runs and whether a firewall is between.' })],
]

export function remedyFor(detail: string | undefined): string {
  const found = REMEDIES.find(([said]) => said.test(detail ?? ''))
  return say(found?.[1] ?? defineMessage({ id: 'remedy.any', defaultMessage: 'See whether it runs and answers at its address.' }))
}

/** What a broker's failure is called; to us the platform's "server" is the broker. */
export function brokerWords(detail: string | undefined): string {
  return failureWords(detail, 'broker').replaceAll('the server', 'the broker').replaceAll('The server', 'The broker')
}

/** Undefined while access works. */
export function accessWords({ line }: BrokerHealth): string | undefined {
  const { state, detail } = line?.access ?? {}
  if (state === 'login-needed') return say({ id: 'access.login', defaultMessage: 'Somebody has to log in for this broker on the machine of this server.' })
  return state === 'failing' ? say({ id: 'access.token', defaultMessage: 'Its token cannot be had: {reason}' }, { reason: failureWords(detail ?? say({ id: 'access.tokenServer', defaultMessage: 'the token server does not answer' })) }) : undefined
}

export function contactWords({ contact, name }: Pick<CityPlan, 'contact' | 'name'>): string {
  return contact === undefined ? say({ id: 'contact.unknown', defaultMessage: 'Ask whoever runs the sensors of {city}; their contact is not in the configuration.' }, { city: name }) : say({ id: 'contact.ask', defaultMessage: 'Ask {contact}.' }, { contact })
}
