/**
 * The key to one layer: which statistic over which window in which unit, the classes with their bounds,
 * the limits with their documents, what the marks mean, and where the classes come from.
 */
import type { Freshness } from '../core/time/freshness.ts'
import { say } from '../language/say.ts'
import { StateGlyph } from './state-glyph.tsx'
import styles from './legend.module.css'
import { freshnessWord } from './words/freshness.ts'
import { formatNumber, keepTogether } from './words/number.ts'

export interface LegendClassLine {
  readonly from: number
  readonly label: string
  /** The label only repeats the bounds that stand under the bar. */
  readonly isRange: boolean
  readonly colour: string
}

export interface LegendProps {
  readonly title: string
  readonly statistic: string
  readonly unit: string
  readonly classes: readonly LegendClassLine[]
  readonly boundary: 'lower-inclusive' | 'upper-inclusive'
  readonly limits: readonly { readonly label: string; readonly value: number; readonly source: string }[]
  readonly source: string
  /** "every 60 s" */
  readonly expected: string
  /** When a value ages, by the expected interval. */
  readonly marks: readonly { readonly freshness: Freshness; readonly meaning: string }[]
  /** Some sensors report, but not this value: their mark is explained too. */
  readonly hasOther: boolean
  /** What the hatch means, when something is hatched. */
  readonly tooFew?: string | undefined
  readonly isSimulated: boolean
}

export function Legend({ title, statistic, unit, classes, boundary, limits, source, expected, marks, hasOther, tooFew, isSimulated }: LegendProps) {
  // Bounds of a scale without a unit are how classes are kept, not what anybody measured.
  const hasBounds = unit !== ''
  const heading = unit === '' ? title : `${title}, ${unit}`
  return (
    <section className={styles.legend} aria-label={say({ id: 'legend.title', defaultMessage: 'Legend: {title}' }, { title })}>
      <div className={styles.scale}>
        <h2 className={styles.heading}>
          {heading} <span className={styles.statistic}>{keepTogether(statistic)}</span>
        </h2>
        <ol className={styles.classes} data-words={!hasBounds || undefined} style={{ gridTemplateColumns: `repeat(${classes.length}, minmax(var(--least, 0px), 1fr))` }}>
          {classes.map(({ from, label, isRange, colour }, index) => (
            <li key={label} className={styles.class}>
              <span className={styles.colour} style={{ background: colour }} />
              {hasBounds && index > 0 && <span className={styles.bound}>{formatNumber(from, Number.isInteger(from) ? 0 : 1)}</span>}
              {!isRange && <span className={styles.label}>{label}</span>}
              {isRange && <span className={styles.heard}>{label}</span>}
            </li>
          ))}
        </ol>
      </div>
      <details className={styles.more}>
        <summary className={styles.summary}>{say({ id: 'legend.more', defaultMessage: 'Marks, limits and sources' })}</summary>
        <div className={styles.facts}>
        <ul className={styles.marks} aria-label={say({ id: 'legend.marks', defaultMessage: 'Marks: how old a value is, expected {every}' }, { every: expected })}>
          {marks.map(({ freshness, meaning }) => (
            <li key={freshness}>
              <StateGlyph freshness={freshness} /> {freshnessWord(freshness)} <span className={styles.note}>{meaning}</span>
            </li>
          ))}
          {tooFew !== undefined && (
            <li>
              <StateGlyph freshness="fresh" isTooFew /> {say({ id: 'legend.tooFew', defaultMessage: 'too few to show' })} <span className={styles.note}>{tooFew}</span>
            </li>
          )}
          {hasOther && (
            <li>
              <StateGlyph freshness="fresh" isEmpty /> {say({ id: 'legend.otherMeasure', defaultMessage: 'gives another measure' })}
            </li>
          )}
        </ul>

        {limits.length > 0 && (
          <ul className={styles.limits} aria-label={say({ id: 'legend.limits', defaultMessage: 'Limits' })}>
            {limits.map((limit) => (
              <li key={`${limit.label} ${limit.value}`}>
                <span className={styles.tick} aria-hidden="true" />
                <b>{formatNumber(limit.value, Number.isInteger(limit.value) ? 0 : 1)}</b> {limit.label}, <cite>{limit.source}</cite>
              </li>
            ))}
          </ul>
        )}
        <p className={styles.note}>
          {[
            hasBounds
              ? say(
                  { id: 'legend.classesBounds', defaultMessage: '{side, select, above {Classes: {source}; a value on a bound belongs to the class above.} other {Classes: {source}; a value on a bound belongs to the class below.}}' },
                  { source, side: boundary === 'lower-inclusive' ? 'above' : 'below' },
                )
              : say({ id: 'legend.classes', defaultMessage: 'Classes: {source}.' }, { source }),
            say({ id: 'legend.expected', defaultMessage: 'Reports expected {every}.' }, { every: expected }),
            isSimulated ? say({ id: 'legend.simulated', defaultMessage: 'Simulated data: no sensor measured it.' }) : '',
          ].join(' ')}
        </p>
        </div>
      </details>
    </section>
  )
}

/** Of an English label: "35 to 40", "under 35", "> 80" say no more than their bounds. */
export function isRangeLabel(label: string): boolean {
  return /^[\s\d.,–\-−+<>≤≥]+$/u.test(label.replaceAll(/\b(under|below|over|above|up|to|and|or|more|less)\b/g, ''))
}
