/**
 * How readings travel: when each arrives, whether it comes twice, and which sensors fall silent.
 * Most behave. Those that do not are announced in the site's `fault`, and only those.
 */
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import type { SampleFault, SampleSite } from '../../domains/sample-world.ts'

/** Shares of a city's sensors. A `dropout` is silent three fifths of the time: 3 % of all at any moment. */
const FAULT_SHARES: readonly (readonly [SampleFault, number])[] = [
  ['dropout', 0.05],
  ['late', 0.04],
  ['duplicate', 0.03],
]
const SILENT_SHARE = 0.6
/** A silence lasts this long, or a multiple. */
const SILENCE_MS = 7 * HOUR_MS
const LATE_SHARE = 0.3
const DUPLICATE_SHARE = 0.3
/** The latest that any reading arrives after it was observed. */
export const MAX_DELAY_MS = 20 * MINUTE_MS

/** A site with the domain it belongs to being able to publish a wrong unit or not. */
export interface FaultCandidate {
  readonly site: SampleSite
  readonly canBreakUnit: boolean
}

/**
 * Gives faults out: one broken unit and one pair of swapped coordinates a city, then shares of
 * silent, late and doubled ones. No sensor has two.
 */
export function withFaults(candidates: readonly FaultCandidate[], seed: number): readonly SampleSite[] {
  const random = createRandom(hashText(`faults ${seed}`))
  const faults = new Map<number, SampleFault>()
  const give = (fault: SampleFault, isFit: (candidate: FaultCandidate) => boolean = () => true): void => {
    const free = candidates.flatMap((candidate, index) => (faults.has(index) || !isFit(candidate) ? [] : [index]))
    const index = free[Math.floor(random() * free.length)]
    if (index !== undefined) faults.set(index, fault)
  }
  give('broken-unit', ({ canBreakUnit }) => canBreakUnit)
  give('swapped-coordinates')
  for (const [fault, share] of FAULT_SHARES) {
    for (let left = Math.round(share * candidates.length); left > 0; left--) give(fault)
  }
  return candidates.map(({ site }, index) => {
    const fault = faults.get(index)
    return fault === undefined ? site : { ...site, fault }
  })
}

/** Was the site silent at the instant? */
export function isSilent(site: SampleSite, key: number, ms: number): boolean {
  return site.fault === 'dropout' && noiseAt(key, Math.floor(ms / SILENCE_MS), 31) < SILENT_SHARE
}

/** When the silence that holds at the instant began: everything from there on is missing. */
export function silentSince(site: SampleSite, key: number, ms: number): number {
  let blockMs = Math.floor(ms / SILENCE_MS) * SILENCE_MS
  // A chain of 60 silent blocks has a chance of 5e-14; the bound only ends the loop.
  for (let i = 0; i < 60 && isSilent(site, key, blockMs - 1); i++) blockMs -= SILENCE_MS
  return blockMs
}

export function maxDelayMs(site: SampleSite): number {
  return site.fault === 'late' ? MAX_DELAY_MS : site.fault === 'duplicate' ? MINUTE_MS : 4 * SECOND_MS
}

/** From observation to arrival: a second or two on the air and through the gateway, minutes for some. */
export function delayMs(site: SampleSite, key: number, ms: number): number {
  const tick = Math.floor(ms / site.intervalMs)
  const usual = Math.round(400 + 2_400 * noiseAt(key, tick, 32) ** 2)
  if (site.fault !== 'late' || noiseAt(key, tick, 33) > LATE_SHARE) return usual
  return Math.round(2 * MINUTE_MS + (MAX_DELAY_MS - 3 * MINUTE_MS) * noiseAt(key, tick, 34))
}

/** How long after the first a second copy arrives, or undefined for none. */
export function repeatAfterMs(site: SampleSite, key: number, ms: number): number | undefined {
  const tick = Math.floor(ms / site.intervalMs)
  if (site.fault !== 'duplicate' || noiseAt(key, tick, 35) > DUPLICATE_SHARE) return undefined
  return Math.round(2 * SECOND_MS + 40 * SECOND_MS * noiseAt(key, tick, 36))
}

/** Latitude first, as a careless importer writes it. */
export function swapped(entity: JsonObject): JsonObject {
  const location = entity['location'] as JsonObject | undefined
  const value = location?.['value'] as JsonObject | undefined
  const coordinates = value?.['coordinates']
  if (!Array.isArray(coordinates)) return entity
  return { ...entity, location: { ...location, value: { ...value, coordinates: coordinates.toReversed() } } }
}
