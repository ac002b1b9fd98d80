/** The legend of the layer that owns colour, in the city's terms. */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { citation, sourceWords } from '../core/source.ts'
import { Legend } from '../ui/legend.tsx'
import { everyWords, expectedMsOf, marksOf } from './layer-facts.ts'
import { useLayer } from './live-hooks.ts'
import { countOther } from './sensor-list.ts'

export function LegendPane({ plan, view, theme }: { readonly plan: CityPlan; readonly view: DomainView; readonly theme: Theme }) {
  const { legend } = view.model
  const layer = useLayer(view.model.id)
  const expectedMs = expectedMsOf(view.model, plan)
  return (
    <Legend
      title={legend.title}
      statistic={legend.statistic}
      unit={legend.unit}
      classes={legend.classes.map((one) => ({ from: one.from, label: one.label, colour: one[theme] }))}
      boundary={legend.boundary}
      limits={legend.limits.map(({ label, value, source }) => ({ label, value, source: citation(source) }))}
      source={sourceWords(legend.source)}
      expected={everyWords(expectedMs)}
      marks={marksOf(expectedMs)}
      hasOther={layer !== undefined && countOther(layer) > 0}
      isSimulated={plan.brokers.some(({ simulated }) => simulated)}
    />
  )
}
