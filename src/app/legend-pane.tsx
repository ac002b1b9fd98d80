/** The legend of the layer that owns colour, in the city's terms. */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { Legend } from '../ui/legend.tsx'
import { everyWords, expectedMsOf } from './layer-facts.ts'

export function LegendPane({ plan, view, theme }: { readonly plan: CityPlan; readonly view: DomainView; readonly theme: Theme }) {
  const { legend } = view.model
  return (
    <Legend
      title={legend.title}
      statistic={legend.statistic}
      unit={legend.unit}
      classes={legend.classes.map((one) => ({ from: one.from, label: one.label, colour: one[theme] }))}
      boundary={legend.boundary}
      limits={legend.limits}
      source={legend.source}
      expected={everyWords(expectedMsOf(view.model, plan))}
      isSimulated={plan.brokers.some(({ simulated }) => simulated)}
    />
  )
}
