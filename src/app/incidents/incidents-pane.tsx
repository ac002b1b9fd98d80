/** All incidents of a city with what can be answered, and the journal of who did what. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { formatSince } from '../../ui/words/clock.ts'
import { useChoices } from '../choices.ts'
import { useMachineNow } from '../clock.ts'
import { isInField } from '../shortcuts.ts'
import { IncidentRow } from './incident-row.tsx'
import { asks, budgetWords, worstFirst, type Speaking } from './incident-words.ts'
import styles from './incidents.module.css'
import { keepOperatorName, operatorName } from './operator.ts'
import { journalFile, journalQuery, type Answering, type CityIncidents, type JournalLine } from './read-incidents.ts'
import { useAnswer } from './use-answer.ts'

const SHOWN_LINES = 100

export interface IncidentsPaneProps {
  readonly plan: CityPlan
  readonly speaking: Speaking
  readonly data: CityIncidents
  onClose(): void
}

export function IncidentsPane({ plan, speaking, data, onClose }: IncidentsPaneProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const nameField = useRef<HTMLInputElement>(null)
  const [name, setName] = useState(operatorName)
  const [isNameMissing, setNameMissing] = useState(false)
  const answering = useAnswer(plan.id)
  const nowMs = useMachineNow()
  const journal = useQuery(journalQuery(plan.id))
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const incidents = worstFirst(data.incidents)
  const names = new Map((journal.data ?? []).flatMap(({ incident, finding }) => (finding === undefined ? [] : [[incident, finding.subject.name] as const])))

  const answer = (given: Omit<Answering, 'by'>): void => {
    const by = name.trim()
    setNameMissing(by === '')
    if (by === '') return nameField.current?.focus()
    keepOperatorName(by)
    answering.mutate({ ...given, by })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // The page beneath has keys of its own, Escape among them.
    event.stopPropagation()
    if (event.key.toLowerCase() !== 'a' || event.ctrlKey || event.metaKey || event.altKey || !data.mayAct || isInField(event.target as Element as EventTarget) || !useChoices.getState().hasShortcuts) return
    const chosen = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-incident]')?.dataset['incident'] : undefined
    const target = incidents.find((one) => asks(one) && (chosen === undefined || one.id === chosen))
    if (target !== undefined) answer({ incident: target.id, action: 'acknowledge' })
  }
  return (
    <dialog ref={dialog} className={styles.pane} aria-labelledby="incidents-title" onClose={onClose} onKeyDown={onKeyDown}>
      <header className={styles.head}>
        <h2 id="incidents-title" className={styles.title} tabIndex={-1} autoFocus>
          {say({ id: 'incidents.title', defaultMessage: 'Incidents of {city}' }, { city: plan.name })}
        </h2>
        <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
          {say({ id: 'incidents.close', defaultMessage: 'Close' })}
        </button>
      </header>
      <p className={styles.note}>{budgetWords(data.budget, plan.timeZone)}</p>
      {data.mayAct ? (
        <label className={styles.name}>
          {say({ id: 'incidents.yourName', defaultMessage: 'Your name, for the journal' })}
          <input ref={nameField} className={controls.field} autoComplete="name" maxLength={80} value={name} aria-invalid={isNameMissing || undefined} aria-describedby={isNameMissing ? 'incidents-name' : undefined} onChange={({ target }) => setName(target.value)} />
          {isNameMissing && (
            <span id="incidents-name" role="alert" className={styles.missing}>
              {say({ id: 'incidents.nameMissing', defaultMessage: 'Type your name first: the journal says who answered.' })}
            </span>
          )}
        </label>
      ) : (
        <p className={styles.note}>{say({ id: 'incidents.onlyShown', defaultMessage: 'Incidents are only shown here: nobody can answer them from this page.' })}</p>
      )}
      {answering.isError && (
        <p role="alert" className={styles.missing}>
          {say({ id: 'incidents.failed', defaultMessage: 'Not done: {why}' }, { why: answering.error.message })}
        </p>
      )}
      {incidents.length === 0 ? (
        <p className={styles.note}>{say({ id: 'incidents.none', defaultMessage: 'Nothing is abnormal, and nothing waits for an answer.' })}</p>
      ) : (
        <ul className={styles.list}>
          {incidents.map((one) => (
            <IncidentRow key={one.id} incident={one} mayAct={data.mayAct} nowMs={nowMs} {...{ speaking }} onAnswer={answer} />
          ))}
        </ul>
      )}
      <section aria-labelledby="incidents-journal">
        <div className={styles.head}>
          <h3 id="incidents-journal" className={styles.subtitle}>
            {say({ id: 'incidents.journal', defaultMessage: 'Journal' })}
          </h3>
          <a className={controls.button} href={journalFile(plan.id)} download>
            {say({ id: 'incidents.journalCsv', defaultMessage: 'All of it as CSV' })}
          </a>
        </div>
        <ol className={styles.journal}>
          {(journal.data ?? [])
            .slice(-SHOWN_LINES)
            .toReversed()
            .map((line) => (
              <li key={line.seq}>
                <time dateTime={new Date(line.atMs).toISOString()}>{formatSince(line.atMs, nowMs, plan.timeZone)}</time> {lineWords(line, names.get(line.incident))}
              </li>
            ))}
        </ol>
      </section>
    </dialog>
  )
}

function lineWords({ type, incident, by = '', comment }: JournalLine, name: string | undefined): string {
  const what = name ?? incident
  const said = comment === undefined ? '' : ` “${comment}”`
  switch (type) {
    case 'raise':
      return say({ id: 'incidents.journalRaised', defaultMessage: '{what}: raised' }, { what })
    case 'clear':
      return say({ id: 'incidents.journalOver', defaultMessage: '{what}: over' }, { what })
    case 'fold':
      return say({ id: 'incidents.journalFolded', defaultMessage: '{what}: now a part of another incident' }, { what })
    case 'expire':
      return say({ id: 'incidents.journalExpired', defaultMessage: '{what}: back from the shelf' }, { what })
    case 'acknowledge':
      return say({ id: 'incidents.journalAcknowledged', defaultMessage: '{what}: acknowledged by {by}{said}' }, { what, by, said })
    case 'shelve':
      return say({ id: 'incidents.journalShelved', defaultMessage: '{what}: shelved by {by}{said}' }, { what, by, said })
    case 'unshelve':
      return say({ id: 'incidents.journalUnshelved', defaultMessage: '{what}: taken from the shelf by {by}{said}' }, { what, by, said })
    case 'comment':
      return say({ id: 'incidents.journalComment', defaultMessage: '{what}, {by}:{said}' }, { what, by, said })
    case 'take-out':
      return say({ id: 'incidents.journalTakenOut', defaultMessage: '{what}: taken out of service by {by}{said}' }, { what, by, said })
    default:
      return say({ id: 'incidents.journalOther', defaultMessage: '{what}: {type} by {by}{said}' }, { what, type, by, said })
  }
}
