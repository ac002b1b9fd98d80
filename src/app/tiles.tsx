/** One tile for each layer of the city, in the city's order. */
import { useId } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainId } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { Tile } from '../ui/tile.tsx'
import { formatWhen } from '../ui/words/age.ts'
import { useChoices } from './choices.ts'
import { ExplainButton } from './explain-button.tsx'
import { HeardExplanation } from './heard-explanation.tsx'
import { colourOf, expectedMsOf, otherWords, reportWords, splitQuantity, statisticOf, summaryOf } from './layer-facts.ts'
import { useLayer, useLiveVersion, useNow } from './live-hooks.ts'
import { compareWithUsual, statisticOver, usualHourWords } from './look.ts'
import type { LayerSummary } from './sentence.ts'
import styles from './tiles.module.css'

export interface TilesProps {
  readonly plan: CityPlan
  readonly views: readonly DomainView[]
  readonly selected: DomainId
  readonly theme: Theme
  readonly atMs: number | undefined
  onSelect(domain: DomainId): void
}

export function Tiles({ plan, views, selected, theme, atMs, onSelect }: TilesProps) {
  return (
    <section className={styles.tiles} data-pane="tiles" aria-label="Layers">
      {views.map((view, index) => (
        <LayerTile key={view.model.id} {...{ plan, view, theme, atMs, onSelect }} isSelected={view.model.id === selected} shortcut={String(index + 1)} />
      ))}
    </section>
  )
}

interface LayerTileProps extends Pick<TilesProps, 'plan' | 'theme' | 'atMs' | 'onSelect'> {
  readonly view: DomainView
  readonly isSelected: boolean
  readonly shortcut: string
}

function LayerTile({ plan, view, isSelected, shortcut, theme, atMs, onSelect }: LayerTileProps) {
  const { model } = view
  useLiveVersion()
  const layer = useLayer(model.id)
  const nowMs = useNow(atMs)
  const isGhost = useChoices((choices) => choices.ghosts.includes(model.id)) && !isSelected
  const toggleGhost = useChoices((choices) => choices.toggleGhost)
  const total = layer?.frame.total
  const ageMs = total?.newestMs === undefined ? undefined : nowMs - total.newestMs
  const summary = summaryOf(view, layer)
  const explanationId = useId()
  const isLate = ageMs !== undefined && ageMs > 2 * expectedMsOf(model, plan)
  return (
    <div className={styles.tile}>
      <Tile
        name={model.name}
        value={total?.value === undefined ? undefined : splitQuantity(view.format(total.value))}
        noValue={noValueOf(summary, atMs)}
        statistic={layer === undefined ? statisticOf(model) : statisticOf(model).replace(model.legend.statistic, statisticOver(model, 'value', layer.frame.windowEndMs - layer.frame.windowStartMs))}
        reporting={reportWords(summary)}
        other={otherWords(summary)}
        age={total?.newestMs === undefined ? '' : `newest ${formatWhen(total.newestMs, { nowMs, timeZone: plan.timeZone, isHistory: atMs !== undefined })}`}
        usual={layer === undefined ? undefined : compareWithUsual(view, total?.value, total?.usual, usualHourWords(layer, plan))}
        trouble={isLate ? 'late' : undefined}
        colour={isSelected && total?.value !== undefined && model.across.city !== 'sum' ? colourOf(model.legend, total.value, theme) : undefined}
        isSelected={isSelected}
        describedBy={layer === undefined ? undefined : explanationId}
        isGhost={isGhost}
        shortcut={shortcut}
        onSelect={({ asGhost }) => (asGhost && !isSelected ? toggleGhost(model.id) : onSelect(model.id))}
      />
      {layer !== undefined && <HeardExplanation id={explanationId} {...{ plan, view, atMs }} />}
      <ExplainButton {...{ plan, view, atMs }} />
    </div>
  )
}

function noValueOf({ hasCome, known, other, lost }: LayerSummary, atMs: number | undefined): string {
  if (!hasCome) return atMs === undefined ? 'Waiting for data…' : 'Reading…'
  if (known === 0) return 'No sensors'
  if (known === other) return 'No such value here'
  return lost >= known - other ? 'All sensors are lost' : 'No data in the window'
}
