/** Each broker of the city: which it is, how it answers, what it holds for us, and what it said last when it failed. */
import { say } from '../../language/say.ts'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import { formatDuration } from '../../ui/words/age.ts'
import { formatFull, formatSince } from '../../ui/words/clock.ts'
import { formatNumber } from '../../ui/words/number.ts'
import type { CityStatus } from '../../workers/city.messages.ts'
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
        Brokers
      </h2>
      {health === undefined ? (
        <p className={styles.quiet}>The server has not told yet.</p>
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

const MARKS: Readonly<Record<BrokerHealth['state'], MarkKind>> = { live: 'ok', connecting: 'unknown', down: 'alarm' }

function Broker({ plan, broker, own, nowMs }: { readonly plan: CityPlan; readonly broker: BrokerHealth; readonly own: CityStatus['brokers'][number] | undefined; readonly nowMs: number }) {
  const { state, sinceMs, detail, retryAtMs, line, known, lastFailure } = broker
  const name = plan.brokers.find(({ id }) => id === broker.broker)?.name ?? broker.broker
  const access = accessWords(broker)
  const transport = transportFacts(plan.brokers.find(({ id }) => id === broker.broker), broker, own)
  return (
    <article className={styles.broker} aria-label={`Broker ${name}`}>
      <h3 className={styles.brokerName}>
        <Mark kind={access === undefined ? MARKS[state] : 'alarm'} />
        {name}
        <span className={styles.quiet}>
          {state} since <time title={formatFull(sinceMs, plan.timeZone)}>{formatSince(sinceMs, nowMs, plan.timeZone)}</time>
        </span>
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
      {known !== undefined && <p className={styles.caption}>Known by: {known.evidence}.</p>}
      {state !== 'down' && detail !== undefined && (transport.fellBack === undefined || detail !== broker.cannot?.relay) && <p className={styles.caption}>{brokerWords(detail)}</p>}
      {state === 'down' && isMadeOfOthers(broker) && <p className={styles.fault}>It is made of what the other brokers tell, and they are down.</p>}
      {((state === 'down' && !isMadeOfOthers(broker)) || access !== undefined) && (
        <p className={styles.fault}>
          {brokerWords(detail)} {access ?? remedyFor(detail)} {contactWords(plan)}
          {retryAtMs !== undefined && retryAtMs > nowMs && ` Next try in ${formatDuration(retryAtMs - nowMs)}.`}
        </p>
      )}
      {state !== 'down' && lastFailure !== undefined && (
        <p className={styles.caption}>
          Last error, {formatSince(lastFailure.atMs, nowMs, plan.timeZone)}: {brokerWords(lastFailure.words)} {remedyFor(lastFailure.words)} {contactWords(plan)}
        </p>
      )}
      {line !== undefined && line.circuit.state !== 'closed' && <p className={styles.caption}>After several failures it is asked less ({line.circuit.state}).</p>}
    </article>
  )
}

function factsOf({ known, line, subscriptions, heard, clockOffsetMs, isClockUnknown, intake, lastNotificationAtMs }: BrokerHealth, transport: string, nowMs: number): readonly (readonly [term: string, value: string])[] {
  const { p50Ms, p95Ms } = line?.latency ?? {}
  const token = line?.access
  return [
    ['Kind', line === undefined ? 'part of this server' : known === undefined ? 'not recognised yet' : nameOfBroker(known)],
    ['Transport', transport],
    ...(line === undefined ? [] : [['Latency', p50Ms === undefined || p95Ms === undefined ? 'no answer yet' : `median ${formatNumber(p50Ms)} ms, p95 ${formatNumber(p95Ms)} ms`] as const]),
    ...(subscriptions === undefined ? [] : [['Subscriptions', `${subscriptions.held} of ${subscriptions.wanted}`] as const]),
    ['Notifications', `${heard === undefined ? '–' : formatNumber(heard.notificationsPerS, 1)} /s${lastNotificationAtMs === undefined ? ', none yet' : `, last ${formatDuration(nowMs - lastNotificationAtMs)} ago`}`],
    ['Clock', line?.latency.count === 0 ? 'not heard yet' : isClockUnknown === true ? say({ id: 'health.clockNotTold', defaultMessage: 'it does not say' }) : clockOffsetMs === 0 ? 'agrees' : `${formatDuration(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`],
    ...(token === undefined ? [] : [['Access', token.kind === 'headers' ? 'as configured' : `${token.kind}, ${token.state ?? 'not asked yet'}`] as const]),
    ['Lost on the way', `${formatNumber(intake.malformed + intake.lost)} of ${formatNumber(intake.notifications)}`],
    ...(line !== undefined && line.late + line.tooLarge + line.turnedAway > 0 ? [['Answers', `${line.late} too late, ${line.tooLarge} too long, ${line.turnedAway} turned away`] as const] : []),
  ]
}

function Relay({ health: { hub, door, startedAtMs }, nowMs }: { readonly health: NonNullable<Health['health']>; readonly nowMs: number }) {
  return (
    <article className={styles.broker} aria-label="This server">
      <h3 className={styles.brokerName}>
        This server<span className={styles.quiet}>up for {formatDuration(nowMs - startedAtMs)}</span>
      </h3>
      <dl className={styles.facts}>
        {[
          ['Pages that read', formatNumber(hub.readers)],
          ['Notifications taken', formatNumber(door.accepted)],
          ['Refused, too long, dropped', `${formatNumber(door.refused)}, ${formatNumber(door.tooLong)}, ${formatNumber(door.dropped)}`],
          ['Replayed to who came back', formatNumber(hub.replayed)],
          ['Put together for slow pages', formatNumber(hub.coalesced)],
          ['Told to start over', formatNumber(hub.resyncs)],
          ['Stuck pages let go', formatNumber(hub.stuck)],
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
