/** All notes of a city in one place: what the map's flags say, for the keyboard and the ear, and those about the whole city. Absent where there are none. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import { useNow } from '../live-hooks.ts'
import { useAnnotations } from './annotation-queries.ts'
import { NoteList } from './note-list.tsx'
import styles from './notes.module.css'

export default function NotesPane({ plan, atMs }: { readonly plan: CityPlan; readonly atMs: number | undefined }) {
  const notes = useAnnotations(plan)
  const nowMs = useNow(atMs)
  if (notes.length === 0) return null
  return (
    <section className={styles.pane} aria-label={say({ id: 'notes.ofAll', defaultMessage: 'Notes of {city}' }, { city: plan.name })}>
      <details className={styles.fold}>
        <summary>{say({ id: 'notes.all', defaultMessage: 'Notes ⚑ {count, plural, one {# note} other {# notes}}' }, { count: notes.length })}</summary>
        <NoteList {...{ plan, notes, nowMs }} />
      </details>
    </section>
  )
}
