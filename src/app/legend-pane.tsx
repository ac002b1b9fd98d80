/** The legend of the layer that owns colour, in the city's terms. */
import type { ReactNode } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import { isRangeLabel, Legend } from '../ui/legend.tsx'
import { citationText, sourceText } from '../ui/words/source.ts'
import { countsOf } from './layer-counts.ts'
import { everyWords, expectedMsOf, marksOf } from './layer-facts.ts'
import { useLayer, useLiveVersion } from './live-hooks.ts'
import { legendOf, statisticOver } from './look.ts'
import { tooFewRowsOf } from './sensor-list.ts'
import { englishView } from './spoken-view.ts'

export interface LegendPaneProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  /** What chooses among the legends of the layer. */
  readonly children: ReactNode
}

export function LegendPane({ plan, view, theme, children }: LegendPaneProps) {
  useLiveVersion()
  const layer = useLayer(view.model.id)
  const legend = legendOf(view.model, layer)
  const english = legendOf(englishView(view).model, layer)
  const expectedMs = expectedMsOf(view.model, plan)
  return (
    <>
      {children}
      <Legend
      title={legend.title}
      statistic={layer === undefined ? legend.statistic : statisticOver(view.model, layer.frame.view, layer.frame.windowEndMs - layer.frame.windowStartMs)}
      unit={legend.unit}
      classes={legend.classes.map((one, index) => ({ from: one.from, label: one.label, isRange: isRangeLabel(english.classes[index]?.label ?? ''), colour: one[theme] }))}
      boundary={legend.boundary}
      limits={legend.limits.map(({ label, value, source }) => ({ label, value, source: citationText(source) }))}
      source={sourceText(legend.source)}
      expected={everyWords(expectedMs)}
      marks={marksOf(expectedMs)}
      tooFew={layer === undefined || tooFewRowsOf(layer.roster).length === 0 ? undefined : say({ id: 'legend.tooFewMeaning', defaultMessage: 'fewer {contributors} than the privacy floor, or none; counted nowhere' }, { contributors: view.model.privacy?.floor.of ?? '' })}
      hasOther={layer !== undefined && countsOf(layer).other > 0}
      isSimulated={plan.brokers.some(({ simulated }) => simulated)}
      />
    </>
  )
}
