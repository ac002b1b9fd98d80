/**
 * How much is asked of one operator, against what one can answer (EEMUA 191 edition 3, ANSI/ISA-18.2-2016 table 7): about
 * one alarm in ten minutes and 150 a day are very likely acceptable; more than ten in ten minutes are a flood, which ends
 * below five; what lasts for over a day is stale; what comes three times in a minute chatters. Notices count nowhere: they
 * ask nothing of anybody.
 */
import { DAY_MS, MINUTE_MS } from '../core/time/instant.ts'
import type { Entry, Incident } from './journal.ts'

export const BUDGET = { perDay: 150, perTenMinutes: 1, floodAbove: 10, floodEndsBelow: 5, staleAfterMs: DAY_MS, chatters: 3, chatterMs: MINUTE_MS } as const
const TEN_MINUTES_MS = 10 * MINUTE_MS

export interface Budget {
  /** Alarms raised in the last 24 hours. */
  readonly today: number
  readonly perDay: number
  /** Most in any ten minutes of them. */
  readonly peak: number
  readonly floods: number
  readonly isFlood: boolean
  readonly shelved: number
  /** When the last shelf ends. */
  readonly shelvedUntilMs?: number
  readonly stale: number
  /** Incidents that came three times within a minute. */
  readonly chattering: number
  /** Whatever raised most of them. */
  readonly topSource?: { readonly incident: string; readonly name: string; readonly count: number; readonly share: number }
}

export function budgetOf(journal: readonly Entry[], incidents: readonly Incident[], nowMs: number): Budget {
  const raised = raisedSince(journal, nowMs - DAY_MS, nowMs)
  const shelves = incidents.flatMap(({ standing: { shelvedUntilMs } }) => (shelvedUntilMs === undefined ? [] : [shelvedUntilMs]))
  const { peak, floods, isFlood } = floodsIn(raised.map(({ atMs }) => atMs), nowMs)
  const bySource = new Map<string, { readonly name: string; readonly times: number[] }>()
  for (const { incident, atMs, finding } of raised) {
    const source = bySource.get(incident) ?? { name: finding.subject.name, times: [] }
    source.times.push(atMs)
    bySource.set(incident, source)
  }
  const top = [...bySource].reduce<[string, { readonly name: string; readonly times: readonly number[] }] | undefined>((best, one) => (best === undefined || one[1].times.length > best[1].times.length ? one : best), undefined)
  return {
    today: raised.length,
    perDay: BUDGET.perDay,
    peak,
    floods,
    isFlood,
    shelved: shelves.length,
    ...(shelves.length > 0 && { shelvedUntilMs: Math.max(...shelves) }),
    stale: incidents.filter(({ finding, standing, raisedAtMs }) => finding.kind === 'alarm' && standing.isActive && nowMs - raisedAtMs > BUDGET.staleAfterMs).length,
    chattering: [...bySource.values()].filter(({ times }) => times.some((atMs, index) => index >= BUDGET.chatters - 1 && atMs - times[index - BUDGET.chatters + 1]! <= BUDGET.chatterMs)).length,
    ...(top !== undefined && { topSource: { incident: top[0], name: top[1].name, count: top[1].times.length, share: top[1].times.length / raised.length } }),
  }
}

export function isFloodAt(journal: readonly Entry[], nowMs: number): boolean {
  return floodsIn(raisedSince(journal, nowMs - DAY_MS, nowMs).map(({ atMs }) => atMs), nowMs).isFlood
}

function raisedSince(journal: readonly Entry[], fromMs: number, nowMs: number): readonly Extract<Entry, { readonly type: 'raise' }>[] {
  return journal.filter((entry): entry is Extract<Entry, { readonly type: 'raise' }> => entry.type === 'raise' && entry.finding.kind === 'alarm' && entry.atMs > fromMs && entry.atMs <= nowMs)
}

/** Ascending times. A window slides over them; a flood begins above one number and ends below the other. */
function floodsIn(times: readonly number[], nowMs: number): { readonly peak: number; readonly floods: number; readonly isFlood: boolean } {
  let peak = 0
  let floods = 0
  let isFlood = false
  let first = 0
  const slide = (atMs: number, last: number): number => {
    while (first <= last && times[first]! <= atMs - TEN_MINUTES_MS) {
      first += 1
      // Between two of them the count falls: a flood may end there.
      if (last - first + 1 < BUDGET.floodEndsBelow) isFlood = false
    }
    return last - first + 1
  }
  times.forEach((atMs, index) => {
    slide(atMs, index - 1)
    const count = index - first + 1
    peak = Math.max(peak, count)
    if (count > BUDGET.floodAbove && !isFlood) {
      isFlood = true
      floods += 1
    }
  })
  slide(nowMs, times.length - 1)
  return { peak, floods, isFlood }
}
