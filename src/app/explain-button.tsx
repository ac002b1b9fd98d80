/** Asks a tile, or a district, how its number was made: a small button, and a popover with the sentence and the details. */
import { useId } from 'react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { Subject } from '../explain/members.ts'
import { ExplanationSections, ExplanationSentences } from '../ui/explanation.tsx'
import styles from './explain.module.css'
import { comingWords } from './layer-facts.ts'
import { useLayer, useLiveVersion, useNow } from './live-hooks.ts'
import { useExplanation } from './use-explanation.ts'

export interface ExplainButtonProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly atMs: number | undefined
  /** What the number is of, and what people call it; the city when left out. */
  readonly of?: { readonly subject: Subject; readonly name: string } | undefined
  readonly className?: string | undefined
  /** Reached by other keys than Tab. */
  readonly isSkipped?: boolean | undefined
}

const CITY: Subject = { kind: 'city' }

export function ExplainButton({ plan, view, atMs, of, className, isSkipped = false }: ExplainButtonProps) {
  const label = `${of === undefined ? 'How this number is made' : `How the number of ${of.name} is made`}: ${view.model.name}`
  return (
    <DialogTrigger>
      <Button className={className ?? styles.button ?? ''} aria-label={label} excludeFromTabOrder={isSkipped}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.25" />
          <path d="M8 7.25v4M8 4.5v1.4" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Dialog className={styles.dialog ?? ''} aria-label={label}>
          <LayerExplanation {...{ plan, view, atMs }} subject={of?.subject ?? CITY} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

/** It stays live, as the tile does: what is explained is what is shown. */
function LayerExplanation({ plan, view, atMs, subject }: Pick<ExplainButtonProps, 'plan' | 'view' | 'atMs'> & { readonly subject: Subject }) {
  const headingId = useId()
  useLiveVersion()
  const layer = useLayer(view.model.id)
  const nowMs = useNow(atMs)
  const explanation = useExplanation(layer === undefined ? undefined : { plan, view, layer, nowMs, atMs, subject })
  if (explanation === undefined) return <p>{comingWords(atMs, plan.timeZone)}</p>
  const { sections, ...said } = explanation
  return (
    // Focusable because it scrolls: the keyboard must reach its last line.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} tabIndex={0} aria-labelledby={headingId}>
      <h3 id={headingId} className={styles.title}>
        How this number is made
      </h3>
      <ExplanationSentences {...said} />
      <ExplanationSections sections={sections} />
    </section>
  )
}
