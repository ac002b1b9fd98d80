/** The drawer's notes: of this sensor, of its place and of the city, and a way to leave one. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Annotation } from '../../annotations/annotation.ts'
import { distanceM, type LonLat } from '../../core/geo/position.ts'
import { say } from '../../language/say.ts'
import { annotationsQuery, deleteAnnotation, postAnnotation, type CityAnnotations } from './annotation-queries.ts'
import { NoteForm } from './note-form.tsx'
import { NoteList } from './note-list.tsx'
import styles from './notes.module.css'

export interface NotesProps {
  readonly plan: CityPlan
  readonly nowMs: number
  readonly about: { readonly entityId: string; readonly name: string }
  readonly position: LonLat | undefined
}

/** A note about a place holds for what stands so near. */
const NEAR_M = 250

export function Notes({ plan, nowMs, about, position }: NotesProps) {
  const client = useQueryClient()
  const answer = useQuery(annotationsQuery(plan.id))
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const notes = (answer.data?.annotations ?? []).filter((note) => concerns(note, about.entityId, position))
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['annotations', plan.id] })
  const remove = (id: string): void => {
    setProblem(undefined)
    deleteAnnotation(plan.id, id).then(again, (cause: unknown) => setProblem(cause instanceof Error ? cause.message : String(cause)))
  }
  return (
    <details className={styles.fold}>
      <summary>{answer.data === undefined ? say({ id: 'notes.title', defaultMessage: 'Notes ⚑' }) : say({ id: 'notes.count', defaultMessage: 'Notes ⚑ {count, plural, =0 {none} one {#} other {#}}' }, { count: notes.length })}</summary>
      {answer.isError && <p className={styles.small}>{say({ id: 'notes.unread', defaultMessage: 'Notes cannot be read: {problem}' }, { problem: answer.error.message })}</p>}
      {notes.length > 0 && <NoteList {...{ plan, notes, nowMs }} onDelete={answer.data?.mayWrite === true ? remove : undefined} />}
      <output className={styles.small}>{problem !== undefined && say({ id: 'notes.notDeleted', defaultMessage: 'Not deleted: {problem}' }, { problem })}</output>
      {answer.data?.mayWrite === true && (
        <NoteForm
          {...{ plan, about, position }}
          onWrite={async (draft) => {
            await postAnnotation(plan.id, draft)
            await again()
          }}
        />
      )}
      {answer.data !== undefined && <p className={styles.small}>{keptWords(answer.data)}</p>}
    </details>
  )
}

function concerns({ about, place }: Annotation, entityId: string, position: LonLat | undefined): boolean {
  if (about !== undefined) return about === entityId
  return place === undefined || (position !== undefined && distanceM(place, position) <= NEAR_M)
}

function keptWords({ keptIn, mayWrite }: CityAnnotations): string {
  if (!mayWrite) return say({ id: 'notes.readOnly', defaultMessage: 'Notes are read-only here.' })
  switch (keptIn) {
    case 'broker':
      return say({ id: 'notes.inBroker', defaultMessage: 'Notes are kept in the city’s broker, as entities; whoever sees this page can read, write and delete them.' })
    case 'embedded':
      return say({ id: 'notes.inEmbedded', defaultMessage: 'Notes are kept in the broker inside this server and are gone when it ends; whoever sees this page can read, write and delete them.' })
    case 'memory':
      return say({ id: 'notes.inMemory', defaultMessage: 'Notes are kept in the memory of this server and are gone when it ends; whoever sees this page can read, write and delete them.' })
  }
}
