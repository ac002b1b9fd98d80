/**
 * The windows over which a layer's headline can be folded: a minute, a quarter of an hour, an hour, a day, and
 * its own. One that is shorter than sensors report would show the last reading under another name, so it
 * is not offered; a domain may leave out more, and says why.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import type { DomainModel } from './domain-model.ts'

export const WINDOWS_MS = [MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, DAY_MS] as const

/** The page says it in its language. */
export const TOO_SHORT = 'sensors report more seldom'

export interface WindowOffer {
  readonly windowMs: number
  /** Absent when it is offered. */
  readonly whyNot?: string
}

/** Ascending; the domain's own is among them. */
export function windowOffers(model: Pick<DomainModel, 'windowMs' | 'windows' | 'expectedIntervalMs'>, expectedIntervalMs = model.expectedIntervalMs): readonly WindowOffer[] {
  return [...new Set([...WINDOWS_MS, model.windowMs])]
    .toSorted((a, b) => a - b)
    .map((windowMs) => {
      if (windowMs === model.windowMs) return { windowMs }
      if (model.windows !== undefined && !model.windows.only.includes(windowMs)) return { windowMs, whyNot: model.windows.why }
      return windowMs < expectedIntervalMs ? { windowMs, whyNot: TOO_SHORT } : { windowMs }
    })
}

/** The asked window where it is offered, else the domain's own. */
export function windowFor(model: Pick<DomainModel, 'windowMs' | 'windows' | 'expectedIntervalMs'>, askedMs: number | undefined, expectedIntervalMs?: number): number {
  const offer = windowOffers(model, expectedIntervalMs).find(({ windowMs }) => windowMs === askedMs)
  return offer === undefined || offer.whyNot !== undefined ? model.windowMs : offer.windowMs
}
