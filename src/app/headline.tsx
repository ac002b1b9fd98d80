/** The first sentence of the page, before everything else in the document. */
import { useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import type { Unusual } from '../workers/city.messages.ts'
import { useMachineNow } from './clock.ts'
import { currentSentence } from './current-sentence.ts'
import styles from './headline.module.css'
import { summaryOf } from './layer-facts.ts'
import { useHeadlineIncident } from './incidents/headline-incident.ts'
import { useLiveVersion, useNow, useStatus } from './live-hooks.ts'
import { useServices } from './services.ts'

export interface HeadlineProps {
  readonly plan: CityPlan
  readonly views: readonly DomainView[]
  readonly atMs: number | undefined
  readonly unusual: Unusual | undefined
}

/** The first half changes no oftener than this: who listens to the page reads it from the start each time. */
const REST_INTERVAL_MS = 10_000
/** Oftener only in the first moments after the mode changed, when one layer after the other comes in. */
const SETTLING_INTERVAL_MS = 1_000

export function Headline({ plan, views, atMs, unusual }: HeadlineProps) {
  const { live } = useServices()
  const status = useStatus()
  const nowMs = useNow(atMs)
  const machineMs = useMachineNow()
  useLiveVersion()
  const layers = views.map((view) => summaryOf(view, live.layer(view.model.id)))
  const { state, detail } = currentSentence({ plan, views, live, atMs, unusual, nowMs, machineMs })
  const incident = useHeadlineIncident(({ sentence }) => sentence)
  const named = incident === undefined || atMs !== undefined ? state : `${state} ${incident}`
  const shown = useUnhurried(named, `${plan.id} ${status?.mode ?? ''} ${atMs ?? 'now'} ${layers.every(({ hasCome }) => hasCome)} ${layers.some(({ known }) => known > 0)} ${unusual !== undefined}`, machineMs)
  return (
    <section className={styles.headline} aria-label={say({ id: 'headline.label', defaultMessage: 'Summary' })}>
      <h1 className={styles.heard}>{plan.name}</h1>
      <p className={styles.sentence}>
        {/* No live region: what changes is told by the announcer, once. */}
        {shown} <span className={styles.detail}>{detail}</span>
      </p>
    </section>
  )
}

/** Follows `text` at once when `kind` changes, else when the last change is long enough ago. */
function useUnhurried(text: string, kind: string, nowMs: number): string {
  const [said, setSaid] = useState({ text, kind, atMs: nowMs, sinceMs: nowMs })
  const intervalMs = nowMs - said.sinceMs < REST_INTERVAL_MS ? SETTLING_INTERVAL_MS : REST_INTERVAL_MS
  const isDue = said.text !== text && (said.kind !== kind || nowMs - said.atMs >= intervalMs)
  if (isDue) setSaid({ text, kind, atMs: nowMs, sinceMs: said.kind === kind ? said.sinceMs : nowMs })
  return isDue ? text : said.text
}
