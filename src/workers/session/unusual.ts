/**
 * What is unusual in the whole city now: sensors outside their usual band, over a limit that binds them, or silent.
 *
 * All sensors of all layers are gone through, a few milliseconds at a time and only while somebody asks, so that a city
 * of any size costs a small share of the worker and nothing of the page. What is answered is the last whole pass.
 *
 * Of any places one in five lies outside the band of p10 to p90 at any time: that is what the band means. So a place is
 * called unusual when it is as far outside again (the map's "far above" and "far below"); those between are counted.
 *
 * Since when a place is unusual is remembered from pass to pass. What was so at the first pass began at an unknown time
 * before it, and is told as that. A silent sensor was last heard when it was.
 */
import { FRESHNESS, freshnessCode } from '../../core/time/freshness.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainId } from '../../domains/domain-model.ts'
import { againstLimit } from '../../domains/standing.ts'
import type { Judged, RowStanding } from '../aggregator/row-standing.ts'
import type { Unusual, UnusualKind, UnusualLayer, UnusualPlace } from '../city.messages.ts'

/** Standing from which a place is unusual: the band's end is 1. */
export const FAR = 2
/** Places that are told of each sort, the farthest; all are counted. */
export const MOST_PLACES = 100
/** So many beginnings are remembered. Where more is unusual at once, one cause has one beginning. */
const MOST_REMEMBERED = 5_000
/** Who has not asked for so long does not look. */
const ASKED_MS = 10 * SECOND_MS
/** Between two passes, and as a multiple of what one took: of the thread it is a fiftieth. */
const REST_MS = 2 * SECOND_MS
const REST_TIMES = 50
/** Of one turn, and rows between two looks at the clock. */
const SLICE_MS = 2
const ROWS_AT_ONCE = 256
/** After a longer gap nothing is known of what went on meanwhile. */
const FORGET_MS = 60 * SECOND_MS

export interface UnusualWatch {
  /** Somebody looks; what the last whole pass found, of the same instant. */
  ask(atMs: number | undefined): Unusual | undefined
  /** Called often. `atMs`: the past instant that is shown. */
  tick(states: Iterable<Judged>, nowMs: number, atMs: number | undefined): void
}

interface Beginning {
  readonly kind: UnusualKind
  readonly sinceMs: number
  readonly isBefore: boolean
}

interface Pass {
  readonly states: readonly Judged[]
  readonly nowMs: number
  readonly layers: UnusualLayer[]
  readonly far: Found[]
  readonly silent: Found[]
  readonly begun: Map<string, Beginning>
  state: number
  row: number
  counts: Counts
  spentMs: number
}

interface Found {
  readonly rank: number
  readonly place: UnusualPlace
}

type Counts = { -readonly [name in Exclude<keyof UnusualLayer, 'domain'>]: number }

const AGEING = freshnessCode('ageing')
const NOTHING: Readonly<Counts> = { known: 0, fresh: 0, unusual: 0, compared: 0, outside: 0, above: 0, below: 0, overLimit: 0, late: 0, lost: 0, clockError: 0 }

export function createUnusualWatch(now: () => number): UnusualWatch {
  const at: RowStanding = { isCounted: false, value: NaN, observedAtMs: NaN, freshness: 0, standing: NaN, median: NaN }
  let askedAtMs = -Infinity
  let shownMs: number | undefined
  let pass: Pass | undefined
  let found: Unusual | undefined
  let restUntilMs = -Infinity
  let begun = new Map<string, Beginning>()
  /** When the last pass over the present ended, by the brokers' clock. */
  let lookedAtMs = -Infinity

  function look(of: Pass, state: Judged, row: number): void {
    state.judge(row, at)
    if (!at.isCounted) return
    const { counts } = of
    counts.known++
    const isReported = at.freshness <= AGEING
    if (!isReported) {
      const kind = FRESHNESS[at.freshness] === 'stale' ? 'late' : FRESHNESS[at.freshness] === 'clock-error' ? 'clockError' : 'lost'
      counts[kind]++
      counts.unusual++
      keep(of.silent, {
        // Who was never heard of has not fallen silent: it comes last.
        rank: Number.isNaN(at.observedAtMs) ? -Infinity : -at.observedAtMs,
        place: placeOf(state, row, kind),
      })
      return
    }
    counts.fresh++
    const { limit } = state.model
    // A limit of another statistic (a year's level, say) is no breach of the moment.
    const againstIt = limit === undefined || limit.binds !== undefined ? NaN : againstLimit(state.model, at.value)
    const over = state.model.scale === 'decibel' ? againstIt / 5 : againstIt / 100 - 1
    const size = Math.abs(at.standing)
    if (!Number.isNaN(size)) counts.compared++
    if (size > 1) counts.outside++
    const isFar = size > FAR
    if (isFar) counts[at.standing > 0 ? 'above' : 'below']++
    if (over > 0) counts.overLimit++
    if (!isFar && !(over > 0)) return
    counts.unusual++
    const kind: UnusualKind = isFar ? (at.standing > 0 ? 'above' : 'below') : 'limit'
    // A quiet street is as unusual as a loud one, and needs a look only after it.
    const { worse } = state.model
    const isBetter = worse === (at.standing > 0 ? 'lower' : 'higher')
    keep(of.far, { rank: Math.max(isFar ? size / (isBetter ? 2 : 1) : 0, over > 0 ? FAR + over : 0), place: placeOf(state, row, kind, beginningOf(of, state, row, kind)) })
  }

  function placeOf({ model, idAt, nameAt }: Judged, row: number, kind: UnusualKind, beginning?: Beginning): UnusualPlace {
    return {
      domain: model.id,
      id: idAt(row),
      name: nameAt(row),
      kind,
      value: at.value,
      median: at.median,
      observedAtMs: at.observedAtMs,
      ...(beginning === undefined ? {} : { sinceMs: beginning.sinceMs, isBefore: beginning.isBefore }),
    }
  }

  /** Nothing of the past, where nobody watched it begin. */
  function beginningOf(of: Pass, { model, idAt }: Judged, row: number, kind: UnusualKind): Beginning | undefined {
    if (shownMs !== undefined || of.begun.size >= MOST_REMEMBERED) return undefined
    const key = `${model.id} ${idAt(row)}`
    const before = begun.get(key)
    const isUnseen = of.nowMs - lookedAtMs > FORGET_MS
    const beginning = before?.kind === kind ? before : { kind, sinceMs: of.nowMs, isBefore: isUnseen || isNews(model.id) }
    of.begun.set(key, beginning)
    return beginning
  }

  /** The layer was not compared in the last pass: its usual has only just come, and what it shows now began before. */
  function isNews(domain: DomainId): boolean {
    return !(found?.layers.some((layer) => layer.domain === domain && layer.compared > 0) ?? false)
  }

  function work(): void {
    if (pass === undefined) return
    const startedMs = now()
    const of = pass
    for (;;) {
      const state = of.states[of.state]
      if (state === undefined) break
      const to = Math.min(state.rows, of.row + ROWS_AT_ONCE)
      for (; of.row < to; of.row++) look(of, state, of.row)
      if (of.row >= state.rows) {
        of.layers.push({ domain: state.model.id, ...of.counts })
        of.counts = { ...NOTHING }
        of.state++
        of.row = 0
      }
      if (now() - startedMs >= SLICE_MS) break
    }
    of.spentMs += now() - startedMs
    if (of.state < of.states.length) return
    end(of)
  }

  function end(of: Pass): void {
    found = { atMs: of.nowMs, layers: of.layers, places: [...farthest(of.far), ...farthest(of.silent)].map(({ place }) => place) }
    if (shownMs === undefined) {
      begun = of.begun
      lookedAtMs = of.nowMs
    }
    pass = undefined
    restUntilMs = now() + Math.max(REST_MS, of.spentMs * REST_TIMES)
  }

  return {
    ask(atMs) {
      askedAtMs = now()
      return atMs === shownMs ? found : undefined
    },
    tick(states, nowMs, atMs) {
      if (atMs !== shownMs) {
        shownMs = atMs
        pass = found = undefined
        restUntilMs = -Infinity
      }
      if (Math.abs(now() - askedAtMs) > ASKED_MS) {
        pass = undefined
        return
      }
      if (pass === undefined) {
        if (now() < restUntilMs) return
        pass = begin([...states], nowMs)
      }
      work()
    },
  }
}

function begin(states: readonly Judged[], nowMs: number): Pass {
  return { states, nowMs, layers: [], far: [], silent: [], begun: new Map(), state: 0, row: 0, counts: { ...NOTHING }, spentMs: 0 }
}

/** Only the farthest are kept, with some air, so that a city that is all silent costs no more. */
function keep(list: Found[], found: Found): void {
  list.push(found)
  if (list.length >= 4 * MOST_PLACES) list.splice(0, list.length, ...farthest(list))
}

function farthest(list: readonly Found[]): readonly Found[] {
  return list.toSorted((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank) || (a.place.id < b.place.id ? -1 : 1)).slice(0, MOST_PLACES)
}
