/**
 * A day in a few millimetres: the line on its usual band, and a dot where now is. It has no axis and says nothing to a
 * screen reader; the sentence beside it does.
 */
import { memo, useMemo } from 'react'
import { DAY_HEIGHT, DAY_WIDTH, dayShape, type DayPicture } from './day-shape.ts'
import styles from './sparkline.module.css'

export interface SparklineProps {
  /** The same object as long as nothing in it has changed: then nothing is drawn. */
  readonly day: DayPicture
  /** What goes on changing: the quarter that is not over, or the instant that is looked at. */
  readonly dot?: { readonly ms: number; readonly value: number } | undefined
}

export function Sparkline({ day, dot }: SparklineProps) {
  const shape = useMemo(() => dayShape(day), [day])
  return (
    <svg className={styles.sparkline} viewBox={`0 0 ${DAY_WIDTH} ${DAY_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <DayPaths day={day} />
      {/* A stroke without length has round ends: a dot that is round however the rest is stretched. */}
      {dot !== undefined && <path className={styles.dot} d={`M${shape.x(dot.ms)} ${shape.y(dot.value)}h0`} />}
    </svg>
  )
}

/** Band, middle and line, within an SVG of 1000 by 100. */
export const DayPaths = memo(function DayPaths({ day, hasMiddle = false }: { readonly day: DayPicture; readonly hasMiddle?: boolean }) {
  const { line, band, middle } = useMemo(() => dayShape(day), [day])
  return (
    <>
      {band !== '' && <path className={styles.band} d={band} />}
      {hasMiddle && middle !== '' && <path className={styles.middle} d={middle} />}
      {line !== '' && <path className={styles.line} d={line} />}
    </>
  )
})
