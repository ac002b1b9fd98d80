/** How a number was made: its sentences, and beneath them the details in sections of names and values. */
import { useId } from 'react'
import styles from './explanation.module.css'
import { keepTogether } from './words/number.ts'

export interface ExplanationSection {
  readonly id: string
  readonly title: string
  readonly rows: readonly { readonly name: string; readonly value: string; readonly note?: string }[]
}

export function ExplanationSentences({ sentence, trust }: { readonly sentence: string; readonly trust: readonly string[] }) {
  return (
    <div className={styles.sentences}>
      <p className={styles.sentence}>{sentence}</p>
      {trust.length > 0 && <p className={styles.trust}>{trust.join(' ')}</p>}
    </div>
  )
}

export function ExplanationSections({ sections }: { readonly sections: readonly ExplanationSection[] }) {
  const id = useId()
  return (
    <div className={styles.sections}>
      {sections.map((section) => (
        <section key={section.id} aria-labelledby={`${id}-${section.id}`}>
          <h4 id={`${id}-${section.id}`} className={styles.title}>
            {section.title}
          </h4>
          <dl className={styles.rows}>
            {section.rows.map(({ name, value, note }, index) => (
              // Rows keep their places; two formulas may share their name.
              // oxlint-disable-next-line react/no-array-index-key
              <div key={`${name} ${index}`} className={styles.row}>
                <dt>{name}</dt>
                <dd>
                  {keepTogether(value)}
                  {note !== undefined && <span className={styles.note}>{keepTogether(note)}</span>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  )
}
