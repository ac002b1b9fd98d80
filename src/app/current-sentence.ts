/** The first sentence as it is true now, for the headline and for what leaves the page. */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { Unusual } from '../workers/city.messages.ts'
import { summaryOf } from './layer-facts.ts'
import type { LiveStore } from './live-store.ts'
import { firstSentence, type Sentence } from './sentence.ts'
import { usualSentence } from './unusual-words.ts'

export interface SentenceScene {
  readonly plan: CityPlan
  readonly views: readonly DomainView[]
  readonly live: LiveStore
  readonly atMs: number | undefined
  readonly unusual: Unusual | undefined
  /** By the broker's clock; in history the instant that is shown. */
  readonly nowMs: number
  readonly machineMs: number
}

export function currentSentence({ plan, views, live, atMs, unusual, nowMs, machineMs }: SentenceScene): Sentence {
  return firstSentence({
    city: plan.name,
    timeZone: plan.timeZone,
    status: live.status(),
    layers: views.map((view) => summaryOf(view, live.layer(view.model.id))),
    isHistory: atMs !== undefined,
    nowMs,
    machineMs,
    usual: unusual && usualSentence({ city: plan.name, views, unusual, isHistory: atMs !== undefined }, { nowMs, timeZone: plan.timeZone }),
  })
}
