/**
 * Is a rule's condition met at one sensor, and has it been for long enough? What was abnormal stays so until it is better
 * by the dead-band, and both ways have a delay: a value that trembles around its limit raises one incident, not a hundred.
 *
 * What is not known changes nothing: a sensor that falls silent while it is too high has not become normal.
 */
import type { Condition, Rule } from './rule.ts'

/** What is known of one sensor. NaN and absent: not known. */
export interface Facts {
  readonly value?: number | undefined
  /** The value before `overMs`, where the rule asks for it. */
  readonly earlier?: number | undefined
  readonly usual?: { readonly p10: number; readonly p90: number } | undefined
  readonly isLost: boolean
}

export interface Signal {
  readonly isOn: boolean
  /** Since when it wants to be otherwise. */
  readonly pendingSinceMs?: number
}

export const OFF: Signal = { isOn: false }

/** Undefined: not known. `wasMet` decides which end of the dead-band counts. */
export function isMet(condition: Condition, facts: Facts, wasMet: boolean): boolean | undefined {
  switch (condition.kind) {
    case 'down':
    case 'silent':
      return facts.isLost
    case 'limit':
      return beyond(facts.value, condition.limit, condition.side === 'above', wasMet ? condition.deadBand : 0)
    case 'usual': {
      const { usual, value } = facts
      if (usual === undefined) return undefined
      const band = wasMet ? condition.deadBand : 0
      const above = condition.side === 'below' ? false : beyond(value, usual.p90, true, band)
      const below = condition.side === 'above' ? false : beyond(value, usual.p10, false, band)
      return above === undefined || below === undefined ? undefined : above || below
    }
    case 'rate': {
      const { value, earlier } = facts
      if (value === undefined || earlier === undefined) return undefined
      const moved = condition.side === 'rise' ? value - earlier : earlier - value
      return beyond(moved, condition.by, true, wasMet ? condition.deadBand : 0)
    }
  }
}

function beyond(value: number | undefined, limit: number, isAbove: boolean, deadBand: number): boolean | undefined {
  if (value === undefined || Number.isNaN(value) || Number.isNaN(limit)) return undefined
  return isAbove ? value > limit - deadBand : value < limit + deadBand
}

export function stepSignal(signal: Signal, met: boolean | undefined, atMs: number, { onDelayMs, offDelayMs }: Pick<Rule, 'onDelayMs' | 'offDelayMs'>): Signal {
  if (met === undefined) return signal.pendingSinceMs === undefined ? signal : { isOn: signal.isOn }
  if (met === signal.isOn) return signal.pendingSinceMs === undefined ? signal : { isOn: signal.isOn }
  const sinceMs = signal.pendingSinceMs ?? atMs
  if (atMs - sinceMs >= (met ? onDelayMs : offDelayMs)) return { isOn: met }
  return signal.pendingSinceMs === undefined ? { isOn: signal.isOn, pendingSinceMs: atMs } : signal
}
