/** The cell that was picked on the map, explained on a card over it. The keyboard finds the same beside each sensor. */
import type { LonLat } from '../core/geo/position.ts'
import { cellAt } from '../explain/members.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { ExplanationSections, ExplanationSentences } from '../ui/explanation.tsx'
import styles from './explain.module.css'
import type { Explained } from './explain-input.ts'
import { useLiveVersion, useLayer, useNow } from './live-hooks.ts'
import { useExplanation } from './use-explanation.ts'

export interface CellCardProps extends Omit<Explained, 'layer' | 'nowMs' | 'usual'> {
  /** Inside the cell: it stays when the grid gets finer, and names the cell that is then there. */
  readonly position: LonLat
  onClose(): void
}

export default function CellCard({ plan, view, atMs, position, onClose }: CellCardProps) {
  useLiveVersion()
  const layer = useLayer(view.model.id)
  const nowMs = useNow(atMs)
  const cell = layer === undefined ? undefined : cellAt(layer.frame, position, plan.anchor)
  const explanation = useExplanation(layer === undefined || cell === undefined ? undefined : { plan, view, layer, nowMs, atMs, subject: { kind: 'cell', cell } })
  if (explanation === undefined) return null
  const { sections, ...said } = explanation
  return (
    <section className={styles.card} aria-label={say({ id: 'explain.cellCard', defaultMessage: 'Cell: {layer}' }, { layer: view.model.name })}>
      <button type="button" className={`${controls.button} ${controls.square} ${controls.quiet} ${styles.close}`} aria-label={say({ id: 'explain.closeCell', defaultMessage: 'Close the cell' })} onClick={onClose}>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </button>
      <ExplanationSentences {...said} />
      <details className={styles.details}>
        <summary>{say({ id: 'explain.how', defaultMessage: 'How this number is made' })}</summary>
        <ExplanationSections sections={sections} />
      </details>
    </section>
  )
}
