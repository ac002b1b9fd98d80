/** Notes as people read them: the text, the time it is about, who wrote it. Text is text; a link leads away and says nothing of where one comes from. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Annotation } from '../../annotations/annotation.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { formatClock, formatDay } from '../../ui/words/clock.ts'
import styles from './notes.module.css'

export interface NoteListProps {
  readonly plan: CityPlan
  readonly notes: readonly Annotation[]
  readonly nowMs: number
  /** Absent where nobody may. */
  readonly onDelete?: ((id: string) => void) | undefined
}

export function NoteList({ plan, notes, nowMs, onDelete }: NoteListProps) {
  const at = (ms: number): string => `${formatDay(ms, nowMs, plan.timeZone)} ${formatClock(ms, plan.timeZone)}`
  return (
    <ul className={styles.notes}>
      {notes.map(({ id, who, text, link, fromMs, untilMs, writtenMs, about, place }) => (
        <li key={id}>
          <p className={styles.text}>{text}</p>
          {(fromMs !== undefined || untilMs !== undefined) && <p>{spanWords(fromMs === undefined ? undefined : at(fromMs), untilMs === undefined ? undefined : at(untilMs))}</p>}
          {link !== undefined && (
            <p className={styles.link}>
              <a href={link} target="_blank" rel="noopener noreferrer nofollow">
                {link}
              </a>
            </p>
          )}
          <p className={styles.small}>
            {say({ id: 'notes.by', defaultMessage: '{who}, {when}' }, { who, when: at(writtenMs) })}
            {about === undefined && ` · ${place === undefined ? say({ id: 'notes.ofCity', defaultMessage: 'about the whole city' }) : say({ id: 'notes.ofPlace', defaultMessage: 'about this place' })}`}
            {onDelete !== undefined && (
              <button type="button" className={`${controls.button} ${controls.quiet}`} aria-label={say({ id: 'notes.deleteOf', defaultMessage: 'Delete the note of {who}: {text}' }, { who, text })} onClick={() => onDelete(id)}>
                {say({ id: 'notes.delete', defaultMessage: 'Delete' })}
              </button>
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}

function spanWords(from: string | undefined, until: string | undefined): string {
  if (from !== undefined && until !== undefined) return say({ id: 'notes.fromUntil', defaultMessage: '{from} to {until}' }, { from, until })
  return from === undefined ? say({ id: 'notes.until', defaultMessage: 'until {until}' }, { until: until ?? '' }) : say({ id: 'notes.from', defaultMessage: 'from {from}' }, { from })
}
