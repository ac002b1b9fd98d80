/** What was lost or refused, counted by reason, with the first example of each: losses are shown, not hidden. */
export interface Tally {
  add(reason: string, example: string): void
  list(): readonly { readonly reason: string; readonly count: number; readonly example: string }[]
}

/** A hostile broker could make every reason a new one: past this many they share one line. */
const MAX_REASONS = 50
const REST = 'other reasons'

export function createTally(): Tally {
  const byReason = new Map<string, { count: number; readonly example: string }>()
  return {
    add(reason, example) {
      const key = byReason.has(reason) || byReason.size < MAX_REASONS ? reason : REST
      const entry = byReason.get(key)
      if (entry === undefined) byReason.set(key, { count: 1, example })
      else entry.count++
    },
    list() {
      return [...byReason].map(([reason, { count, example }]) => ({ reason, count, example })).sort((a, b) => b.count - a.count)
    },
  }
}
