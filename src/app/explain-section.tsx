/** The drawer's answer to "how was this made?": the sentences at once, the details on demand. */
import { explain } from '../explain/explain.ts'
import { ExplanationSections, ExplanationSentences } from '../ui/explanation.tsx'
import styles from './explain.module.css'
import { explainInput, type Explained } from './explain-input.ts'

export function ExplainSection({ row, ...explained }: Explained & { readonly row: number }) {
  const { sections, ...said } = explain(explainInput({ ...explained, subject: { kind: 'sensor', row } }))
  return (
    <section className={styles.section} aria-label="How this number is made">
      <ExplanationSentences {...said} />
      <details className={styles.details}>
        <summary>How this number is made</summary>
        {/* The drawer says the warnings in full above. */}
        <ExplanationSections sections={sections.filter(({ id }) => id !== 'warnings')} />
      </details>
    </section>
  )
}
