/** How long a fault took to heal, noted by its test. `table.reporter.ts` makes a table of it. */
import { getCurrentTest } from 'vitest/suite'
import type { FaultId } from './fault-rows.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What was healed, and in how many milliseconds. */
    healed?: Record<string, number>
  }
}

/** From the end of the fault, or from the loss where there is no end, until the page shows what the broker holds. */
export function healed(fault: FaultId, ms: number): void {
  const { meta } = getCurrentTest()!
  meta.healed = { ...meta.healed, [fault]: ms }
}
