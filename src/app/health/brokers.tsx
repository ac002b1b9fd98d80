/** Each broker of the city: which it is, how it answers, what it holds for us, and what it said last when it failed. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import { defineMessage, say, textOf, type Message } from '../../language/say.ts'
import { formatDuration } from '../../ui/words/age.ts'
import { formatFull, formatSince } from '../../ui/words/clock.ts'
import { formatNumber } from '../../ui/words/number.ts'
import type { CityStatus } from '../../workers/city.messages.ts'
import { brokerName, ownName } from '../broker-name.ts'
import styles from './health.module.css'
import { Mark, type MarkKind } from './mark.tsx'
import type { BrokerHealth } from './read-health.ts'
import { accessWords, brokerWords, contactWords, isMadeOfOthers, remedyFor } from './troubles.ts'
import { transportFacts } from './transport-words.ts'
import type { Health } from './use-health.ts'

export function Brokers({ plan, state: { health, status, nowMs } }: { readonly plan: CityPlan; readonly state: Health }) {
  return (
    <section className={styles.section} aria-labelledby="health-brokers">
      <h2 id="health-brokers" className={styles.heading}>
        {say({ id: 'health.brokers', defaultMessage: 'Brokers' })}
      </h2>
      {health === undefined ? (
        <p className={styles.quiet}>{say({ id: 'health.notTold', defaultMessage: 'The server has not told yet.' })}</p>
      ) : (
        <div className={styles.brokers}>
          {health.brokers.map((broker) => (
            <Broker key={broker.broker} {...{ plan, broker, own: status?.brokers.find(({ id }) => id === broker.broker), nowMs }} />
          ))}
          <Relay health={health} nowMs={nowMs} />
        </div>
      )}
    </section>
  )
}

const STATES: Readonly<Record<BrokerHealth['state'], Message>> = {
  live: defineMessage({ id: 'health.liveSince', defaultMessage: 'live since {since}' }),
  connecting: defineMessage({ id: 'health.connectingSince', defaultMessage: 'connecting since {since}' }),
  down: defineMessage({ id: 'health.downSince', defaultMessage: 'down since {since}' }),
}
/** What a server calls them; what it calls otherwise is shown as it comes. */
const CIRCUITS = [
  defineMessage({ id: 'health.circuitOpen', defaultMessage: 'open' }),
  defineMessage({ id: 'health.circuitHalfOpen', defaultMessage: 'half-open' }),
  defineMessage({ id: 'health.circuitPaused', defaultMessage: 'paused' }),
]
const TOKENS = [
  defineMessage({ id: 'health.tokenFetching', defaultMessage: 'fetching' }),
  defineMessage({ id: 'health.tokenReady', defaultMessage: 'ready' }),
  defineMessage({ id: 'health.tokenFailing', defaultMessage: 'failing' }),
  defineMessage({ id: 'health.tokenLogin', defaultMessage: 'login-needed' }),
]

const OWN_PART = defineMessage({ id: 'health.isOwnPart', defaultMessage: 'it is part of this server' })

const MARKS: Readonly<Record<BrokerHealth['state'], MarkKind>> = { live: 'ok', connecting: 'unknown', down: 'alarm' }

function Broker({ plan, broker, own, nowMs }: { readonly plan: CityPlan; readonly broker: BrokerHealth; readonly own: CityStatus['brokers'][number] | undefined; readonly nowMs: number }) {
  const { state, sinceMs, detail, retryAtMs, line, known, lastFailure } = broker
  const name = brokerName(plan, broker.broker)
  const access = accessWords(broker)
  const transport = transportFacts(plan.brokers.find(({ id }) => id === broker.broker), broker, own)
  return (
    <article className={styles.broker} aria-label={say({ id: 'health.broker', defaultMessage: 'Broker {name}' }, { name })}>
      <h3 className={styles.brokerName}>
        <Mark kind={access === undefined ? MARKS[state] : 'alarm'} />
        {name}
        <time className={styles.quiet} dateTime={new Date(sinceMs).toISOString()} title={formatFull(sinceMs, plan.timeZone)}>
          {say(STATES[state], { since: formatSince(sinceMs, nowMs, plan.timeZone) })}
        </time>
      </h3>
      <dl className={styles.facts}>
        {factsOf(broker, transport.inUse, nowMs).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {transport.order !== undefined && <p className={styles.caption}>{transport.order}</p>}
      {transport.fellBack !== undefined && <p className={styles.caption}>{transport.fellBack}</p>}
      {known !== undefined && <p className={styles.caption}>{say({ id: 'health.knownBy', defaultMessage: 'Known by: {evidence}.' }, { evidence: textOf([OWN_PART], known.evidence) })}</p>}
      {state !== 'down' && detail !== undefined && (transport.fellBack === undefined || detail !== broker.cannot?.relay) && <p className={styles.caption}>{brokerWords(detail)}</p>}
      {state === 'down' && isMadeOfOthers(broker) && <p className={styles.fault}>{say({ id: 'health.madeOfOthers', defaultMessage: 'It is made of what the other brokers tell, and they are down.' })}</p>}
      {((state === 'down' && !isMadeOfOthers(broker)) || access !== undefined) && (
        <p className={styles.fault}>
          {faultWords(brokerWords(detail), access ?? remedyFor(detail))} {contactWords(plan)}
          {retryAtMs !== undefined && retryAtMs > nowMs && ` ${say({ id: 'sentence.nextTry', defaultMessage: 'Next try in {wait}.' }, { wait: formatDuration(retryAtMs - nowMs) })}`}
        </p>
      )}
      {state !== 'down' && lastFailure !== undefined && (
        <p className={styles.caption}>
          {say({ id: 'health.lastError', defaultMessage: 'Last error, {when}: {what}' }, { when: formatSince(lastFailure.atMs, nowMs, plan.timeZone), what: brokerWords(lastFailure.words) })} {remedyFor(lastFailure.words)} {contactWords(plan)}
        </p>
      )}
      {line !== undefined && line.circuit.state !== 'closed' && <p className={styles.caption}>{say({ id: 'health.askedLess', defaultMessage: 'After several failures it is asked less ({state}).' }, { state: textOf(CIRCUITS, line.circuit.state) })}</p>}
    </article>
  )
}

/** A remedy that begins with what is wrong says both. */
function faultWords(what: string, todo: string): string {
  return what !== '' && todo.startsWith(what.replace(/[.…]$/, '')) ? todo : `${what} ${todo}`
}

type Fact = readonly [term: string, value: string]

function factsOf(broker: BrokerHealth, transport: string, nowMs: number): readonly Fact[] {
  const { known, line, subscriptions, intake } = broker
  const kind = line === undefined ? say({ id: 'health.ownPart', defaultMessage: 'part of this server' }) : known === undefined ? say({ id: 'health.notRecognised', defaultMessage: 'not recognised yet' }) : ownName(nameOfBroker(known))
  const { kind: token, state } = line?.access ?? {}
  return [
    [say({ id: 'health.kind', defaultMessage: 'Kind' }), kind],
    [say({ id: 'health.transport', defaultMessage: 'Transport' }), transport],
    ...(line === undefined ? [] : [latencyOf(line)]),
    ...(subscriptions === undefined ? [] : [fact(say({ id: 'health.subscriptions', defaultMessage: 'Subscriptions' }), say({ id: 'health.partOf', defaultMessage: '{part} of {whole}' }, { part: formatNumber(subscriptions.held), whole: formatNumber(subscriptions.wanted) }))]),
    [say({ id: 'health.notifications', defaultMessage: 'Notifications' }), notificationsOf(broker, nowMs)],
    [say({ id: 'health.clock', defaultMessage: 'Clock' }), clockOf(broker)],
    ...(token === undefined
      ? []
      : [fact(say({ id: 'health.access', defaultMessage: 'Access' }), token === 'headers' ? say({ id: 'health.asConfigured', defaultMessage: 'as configured' }) : `${token}, ${state === undefined ? say({ id: 'health.notAsked', defaultMessage: 'not asked yet' }) : textOf(TOKENS, state)}`)]),
    [say({ id: 'health.lostOnTheWay', defaultMessage: 'Lost on the way' }), say({ id: 'health.partOf', defaultMessage: '{part} of {whole}' }, { part: formatNumber(intake.malformed + intake.lost), whole: formatNumber(intake.notifications) })],
    ...(line !== undefined && line.late + line.tooLarge + line.turnedAway > 0
      ? [fact(say({ id: 'health.answers', defaultMessage: 'Answers' }), say({ id: 'health.answersLost', defaultMessage: '{late} too late, {tooLarge} too long, {turnedAway} turned away' }, { late: line.late, tooLarge: line.tooLarge, turnedAway: line.turnedAway }))]
      : []),
  ]
}

function fact(term: string, value: string): Fact {
  return [term, value]
}

function latencyOf({ latency: { p50Ms, p95Ms } }: NonNullable<BrokerHealth['line']>): Fact {
  const value =
    p50Ms === undefined || p95Ms === undefined
      ? say({ id: 'health.noAnswerYet', defaultMessage: 'no answer yet' })
      : say({ id: 'health.latencies', defaultMessage: 'median {median} ms, p95 {p95} ms' }, { median: formatNumber(p50Ms), p95: formatNumber(p95Ms) })
  return [say({ id: 'health.latency', defaultMessage: 'Latency' }), value]
}

function notificationsOf({ heard, lastNotificationAtMs }: BrokerHealth, nowMs: number): string {
  const rate = heard === undefined ? '–' : formatNumber(heard.notificationsPerS, 1)
  return lastNotificationAtMs === undefined
    ? say({ id: 'health.notificationsNone', defaultMessage: '{rate} /s, none yet' }, { rate })
    : say({ id: 'health.notificationsLast', defaultMessage: '{rate} /s, last {age} ago' }, { rate, age: formatDuration(nowMs - lastNotificationAtMs) })
}

function clockOf({ line, isClockUnknown, clockOffsetMs }: BrokerHealth): string {
  if (line?.latency.count === 0) return say({ id: 'health.clockNotHeard', defaultMessage: 'not heard yet' })
  if (isClockUnknown === true) return say({ id: 'health.clockNotTold', defaultMessage: 'it does not say' })
  if (clockOffsetMs === 0) return say({ id: 'health.clockAgrees', defaultMessage: 'agrees' })
  const age = formatDuration(Math.abs(clockOffsetMs))
  return clockOffsetMs > 0 ? say({ id: 'health.clockAhead', defaultMessage: '{age} ahead' }, { age }) : say({ id: 'health.clockBehind', defaultMessage: '{age} behind' }, { age })
}

function Relay({ health: { hub, door, startedAtMs }, nowMs }: { readonly health: NonNullable<Health['health']>; readonly nowMs: number }) {
  return (
    <article className={styles.broker} aria-label={say({ id: 'health.thisServer', defaultMessage: 'This server' })}>
      <h3 className={styles.brokerName}>
        {say({ id: 'health.thisServer', defaultMessage: 'This server' })}
        <span className={styles.quiet}>{say({ id: 'health.upFor', defaultMessage: 'up for {age}' }, { age: formatDuration(nowMs - startedAtMs) })}</span>
      </h3>
      <dl className={styles.facts}>
        {[
          [say({ id: 'health.pages', defaultMessage: 'Pages that read' }), formatNumber(hub.readers)],
          [say({ id: 'health.taken', defaultMessage: 'Notifications taken' }), formatNumber(door.accepted)],
          [say({ id: 'health.refused', defaultMessage: 'Refused, too long, dropped' }), `${formatNumber(door.refused)}, ${formatNumber(door.tooLong)}, ${formatNumber(door.dropped)}`],
          [say({ id: 'health.replayed', defaultMessage: 'Replayed to who came back' }), formatNumber(hub.replayed)],
          [say({ id: 'health.coalesced', defaultMessage: 'Put together for slow pages' }), formatNumber(hub.coalesced)],
          [say({ id: 'health.resyncs', defaultMessage: 'Told to start over' }), formatNumber(hub.resyncs)],
          [say({ id: 'health.stuck', defaultMessage: 'Stuck pages let go' }), formatNumber(hub.stuck)],
        ].map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
