/** One measured figure, what it is held against, and how the clock is read. */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What a ratio is taken against, or under which load the figure stands. */
  readonly against?: string
  readonly target?: Target
}

/** What the project promises of the figure. */
export interface Target {
  readonly must: number
  readonly moonshot?: number
  /** Is less better, or more? */
  readonly better: 'less' | 'more'
}

export function atMost(must: number, moonshot?: number): Target {
  return { must, ...(moonshot !== undefined && { moonshot }), better: 'less' }
}

export function atLeast(must: number, moonshot?: number): Target {
  return { must, ...(moonshot !== undefined && { moonshot }), better: 'more' }
}

export type Verdict = 'moonshot' | 'must' | 'missed'

/** Undefined for a figure of which nothing is promised. A figure that could not be measured is missed. */
export function verdictOf({ value, target }: Figure): Verdict | undefined {
  if (target === undefined) return undefined
  if (!Number.isFinite(value)) return 'missed'
  const reaches = (bound: number): boolean => (target.better === 'less' ? value <= bound : value >= bound)
  if (target.moonshot !== undefined && reaches(target.moonshot)) return 'moonshot'
  return reaches(target.must) ? 'must' : 'missed'
}

/** Milliseconds of the fastest of `rounds` runs: the one that others on the machine disturbed least. */
export function fastestMs(rounds: number, run: () => void): number {
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    run()
    best = Math.min(best, performance.now() - startedAt)
  }
  return best
}

/** The value below which the part `share` of the samples lies; NaN of none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
