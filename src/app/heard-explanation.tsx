/** How the city's number was made, for who hears the page: beside the tile and the map, not on the screen. */
import { useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { explainBriefly } from '../explain/explain.ts'
import controls from '../ui/controls.module.css'
import { useChoices } from './choices.ts'
import { explainInput } from './explain-input.ts'
import { useLiveVersion, useLayer, useNow } from './live-hooks.ts'
import { createPaced } from './paced.ts'

export interface HeardExplanationProps {
  readonly id: string
  readonly plan: CityPlan
  readonly view: DomainView
  readonly atMs: number | undefined
}

const HEARD_INTERVAL_MS = 3_000

export default function HeardExplanation({ id, plan, view, atMs }: HeardExplanationProps) {
  useLiveVersion()
  const layer = useLayer(view.model.id)
  const isPaused = useChoices((choices) => choices.isPaused)
  const nowMs = useNow(atMs)
  const frame = layer?.frame
  const [paced] = useState(() => createPaced<string>(() => performance.now()))
  const text = paced(() => (layer === undefined ? '' : explainBriefly(explainInput({ plan, view, layer, nowMs, atMs, subject: { kind: 'city' } }))), {
    // A first value, and a picture that stands still, are told at once: the words never contradict the tile for seconds.
    key: JSON.stringify([
      plan.id,
      view.model.id,
      atMs,
      isPaused,
      frame === undefined ? undefined : [frame.windowEndMs - frame.windowStartMs, frame.total.known === 0, frame.total.value === undefined, frame.total.usual === undefined],
    ]),
    atLeastMs: HEARD_INTERVAL_MS,
  })
  return (
    <p id={id} className={controls.heard}>
      {text}
    </p>
  )
}
