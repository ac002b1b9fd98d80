/** What makes a place unusual, by shape before colour: above and below usual, over a limit, late, lost, a wrong clock. */
import { StateGlyph } from '../ui/state-glyph.tsx'
import type { UnusualKind } from '../workers/city.messages.ts'
import styles from './unusual-pane.module.css'

/** The words beside it say the same. */
export function UnusualGlyph({ kind }: { readonly kind: UnusualKind }) {
  switch (kind) {
    case 'late':
      return <StateGlyph freshness="stale" />
    case 'lost':
      return <StateGlyph freshness="lost" />
    case 'clockError':
      return <StateGlyph freshness="clock-error" />
    case 'above':
    case 'below':
    case 'limit':
      return (
        <svg className={styles.glyph} data-kind={kind} viewBox="0 0 16 16" aria-hidden="true">
          <path d={SHAPES[kind]} fill="currentColor" />
        </svg>
      )
  }
}

const SHAPES: Readonly<Record<'above' | 'below' | 'limit', string>> = { above: 'M8 2.5 14.5 13.5h-13z', below: 'M8 13.5 1.5 2.5h13z', limit: 'M8 1.2 14.8 8 8 14.8 1.2 8z' }
