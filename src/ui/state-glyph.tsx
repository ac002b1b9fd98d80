/**
 * The mark of one sensor, as the map draws it: fill is data, outline is state.
 * Ink dries with age: solid, then 60 %, then a hollow dashed ring, then a cross.
 */
import type { Freshness } from '../core/time/freshness.ts'
import styles from './state-glyph.module.css'

export interface StateGlyphProps {
  readonly freshness: Freshness
  /** It reports, but not the value that the layer shows: a thin ring with nothing in it. */
  readonly isEmpty?: boolean
  /** Too few to show: hatched, whatever its age. */
  readonly isTooFew?: boolean
  /** The class colour of the value; without one the mark is the ink of text. */
  readonly colour?: string | undefined
  /** Spoken in place of the mark; leave out where the words stand beside it. */
  readonly label?: string
}

export function StateGlyph({ freshness, isEmpty = false, isTooFew = false, colour, label }: StateGlyphProps) {
  const isReported = freshness === 'fresh' || freshness === 'ageing'
  if (isTooFew) {
    return (
      <svg className={styles.glyph} viewBox="0 0 16 16" {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}>
        <path className={styles.stroke} d="M8 1.5l5.6 3.25v6.5L8 14.5l-5.6-3.25v-6.5zM3 11.5l6.5-9M5.5 13l7-9.5M9 14l4.5-6" />
      </svg>
    )
  }
  const fill = colour ?? 'var(--text-2)'
  return (
    <svg className={styles.glyph} viewBox="0 0 16 16" {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}>
      {isReported && isEmpty && <circle className={styles.empty} cx="8" cy="8" r="5.5" />}
      {freshness === 'fresh' && !isEmpty && <circle className={styles.casing} cx="8" cy="8" r="5.5" fill={fill} />}
      {freshness === 'ageing' && !isEmpty && <circle className={styles.casing} cx="8" cy="8" r="5.5" fill={fill} fillOpacity="0.6" />}
      {freshness === 'stale' && <circle className={styles.dashed} cx="8" cy="8" r="5.5" />}
      {freshness === 'lost' && <path className={styles.stroke} d="M4 4l8 8M12 4l-8 8" />}
      {freshness === 'clock-error' && <path className={styles.stroke} d="M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2 1.6" />}
    </svg>
  )
}
