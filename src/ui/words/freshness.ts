/** How old a value is, in a word: "late". */
import type { Freshness } from '../../core/time/freshness.ts'
import { say } from '../../language/say.ts'

export function freshnessWord(freshness: Freshness): string {
  switch (freshness) {
    case 'fresh':
      return say({ id: 'freshness.fresh', defaultMessage: 'fresh' })
    case 'ageing':
      return say({ id: 'freshness.ageing', defaultMessage: 'ageing' })
    case 'stale':
      return say({ id: 'freshness.late', defaultMessage: 'late' })
    case 'lost':
      return say({ id: 'freshness.lost', defaultMessage: 'lost' })
    case 'clock-error':
      return say({ id: 'freshness.clockError', defaultMessage: 'wrong clock' })
  }
}
