/** How a number was made, in a popover beside the button that asked. */
import { useId, type RefObject } from 'react'
import type { Subject } from '../explain/members.ts'
import { say } from '../language/say.ts'
import { ButtonPopover } from '../ui/button-popover.tsx'
import { ExplanationSections, ExplanationSentences } from '../ui/explanation.tsx'
import type { ExplainButtonProps } from './explain-button.tsx'
import styles from './explain.module.css'
import { comingWords } from './layer-facts.ts'
import { useLayer, useLiveVersion, useNow } from './live-hooks.ts'
import { useExplanation } from './use-explanation.ts'

export interface ExplainPopoverProps extends Pick<ExplainButtonProps, 'plan' | 'view' | 'atMs'> {
  readonly subject: Subject
  readonly label: string
  readonly button: RefObject<HTMLButtonElement | null>
  onClose(): void
}

export default function ExplainPopover({ plan, view, atMs, subject, label, button, onClose }: ExplainPopoverProps) {
  return (
    <ButtonPopover placement="bottom end" widthRem={26} {...{ label, button, onClose }}>
      <LayerExplanation {...{ plan, view, atMs, subject }} />
    </ButtonPopover>
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
        {say({ id: 'explain.how', defaultMessage: 'How this number is made' })}
      </h3>
      <ExplanationSentences {...said} />
      <ExplanationSections sections={sections} />
    </section>
  )
}
