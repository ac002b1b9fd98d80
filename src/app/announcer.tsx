/**
 * The one place from which a page in motion speaks by itself: a live region that tells changes of state.
 * What a button answers to who pressed it ("Copied") stays beside the button.
 */
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { SECOND_MS } from '../core/time/instant.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { formatClock, formatDay } from '../ui/words/clock.ts'
import { createAnnouncer, type Fact } from './announce.ts'
import { summaryOf, viewsOf } from './layer-facts.ts'
import { useHeadlineIncident } from './incidents/headline-incident.ts'
import { useServices } from './services.ts'
import { useSettings } from './settings.ts'
import { stateFacts } from './state-facts.ts'

/** One for each city: `key` it by that, so that what was known of another is forgotten. */
export interface AnnouncerProps {
  readonly plan: CityPlan
  /** The past instant that is shown; undefined is now. */
  readonly atMs: number | undefined
  /** The name of the layer that owns colour. */
  readonly layer?: string | undefined
}

/** Long heard by then: what is over is not found by who reads the page line by line. */
const GONE_AFTER_MS = 8_000

export default function Announcer({ plan, atMs, layer }: AnnouncerProps) {
  const { live, views } = useServices()
  const [announcer] = useState(createAnnouncer)
  const [said, setSaid] = useState('')
  const saidAtMs = useRef(-Infinity)

  const listen = useEffectEvent(() => {
    const nowMs = Date.now()
    const layers = viewsOf(plan, views).map((view) => {
      const layer = live.layer(view.model.id)
      // What a visit before has left is no news, and its end none either.
      return { id: view.model.id, ...summaryOf(view, layer?.frame.keptAtMs === undefined ? layer : undefined) }
    })
    const all = [incidentFact(useHeadlineIncident.getState().sentence), ...stateFacts({ plan, status: live.status(), isHistory: atMs !== undefined, layers }), ...shownFacts({ layer, atMs, nowMs, timeZone: plan.timeZone })]
    const text = announcer.hear(all, nowMs, useSettings.getState().verbosity)
    if (text !== undefined) {
      saidAtMs.current = nowMs
      setSaid(text)
    } else if (nowMs - saidAtMs.current > GONE_AFTER_MS) setSaid('')
  })
  // By the second, and not with each frame: nothing here is in more of a hurry.
  useEffect(() => {
    const timer = setInterval(() => listen(), SECOND_MS)
    return () => clearInterval(timer)
  }, [])

  return (
    <output className={controls.heard} aria-live="polite" data-part="announcer">
      {said}
    </output>
  )
}

/** The worst that is going on, as the headline names it. */
function incidentFact(sentence: string | undefined): Fact {
  return { topic: 'incident', state: sentence ?? '', words: sentence ?? say({ id: 'announce.incidentOver', defaultMessage: 'No incident is going on any more.' }), isUrgent: sentence !== undefined }
}

function shownFacts({ layer, atMs, nowMs, timeZone }: { readonly layer: string | undefined; readonly atMs: number | undefined; readonly nowMs: number; readonly timeZone: string }): readonly Fact[] {
  return [
    ...(layer === undefined ? [] : [{ topic: 'layer', state: layer, words: say({ id: 'announce.layer', defaultMessage: '{layer} is shown.' }, { layer }), isShown: true }]),
    {
      topic: 'time',
      state: String(atMs ?? 'now'),
      words: atMs === undefined ? '' : say({ id: 'announce.time', defaultMessage: 'Time shown: {day} {clock}.' }, { day: formatDay(atMs, nowMs, timeZone), clock: formatClock(atMs, timeZone) }),
      isShown: true,
    },
  ]
}
