/** The drawer's answer to "how was this made?": the sentences at once, the details on demand. */
import { say } from '../language/say.ts'
import { ExplanationSections, ExplanationSentences } from '../ui/explanation.tsx'
import styles from './explain.module.css'
import type { Explained } from './explain-input.ts'
import { useExplanation } from './use-explanation.ts'

export function ExplainSection({ row, ...explained }: Explained & { readonly row: number }) {
  const explanation = useExplanation({ ...explained, subject: { kind: 'sensor', row } })
  if (explanation === undefined) return null
  const { sections, ...said } = explanation
  return (
    <section className={styles.section} aria-label={say({ id: 'explain.how', defaultMessage: 'How this number is made' })}>
      <ExplanationSentences {...said} />
      <details className={styles.details}>
        <summary>{say({ id: 'explain.how', defaultMessage: 'How this number is made' })}</summary>
        {/* The drawer says the warnings in full above. */}
        <ExplanationSections sections={sections.filter(({ id }) => id !== 'warnings')} />
      </details>
    </section>
  )
}
