/**
 * Readings as the line of a chart. Where a reading was due and none came, the line stops:
 * a bridge over a gap would draw what nobody measured.
 */
export interface ChartPoint {
  readonly ms: number
  readonly value: number
}

export interface ChartLine {
  /** Seconds since 1970, ascending, as uPlot wants them. */
  readonly xs: readonly number[]
  /** null = gap. */
  readonly ys: readonly (number | null)[]
}

/** Points in any order; of two at one instant the later in the list counts. */
export function lineOf(points: readonly ChartPoint[], maxGapMs: number): ChartLine {
  const xs: number[] = []
  const ys: (number | null)[] = []
  let before: number | undefined
  for (const { ms, value } of ascending(points)) {
    if (before !== undefined && ms - before > maxGapMs) {
      xs.push((before + ms) / 2_000)
      ys.push(null)
    }
    xs.push(ms / 1_000)
    ys.push(Number.isFinite(value) ? value : null)
    before = ms
  }
  return { xs, ys }
}

export interface Gap {
  readonly fromMs: number
  readonly toMs: number
}

/** Stretches without a reading that are longer than `maxGapMs`, within the points. */
export function gapsOf(points: readonly ChartPoint[], maxGapMs: number): readonly Gap[] {
  const sorted = ascending(points)
  return sorted.slice(1).flatMap(({ ms }, index) => {
    const fromMs = sorted[index]!.ms
    return ms - fromMs > maxGapMs ? [{ fromMs, toMs: ms }] : []
  })
}

export function ascending(points: readonly ChartPoint[]): readonly ChartPoint[] {
  const byTime = new Map(points.filter(({ ms }) => Number.isFinite(ms)).map((point) => [point.ms, point]))
  return [...byTime.values()].toSorted((a, b) => a.ms - b.ms)
}
