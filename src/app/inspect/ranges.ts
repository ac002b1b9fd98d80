/** How far back a sensor's chart can reach, and by which steps a long one is read. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { say } from '../../language/say.ts'

export const RANGES = ['24h', '7d', '30d'] as const
export type Range = (typeof RANGES)[number]

export const SPAN_MS: Readonly<Record<Range, number>> = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS }

/** No line is drawn over a silence longer than so many intervals. */
export const GAP_INTERVALS = 2.5

const STEP_MS: Readonly<Record<Exclude<Range, '24h'>, number>> = { '7d': 30 * MINUTE_MS, '30d': HOUR_MS }

/** A statistic that is only defined over one window is never asked for over another. */
export function stepOf({ windows, windowMs }: Pick<DomainModel, 'windows' | 'windowMs'>, range: Exclude<Range, '24h'>): number {
  const stepMs = STEP_MS[range]
  return windows === undefined || windows.only.includes(stepMs) ? stepMs : windowMs
}

export function rangeWords(range: Range): string {
  switch (range) {
    case '24h':
      return say({ id: 'inspect.range24h', defaultMessage: '24 h' })
    case '7d':
      return say({ id: 'inspect.range7d', defaultMessage: '7 d' })
    case '30d':
      return say({ id: 'inspect.range30d', defaultMessage: '30 d' })
  }
}
