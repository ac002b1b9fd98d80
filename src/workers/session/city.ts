/**
 * One open city: its feed, its live state, the past when the operator looks back, and the frames that go out.
 *
 * The feed goes on while the past is shown or the picture is paused, so coming back to now costs nothing.
 * A city that nobody looks at may rest: without a connection, a timer or a buffer of a frame, but with all it knows.
 * Woken, it shows that at once, and the relay tells what came meanwhile.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { MINUTE_MS, SECOND_MS } from '../../core/time/instant.ts'
import type { DomainId, DomainModel } from '../../domains/domain-model.ts'
import type { Frame } from '../../domains/frame.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import type { BrokerProfile } from '../../ngsi-ld/profile/profile.ts'
import { profileOf } from '../../ngsi-ld/profile/profiles.ts'
import { createFeed, type FeedEffects, type FeedSettings } from '../../feed/feed.ts'
import type { BrokerWay } from '../../feed/feed-output.ts'
import { waysIn, type Driver, type DrivenWay } from '../../feed/ways.ts'
import { expectedIntervalMsOf } from '../../domains/read-context.ts'
import { createAggregator } from '../aggregator/aggregator.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import { createFrameBufferPool, frameTransfers, type FrameBufferPool } from '../aggregator/frame-buffers.ts'
import type { Answer, CityView, FromCity, Look, Question } from '../city.messages.ts'
import type { Drawable } from '../history/past-picture.ts'
import { answer } from './answer.ts'
import { createBackground } from './background.ts'
import { createDayLines } from './day-lines.ts'
import { createDayUsual } from './day-usual.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import { statusOf } from './city-status.ts'
import { createKeptValues, shownLayer, type KeptStore } from './kept-values.ts'
import { createLag } from './lag.ts'
import { readPresent } from './past-states.ts'
import { createPast } from './past.ts'
import type { Present } from './past-states.ts'
import { createPump } from './pump.ts'
import { createUnusualWatch } from './unusual.ts'

/** What a city needs from outside. `Signal` is the platform's: an `AbortSignal` in a worker. */
export interface CityEffects<Signal> extends Omit<FeedEffects<Signal>, 'openStream' | 'snapshot' | 'attach' | 'isUnwatched'> {
  openStream(cityId: string, lastEventId: string | undefined, signal: Signal): ReturnType<FeedEffects<Signal>['openStream']>
  /** Absent where there are no such ways. */
  attach?(cityId: string, brokerId: string, way: DrivenWay, signal: Signal): Driver
  /** `profile`: which broker it is, as far as the relay has said by now. */
  broker(cityId: string, brokerId: string, profile: () => BrokerProfile): BrokerAccess<Signal>
  /** For the last known values. Absent where none are kept. */
  readonly kept?: KeptStore
}

export type Post = (message: FromCity, transfer?: readonly ArrayBuffer[]) => void

export interface City {
  /** Called often: sends what is due. */
  tick(): void
  /** Undefined is now. */
  setTime(atMs: number | undefined): void
  setLook(look: Look): void
  setPaused(paused: boolean): void
  setCellRadius(radiusM: number): void
  drawn(domain: DomainId, spare: Frame | undefined): void
  ask(question: Question): Promise<Answer>
  /** What its memory of the past may take. */
  setHistoryBytes(bytes: number): void
  rest(): void
  wake(view: CityView): void
  close(): void
}

const STATUS_INTERVAL_MS = SECOND_MS
/** A poll reads everything: none is more frequent, whatever the layers expect. */
const LEAST_POLL_MS = 10 * SECOND_MS
const LONGEST_POLL_MS = 10 * MINUTE_MS
/** A frame that was not drawn for so long is looked at by nobody: a hidden page draws none. */
const UNWATCHED_MS = 5 * MINUTE_MS

export function createCity<Signal extends Abortable>(options: {
  readonly models: readonly DomainModel[]
  readonly plan: CityPlan
  readonly view: CityView
  readonly historyBytes: number
  readonly effects: CityEffects<Signal>
  readonly post: Post
  readonly feed?: FeedSettings | undefined
  /** Numbers for rosters that no other city of this worker has used. */
  readonly nextRosterVersion: () => number
}): City {
  const { models, plan, view: first, effects, post } = options
  const aggregator = createAggregator({ models, plan, cellRadiusM: first.cellRadiusM, now: effects.now, bytes: effects, onReading: (domain, reading, known) => past.take(domain, reading, known) })
  const live = aggregator.domains
  const types = [...new Set([...live.values()].flatMap(({ model }) => model.watches.map(({ type }) => type)))]
  const brokers = new Map(plan.brokers.map(({ id }) => [id, effects.broker(plan.id, id, () => profileKnown(aggregator.brokers, id))]))
  let pump = createPump([...live.keys()])
  const pools = new Map<DomainId, FrameBufferPool>()
  const rosters = new Map<DomainId, { readonly of: Drawable; readonly changes: number; readonly version: number }>()
  const closing = effects.createAbort()
  const lag = createLag()
  const unusual = createUnusualWatch(effects.now)
  let relayOffsetMs = 0
  let connectedAtMs = -Infinity
  const presents = new Map<string, Promise<Present>>()
  let ways: readonly BrokerWay[] = []
  /** When the first frame went out that was not drawn yet. */
  let undrawnSinceMs: number | undefined
  let paused = false
  let isResting = false
  let atMs = first.atMs
  /** When the operator last changed what is shown. */
  let changedAtMs = effects.now()
  let statusDue: 'no' | 'later' | 'now' = 'now'
  let statusAtMs = -Infinity
  let losses = 0
  let isLiveWhole = false
  let missed = 0

  const past = createPast<Signal>({
    plan,
    cellRadiusM: first.cellRadiusM,
    budgetBytes: options.historyBytes,
    live,
    brokers,
    presentOf: (broker) => (atMs === undefined ? staticOf(broker) : presentOf(broker)),
    nowMs: aggregator.nowMs,
    createAbort: effects.createAbort,
    onChange() {
      statusDue = 'now'
      pump.askSooner()
    },
  })
  let isLive = false
  /** When the snapshot was all there, by the brokers' clock. */
  let liveAtMs = Infinity
  /** Has the live state gone on without a new snapshot since its windows were filled? */
  let isFilled = false

  const kept = effects.kept && createKeptValues({ plan, store: effects.kept, now: effects.now, isDomain: (id) => live.has(id), onRead: () => pump.askSooner() })
  /** Brokers that have shown all they hold. */
  const whole = new Set<string>()

  const statics = new Map<string, Promise<Present>>()
  const background = createBackground<Signal>({
    plan,
    brokers,
    effects,
    presentOf: staticOf,
    onChange() {
      if (statusDue === 'no') statusDue = 'later'
    },
  })
  if (first.look !== undefined) background.setLook(first.look)
  background.fitPast(past.domains)
  const dayUsual = createDayUsual<Signal>({ plan, brokers, presentOf: staticOf, effects, isBusy: () => background.isReading })
  const dayLines = createDayLines({ plan, live, past, usual: dayUsual, now: effects.now, nowMs: aggregator.nowMs })
  dayLines.prefer(first.look?.domain)

  const feed = createFeed<Signal>({
    brokers: plan.brokers.map(({ id }) => id),
    options: { ways: new Map(plan.brokers.flatMap(({ id, transports }) => (transports === undefined ? [] : [[id, waysIn(transports)]]))), ...pollsOf(plan, [...live.values()]), ...options.feed },
    ...(aggregator.readBytes !== undefined && { readBytes: aggregator.readBytes }),
    effects: {
      ...effects,
      openStream: (lastEventId, signal) => effects.openStream(plan.id, lastEventId, signal),
      snapshot: (broker, signal) => brokers.get(broker)!.snapshot(types, signal),
      attach(broker, way, signal) {
        if (effects.attach === undefined) throw new Error('this page cannot be connected so')
        return effects.attach(plan.id, broker, way, signal)
      },
      isUnwatched: () => undrawnSinceMs !== undefined && effects.now() - undrawnSinceMs > UNWATCHED_MS,
    },
    emit(output) {
      aggregator.apply(output)
      if (output.type === 'clock') relayOffsetMs = output.offsetMs
      else if (output.type === 'notification' || (output.type === 'entities' && output.from === 'stream')) hearDelay(effects.now(), output.receivedAtMs - relayOffsetMs)
      else if (output.type === 'ways') ways = output.ways
      const isState = output.type === 'phase' || output.type === 'brokers' || output.type === 'ways'
      if (isState) statusDue = 'now'
      else if (statusDue === 'no') statusDue = 'later'
      if (output.type === 'snapshot-started' && output.check !== true) isFilled = false
      if (output.type === 'snapshot-ended') {
        past.introduce()
        if (output.complete) whole.add(output.broker)
      }
      if (output.type === 'counted' || isState) watchLosses()
      if (output.type !== 'phase') return
      if (output.phase.kind === 'connecting') connectedAtMs = effects.now()
      const wasLive = isLive
      isLive = output.phase.kind === 'live'
      if (!isLive || wasLive) return
      liveAtMs = aggregator.nowMs()
      statics.clear()
      // A snapshot knows last readings only, and what came while nobody listened is not in any window. Where the relay
      // repeated what was missed there was no snapshot, and nothing is missing.
      if (isFilled) return
      isFilled = true
      background.fit(live, aggregator.nowMs())
      background.refill(live, aggregator.nowMs())
    },
  })

  /** What the relay repeats of a time when nobody listened has not waited for us. */
  function hearDelay(nowMs: number, receivedAtMs: number): void {
    if (receivedAtMs >= connectedAtMs) lag.heard(nowMs - receivedAtMs, nowMs)
  }

  /** Since when nothing of the stream was lost or put together: what came live since is a history. */
  function watchLosses(): void {
    const { gaps, resyncs, coalesced } = aggregator.counters()
    const isWhole = aggregator.phase.kind === 'live' && aggregator.brokers.every(({ state }) => state === 'live')
    const now = gaps + resyncs + coalesced
    if (isWhole === isLiveWhole && now === losses) return
    // What was put together was heard, if not one by one; what was missed was not.
    if (isWhole !== isLiveWhole || gaps + resyncs !== missed) past.setHeardSince(isWhole ? aggregator.nowMs() : Infinity)
    missed = gaps + resyncs
    isLiveWhole = isWhole
    losses = now
    past.setLiveSince(isWhole ? aggregator.nowMs() : Infinity)
  }

  /** What the page is to see of a domain: nothing new while paused, the past once anything of it is known. */
  function shown(id: DomainId): { readonly state: Drawable; readonly nowMs: number } | undefined {
    if (atMs !== undefined) {
      const state = past.look(id, atMs) ? past.domains.get(id) : undefined
      if (state !== undefined) background.dress(state, atMs)
      return state === undefined ? undefined : { state, nowMs: atMs }
    }
    const state = live.get(id)
    return paused || state === undefined ? undefined : { state, nowMs: aggregator.nowMs() }
  }

  function sendFrame(id: DomainId): void {
    const now = effects.now()
    const due = pump.due(id, now)
    if (due !== 'no' && standsIn(id, due)) return
    const view = due === 'no' ? undefined : shown(id)
    if (view === undefined) return
    const { state, nowMs } = view
    const isStill = !state.refresh(nowMs) && isRosterSent(id, state)
    // The clock of the past stands still: without a change there is nothing to say again, whatever else was read.
    if (isStill && (due === 'if-changed' || atMs !== undefined)) {
      pump.skipped(id, now)
      return
    }
    const version = sendRoster(id, state)
    const frame = state.frame(poolOf(id).take(state.capacity, state.cellCount, state.view), version)
    if (atMs === undefined && isLive) kept?.take(frame, [...live.values()].reduce((sum, { count }) => sum + count, 0), live.get(id)!.textsOf)
    sent(id, frame)
  }

  function sent(id: DomainId, frame: Frame): void {
    const now = effects.now()
    pump.sent(id, now)
    undrawnSinceMs ??= now
    post({ type: 'frame', frame }, frameTransfers(frame))
  }

  /** Values of the visit before in place of the layer's own; false when there are none. */
  function standsIn(id: DomainId, due: 'if-changed' | 'idle' | 'must'): boolean {
    if (kept === undefined || atMs !== undefined || paused) return false
    const state = live.get(id)!
    const layer = kept.standIn(id, { count: state.count, isLive, isWhole: whole.size === brokers.size })
    if (layer === undefined) return false
    if (layer === 'waiting') return true
    if (due === 'if-changed') {
      pump.skipped(id, effects.now())
      return true
    }
    const version = options.nextRosterVersion()
    post({ type: 'roster', roster: { ...layer.roster, version } })
    // What the page has of the layer is no roster of its live state.
    rosters.delete(id)
    sent(id, shownLayer(layer, { nowMs: aggregator.nowMs(), expectedMs: expectedIntervalMsOf(state.model, plan), rosterVersion: version }))
    return true
  }

  function poolOf(id: DomainId): FrameBufferPool {
    let pool = pools.get(id)
    if (pool === undefined) pools.set(id, (pool = createFrameBufferPool()))
    return pool
  }

  function isRosterSent(id: DomainId, state: Drawable): boolean {
    const sent = rosters.get(id)
    return sent !== undefined && sent.of === state && sent.changes === state.rosterChanges
  }

  /** A frame is read by the roster it names, so a new one goes before it. */
  function sendRoster(id: DomainId, state: Drawable): number {
    const sent = rosters.get(id)
    if (sent !== undefined && isRosterSent(id, state)) return sent.version
    const version = options.nextRosterVersion()
    const change = sent?.of === state ? state.rosterChange(version, sent.version) : undefined
    rosters.set(id, { of: state, changes: state.rosterChanges, version })
    post(change === undefined ? { type: 'roster', roster: state.roster(version) } : { type: 'roster-change', change })
    return version
  }

  function sendStatus(): void {
    const now = effects.now()
    const isDue = statusDue === 'now' || (statusDue === 'later' && Math.abs(now - statusAtMs) >= STATUS_INTERVAL_MS)
    if (!isDue) return
    statusDue = 'no'
    statusAtMs = now
    const waitedMs = lag.ms(now)
    const status = statusOf({ plan, aggregator, ways, paused, atMs, past, changedAtMs, background: background.notes() })
    post({ type: 'status', status: { ...status, ...(waitedMs === undefined ? {} : { waitedMs }) } })
  }

  function changeView(): void {
    changedAtMs = effects.now()
    statusDue = 'now'
    pump.askSooner()
  }

  /** What a broker holds now, asked for once while the operator looks back. */
  function presentOf(broker: string): Promise<Present> {
    let present = presents.get(broker)
    if (present === undefined) presents.set(broker, (present = readPresent(brokers.get(broker)!, types, closing.signal)))
    return present
  }

  /** The same for what is read in the background: asked for once a connection. */
  function staticOf(broker: string): Promise<Present> {
    let present = statics.get(broker)
    if (present === undefined) statics.set(broker, (present = readPresent(brokers.get(broker)!, types, closing.signal)))
    return present
  }

  function lineAnswer(question: Extract<Question, { kind: 'line' }>): Answer {
    const line = dayLines.ask(question)
    return line === undefined ? { ok: false, message: `${plan.name} has no layer "${question.domain}".` } : { ok: true, kind: 'line', line }
  }

  function usualAnswer({ domain, entityId }: Extract<Question, { kind: 'usual' }>): Answer {
    const state = (atMs === undefined ? live : past.domains)?.get(domain)
    const usual = state === undefined ? undefined : background.usualOf(state, atMs ?? aggregator.nowMs(), entityId)
    return { ok: true, kind: 'usual', ...(usual === undefined ? {} : { usual }) }
  }

  /** Of a past instant nothing is told before all of it is read: a past half read is unusual everywhere. */
  function watchUnusual(): void {
    if (atMs === undefined) {
      // Sensors that came with the snapshot are nothing yet before they were looked at for a frame.
      const isJudged = [...live.values()].every(({ rows, judgedAtMs }) => rows === 0 || judgedAtMs >= liveAtMs)
      if (isLive && isJudged && !paused) unusual.tick(live.values(), aggregator.nowMs(), undefined)
    } else if (past.isComplete(atMs)) {
      unusual.tick(past.domains.values(), atMs, atMs)
    }
  }

  const city: City = {
    tick() {
      if (isResting) return
      if (atMs !== undefined) background.tick(past.domains, atMs)
      else if (isLive) background.tick(live, aggregator.nowMs())
      for (const id of live.keys()) sendFrame(id)
      kept?.tick()
      watchUnusual()
      dayLines.tick()
      sendStatus()
    },
    setTime(instantMs) {
      atMs = instantMs
      if (instantMs === undefined) presents.clear()
      past.goTo(instantMs)
      changeView()
    },
    setLook(look) {
      background.setLook(look)
      dayLines.prefer(look.domain)
      background.fit(live, aggregator.nowMs())
      background.fitPast(past.domains)
      changeView()
    },
    setPaused(value) {
      paused = value
      changeView()
    },
    setCellRadius(radiusM) {
      aggregator.setCellRadius(radiusM)
      for (const state of past.domains.values()) state.setCellRadius(radiusM)
      pump.askSooner()
    },
    drawn(domain, spare) {
      undrawnSinceMs = undefined
      if (spare !== undefined) pools.get(domain)?.give(spare)
      pump.drawn(domain)
    },
    ask(question) {
      if (question.kind === 'unusual') {
        const found = unusual.ask(atMs)
        return Promise.resolve({ ok: true, kind: 'unusual', ...(found === undefined ? {} : { unusual: found }) })
      }
      if (question.kind === 'line') return Promise.resolve(lineAnswer(question))
      if (question.kind === 'usual') return Promise.resolve(usualAnswer(question))
      return answer(question, { plan, brokers, models: [...live.values()].map(({ model }) => model), brokerOf: aggregator.brokerOf, signal: closing.signal })
    },
    setHistoryBytes: (bytes) => past.setBudget(bytes),
    rest() {
      isResting = true
      city.setTime(undefined)
      paused = false
      background.rest()
      dayLines.rest()
      feed.rest()
      // The page has let go of what it was sent, and forgotten it.
      pools.clear()
      rosters.clear()
    },
    wake({ cellRadiusM, look = { view: 'value' }, atMs: instantMs }) {
      isResting = false
      undrawnSinceMs = undefined
      pump = createPump([...live.keys()])
      city.setCellRadius(cellRadiusM)
      city.setLook(look)
      city.setTime(instantMs)
      if (live.size > 0 && brokers.size > 0) feed.start()
    },
    close() {
      feed.stop()
      past.close()
      background.close()
      dayUsual.close()
      closing.abort()
    },
  }
  if (live.size > 0 && brokers.size > 0) feed.start()
  if (atMs !== undefined) past.goTo(atMs)
  return city
}

/** As often as the quickest layer expects its sensors to report: more often, there is nothing new. */
function pollsOf(plan: CityPlan, domains: readonly DomainState[]): Pick<FeedSettings, 'pollEveryMs' | 'polls'> {
  const expectedMs = domains.map(({ model }) => expectedIntervalMsOf(model, plan))
  return {
    pollEveryMs: Math.max(LEAST_POLL_MS, Math.min(...expectedMs, LONGEST_POLL_MS)),
    polls: new Map(plan.brokers.flatMap(({ id, pollIntervalS }) => (pollIntervalS === undefined ? [] : [[id, pollIntervalS * SECOND_MS]]))),
  }
}

function profileKnown(brokers: readonly RelayBrokerState[], id: string): BrokerProfile {
  const known = brokers.find(({ broker }) => broker === id)?.known
  return profileOf(known?.profile, known)
}
