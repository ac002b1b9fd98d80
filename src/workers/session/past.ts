/**
 * The city's memory of its past, and the picture of any instant of it.
 *
 * The same readers, windows and cells as live, with the clock standing still: a past picture differs from
 * a live one only in where its readings come from. Live readings are kept as they come; hours that the
 * hand comes to are read from the temporal API, what is beneath the hand first, then the rest of the day
 * nearest to it, while the operator looks back. What has been read is shown again without asking.
 *
 * Memory has a budget: past it, the hours farthest from the hand go first, and are read again when the
 * hand comes back to them (docs/time-travel.md).
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { createAreaIndex } from '../../core/geo/areas.ts'
import { FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { DomainId, Reading } from '../../domains/domain-model.ts'
import { expectedIntervalMsOf, readContextOf } from '../../domains/read-context.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import { createCoverage, hourOf, type Coverage } from '../history/coverage.ts'
import { createDomainHistory, type DomainHistory } from '../history/domain-history.ts'
import { createPastPicture, type PastPicture } from '../history/past-picture.ts'
import type { BrokerAccess } from './broker-access.ts'
import { readingsIn, type Present } from './past-states.ts'

export interface Past {
  readonly domains: ReadonlyMap<DomainId, PastPicture>
  /** A reading that came live. `known`: what it returned for the sensor before, or -1; then the reading has its id. */
  take(domain: DomainId, reading: Reading, known: number): number
  /** The instant that is looked at; undefined is now, and nothing more is read. */
  goTo(atMs: number | undefined): void
  /** Live readings are complete from here on; Infinity while they are not. */
  setLiveSince(ms: number): void
  /** Sensors were made known, or went. */
  introduce(): void
  /** The same of one domain, where it is worth it. */
  introduceNew(domain: DomainId): void
  /** Brings a domain to the instant. Is there anything of that time to show? */
  look(domain: DomainId, atMs: number): boolean
  /** All that can be had for the instant is there. */
  isComplete(atMs: number): boolean
  /** Why a part of the instant's picture is missing, in sentences. */
  problems(atMs: number): readonly string[]
  /** Hours to read when nothing else is to be read, the most wanted first; in place of those before. */
  wish(wishes: readonly PastWish[]): void
  /** Everything that was measured in [fromMs, toMs) is known: every broker gave it whole, or it was heard as it came. */
  isWhole(domain: DomainId, fromMs: number, toMs: number): boolean
  /** Why hours of a domain could not be had, in sentences. */
  problemsOf(domain: DomainId, hours: readonly number[]): readonly string[]
  /** What failed in these hours a while ago may be asked for again. */
  forgive(domain: DomainId, hours: readonly number[]): void
  historyOf(domain: DomainId): DomainHistory
  /** From here on everything came live, though what came in quick succession may have been put together; Infinity while it does not. */
  setHeardSince(ms: number): void
  readonly bytes: number
  /** What it may take from now on; more is forgotten at once. */
  setBudget(bytes: number): void
  close(): void
}

/** A whole hour of a domain, as far as it is over. */
export interface PastWish {
  readonly domain: DomainId
  readonly hour: number
  /** Exclusive. */
  readonly toMs: number
}

/** Above this nothing is read ahead: it would only push out what was read. */
const READ_AHEAD_SHARE = 0.8
/** Questions at one broker at a time, of those that the picture waits for. */
const AT_ONCE = 4
const INTRODUCE_INTERVAL_MS = 2 * SECOND_MS

interface Remembered {
  readonly history: DomainHistory
  readonly picture: PastPicture
  readonly coverage: Coverage
  /** What the live state knew when its sensors were last introduced. */
  introduced: number
  introducedAtMs: number
}

export function createPast<Signal>(options: {
  readonly plan: CityPlan
  readonly cellRadiusM: number
  /** The live state: which sensors there are. */
  readonly live: ReadonlyMap<DomainId, DomainState>
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  /** What each broker holds now. Never fails: what cannot be had lends nothing. */
  readonly presentOf: (broker: string) => Promise<Present>
  /** The brokers' clock. */
  readonly nowMs: () => number
  readonly createAbort: () => { readonly signal: Signal; abort(): void }
  readonly budgetBytes: number
  /** More of the past is there, or cannot be had. */
  readonly onChange: () => void
}): Past {
  const { plan, live, brokers, nowMs, onChange } = options
  const remembered = new Map<DomainId, Remembered>()
  const areas = plan.districts && createAreaIndex(plan.districts.areas)
  for (const [id, { model }] of live) {
    const history = createDomainHistory(model)
    const expectedIntervalMs = expectedIntervalMsOf(model, plan)
    const picture = createPastPicture({ history, anchor: plan.anchor, cellRadiusM: options.cellRadiusM, expectedIntervalMs, areas })
    remembered.set(id, { history, picture, coverage: createCoverage(), introduced: -1, introducedAtMs: -Infinity })
  }
  const domains = new Map([...remembered].map(([id, { picture }]) => [id, picture]))
  const inFlight = new Map<string, number>()
  const closing = options.createAbort()
  let budgetBytes = options.budgetBytes
  let hand: number | undefined
  let wishes: readonly PastWish[] = []
  let heardSinceMs = Infinity
  let isClosed = false

  const bytes = (): number => [...remembered.values()].reduce((sum, { history }) => sum + history.bytes, 0)
  const hoursFor = ({ coverage, picture }: Remembered, atMs: number): readonly number[] => coverage.hoursOf(atMs, picture.lookBackMs)

  function introduce(one: Remembered, state: DomainState): void {
    one.introduced = state.rosterChanges
    one.introducedAtMs = nowMs()
    one.history.setPresent(state.sensors())
  }

  function introduceNew(one: Remembered, state: DomainState): void {
    if (one.introduced !== state.rosterChanges && Math.abs(nowMs() - one.introducedAtMs) >= INTRODUCE_INTERVAL_MS) introduce(one, state)
  }

  /** The next hour to ask a broker for: what the hand waits for, then the day around it. */
  function next(broker: string): { readonly one: Remembered; readonly hour: number; readonly isAhead: boolean } | undefined {
    if (hand === undefined) return nextWished(broker)
    const atMs = hand
    for (const one of remembered.values()) {
      const hour = hoursFor(one, atMs).find((candidate) => one.coverage.isMissing(broker, candidate, atMs))
      if (hour !== undefined) return { one, hour, isAhead: false }
    }
    if (bytes() > budgetBytes * READ_AHEAD_SHARE) return undefined
    const newest = hourOf(nowMs())
    const day = Array.from({ length: DAY_MS / HOUR_MS + 1 }, (_, ago) => newest - ago)
    const nearest = day.toSorted((a, b) => Math.abs(a - hourOf(atMs)) - Math.abs(b - hourOf(atMs)))
    for (const hour of nearest) {
      // The hour that is not over is read when the hand comes to it.
      if (hour === newest) continue
      for (const one of remembered.values()) if (one.coverage.isMissing(broker, hour, (hour + 1) * HOUR_MS)) return { one, hour, isAhead: true }
    }
    return nextWished(broker)
  }

  function nextWished(broker: string): { readonly one: Remembered; readonly hour: number; readonly isAhead: boolean } | undefined {
    if (bytes() > budgetBytes * READ_AHEAD_SHARE) return undefined
    for (const { domain, hour, toMs } of wishes) {
      const one = remembered.get(domain)
      if (one !== undefined && !isHeard(one, broker, hour, hour * HOUR_MS, toMs) && one.coverage.isMissing(broker, hour, toMs - 1)) return { one, hour, isAhead: true }
    }
    return undefined
  }

  /** Of the broker's [fromMs, toMs) within the hour. */
  function isHeard({ coverage }: Remembered, broker: string, hour: number, fromMs: number, toMs: number): boolean {
    const readToMs = coverage.readTo(broker, hour)
    return readToMs >= toMs - 1 || heardSinceMs <= Math.max(fromMs, readToMs)
  }

  function work(): void {
    if (isClosed) return
    for (const broker of brokers.keys()) {
      for (;;) {
        const running = inFlight.get(broker) ?? 0
        if (running >= AT_ONCE) break
        const found = next(broker)
        if (found === undefined || (found.isAhead && running > 0)) break
        inFlight.set(broker, running + 1)
        void read(broker, found.one, found.hour)
      }
    }
  }

  async function read(broker: string, { history, coverage }: Remembered, hour: number): Promise<void> {
    const { model } = history
    const fromMs = hour * HOUR_MS
    // An instant ahead of the clock has nothing measured; asked for once, it need not be asked for again.
    const toMs = Math.min(fromMs + HOUR_MS - 1, Math.max(nowMs(), hand ?? -Infinity))
    coverage.started(broker, hour)
    const types = [...new Set(model.watches.map(({ type }) => type))]
    const [answer, present] = await Promise.all([brokers.get(broker)!.past(types, { fromMs, toMs }, closing.signal), options.presentOf(broker)])
    inFlight.set(broker, inFlight.get(broker)! - 1)
    if (isClosed) return
    if (answer.ok) {
      const { readings } = readingsIn(answer.value, model, readContextOf(plan, model), present)
      history.load({ fromMs, toMs }, readings)
      coverage.loaded(broker, hour, toMs, answer.value.partial ? `${broker} gave only a part of the past of ${model.name}.` : undefined)
    } else {
      coverage.failed(broker, hour, `The past of ${model.name} could not be read from ${broker}: ${answer.error}`, nowMs())
    }
    keepBudget()
    onChange()
    work()
  }

  /** Farthest from the hand first; what the picture rests on stays. */
  function keepBudget(): void {
    const at = hand ?? nowMs()
    for (;;) {
      let farthest: { readonly one: Remembered; readonly hour: number; readonly distance: number } | undefined
      for (const one of remembered.values()) {
        const needed = hoursFor(one, at)
        for (const ms of one.history.extent() ?? []) {
          const hour = hourOf(ms)
          const distance = Math.abs(hour - hourOf(at))
          if (!needed.includes(hour) && distance > (farthest?.distance ?? 0)) farthest = { one, hour, distance }
        }
      }
      // Now needs no more than its day.
      const isOld = hand === undefined && farthest !== undefined && farthest.distance > DAY_MS / HOUR_MS + 1
      if (farthest === undefined || (!isOld && bytes() <= budgetBytes)) return
      farthest.one.history.forget(farthest.hour * HOUR_MS, (farthest.hour + 1) * HOUR_MS)
      farthest.one.coverage.forget(farthest.hour)
    }
  }

  const isSettled = (one: Remembered, atMs: number): boolean => [...brokers.keys()].every((broker) => hoursFor(one, atMs).every((hour) => one.coverage.isSettled(broker, hour, atMs)))

  return {
    domains,
    take(domain, reading, known) {
      const one = remembered.get(domain)
      const ageMs = nowMs() - reading.observedAtMs
      // A snapshot also shows what was last heard months ago, and clocks that run ahead.
      if (one === undefined || ageMs > DAY_MS || ageMs < -FUTURE_TOLERANCE_MS) return known
      return one.history.add(reading, known)
    },
    goTo(atMs) {
      hand = atMs
      keepBudget()
      if (atMs === undefined) return
      for (const one of remembered.values()) one.coverage.forgive(hoursFor(one, atMs), nowMs())
      work()
    },
    setLiveSince(ms) {
      for (const { coverage } of remembered.values()) coverage.setLiveSince(ms)
    },
    introduce() {
      for (const [id, one] of remembered) introduce(one, live.get(id)!)
    },
    introduceNew: (domain) => introduceNew(remembered.get(domain)!, live.get(domain)!),
    look(domain, atMs) {
      const one = remembered.get(domain)
      const state = live.get(domain)
      if (one === undefined || state === undefined) return false
      introduceNew(one, state)
      const isComplete = isSettled(one, atMs)
      one.picture.setComplete(isComplete)
      return isComplete || one.history.chunks(atMs - one.picture.lookBackMs, atMs).length > 0
    },
    isComplete: (atMs) => [...remembered.values()].every((one) => isSettled(one, atMs)),
    problems(atMs) {
      const sentences = [...remembered.values()].flatMap((one) =>
        hoursFor(one, atMs).flatMap((hour) => [...brokers.keys()].map((broker) => one.coverage.problems(broker, hour))),
      )
      return [...new Set(sentences.filter((sentence) => sentence !== undefined))]
    },
    wish(next) {
      wishes = next
      work()
    },
    isWhole(domain, fromMs, toMs) {
      const one = remembered.get(domain)
      if (one === undefined) return false
      for (let hour = hourOf(fromMs); hour * HOUR_MS < toMs; hour++) {
        const from = Math.max(fromMs, hour * HOUR_MS)
        const to = Math.min(toMs, (hour + 1) * HOUR_MS)
        for (const broker of brokers.keys()) if (!isHeard(one, broker, hour, from, to)) return false
      }
      return true
    },
    problemsOf(domain, hours) {
      const one = remembered.get(domain)!
      const sentences = hours.flatMap((hour) => [...brokers.keys()].map((broker) => one.coverage.problems(broker, hour)))
      return [...new Set(sentences.filter((sentence) => sentence !== undefined))]
    },
    forgive: (domain, hours) => remembered.get(domain)!.coverage.forgive(hours, nowMs()),
    historyOf: (domain) => remembered.get(domain)!.history,
    setHeardSince(ms) {
      heardSinceMs = ms
    },
    get bytes() {
      return bytes()
    },
    setBudget(next) {
      const isMore = next > budgetBytes
      budgetBytes = next
      keepBudget()
      // What there was no room for may be read ahead now.
      if (isMore) work()
    },
    close() {
      isClosed = true
      closing.abort()
    },
  }
}
