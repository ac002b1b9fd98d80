/**
 * What the page and its workers say to each other. Pure types.
 *
 * A worker has several cities. Each has a place, a number that the page gives once and never again, and every
 * message of a city names it. For its city the worker opens the feed, decodes, keeps columns and windows, and posts
 * frames: typed arrays that move. One frame of a domain is in flight at a time: when the page has drawn it, it says
 * `drawn`, hands back the buffers of the frame before, and the newest state comes next.
 */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainId, Reading } from '../domains/domain-model.ts'
import type { Usual } from '../core/stats/usual.ts'
import type { DayLine } from '../domains/day-line.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import type { RosterChange } from '../domains/roster-change.ts'
import type { View } from '../domains/standing.ts'
import type { Json } from '../ngsi-ld/entity.ts'
import type { TransportKind } from '../ngsi-ld/profile/profile.ts'

export type { CityPlan, DomainId, Frame, Roster, RosterChange, Usual, View }

/** What the page shows of a city. `atMs`: that past instant instead of now. */
export interface CityView {
  readonly atMs?: number
  readonly cellRadiusM: number
  readonly look?: Look
}

/** To one city. */
export type ToCity =
  /** Replaces whatever was open. */
  | ({ readonly type: 'open'; readonly origin: string; readonly plan: CityPlan } & CityView & HistoryBudget)
  /** Nobody looks at it: it lets go of its connection and says nothing more, and keeps what it knows. */
  | { readonly type: 'rest' }
  /** It is looked at again: everything is sent anew. */
  | ({ readonly type: 'wake' } & CityView)
  | ({ readonly type: 'budget' } & HistoryBudget)
  | { readonly type: 'at'; readonly atMs?: number }
  | { readonly type: 'look'; readonly look: Look }
  | { readonly type: 'pause'; readonly paused: boolean }
  | { readonly type: 'cells'; readonly radiusM: number }
  /** The newest frame was drawn: send the next. `spare` is an older frame whose buffers may be used again. */
  | { readonly type: 'drawn'; readonly domain: DomainId; readonly spare?: Frame }
  | { readonly type: 'ask'; readonly askId: number; readonly question: Question }
  | { readonly type: 'close' }

/** What the city's memory of its past may take. */
export interface HistoryBudget {
  readonly historyBytes: number
}

export type ToCityWorker = ToCity & { readonly place: number }

/** The layer that owns colour: over which window, and against what. A window that its domain does not offer is its own. */
export interface Look {
  readonly domain?: DomainId
  readonly view: View
  readonly windowMs?: number
}

/** From one city. */
export type FromCity =
  | { readonly type: 'status'; readonly status: CityStatus }
  | { readonly type: 'roster'; readonly roster: Roster }
  /** Of the roster that was sent last for the domain. */
  | { readonly type: 'roster-change'; readonly change: RosterChange }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'answer'; readonly askId: number; readonly answer: Answer }
  /** It broke and was closed; the worker's other cities go on. */
  | { readonly type: 'failed'; readonly reason: string }

export type FromCityWorker =
  | (FromCity & { readonly place: number })
  /** Proof of life, every other second: a worker that is silent for long is restarted. */
  | { readonly type: 'beat' }

export interface CityStatus {
  readonly mode: 'connecting' | 'live' | 'retrying' | 'paused' | 'history' | 'failed'
  readonly sinceMs: number
  /** For the operator: what is going on, in a sentence. */
  readonly detail?: string
  readonly retryAtMs?: number
  /** Broker clock minus this machine's: add it to `Date.now()` to judge ages. */
  readonly clockOffsetMs: number
  readonly lastDataAtMs?: number
  /** The longest that notifications lately waited between the relay's door and the columns; absent when none came. */
  readonly waitedMs?: number
  readonly brokers: readonly { readonly id: string; readonly state: 'connecting' | 'live' | 'down'; readonly detail?: string; /** `Orion-LD 1.10.0`, once that is known. */ readonly kind?: string; /** The way by which it is heard. */ readonly by?: TransportKind; /** Why a better way is not in use. */ readonly left?: string }[]
  readonly counters: FeedCounters
  /** What is read beside the stream and is not there yet, or will not be. */
  readonly background?: readonly BackgroundNote[]
}

export interface BackgroundNote {
  readonly domain: DomainId
  readonly kind: 'window' | 'usual'
  /** Why it is not there, or how far it is. */
  readonly detail: string
  readonly isUnderWay?: boolean
}

/** Losses are counted and shown. */
export interface FeedCounters {
  readonly notifications: number
  readonly entities: number
  readonly readings: number
  /** By reason, with the first example of each kind. */
  readonly rejected: readonly { readonly reason: string; readonly count: number; readonly example: string }[]
  readonly duplicates: number
  readonly late: number
  readonly gaps: number
  readonly resyncs: number
  readonly coalesced: number
  /** Sensors that a check found changed, new or gone although no notification had told it. */
  readonly mended: number
  readonly restarts: number
}

/** What is unusual in all layers of a city at an instant. */
export interface Unusual {
  /** Broker time of the pass over all sensors that found it. */
  readonly atMs: number
  /** In the order of the plan's layers. */
  readonly layers: readonly UnusualLayer[]
  /** Farthest from usual first, those on the better side of it later, and behind them the silent, longest first. Of each sort only so many; the layers count all. */
  readonly places: readonly UnusualPlace[]
}

/** Sensors of a layer, by number. */
export interface UnusualLayer {
  readonly domain: DomainId
  readonly known: number
  readonly fresh: number
  /** Each once, whatever makes it so: as many places as there are to tell. */
  readonly unusual: number
  /** Those fresh whose usual is known. */
  readonly compared: number
  /** Of those compared: outside the usual band at all, and far above and far below it. */
  readonly outside: number
  readonly above: number
  readonly below: number
  /** Over a limit that binds the value of the moment. */
  readonly overLimit: number
  readonly late: number
  readonly lost: number
  readonly clockError: number
}

export type UnusualKind = 'above' | 'below' | 'limit' | 'late' | 'lost' | 'clockError'

export interface UnusualPlace {
  readonly domain: DomainId
  readonly id: string
  readonly name: string
  readonly kind: UnusualKind
  /** In the headline's unit; NaN = nothing measured. */
  readonly value: number
  /** What is usual; NaN = not known. */
  readonly median: number
  readonly observedAtMs: number
  /** Since when it is so; absent where nobody knows. */
  readonly sinceMs?: number
  /** It was so already when the watch began, at `sinceMs`. */
  readonly isBefore?: boolean
}

export type Question =
  /** What is unusual now, or at the instant that is shown; absent until all sensors were looked at once. */
  | { readonly kind: 'unusual' }
  /**
   * The layer's day as a line, up to the instant (absent is now); asked again, it has what was read meanwhile. Read and kept
   * only while it is asked for. `district`: of the plan's districts, from 1 on; absent is the city.
   */
  | { readonly kind: 'line'; readonly domain: DomainId; readonly toMs?: number; readonly district?: number }
  /** What is usual for the sensor at the instant that is shown, over the window that is shown; absent while that is not known. */
  | { readonly kind: 'usual'; readonly domain: DomainId; readonly entityId: string }
  /** Readings of one sensor in [fromMs, toMs), from the temporal API. */
  | { readonly kind: 'history'; readonly domain: DomainId; readonly entityId: string; readonly fromMs: number; readonly toMs: number }
  /** The same as values of steps of `stepMs` that begin at `fromMs`: of a month nobody reads every reading. Silences longer than `maxGapMs` are named. */
  | { readonly kind: 'steps'; readonly domain: DomainId; readonly entityId: string; readonly fromMs: number; readonly toMs: number; readonly stepMs: number; readonly maxGapMs: number }
  /** The entity as the broker gives it now, with the last reading we made of it. */
  | { readonly kind: 'entity'; readonly domain: DomainId; readonly entityId: string }
  /** The entities as the broker gives them now, each with its `@context`. Whoever wants many asks for some at a time. */
  | { readonly kind: 'entities'; readonly domain: DomainId; readonly entityIds: readonly string[] }
  /** Any entity, of any type: one that `from` names. The broker that holds `from` is asked first. */
  | { readonly kind: 'linked'; readonly entityId: string; readonly from: string }

export type Answer =
  | { readonly ok: true; readonly kind: 'unusual'; readonly unusual?: Unusual }
  | { readonly ok: true; readonly kind: 'line'; readonly line: DayLine }
  | { readonly ok: true; readonly kind: 'usual'; readonly usual?: Usual }
  | { readonly ok: true; readonly kind: 'history'; readonly readings: readonly Reading[]; readonly rejected: number; readonly partial: boolean }
  | ({ readonly ok: true; readonly kind: 'steps' } & HistorySteps)
  /** `broker`: who holds it, where that is known. */
  | { readonly ok: true; readonly kind: 'entity'; readonly raw: Json; readonly broker?: string; readonly reading?: Reading; readonly problem?: string }
  /** Those that are gone are left out. */
  | { readonly ok: true; readonly kind: 'entities'; readonly entities: readonly Json[] }
  | { readonly ok: true; readonly kind: 'linked'; readonly raw: Json; readonly broker: string }
  | { readonly ok: false; readonly message: string }

export interface HistorySteps {
  /** Ascending; a step without a value is left out. */
  readonly steps: readonly HistoryStep[]
  /** `broker`: it averaged, which only says where its means begin and end. `readings`: every reading was read here and folded as the layer folds it. */
  readonly by: 'broker' | 'readings'
  /** Longer than was asked, the time before the first and after the last reading among them. Undefined where only means came. */
  readonly gaps?: readonly { readonly fromMs: number; readonly toMs: number }[]
  /** How many were read; undefined where only means came. */
  readonly readings?: number
  readonly rejected: number
  readonly partial: boolean
}

export interface HistoryStep {
  readonly fromMs: number
  readonly value: number
  /** Least and greatest reading; absent where the broker averaged. */
  readonly low?: number
  readonly high?: number
}
