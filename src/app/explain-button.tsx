/** Asks a tile, or a district, how its number was made: a small button, and a popover with the sentence and the details. */
import { lazy, Suspense, useRef, useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { Subject } from '../explain/members.ts'
import { say } from '../language/say.ts'
import styles from './explain.module.css'

// Nobody waits for it who does not ask.
const ExplainPopover = lazy(() => import('./explain-popover.tsx'))

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
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const layer = view.model.name
  const label =
    of === undefined
      ? say({ id: 'explain.button', defaultMessage: 'How this number is made: {layer}' }, { layer })
      : say({ id: 'explain.buttonOf', defaultMessage: 'How the number of {place} is made: {layer}' }, { place: of.name, layer })
  return (
    <>
      <button ref={button} type="button" className={className ?? styles.button} aria-label={label} aria-haspopup="dialog" aria-expanded={isOpen} tabIndex={isSkipped ? -1 : undefined} onClick={() => setOpen(!isOpen)}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.25" />
          <path d="M8 7.25v4M8 4.5v1.4" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </button>
      {isOpen && (
        <Suspense>
          <ExplainPopover {...{ plan, view, atMs, label, button }} subject={of?.subject ?? CITY} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
