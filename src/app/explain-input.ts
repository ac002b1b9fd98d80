/** What the generator of explanations needs, out of what the page has at hand. */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { ExplainInput, Usual } from '../explain/facts.ts'
import type { Subject } from '../explain/members.ts'
import { expectedMsOf } from './layer-facts.ts'
import type { LiveLayer } from './live-store.ts'

export interface Explained {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly layer: LiveLayer
  readonly nowMs: number
  /** The past instant that is shown; undefined is now. */
  readonly atMs: number | undefined
  readonly usual?: Usual | undefined
}

export function explainInput({ plan, view, layer, nowMs, atMs, usual, subject }: Explained & { readonly subject: Subject }): ExplainInput {
  return {
    model: view.model,
    format: (value) => view.format(value),
    frame: layer.frame,
    roster: layer.roster,
    subject,
    city: { name: plan.name, timeZone: plan.timeZone, anchor: plan.anchor, isSimulated: plan.brokers.some(({ simulated }) => simulated) },
    expectedMs: expectedMsOf(view.model, plan),
    nowMs,
    isHistory: atMs !== undefined,
    usual,
  }
}
