/** Names with their values in two columns, and a sentence above: what a domain's panel is made of. */
import type { ReactNode } from 'react'
import styles from './facts.module.css'

export interface Fact {
  readonly name: string
  readonly value: string
  /** Class colour beside the value; the class is named in `value`. */
  readonly colour?: string
}

export interface FactsProps {
  readonly title: string
  readonly children?: ReactNode
  readonly facts?: readonly Fact[]
  /** What these numbers are not. */
  readonly caveat?: string
}

const NONE: readonly Fact[] = []

export function Facts({ title, children, facts = NONE, caveat }: FactsProps) {
  return (
    <div className={styles.facts}>
      <h3 className={styles.title}>{title}</h3>
      {children}
      {facts.length > 0 && (
        <dl className={styles.list}>
          {facts.map(({ name, value, colour }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {colour !== undefined && <span className={styles.swatch} style={{ background: colour }} />}
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {caveat !== undefined && <p className={styles.caveat}>{caveat}</p>}
    </div>
  )
}
