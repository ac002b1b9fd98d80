/** What a city says about the reading of its sensors: how often each layer should speak, where the city lies and how its clock runs. */
import { SECOND_MS } from '../core/time/instant.ts'
import type { DomainModel, ReadContext } from './domain-model.ts'

export interface ReadCity extends Required<Pick<ReadContext, 'timeZone' | 'bounds'>> {
  /** By domain, in seconds; a domain that is absent has its own. */
  readonly expectedIntervalS: Readonly<Record<string, number>>
}

export function expectedIntervalMsOf(model: DomainModel, city: Pick<ReadCity, 'expectedIntervalS'>): number {
  const overrideS = Object.hasOwn(city.expectedIntervalS, model.id) ? city.expectedIntervalS[model.id] : undefined
  return overrideS === undefined ? model.expectedIntervalMs : overrideS * SECOND_MS
}

export function readContextOf(city: ReadCity, model: DomainModel): ReadContext {
  const isConfigured = Object.hasOwn(city.expectedIntervalS, model.id)
  return { timeZone: city.timeZone, bounds: city.bounds, ...(isConfigured ? { reportEveryMs: expectedIntervalMsOf(model, city) } : {}) }
}
