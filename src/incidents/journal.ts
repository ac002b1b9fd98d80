/**
 * Who did what, when. Every incident is what its entries make of it, and nothing else: reading the journal again from its
 * start gives the same incidents, whoever reads it.
 */
import type { Finding } from './finding.ts'
import { NORMAL, transition, type Standing, type StandingEvent } from './standing.ts'

export const ACTIONS = ['acknowledge', 'shelve', 'unshelve', 'comment', 'take-out', 'put-back'] as const
export type Action = (typeof ACTIONS)[number]

interface Told {
  /** Grows by one. */
  readonly seq: number
  readonly atMs: number
  readonly incident: string
}

export type Entry = Told &
  (
    | { readonly type: 'raise'; readonly finding: Finding }
    | { readonly type: 'clear' }
    | { readonly type: 'fold'; readonly into: string }
    /** The time of its shelf is over. */
    | { readonly type: 'expire' }
    | { readonly type: 'acknowledge' | 'unshelve' | 'take-out' | 'put-back'; readonly by: string; readonly comment?: string }
    | { readonly type: 'shelve'; readonly by: string; readonly untilMs: number; readonly comment?: string }
    | { readonly type: 'comment'; readonly by: string; readonly comment: string }
  )

/** An entry that has no number yet. */
export type Draft = Entry extends infer E ? (E extends Entry ? Omit<E, 'seq'> : never) : never

export interface Incident {
  readonly id: string
  readonly finding: Finding
  readonly standing: Standing
  /** When what it is about began last. */
  readonly raisedAtMs: number
  readonly clearedAtMs?: number
  /** Whoever answered it last. */
  readonly answeredBy?: string
  readonly lastComment?: { readonly by: string; readonly atMs: number; readonly text: string }
}

export type Incidents = ReadonlyMap<string, Incident>

export function eventOf(entry: Draft): StandingEvent {
  const { atMs } = entry
  switch (entry.type) {
    case 'raise':
      return { type: 'raise', atMs, needsAnswer: entry.finding.kind === 'alarm' }
    case 'shelve':
      return { type: 'shelve', atMs, untilMs: entry.untilMs }
    case 'expire':
    case 'comment':
      return { type: 'time', atMs }
    case 'clear':
    case 'fold':
    case 'acknowledge':
    case 'unshelve':
    case 'take-out':
    case 'put-back':
      return { type: entry.type, atMs }
  }
}

/** Undefined: as if it had never been, which is normal. An entry about what is not there changes nothing, but for what raises it. */
export function applyEntry(incident: Incident | undefined, entry: Entry): Incident | undefined {
  if (incident === undefined && entry.type !== 'raise') return undefined
  const standing = transition(incident?.standing ?? NORMAL, eventOf(entry))
  if (standing.state === 'normal') return undefined
  const finding = entry.type === 'raise' ? entry.finding : incident!.finding
  const raisedAtMs = entry.type === 'raise' && (incident === undefined || !incident.standing.isActive) ? entry.atMs : incident!.raisedAtMs
  const { clearedAtMs, ...rest } = incident ?? { clearedAtMs: undefined }
  const cleared = entry.type === 'clear' ? entry.atMs : entry.type === 'raise' ? undefined : clearedAtMs
  const isAnswer = entry.type === 'acknowledge' || entry.type === 'shelve'
  const comment = 'comment' in entry && entry.comment !== undefined ? { lastComment: { by: entry.by, atMs: entry.atMs, text: entry.comment } } : {}
  return { ...rest, id: entry.incident, finding, standing, raisedAtMs, ...(cleared !== undefined && { clearedAtMs: cleared }), ...(isAnswer && { answeredBy: entry.by }), ...comment }
}

export function replay(entries: Iterable<Entry>, from: Incidents = new Map()): Incidents {
  const incidents = new Map(from)
  for (const entry of entries) {
    const next = applyEntry(incidents.get(entry.incident), entry)
    if (next === undefined) incidents.delete(entry.incident)
    else incidents.set(entry.incident, next)
  }
  return incidents
}
