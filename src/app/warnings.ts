/** The doubts about one sensor: each kind once, from its newest reading. */
import type { Warning } from '../domains/domain-model.ts'
import { TOO_FEW_KIND } from '../domains/privacy.ts'

export interface Doubt {
  readonly kind: string
  /** One sentence for each attribute it is about. */
  readonly detail: string
}

/** A row of the list, or a reading. */
interface Doubted {
  readonly observedAtMs: number
  readonly warnings: readonly Warning[]
}

/**
 * Frame and reading come on two ways and tell the same doubts; the newer of them counts, so that none is
 * said twice with yesterday's numbers. One kind about two attributes is one doubt with two details.
 */
export function warningsOf(sensor: Doubted | undefined, reading: Doubted | undefined): readonly Doubt[] {
  const isReadingNewer = reading !== undefined && (sensor === undefined || !(sensor.observedAtMs > reading.observedAtMs))
  const warnings = (isReadingNewer ? reading : sensor)?.warnings ?? []
  const details = new Map<string, Set<string>>()
  for (const { kind, detail } of warnings) {
    // That there are too few to show is no doubt about a value: there is none.
    if (kind === TOO_FEW_KIND) continue
    const known = details.get(kind) ?? new Set<string>()
    if (detail.trim() !== '') known.add(detail.trim())
    details.set(kind, known)
  }
  return [...details].map(([kind, known]) => ({ kind, detail: [...known].join('; ') }))
}
