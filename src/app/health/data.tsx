/** What of the data could not be read, with an example of each kind, and what was doubtful in the rest. */
import { useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { formatNumber } from '../../ui/words/number.ts'
import { entityIdOf } from './data-facts.ts'
import styles from './health.module.css'
import { Mark } from './mark.tsx'
import { fetchEntity } from './read-health.ts'
import { contactWords } from './troubles.ts'
import type { Health } from './use-health.ts'

export function Data({ plan, state: { facts, status } }: { readonly plan: CityPlan; readonly state: Health }) {
  const rejected = status?.counters.rejected ?? []
  return (
    <section className={styles.section} aria-labelledby="health-data">
      <h2 id="health-data" className={styles.heading}>
        {say({ id: 'data.title', defaultMessage: 'Data' })}
      </h2>
      <p className={styles.caption}>
        {say(
          { id: 'data.came', defaultMessage: 'Since this page opened the city: {notifications} notifications, {entities} entities, {readings} readings.' },
          { notifications: formatNumber(status?.counters.notifications ?? 0), entities: formatNumber(status?.counters.entities ?? 0), readings: formatNumber(status?.counters.readings ?? 0) },
        )}
      </p>
      <dl className={`${styles.facts} ${styles.wide}`}>
        {facts.map(({ name, count, meaning }) => (
          <div key={name} title={meaning}>
            <dt>{name}</dt>
            <dd data-zero={count === 0 || undefined}>{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      {rejected.length === 0 ? (
        <p className={styles.quiet}>{(status?.counters.entities ?? 0) === 0 ? say({ id: 'data.nothing', defaultMessage: 'Nothing has come yet.' }) : say({ id: 'data.allRead', defaultMessage: 'Everything that came could be read.' })}</p>
      ) : (
        <>
          <h3 className={styles.sub}>{say({ id: 'data.notRead', defaultMessage: 'Not read' })}</h3>
          <ul className={styles.rejected}>
            {rejected.map(({ reason, count, example }) => (
              <li key={reason}>
                <p>
                  <Mark kind="warning" /> <strong>{formatNumber(count)} ×</strong> <span lang="en">{reason}</span>
                </p>
                <p className={styles.example} lang="en">
                  {example}
                </p>
                <Payload plan={plan} entityId={entityIdOf(example)} />
              </li>
            ))}
          </ul>
          <p className={styles.caption}>{say({ id: 'data.writers', defaultMessage: 'Whoever writes these entities should see the examples.' })} {contactWords(plan)}</p>
        </>
      )}
    </section>
  )
}

/** The entity as its broker has it now, asked for when somebody wants to see it. It is text, whatever it holds. */
function Payload({ plan, entityId }: { readonly plan: CityPlan; readonly entityId: string | undefined }) {
  const [shown, setShown] = useState<string | undefined>(undefined)
  if (entityId === undefined) return null
  if (shown !== undefined) return <Pre label={say({ id: 'data.entityLabel', defaultMessage: '{entity} as its broker has it' }, { entity: entityId })} text={shown} />
  return (
    <button
      type="button"
      className={controls.button}
      onClick={() => {
        setShown(say({ id: 'data.asking', defaultMessage: 'Asking…' }))
        const brokers = plan.brokers.map(({ id }) => id)
        fetchEntity(plan.id, brokers, entityId).then(
          (json) => setShown(json === undefined ? say({ id: 'data.cannotShow', defaultMessage: 'It cannot be shown: no broker has it any more, its id is none that may be asked for, or it is about people and stays in the server.' }) : JSON.stringify(json, undefined, 2)),
          () => setShown(say({ id: 'data.noAnswer', defaultMessage: 'The server does not answer.' })),
        )
      }}
    >
      {say({ id: 'data.show', defaultMessage: 'Show the entity' })}
    </button>
  )
}

/** Scrolls within itself, by keyboard too. */
export function Pre({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={styles.payload} tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  )
}
