/** A state as shape and colour: colour never speaks alone, and words stand beside it. */
import styles from './health.module.css'

export type MarkKind = 'alarm' | 'warning' | 'grey' | 'ok' | 'unknown'

const SHAPES: Readonly<Record<MarkKind, string>> = {
  alarm: 'M8 1.5 14.5 8 8 14.5 1.5 8z',
  warning: 'M8 2.5 14.5 13.5h-13z',
  grey: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10',
  ok: 'M3 8.5 6.5 12 13 4.5',
  unknown: 'M4 8h8',
}

export function Mark({ kind }: { readonly kind: MarkKind }) {
  return (
    <svg className={styles.mark} data-kind={kind} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[kind]} />
    </svg>
  )
}
