/** How long a broker takes to begin its answers: the last few, by rank. */
export interface Latencies {
  add(ms: number): void
  readonly stats: LatencyStats
}

export interface LatencyStats {
  /** How many the figures rest on. */
  readonly count: number
  readonly p50Ms?: number
  readonly p95Ms?: number
}

const KEPT = 200

export function createLatencies(): Latencies {
  const kept: number[] = []
  let next = 0
  return {
    add(ms) {
      kept[next] = ms
      next = (next + 1) % KEPT
    },
    get stats() {
      if (kept.length === 0) return { count: 0 }
      const sorted = kept.toSorted((a, b) => a - b)
      // Nearest rank: a value that was measured.
      const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!
      return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95) }
    },
  }
}
