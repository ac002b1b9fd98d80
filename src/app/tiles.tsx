/** One tile for each layer of the city, in the city's order. */
import { lazy, Suspense, useId, useMemo } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainId } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import { Tile } from '../ui/tile.tsx'
import type { SparklineProps } from '../ui/sparkline.tsx'
import { formatWhen } from '../ui/words/age.ts'
import { useChoices } from './choices.ts'
import { dayWords, useDay } from './day-line.ts'
import { ExplainButton } from './explain-button.tsx'
import { briefStatistic, colourOf, expectedMsOf, otherWords, sensorWords, splitQuantity, summaryOf } from './layer-facts.ts'
import { useLayer, useLiveVersion, useNow, useStatus } from './live-hooks.ts'
import type { LiveLayer } from './live-store.ts'
import { compareWithUsual, statisticOver, usualHourWords } from './look.ts'
import type { LayerSummary } from './sentence.ts'
import styles from './tiles.module.css'

// Who hears the page hears the number first, and then how it was made.
const HeardExplanation = lazy(() => import('./heard-explanation.tsx'))

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
    <section className={styles.tiles} data-pane="tiles" aria-label={say({ id: 'palette.layers', defaultMessage: 'Layers' })}>
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
  const dayId = useId()
  const day = useDay(model.id, { plan, atMs, nowMs: useNow(undefined) })
  const line = useSparkline(day.picture, layer, model.windowMs)
  const mode = useStatus()?.mode
  const isHeard = atMs !== undefined || mode === 'live' || mode === 'paused'
  const isKept = layer?.frame.keptAtMs !== undefined
  const isLate = ageMs !== undefined && ageMs > 2 * expectedMsOf(model, plan)
  return (
    <div className={styles.tile}>
      <Tile
        name={model.name}
        value={total?.value === undefined ? undefined : splitQuantity(view.format(total.value))}
        noValue={noValueOf(summary, { atMs, isHeard })}
        statistic={briefStatistic(layer === undefined ? model.legend.statistic : statisticOver(model, 'value', layer.frame.windowEndMs - layer.frame.windowStartMs))}
        reporting={sensorWords(summary)}
        other={otherWords(summary)}
        age={total?.newestMs === undefined ? '' : formatWhen(total.newestMs, { nowMs, timeZone: plan.timeZone, isHistory: atMs !== undefined })}
        line={line}
        usual={layer === undefined ? undefined : compareWithUsual(view, total?.value, total?.usual, usualHourWords(layer, plan))}
        isDry={isKept}
        trouble={isLate ? say({ id: 'freshness.late', defaultMessage: 'late' }) : undefined}
        colour={isSelected && !isKept && total?.value !== undefined && model.across.city !== 'sum' ? colourOf(model.legend, total.value, theme) : undefined}
        isSelected={isSelected}
        describedBy={layer === undefined ? dayId : `${explanationId} ${dayId}`}
        isGhost={isGhost}
        shortcut={shortcut}
        onSelect={({ asGhost }) => (asGhost && !isSelected ? toggleGhost(model.id) : onSelect(model.id))}
      />
      {/* Not on the screen and not read in passing: only as what the tile is described by. */}
      <p id={dayId} hidden>
        {dayWords(view, day.line, plan.timeZone)}
      </p>
      {layer !== undefined && (
        <Suspense>
          <HeardExplanation id={explanationId} {...{ plan, view, atMs }} />
        </Suspense>
      )}
      <ExplainButton {...{ plan, view, atMs }} />
    </div>
  )
}

/** The dot is the number in the tile, at its time; where that is of another window than the line it is no part of it. */
function useSparkline(day: SparklineProps['day'], layer: LiveLayer | undefined, windowMs: number): SparklineProps {
  const isOfLine = layer !== undefined && layer.frame.keptAtMs === undefined && layer.frame.windowEndMs - layer.frame.windowStartMs === windowMs
  const value = isOfLine ? layer.frame.total.value : undefined
  const ms = layer?.frame.atMs ?? NaN
  return useMemo(() => ({ day, dot: value === undefined ? undefined : { ms, value } }), [day, ms, value])
}

/** `isHeard`: the city has answered. One that never did may have sensors. */
function noValueOf({ hasCome, known, other, lost }: LayerSummary, { atMs, isHeard }: { readonly atMs: number | undefined; readonly isHeard: boolean }): string {
  if (!hasCome || (known === 0 && !isHeard)) return atMs === undefined ? say({ id: 'tile.waiting', defaultMessage: 'Waiting for data…' }) : say({ id: 'tile.reading', defaultMessage: 'Reading…' })
  if (known === 0) return say({ id: 'tile.noSensors', defaultMessage: 'No sensors' })
  if (known === other) return say({ id: 'tile.noSuchValue', defaultMessage: 'No such value here' })
  return lost >= known - other ? say({ id: 'tile.allLost', defaultMessage: 'All sensors are lost' }) : say({ id: 'tile.noData', defaultMessage: 'No data in the window' })
}
