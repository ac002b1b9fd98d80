/** One incident with what there is to know and to do. */
import { useState, type FormEvent } from 'react'
import { HOUR_MS } from '../../core/time/instant.ts'
import type { Incident } from '../../incidents/journal.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { formatSince } from '../../ui/words/clock.ts'
import { IncidentGlyph } from './incident-glyph.tsx'
import { asks, rankOf, responseWords, stateWords, whatWords, type Speaking } from './incident-words.ts'
import styles from './incidents.module.css'
import type { Answering } from './read-incidents.ts'

const SHELVES_H = [1, 4, 8, 24] as const

export interface IncidentRowProps {
  readonly incident: Incident
  readonly speaking: Speaking
  readonly mayAct: boolean
  readonly nowMs: number
  onAnswer(answer: Omit<Answering, 'by'>): void
}

export function IncidentRow({ incident, speaking, mayAct, nowMs, onAnswer }: IncidentRowProps) {
  const [comment, setComment] = useState('')
  const { id, finding, standing, raisedAtMs, lastComment } = incident
  const response = responseWords(finding)
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (comment.trim() === '') return
    onAnswer({ incident: id, action: 'comment', comment: comment.trim() })
    setComment('')
  }
  return (
    <li className={styles.row} data-incident={id}>
      <p className={styles.what}>
        <IncidentGlyph rank={rankOf(finding)} asks={asks(incident)} /> <strong>{whatWords(incident, speaking)}</strong>
      </p>
      <p className={styles.note}>
        {say({ id: 'incidents.sinceState', defaultMessage: 'Since {time}. {state}.' }, { time: formatSince(raisedAtMs, nowMs, speaking.timeZone), state: stateWords(incident, speaking) })}
        {finding.source !== undefined && ` ${say({ id: 'incidents.limitFrom', defaultMessage: 'Limit from {source}.' }, { source: finding.source })}`}
      </p>
      {response !== undefined && (
        <dl className={styles.facts}>
          <dt>{say({ id: 'incidents.do', defaultMessage: 'Do' })}</dt>
          <dd>{response.action}</dd>
          <dt>{say({ id: 'incidents.cause', defaultMessage: 'Cause' })}</dt>
          <dd>{response.cause}</dd>
          <dt>{say({ id: 'incidents.otherwise', defaultMessage: 'Otherwise' })}</dt>
          <dd>{response.consequence}</dd>
          <dt>{say({ id: 'incidents.owner', defaultMessage: 'Owner' })}</dt>
          <dd>{response.owner}</dd>
        </dl>
      )}
      {lastComment !== undefined && <p className={styles.note}>{say({ id: 'incidents.said', defaultMessage: '{name}: {text}' }, { name: lastComment.by, text: lastComment.text })}</p>}
      {mayAct && (
        <div className={styles.buttons}>
          {asks(incident) && (
            <button type="button" className={controls.button} aria-keyshortcuts="A" onClick={() => onAnswer({ incident: id, action: 'acknowledge' })}>
              {say({ id: 'incidents.acknowledge', defaultMessage: 'Acknowledge' })}
            </button>
          )}
          {standing.state === 'shelved' ? (
            <button type="button" className={controls.button} onClick={() => onAnswer({ incident: id, action: 'unshelve' })}>
              {say({ id: 'incidents.unshelve', defaultMessage: 'Take from the shelf' })}
            </button>
          ) : (
            standing.state !== 'out-of-service' && (
              <fieldset className={styles.shelves} aria-label={say({ id: 'incidents.shelveFor', defaultMessage: 'Shelve for' })}>
                <span aria-hidden="true">{say({ id: 'incidents.shelveFor', defaultMessage: 'Shelve for' })}</span>
                {SHELVES_H.map((hours) => (
                  <button key={hours} type="button" className={controls.button} title={say({ id: 'incidents.until', defaultMessage: 'until {time}' }, { time: formatSince(nowMs + hours * HOUR_MS, nowMs, speaking.timeZone) })} onClick={() => onAnswer({ incident: id, action: 'shelve', hours })}>
                    {say({ id: 'incidents.hours', defaultMessage: '{hours} h' }, { hours })}
                  </button>
                ))}
              </fieldset>
            )
          )}
          <form className={styles.comment} onSubmit={send}>
            <input className={controls.field} value={comment} maxLength={1000} aria-label={say({ id: 'incidents.comment', defaultMessage: 'Comment' })} placeholder={say({ id: 'incidents.comment', defaultMessage: 'Comment' })} onChange={({ target }) => setComment(target.value)} />
            <button type="submit" className={controls.button}>
              {say({ id: 'incidents.addComment', defaultMessage: 'Add' })}
            </button>
          </form>
        </div>
      )}
    </li>
  )
}
