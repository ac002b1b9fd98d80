/**
 * What is usual at each sensor this hour, for rules that compare with it: the same keeper that a page has, reading the same
 * history through the same door, so that an incident and the screen never disagree about what is usual.
 *
 * Nothing is read for a layer that no rule compares.
 */
import type { CityConfiguration } from '../../configuration/schema.ts'
import type { UsualBand } from '../../core/stats/usual.ts'
import { HOUR_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import type { AbortSignalLike, NgsiLdClient } from '../../ngsi-ld/client.ts'
import type { BrokerProfile } from '../../ngsi-ld/profile/profile.ts'
import { createBrokerAccess, type BrokerAccess } from '../../workers/session/broker-access.ts'
import { readPresent, type Present } from '../../workers/session/past-states.ts'
import { createUsualKeeper } from '../../workers/session/usual.ts'
import type { ServerTimers } from '../timers.ts'

export interface CityUsual {
  /** Reads what is missing for this instant, in the background. */
  want(nowMs: number): void
  /** By sensor, while it is known; it answers undefined for a sensor without a habit yet. */
  bandsOf(layer: string, nowMs: number): ((id: string) => UsualBand | undefined) | undefined
  /** By layer that is compared, whether it is known, being read, or why not. */
  stateAt(nowMs: number): Readonly<Record<string, string>>
  close(): void
}

export function createCityUsual(given: {
  readonly city: CityConfiguration
  /** Of the layers that a rule compares with what is usual. */
  readonly models: readonly DomainModel[]
  readonly clients: ReadonlyMap<string, NgsiLdClient>
  readonly profileOf: (broker: string) => BrokerProfile
  readonly timers: ServerTimers
}): CityUsual {
  const { city, models, clients, timers } = given
  const wishes = models.map((model) => ({ model, windowMs: model.windowMs }))
  const types = [...new Set(models.flatMap(({ watches }) => watches.map(({ type }) => type)))]
  const brokers = new Map<string, BrokerAccess<AbortSignalLike>>([...clients].map(([id, client]) => [id, createBrokerAccess(client, () => given.profileOf(id))]))
  const end = new AbortController()
  const presents = new Map<string, { readonly atMs: number; readonly present: Promise<Present> }>()

  /** What sensors are lends itself to their past; once an hour is often enough. */
  function presentOf(broker: string): Promise<Present> {
    const known = presents.get(broker)
    if (known !== undefined && timers.now() - known.atMs < HOUR_MS) return known.present
    const present = readPresent(brokers.get(broker)!, types, end.signal)
    presents.set(broker, { atMs: timers.now(), present })
    return present
  }

  const keeper = createUsualKeeper<AbortSignalLike>({
    plan: city,
    brokers,
    presentOf,
    effects: {
      now: timers.now,
      wait: (ms, signal) => timers.wait(ms, signal as AbortSignal),
      createAbort() {
        const one = new AbortController()
        return { signal: one.signal, abort: () => one.abort() }
      },
    },
    onChange: () => undefined,
  })

  return {
    want: (nowMs) => keeper.want(wishes, nowMs),
    bandsOf(layer, nowMs) {
      const wish = wishes.find(({ model }) => model.id === layer)
      const answer = wish && keeper.answer(wish, nowMs)
      return answer?.kind === 'known' ? answer.now.bandOf : undefined
    },
    stateAt: (nowMs) =>
      Object.fromEntries(
        wishes.map((wish) => {
          const answer = keeper.answer(wish, nowMs)
          return [wish.model.id, answer.kind === 'none' ? answer.why : answer.kind]
        }),
      ),
    close() {
      end.abort()
      keeper.close()
    },
  }
}
