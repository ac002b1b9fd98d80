/** What tile, sentence and list say of a layer, in words. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time/instant.ts'
import { AGEING_INTERVALS, LOST_INTERVALS, STALE_INTERVALS, type Freshness } from '../core/time/freshness.ts'
import type { CityPlan } from '../configuration/city-plan.ts'
import { classOf, type DomainModel, type Legend } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { say, spoken } from '../language/say.ts'
import { formatDuration } from '../ui/words/age.ts'
import { formatClock, formatDay } from '../ui/words/clock.ts'
import { NBSP } from '../ui/words/number.ts'
import { countsOf } from './layer-counts.ts'
import type { LiveLayer, LiveStore } from './live-store.ts'
import { newestKept, type LayerSummary } from './sentence.ts'

/** The views of a city's layers, in the city's order; a layer this build does not know is left out. */
export function viewsOf(plan: CityPlan, views: readonly DomainView[]): readonly DomainView[] {
  return plan.layers.flatMap((id) => views.find(({ model }) => model.id === id) ?? [])
}

export function summaryOf(view: DomainView, layer: LiveLayer | undefined): LayerSummary {
  const { name } = view.model
  if (layer === undefined) return { name, hasCome: false, reporting: 0, known: 0, other: 0, fresh: 0, late: 0, lost: 0, clockError: 0 }
  const { value, reporting, known, newestMs } = layer.frame.total
  const { freshness, other } = countsOf(layer)
  return {
    name,
    hasCome: true,
    ...(value === undefined ? {} : { value: view.format(value) }),
    reporting,
    known,
    other,
    // An ageing value came a little late once; it is not yet a reason to look.
    fresh: freshness.fresh + freshness.ageing,
    late: freshness.stale,
    lost: freshness.lost,
    clockError: freshness['clock-error'],
    ...(newestMs === undefined ? {} : { newestMs }),
    ...(layer.frame.keptAtMs === undefined ? {} : { keptAtMs: layer.frame.keptAtMs }),
  }
}

/** Of when the values are that the visit before has left, where such stand in for what is not there yet. */
export function keptMsOf({ layers }: CityPlan, live: Pick<LiveStore, 'layer'>): number | undefined {
  return newestKept(layers.map((id) => live.layer(id)?.frame.keptAtMs))
}

/** "54/54 sensors": of those that could give the value. */
export function sensorWords({ reporting, known, other }: Pick<LayerSummary, 'reporting' | 'known' | 'other'>): string {
  if (known === other) return ''
  return say({ id: 'tile.sensors', defaultMessage: '{reporting, number}/{counted, number} {counted, plural, one {sensor} other {sensors}}' }, { reporting, counted: known - other })
}

/** Apart from them, those that give another measure: they are no silent sensors. */
export function otherWords({ other }: Pick<LayerSummary, 'other'>): string {
  return other === 0 ? '' : say({ id: 'layer.other', defaultMessage: '{count, plural, one {# gives another measure} other {# give another measure}}' }, { count: other })
}

export function expectedMsOf({ id, expectedIntervalMs }: DomainModel, plan: CityPlan): number {
  const overrideS = Object.hasOwn(plan.expectedIntervalS, id) ? plan.expectedIntervalS[id] : undefined
  return overrideS === undefined ? expectedIntervalMs : overrideS * SECOND_MS
}

/** "every 60 s", "every 15 min", "every hour" */
export function everyWords(intervalMs: number): string {
  if (intervalMs % DAY_MS === 0) return say({ id: 'every.days', defaultMessage: '{count, plural, =1 {every day} one {every # day} other {every # days}}' }, { count: intervalMs / DAY_MS })
  if (intervalMs % HOUR_MS === 0) return intervalMs === HOUR_MS ? say({ id: 'every.hour', defaultMessage: 'every hour' }) : everyInterval(`${intervalMs / HOUR_MS}${NBSP}h`)
  if (intervalMs % MINUTE_MS === 0) return intervalMs === MINUTE_MS ? say({ id: 'every.minute', defaultMessage: 'every minute' }) : everyInterval(`${intervalMs / MINUTE_MS}${NBSP}min`)
  return everyInterval(`${intervalMs / SECOND_MS}${NBSP}s`)
}

function everyInterval(interval: string): string {
  return say({ id: 'every.interval', defaultMessage: 'every {interval}' }, { interval })
}

/** What each mark of age means here: intervals that nobody need count. */
export function marksOf(expectedMs: number): readonly { readonly freshness: Freshness; readonly meaning: string }[] {
  const over = (intervals: number): string => say({ id: 'freshness.over', defaultMessage: 'over {age}' }, { age: formatSpan(Math.min(intervals * expectedMs, DAY_MS)) })
  return [
    { freshness: 'fresh', meaning: '' },
    { freshness: 'ageing', meaning: over(AGEING_INTERVALS) },
    { freshness: 'stale', meaning: over(STALE_INTERVALS) },
    { freshness: 'lost', meaning: over(LOST_INTERVALS) },
    { freshness: 'clock-error', meaning: say({ id: 'freshness.stampedAhead', defaultMessage: 'stamped ahead' }) },
  ]
}

/** "75 s", "18 min 45 s", "2 h": exact, where an age is rounded down. */
function formatSpan(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / SECOND_MS)}${NBSP}s`
  const seconds = Math.round((ms % MINUTE_MS) / SECOND_MS)
  return ms >= HOUR_MS || seconds === 0 ? formatDuration(ms) : `${formatDuration(ms)}${NBSP}${seconds}${NBSP}s`
}

/** A statistic without how sensors are put together: "LAeq over 15 min". Where there is room for no more; the explanation says it. */
export function briefStatistic(statistic: string): string {
  // Elsewhere than in English only figures tell the window, which stays, from what is put together.
  return statistic.replace(spoken().tag === 'en' ? /,[^,]* of [a-z ]+$/ : /,[^,\d]*$/, '')
}

/** Number and unit apart, where a no-break space parts them: that between thousands, as Finnish has it, parts no unit. */
export function splitQuantity(text: string): { readonly figure: string; readonly unit: string } {
  const gap = text.search(/\u00A0(?!\d)/)
  return gap === -1 ? { figure: text, unit: '' } : { figure: text.slice(0, gap), unit: text.slice(gap + 1) }
}

export function colourOf(legend: Legend, value: number, theme: Theme): string | undefined {
  return legend.classes[classOf(legend, value)]?.[theme]
}

const stepsByLegend = new WeakMap<Legend, readonly { readonly value: number; readonly label: string }[]>()

/** The middle of each class, for the axis of a scale that has words and no unit. The open ends are taken as wide as their neighbours. */
export function stepsOf(legend: Legend): readonly { readonly value: number; readonly label: string }[] {
  let steps = stepsByLegend.get(legend)
  if (steps === undefined) {
    const { classes } = legend
    const bounds = classes.slice(1).map(({ from }) => from)
    const width = bounds.length < 2 ? 1 : bounds[1]! - bounds[0]!
    steps = classes.map(({ label }, index) => {
      const low = bounds[index - 1] ?? (bounds[0] ?? width) - width
      const high = bounds[index] ?? low + width
      return { value: (low + high) / 2, label }
    })
    stepsByLegend.set(legend, steps)
  }
  return steps
}

/** "fewer than 5 riders, or none": what a city has raised, the rule alone does not know. */
export function tooFewWords({ privacy }: DomainModel): string {
  if (privacy === undefined) return say({ id: 'tooFew.plain', defaultMessage: 'Too few contributed to show anything' })
  const { value, of, source } = privacy.floor
  return say({ id: 'tooFew.floor', defaultMessage: 'Fewer {contributors} than the privacy floor ({floor} unless the city asks for more), or none. It counts nowhere. Floor: {source}' }, { contributors: of, floor: value, source })
}

/** Why there is nothing yet: "Reading Wed 12 Mar 2025 08:00…". */
export function comingWords(atMs: number | undefined, timeZone: string): string {
  return atMs === undefined ? say({ id: 'layer.waiting', defaultMessage: 'Waiting for the first values…' }) : say({ id: 'layer.readingPast', defaultMessage: 'Reading {when}…' }, { when: `${formatDay(atMs, Date.now(), timeZone)} ${formatClock(atMs, timeZone)}` })
}

/** Simulated brokers are named on every screen. */
export function simulatedWords({ brokers }: CityPlan): string | undefined {
  const simulated = brokers.filter((broker) => broker.simulated)
  if (simulated.length === 0) return undefined
  return simulated.length === brokers.length ? say({ id: 'city.simulated', defaultMessage: 'simulated' }) : say({ id: 'city.partlySimulated', defaultMessage: 'partly simulated: {brokers}' }, { brokers: simulated.map(({ name }) => name).join(', ') })
}

/** "Porto, Noise (live, simulated) · Belvedere" */
export function titleOf({ plan, layer, state }: { readonly plan: CityPlan; readonly layer: string | undefined; readonly state: string }): string {
  const notes = [state, simulatedWords(plan)].filter((note) => note !== undefined).join(', ')
  return `${plan.name}${layer === undefined ? '' : `, ${layer}`} (${notes}) · Belvedere`
}
