/**
 * Keeps the list in order at a price: the order is made in slices of a few milliseconds, and after each the
 * page has the thread to itself for a multiple of what the slice took. So a small city is in order at once, and
 * a large one takes a few per cent of the thread however large it is.
 *
 * While somebody reads the list, rows keep their places and only their values move; newcomers go to the end.
 */
import type { DomainId } from '../domains/domain-model.ts'
import type { View } from '../domains/standing.ts'
import type { Roster } from '../domains/frame.ts'
import type { LiveLayer } from './live-store.ts'
import { learnNames, orderRows, textsOf, type OrderQuestion } from './row-order.ts'

export interface ListQuestion extends OrderQuestion {
  readonly domain: DomainId
  readonly view: View
}

export interface ShownOrder {
  readonly domain: DomainId
  /** The same text for the same question: domain, view, order, district and filter. */
  readonly question: string
  /** What the row numbers are of; a later roster may have other rows. */
  readonly roster: Pick<Roster, 'ids' | 'names'>
  readonly rows: Uint32Array
}

export interface OrderEffects {
  now(): number
  /** Runs after the time, unless what it returns was called before. */
  later(run: () => void, delayMs: number): () => void
}

export interface SensorOrder {
  /** What is to be in order now. `hold`: somebody reads, or nobody sees it. */
  follow(layer: LiveLayer | undefined, question: ListQuestion, options: { readonly hold: boolean }): void
  shown(): ShownOrder | undefined
  subscribe(listener: () => void): () => void
  close(): void
}

const SLICE_MS = 5
/** Of the thread, while the operator waits for an answer. */
const WAITED_FOR = 0.5
/** Of the thread, for sensors that came or went: whoever looks for one does not want to wait for it. */
const OTHER_ROWS = 0.2
/** Of the thread, to follow values that nobody asked about. */
const UNASKED = 0.03
/** A slice that took long by the clock was held up by others: its multiple says nothing of the work. */
const LONGEST_REST_MS = 1_500

interface Job {
  readonly domain: DomainId
  readonly steps: Generator<undefined, Uint32Array | undefined>
  readonly question: string
  readonly roster: Pick<Roster, 'ids' | 'names'>
  readonly share: number
}

export function createSensorOrder({ now, later }: OrderEffects): SensorOrder {
  const listeners = new Set<() => void>()
  let shown: ShownOrder | undefined
  let wanted = ''
  let isHeld = false
  let job: Job | undefined
  let stopWaiting: (() => void) | undefined
  /** The last slice of the last order. */
  let ended = { atMs: -Infinity, spentMs: 0 }
  /** The frame by which `shown` was ordered. */
  let orderedBy: LiveLayer['frame'] | undefined
  let isRough = false

  function begin(next: Job): void {
    stop()
    job = next
    work()
  }

  function stop(): void {
    stopWaiting?.()
    stopWaiting = undefined
    job = undefined
  }

  function work(): void {
    stopWaiting = undefined
    if (job === undefined) return
    const { steps, share } = job
    const startedMs = now()
    let result = steps.next()
    while (result.done !== true && now() - startedMs < SLICE_MS) result = steps.next()
    const atMs = now()
    const spentMs = atMs - startedMs
    if (result.done !== true) {
      stopWaiting = later(work, restAfter(spentMs, share))
      return
    }
    ended = { atMs, spentMs }
    const { domain, question, roster } = job
    job = undefined
    if (result.value === undefined) isRough = true // names are known now: the next order is by them
    else show({ domain, question, roster, rows: result.value })
  }

  function show(next: ShownOrder): void {
    if (isHeld && shown?.question === next.question) {
      if (isSameRoster(shown.roster, next.roster)) return
      shown = { ...next, rows: settleRows(shown, next) }
    } else {
      shown = next
    }
    for (const listener of listeners) listener()
  }

  return {
    follow(layer, question, { hold }) {
      const { domain, view, order, filter, district, worse } = question
      const asked = [domain, view, order, worse, district ?? '', filter].join(' ')
      const isNew = asked !== wanted
      wanted = asked
      isHeld = hold
      if (layer === undefined) {
        // Another city, or an instant that is still read: its order is not this one's.
        stop()
        shown = orderedBy = undefined
        return
      }
      const { roster, frame } = layer
      const isAnswered = shown?.question === asked
      const isJob = job?.question === asked
      const hasOtherRows = shown !== undefined && !isSameRoster(shown.roster, roster)
      if (isNew || (!isAnswered && !isJob)) {
        orderedBy = frame
        isRough = false
        begin({ domain, steps: orderRows(layer, question), question: asked, roster, share: WAITED_FOR })
        return
      }
      if (job !== undefined || !isAnswered || (hold && !hasOtherRows)) return
      const share = hasOtherRows ? OTHER_ROWS : UNASKED
      if (now() < ended.atMs + restAfter(ended.spentMs, share)) return
      if (!hasOtherRows && textsOf(roster).byName === undefined) {
        begin({ domain, steps: namesOnly(roster), question: asked, roster, share: UNASKED })
        return
      }
      if (frame === orderedBy && !hasOtherRows && !isRough) return
      orderedBy = frame
      isRough = false
      begin({ domain, steps: orderRows(layer, question), question: asked, roster, share })
    },
    shown: () => shown,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      stop()
      listeners.clear()
    },
  }
}

function restAfter(spentMs: number, share: number): number {
  return Math.min(spentMs * (1 / share - 1), LONGEST_REST_MS)
}

function* namesOnly(roster: Pick<Roster, 'ids' | 'names'>): Generator<undefined, undefined> {
  yield* learnNames(textsOf(roster))
}

/** Rows of `next` with those that were shown in their places and newcomers behind. */
export function settleRows(shown: Pick<ShownOrder, 'roster' | 'rows'>, next: Pick<ShownOrder, 'roster' | 'rows'>): Uint32Array {
  const from = shown.roster.ids
  const to = next.roster.ids
  const isLeft = new Uint8Array(to.length)
  for (const row of next.rows) isLeft[row] = 1
  // Most sensors have the row they had: only of the others the place is looked up.
  let moved: Map<string, number> | undefined
  const rowNow = (row: number): number | undefined => {
    if (from[row] === to[row]) return row
    moved ??= new Map([...to.entries()].flatMap(([at, id]) => (from[at] === id ? [] : [[id, at] as const])))
    return moved.get(from[row]!)
  }
  const settled = new Uint32Array(next.rows.length)
  let count = 0
  for (const row of shown.rows) {
    const at = rowNow(row)
    if (at === undefined || isLeft[at] !== 1) continue
    settled[count++] = at
    isLeft[at] = 0
  }
  for (const row of next.rows) if (isLeft[row] === 1) settled[count++] = row
  return settled
}

function isSameRoster(a: Pick<Roster, 'ids' | 'names'>, b: Pick<Roster, 'ids' | 'names'>): boolean {
  return a.ids === b.ids && a.names === b.names
}
