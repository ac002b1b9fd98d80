/** Alarm, warning or notice as a shape; the word is beside it or said by it. What asks for an answer pulses, then keeps a double ring. */
import controls from '../../ui/controls.module.css'
import styles from './incidents.module.css'
import { rankWord, type Rank } from './incident-words.ts'

const SHAPES: Readonly<Record<Rank, string>> = {
  alarm: 'M8 1.5 14.5 8 8 14.5 1.5 8z',
  warning: 'M8 2.5 14.5 13.5h-13z',
  notice: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10',
}

export function IncidentGlyph({ rank, asks }: { readonly rank: Rank; readonly asks: boolean }) {
  return (
    <>
      <svg className={styles.glyph} data-rank={rank} data-asks={asks || undefined} viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[rank]} />
      </svg>
      <span className={controls.heard}>{rankWord(rank)}: </span>
    </>
  )
}
