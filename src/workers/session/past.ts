/**
 * The city as it was at a past instant, made of what its brokers remember.
 *
 * The same readers, windows and cells as live, fed from the temporal API with the clock standing still:
 * a past picture differs from a live one only in where its readings come from. Sensors known today are
 * shown where they stand with nothing measured until their history says otherwise.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { DAY_MS } from '../../core/time/instant.ts'
import type { DomainId, DomainModel, Reading } from '../../domains/domain-model.ts'
import { decodeEntities } from '../../ngsi-ld/decode.ts'
import type { Entity } from '../../ngsi-ld/entity.ts'
import { createDomains, expectedIntervalMsOf, readContextOf } from '../aggregator/aggregator.ts'
import type { DomainState } from '../aggregator/domain-state.ts'
import type { BrokerAccess, Span } from './broker-access.ts'
import { readingsIn, type Present } from './past-states.ts'

export interface Past {
  readonly atMs: number
  readonly domains: ReadonlyMap<DomainId, DomainState>
  /** Domains whose history has come, or failed. */
  readonly loaded: ReadonlySet<DomainId>
  /** Why a part is missing, in sentences. */
  readonly problems: readonly string[]
  /** Shows sensors that have become known live since. */
  introduce(): void
}

export function createPast<Signal>(options: {
  readonly models: readonly DomainModel[]
  readonly plan: CityPlan
  readonly cellRadiusM: number
  readonly atMs: number
  /** The live state: which sensors there are. */
  readonly live: ReadonlyMap<DomainId, DomainState>
  readonly brokers: ReadonlyMap<string, BrokerAccess<Signal>>
  /** What each broker holds now. Never fails: what cannot be had lends nothing. */
  readonly presentOf: (broker: string) => Promise<Present>
  readonly signal: Signal
  /** The window and the view that are looked at. */
  readonly fit: (domains: ReadonlyMap<DomainId, DomainState>) => void
  /** A domain is complete, or all that can be had of it is there. */
  readonly onLoaded: () => void
}): Past {
  const { models, plan, atMs, live, brokers, signal } = options
  const domains = createDomains(models, plan, options.cellRadiusM)
  const loaded = new Set<DomainId>()
  const problems: string[] = []

  async function load(state: DomainState): Promise<void> {
    const span = { fromMs: atMs - lookBackMs(state.model, plan), toMs: atMs }
    // A longer window is filled beside this, part by part.
    if (state.windowMs <= state.model.windowMs) state.setCoverage(span.fromMs)
    const types = [...new Set(state.model.watches.map(({ type }) => type))]
    await Promise.all(
      [...brokers].map(async ([id, broker]) => {
        const [history, present] = await Promise.all([broker.past(types, span, signal), options.presentOf(id)])
        if (!history.ok) {
          problems.push(`The past of ${state.model.name} could not be read from ${id}: ${history.error}`)
          return
        }
        const { readings } = readingsIn(history.value, state.model, readContextOf(plan, state.model), present)
        for (const reading of readings) if (isWithin(reading, span)) state.apply(reading, atMs)
        if (history.value.partial) problems.push(`${id} gave only a part of the past of ${state.model.name}.`)
      }),
    )
    loaded.add(state.model.id)
    options.onLoaded()
  }

  function introduce(): void {
    for (const [id, state] of domains) for (const sensor of live.get(id)?.sensors() ?? []) state.introduce(sensor)
  }

  introduce()
  options.fit(domains)
  for (const state of domains.values()) void load(state)
  return { atMs, domains, loaded, problems, introduce }
}

/** Everything that a broker holds now; as far as it got when the broker fails. */
export async function readPresent<Signal>(broker: BrokerAccess<Signal>, types: readonly string[], signal: Signal): Promise<Present> {
  const present = new Map<string, Entity>()
  try {
    for await (const page of broker.snapshot(types, signal)) for (const entity of decodeEntities(page).ok) present.set(entity.id, entity)
  } catch {
    // The history itself is asked for beside this and says what is wrong with the broker.
  }
  return present
}

/** Far enough for the window, and for a silent sensor to show when it was last heard before it is lost. */
function lookBackMs(model: DomainModel, plan: CityPlan): number {
  return Math.max(model.windowMs, Math.min(6 * expectedIntervalMsOf(model, plan), DAY_MS))
}

// A broker may read "between" with either end included; what lies after the instant was not known then.
function isWithin({ observedAtMs }: Reading, { fromMs, toMs }: Span): boolean {
  return observedAtMs >= fromMs && observedAtMs <= toMs
}
