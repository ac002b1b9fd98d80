/** The warnings that readings carry, each list of them once: thousands of readings share a few. */
import type { Warning } from '../../domains/domain-model.ts'

export interface WarningTable {
  numberOf(warnings: readonly Warning[]): number
  get(number: number): readonly Warning[]
}

/** Some details hold the odd value itself, so there may be as many as odd readings. */
const MAX_LISTS = 10_000
const NOT_KEPT = 'its details are in the history of the sensor'

export function createWarningTable(): WarningTable {
  const lists: (readonly Warning[])[] = [[]]
  const byText = new Map<string, number>([['[]', 0]])
  return {
    numberOf(warnings) {
      if (warnings.length === 0) return 0
      let text = JSON.stringify(warnings)
      const known = byText.get(text)
      if (known !== undefined) return known
      let kept = warnings
      if (lists.length >= MAX_LISTS) {
        // The kinds are what a list of sensors shows, and there are few.
        kept = warnings.map(({ kind }) => ({ kind, detail: NOT_KEPT }))
        text = JSON.stringify(kept)
        const same = byText.get(text)
        if (same !== undefined) return same
      }
      byText.set(text, lists.length)
      return lists.push(kept) - 1
    },
    get: (number) => lists[number]!,
  }
}
