/**
 * What a city reads beside its stream: the rest of each window, and what is usual now. Both are of low priority: each
 * asks one question at a time, and neither holds up a frame.
 *
 * One layer is looked at; it has the window and the view that were chosen. All others keep their own window and show
 * values, so that a choice costs one layer's history.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Usual } from '../../core/stats/usual.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainId } from '../../domains/domain-model.ts'
import { offersView } from '../../domains/standing.ts'
import { windowFor } from '../../domains/windows.ts'
import { expectedIntervalMsOf, readContextOf } from '../../domains/read-context.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import type { BackgroundNote, Look } from '../city.messages.ts'
import type { Abortable, BrokerAccess } from './broker-access.ts'
import type { Present } from './past-states.ts'
import { createUsualKeeper } from './usual.ts'
import { fillWindow } from './window-fill.ts'

export interface BackgroundEffects<Signal> {
  now(): number
  wait(ms: number, signal: Signal): Promise<void>
  createAbort(): { readonly signal: Signal; abort(): void }
}

type States = ReadonlyMap<DomainId, DomainState>
/** What is dressed for a look: live, or of the past. */
type Dressed = Pick<DomainState, 'model' | 'count' | 'windowMs' | 'setWindow' | 'setView' | 'setUsual'>

export interface Background {
  setLook(look: Look): void
  /** Gives the states the chosen window and view, and fills a window that is new to them. `nowMs`: where it ends. */
  fit(states: States, nowMs: number): void
  /** Nothing is known of what came before `untilMs`, or that was lost: windows are filled again. */
  refill(states: States, nowMs: number): void
  /** Called often: gives the states what is usual at the instant, as far as it is known. */
  tick(states: ReadonlyMap<DomainId, Dressed>, nowMs: number): void
  /** The chosen window and view for pictures of the past, whose windows are filled by who keeps the past. */
  fitPast(states: ReadonlyMap<DomainId, Dressed>): void
  /** Gives a state what is usual at the instant, as far as it is known: none of another instant. */
  dress(state: Dressed, nowMs: number): void
  usualOf(state: Dressed, nowMs: number, entityId: string): Usual | undefined
  notes(): readonly BackgroundNote[]
  /** Is what is usual now, or a window, being read? */
  readonly isReading: boolean
  /** Nobody looks: no more usual is read. A window that is being filled is filled. */
  rest(): void
  close(): void
}

const TICK_MS = SECOND_MS

export function createBackground<Signal extends Abortable>(options: {
  readonly plan: CityPlan
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  /** What each broker holds now. Never fails: what cannot be had lends nothing. */
  readonly presentOf: (broker: string) => Promise<Present>
  readonly effects: BackgroundEffects<Signal>
  /** There is something new to show or to say. */
  readonly onChange: () => void
}): Background {
  const { plan, brokers, presentOf, effects } = options
  const fills = new Map<DomainState, { abort(): void }>()
  const windowNotes = new Map<DomainState, BackgroundNote>()
  let usualNotes: readonly BackgroundNote[] = []
  let look: Look = { view: 'value' }
  let line: Promise<unknown> = Promise.resolve()
  let tickedAtMs = -Infinity
  const usual = createUsualKeeper<Signal>({ plan, brokers, presentOf, effects, onChange: () => void (tickedAtMs = -Infinity) })

  function fill(state: DomainState, nowMs: number): void {
    fills.get(state)?.abort()
    const abort = effects.createAbort()
    fills.set(state, abort)
    state.setCoverage(nowMs)
    windowNotes.delete(state)
    const isMine = (): boolean => fills.get(state) === abort
    line = line.then(async () => {
      if (!isMine()) return
      const { problem } = await fillWindow({
        state,
        context: readContextOf(plan, state.model),
        expectedIntervalMs: expectedIntervalMsOf(state.model, plan),
        brokers,
        presentOf,
        nowMs,
        untilMs: nowMs,
        signal: abort.signal,
        onPart: options.onChange,
      })
      if (!isMine()) return
      fills.delete(state)
      if (problem === undefined) return
      windowNotes.set(state, { domain: state.model.id, kind: 'window', detail: problem })
      options.onChange()
    })
  }

  /** True when its window is another now. */
  function choose(state: Dressed): boolean {
    const { model } = state
    const isLookedAt = model.id === look.domain
    const windowMs = isLookedAt ? windowFor(model, look.windowMs, expectedIntervalMsOf(model, plan)) : model.windowMs
    state.setView(isLookedAt && offersView(model, look.view) ? look.view : 'value')
    if (windowMs === state.windowMs) return false
    state.setWindow(windowMs)
    return true
  }

  return {
    setLook(next) {
      look = next
      tickedAtMs = -Infinity
    },
    fit(states, nowMs) {
      // Without a sensor there is nothing to ask for yet.
      for (const state of states.values()) if (choose(state) && state.count > 0) fill(state, nowMs)
    },
    fitPast(states) {
      for (const state of states.values()) choose(state)
    },
    refill(states, nowMs) {
      for (const state of states.values()) fill(state, nowMs)
    },
    tick(states, nowMs) {
      const now = effects.now()
      if (Math.abs(now - tickedAtMs) < TICK_MS) return
      tickedAtMs = now
      const lookedAtFirst = [...states.values()].toSorted((a, b) => Number(b.model.id === look.domain) - Number(a.model.id === look.domain))
      usual.want(lookedAtFirst.filter(({ count }) => count > 0), nowMs)
      usualNotes = lookedAtFirst.flatMap((state): BackgroundNote[] => {
        const answer = usual.answer(state, nowMs)
        state.setUsual(answer.kind === 'known' ? answer.now : undefined)
        const domain = state.model.id
        if (answer.kind === 'none') return [{ domain, kind: 'usual', detail: answer.why }]
        return answer.kind === 'reading' ? [{ domain, kind: 'usual', detail: answer.allHours === 0 ? 'after the other layers' : `${answer.readHours} of ${answer.allHours} hours read`, isUnderWay: true }] : []
      })
      options.onChange()
    },
    dress(state, nowMs) {
      const answer = usual.answer(state, nowMs)
      state.setUsual(answer.kind === 'known' ? answer.now : undefined)
    },
    usualOf: (state, nowMs, entityId) => usual.usualOf(state, nowMs, entityId),
    get isReading() {
      return fills.size > 0 || usual.isReading
    },
    notes: () => [...windowNotes.values(), ...usualNotes],
    rest: () => usual.want([], effects.now()),
    close() {
      for (const { abort } of fills.values()) abort()
      fills.clear()
      usual.close()
    },
  }
}
