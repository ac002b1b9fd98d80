/**
 * Where a value comes from: broker, entity, what the entity is linked to, who gave it, and under which licence. Links are
 * asked for when somebody opens them, never more than three away, and one that leads back is not followed.
 */
import { useQuery } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Json } from '../../ngsi-ld/entity.ts'
import { say } from '../../language/say.ts'
import { BrokerNames } from '../broker-names.tsx'
import { linkedQuery } from '../queries.ts'
import { useServices } from '../services.ts'
import { shortName } from '../sensor-list.ts'
import { Failure } from './failure.tsx'
import styles from './inspect.module.css'
import { describedBy, isLoop, linksOf, MAX_DEPTH, providersOf, type Link } from './links.ts'
import { Raw } from './raw.tsx'
import { trustOf } from './trust.ts'

export interface OriginProps {
  readonly plan: CityPlan
  readonly entityId: string
  readonly raw: Json | undefined
  /** Id of the broker that holds it, where that is known. */
  readonly broker: string | undefined
}

export function Origin({ plan, entityId, raw, broker }: OriginProps) {
  const brokers = broker === undefined ? plan.brokers : plan.brokers.filter(({ id }) => id === broker)
  const described = raw === undefined ? undefined : describedBy(raw)
  const providers = raw === undefined ? [] : providersOf(raw)
  return (
    <>
      <ol className={styles.chain}>
        <li>
          <BrokerNames brokers={brokers.length === 0 ? plan.brokers : brokers} />
        </li>
        <li>
          {described !== undefined && described.type !== '' && <span className={styles.note}>{described.type} </span>}
          <span className={styles.id}>{entityId}</span>
          {raw !== undefined && <LinkList {...{ plan, raw }} from={entityId} path={[entityId]} />}
        </li>
        {providers.map(({ name, text }) => (
          <li key={name}>
            <span className={styles.note}>{name} </span>
            {text}
          </li>
        ))}
      </ol>
      <p className={styles.note}>{[plan.attribution, plan.licence === undefined ? say({ id: 'inspect.noLicence', defaultMessage: 'No licence is configured' }) : say({ id: 'inspect.licence', defaultMessage: 'Licence: {licence}' }, { licence: plan.licence })].filter((text) => text !== undefined).join(' · ')}</p>
    </>
  )
}

interface LinkListProps {
  readonly plan: CityPlan
  readonly raw: Json
  /** The sensor: its broker is asked first. */
  readonly from: string
  /** Ids from the sensor's entity to this one. */
  readonly path: readonly string[]
}

function LinkList({ plan, raw, from, path }: LinkListProps) {
  const { links, left } = linksOf(raw)
  if (links.length === 0) return path.length === 1 ? <p className={styles.note}>{say({ id: 'inspect.noLinks', defaultMessage: 'It names no device, place or owner by a relationship.' })}</p> : null
  return (
    <ul className={styles.links}>
      {links.map((link) => (
        <li key={`${link.name} ${link.id}`}>
          <Linked {...{ plan, from, link, path }} />
        </li>
      ))}
      {left > 0 && <li className={styles.note}>{say({ id: 'inspect.linksLeft', defaultMessage: 'and {count} more' }, { count: left })}</li>}
    </ul>
  )
}

interface LinkedProps extends Omit<LinkListProps, 'raw'> {
  readonly link: Link
}

function Linked({ plan, from, link, path }: LinkedProps) {
  const { live } = useServices()
  const [isOpen, setIsOpen] = useState(false)
  const isBack = isLoop(path, link.id)
  // The first step is what most want to know: its type and name are there at once.
  const isNear = path.length === 1
  const entity = useQuery({ ...linkedQuery(live, { cityId: plan.id, entityId: link.id, from }), enabled: !isBack && (isNear || isOpen) })
  if (isBack) {
    return (
      <p className={styles.note}>
        {say({ id: 'inspect.linkBack', defaultMessage: '{name}: back to {target}' }, { name: link.name, target: shortName(link.id) })}
      </p>
    )
  }
  const described = entity.data === undefined ? undefined : describedBy(entity.data.raw)
  const facts = entity.data === undefined ? [] : [...providersOf(entity.data.raw), ...trustOf(entity.data.raw)]
  return (
    <details className={styles.linked} onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.note}>{link.name} </span>
        {described === undefined ? shortName(link.id) : [described.type, described.name ?? shortName(link.id)].filter((text) => text !== '').join(' · ')}
        {entity.isError && <span className={styles.note}> · {say({ id: 'inspect.linkFailed', defaultMessage: 'not found' })}</span>}
      </summary>
      <p className={styles.id}>{link.id}</p>
      {entity.isPending && <p className={styles.note}>{say({ id: 'inspect.askingBroker', defaultMessage: 'Asking the broker…' })}</p>}
      {entity.isError && <Failure message={entity.error.message} onRetry={() => void entity.refetch()} />}
      {facts.length > 0 && <p>{facts.map(({ name, text }) => `${name}: ${text}`).join(' · ')}</p>}
      {entity.data !== undefined && isOpen && (
        <>
          {path.length < MAX_DEPTH ? <LinkList {...{ plan, from }} raw={entity.data.raw} path={[...path, link.id]} /> : linksOf(entity.data.raw).links.length > 0 && <p className={styles.note}>{say({ id: 'inspect.linksDeep', defaultMessage: 'It names others; they are not followed further.' })}</p>}
          <details className={styles.fold}>
            <summary>{say({ id: 'inspect.raw', defaultMessage: 'Raw NGSI-LD' })}</summary>
            <Raw json={entity.data.raw} />
          </details>
        </>
      )}
    </details>
  )
}
