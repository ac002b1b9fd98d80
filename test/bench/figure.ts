/** One measured figure. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What a ratio is taken against. */
  readonly against?: string
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
