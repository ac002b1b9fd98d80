/** The incidents of one city and their journal: takes what is abnormal now and what people do, and writes down what has changed. */
import type { Evaluation } from './evaluate.ts'
import { budgetOf, isFloodAt, type Budget } from './budget.ts'
import { applyEntry, eventOf, type Draft, type Entry, type Incident } from './journal.ts'
import { transition } from './standing.ts'

/** Newest entries that are kept at hand; a file has all. */
export const KEPT_ENTRIES = 20_000

export interface Board {
  /** Gives the entries that it wrote. */
  take(evaluation: Evaluation, atMs: number): readonly Entry[]
  /** Undefined: there is no such incident. None: it means nothing in the state that it is in. */
  act(draft: Draft): readonly Entry[] | undefined
  /** Ends the shelves whose time is over. */
  tick(atMs: number): readonly Entry[]
  readonly incidents: readonly Incident[]
  get(id: string): Incident | undefined
  readonly journal: readonly Entry[]
  budget(atMs: number): Budget
  isFlood(atMs: number): boolean
}

export function createBoard(given: { readonly entries?: Iterable<Entry>; readonly incidents?: Iterable<Incident> } = {}): Board {
  const incidents = new Map<string, Incident>()
  for (const incident of given.incidents ?? []) incidents.set(incident.id, incident)
  let journal: Entry[] = []
  let seq = 0
  for (const entry of given.entries ?? []) put(entry)

  function put(entry: Entry): void {
    seq = Math.max(seq, entry.seq)
    journal.push(entry)
    if (journal.length > KEPT_ENTRIES * 1.25) journal = journal.slice(-KEPT_ENTRIES)
    const next = applyEntry(incidents.get(entry.incident), entry)
    if (next === undefined) incidents.delete(entry.incident)
    else incidents.set(entry.incident, next)
  }

  function write(draft: Draft): Entry {
    const entry: Entry = { ...draft, seq: seq + 1 }
    put(entry)
    return entry
  }

  function tick(atMs: number): readonly Entry[] {
    return [...incidents.values()].flatMap(({ id, standing }) => (transition(standing, { type: 'time', atMs }) === standing ? [] : [write({ type: 'expire', atMs, incident: id })]))
  }

  return {
    take({ findings, folded }, atMs) {
      const written = [...tick(atMs)]
      const now = new Map(findings.map((finding) => [finding.id, finding]))
      for (const { id, standing } of incidents.values()) {
        const into = folded.get(id)
        if (now.has(id)) continue
        if (into !== undefined && now.has(into)) written.push(write({ type: 'fold', atMs, incident: id, into }))
        else if (standing.isActive) written.push(write({ type: 'clear', atMs, incident: id }))
      }
      for (const finding of findings) {
        const known = incidents.get(finding.id)
        if (known?.standing.isActive !== true) written.push(write({ type: 'raise', atMs, incident: finding.id, finding }))
        // Its numbers follow; that is nothing that anybody did.
        else if (known.finding.sensors !== finding.sensors || known.finding.value !== finding.value) incidents.set(finding.id, { ...known, finding })
      }
      return written
    },
    act(draft) {
      const known = incidents.get(draft.incident)
      if (known === undefined) return undefined
      if (draft.type !== 'comment' && transition(known.standing, eventOf(draft)) === known.standing) return []
      return [write(draft)]
    },
    tick,
    get incidents() {
      return [...incidents.values()]
    },
    get: (id) => incidents.get(id),
    get journal() {
      return journal
    },
    budget: (atMs) => budgetOf(journal, [...incidents.values()], atMs),
    isFlood: (atMs) => isFloodAt(journal, atMs),
  }
}
