/** Writes a note: about the sensor that is open, the place where it stands, or the city. Times are those of the city. */
import { useId, useState, type SyntheticEvent } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { MAX_LINK, MAX_TEXT, MAX_WHO, type Draft } from '../../annotations/annotation.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { fromWallInput } from '../../ui/words/clock.ts'
import styles from './notes.module.css'

export interface NoteFormProps {
  readonly plan: CityPlan
  readonly about: { readonly entityId: string; readonly name: string }
  /** Where the sensor stands. */
  readonly position: LonLat | undefined
  /** Rejects with the reason. */
  onWrite(draft: Draft): Promise<void>
}

const WHO_KEY = 'belvedere.who'

export function NoteForm({ plan, about, position, onWrite }: NoteFormProps) {
  const id = useId()
  const [state, setState] = useState<'idle' | 'sending' | 'kept' | { readonly problem: string }>('idle')

  function submit(event: SyntheticEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const field = (name: string): string => String(fields.get(name) ?? '').trim()
    const fromMs = fromWallInput(field('from'), plan.timeZone)
    const untilMs = fromWallInput(field('until'), plan.timeZone)
    const of = field('of')
    remember(field('who'))
    setState('sending')
    onWrite({
      who: field('who'),
      text: field('text'),
      ...(field('link') !== '' && { link: field('link') }),
      ...(fromMs !== undefined && { fromMs }),
      ...(untilMs !== undefined && { untilMs }),
      ...(of === 'sensor' && { about: about.entityId }),
      ...(of !== 'city' && position !== undefined && { place: position }),
    }).then(
      () => {
        form.reset()
        setState('kept')
      },
      (cause: unknown) => setState({ problem: cause instanceof Error ? cause.message : String(cause) }),
    )
  }

  return (
    <form className={styles.form} aria-label={say({ id: 'notes.new', defaultMessage: 'New note' })} onSubmit={submit}>
      <label htmlFor={`${id}-text`}>{say({ id: 'notes.text', defaultMessage: 'Note' })}</label>
      <textarea id={`${id}-text`} name="text" className={controls.field} required maxLength={MAX_TEXT} rows={3} placeholder={say({ id: 'notes.example', defaultMessage: 'Road works in the next street' })} />
      <label htmlFor={`${id}-who`}>{say({ id: 'notes.who', defaultMessage: 'Your name' })}</label>
      <input id={`${id}-who`} name="who" className={controls.field} required maxLength={MAX_WHO} autoComplete="name" defaultValue={remembered()} />
      <label htmlFor={`${id}-of`}>{say({ id: 'notes.about', defaultMessage: 'About' })}</label>
      <select id={`${id}-of`} name="of" className={controls.field}>
        <option value="sensor">{about.name}</option>
        {position !== undefined && <option value="place">{say({ id: 'notes.thisPlace', defaultMessage: 'this place' })}</option>}
        <option value="city">{say({ id: 'notes.wholeCity', defaultMessage: 'all of {city}' }, { city: plan.name })}</option>
      </select>
      <label htmlFor={`${id}-from`}>{say({ id: 'notes.fromLabel', defaultMessage: 'From' })}</label>
      <input id={`${id}-from`} name="from" className={controls.field} type="datetime-local" />
      <label htmlFor={`${id}-until`}>{say({ id: 'notes.untilLabel', defaultMessage: 'Until' })}</label>
      <input id={`${id}-until`} name="until" className={controls.field} type="datetime-local" />
      <label htmlFor={`${id}-link`}>{say({ id: 'notes.link', defaultMessage: 'Link' })}</label>
      <input id={`${id}-link`} name="link" className={controls.field} type="url" maxLength={MAX_LINK} pattern="https?://.*" placeholder="https://" />
      <p className={styles.submit}>
        <button type="submit" className={controls.button} disabled={state === 'sending'}>
          {state === 'sending' ? say({ id: 'notes.sending', defaultMessage: 'Sending…' }) : say({ id: 'notes.keep', defaultMessage: 'Add the note' })}
        </button>
        <output className={styles.small}>{state === 'kept' ? say({ id: 'notes.kept', defaultMessage: 'Kept; everybody sees it.' }) : typeof state === 'object' && say({ id: 'notes.failed', defaultMessage: 'Not kept: {problem}' }, { problem: state.problem })}</output>
      </p>
    </form>
  )
}

// A browser may refuse storage: the name is then written again.
function remembered(): string {
  try {
    return localStorage.getItem(WHO_KEY) ?? ''
  } catch {
    return ''
  }
}

function remember(who: string): void {
  try {
    localStorage.setItem(WHO_KEY, who)
  } catch {
    // see `remembered`
  }
}
