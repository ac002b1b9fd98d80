/** Notes on the map: a flag for each place that has any now, and a card with its notes when one is picked. */
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Theme } from '../../domains/domain-view.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import explain from '../explain.module.css'
import { useNow } from '../live-hooks.ts'
import type { MapStage } from '../map-stage.ts'
import { useAnnotations } from './annotation-queries.ts'
import { pinsOf } from './flags.ts'
import { NoteList } from './note-list.tsx'

export interface MapNotesProps {
  readonly stage: MapStage
  readonly plan: CityPlan
  readonly theme: Theme
  readonly atMs: number | undefined
  onInspect(entityId: string): void
}

export default function MapNotes({ stage, plan, theme, atMs, onInspect }: MapNotesProps) {
  const annotations = useAnnotations(plan)
  const nowMs = useNow(atMs)
  const minuteMs = Math.floor(nowMs / 60_000) * 60_000
  const pins = useMemo(() => pinsOf(annotations, minuteMs), [annotations, minuteMs])
  const [picked, setPicked] = useState<string | undefined>(undefined)
  const pick = useEffectEvent((index: number) => setPicked(pins[index]?.place.join(' ')))
  useEffect(() => stage.showNotes(pins.map(({ place }) => place), theme, pick), [stage, pins, theme])
  useEffect(() => () => stage.showNotes([], 'day', () => undefined), [stage])
  const pin = pins.find(({ place }) => place.join(' ') === picked)
  if (pin === undefined) return null
  const sensors = [...new Set(pin.notes.flatMap(({ about }) => about ?? []))]
  return (
    <section className={explain.card} aria-label={say({ id: 'notes.here', defaultMessage: 'Notes at this place' })}>
      <button type="button" className={`${controls.button} ${controls.square} ${controls.quiet} ${explain.close}`} aria-label={say({ id: 'notes.closeCard', defaultMessage: 'Close the notes' })} onClick={() => setPicked(undefined)}>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </button>
      <NoteList {...{ plan, nowMs }} notes={pin.notes} />
      {sensors.map((id) => (
        <button key={id} type="button" className={controls.button} onClick={() => onInspect(id)}>
          {say({ id: 'notes.openSensor', defaultMessage: 'Open the sensor' })}
        </button>
      ))}
    </section>
  )
}
