/** Every measure of the last reading, in its unit. */
import type { Reading } from '../../domains/domain-model.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { say } from '../../language/say.ts'
import { formatFull } from '../../ui/words/clock.ts'
import { formatQuantity } from '../../ui/words/number.ts'
import styles from './inspect.module.css'

export function LastReading({ reading, view, timeZone }: { readonly reading: Reading; readonly view: DomainView; readonly timeZone: string }) {
  const measured = view.model.measures.flatMap((measure) => {
    const value = reading.values[measure.id]
    // A class is read in words, in the panel: its number is only how it is kept.
    return value === undefined || (measure.id === view.model.headline && measure.unit === '') ? [] : [{ ...measure, value }]
  })
  if (measured.length === 0) return null
  return (
    <section className={styles.section} aria-label={say({ id: 'inspect.lastReading', defaultMessage: 'Last reading' })}>
      <h3 className={styles.subtitle}>
        {say({ id: 'inspect.lastReading', defaultMessage: 'Last reading' })} <span className={styles.note}>{formatFull(reading.observedAtMs, timeZone)}</span>
      </h3>
      <dl className={styles.measures}>
        {measured.map(({ id, name, value, decimals, unit }) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>{formatQuantity(value, decimals, unit)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The last reading at or before the instant. */
export function lastAt(readings: readonly Reading[], atMs: number): Reading | undefined {
  let last: Reading | undefined
  for (const reading of readings) if (reading.observedAtMs <= atMs && (last === undefined || reading.observedAtMs >= last.observedAtMs)) last = reading
  return last
}
