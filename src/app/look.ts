/** What of a layer is looked at: over which window, and against what. The page's choice lives in the URL; the frame says what is shown already. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import type { CityPlan } from '../configuration/city-plan.ts'
import { classOf, type DomainModel, type Legend } from '../domains/domain-model.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { offersView, resolutionOf, standingOf, VIEWS, type View } from '../domains/standing.ts'
import { hourKindAt, isBand, usualInstant, type Usual, type UsualBand } from '../core/stats/usual.ts'
import { defineMessage, say, spoken, type Message } from '../language/say.ts'
import { formatQuantity, NBSP } from '../ui/words/number.ts'
import type { LiveLayer } from './live-store.ts'
import type { SensorRow } from './sensor-list.ts'
import { spokenViewLegend } from './spoken-legend.ts'

export const WINDOW_NAMES = ['1min', '15min', '1h', '24h'] as const
export type WindowName = (typeof WINDOW_NAMES)[number]

const WINDOW_MS: Readonly<Record<WindowName, number>> = { '1min': MINUTE_MS, '15min': 15 * MINUTE_MS, '1h': HOUR_MS, '24h': DAY_MS }

export function windowOfName(name: WindowName | undefined): number | undefined {
  return name === undefined ? undefined : WINDOW_MS[name]
}

export function nameOfWindow(windowMs: number): WindowName | undefined {
  return WINDOW_NAMES.find((name) => WINDOW_MS[name] === windowMs)
}

/** "15 min", "1 h", "24 h" */
export function windowWords(windowMs: number): string {
  return windowMs % HOUR_MS === 0 ? `${windowMs / HOUR_MS}${NBSP}h` : `${Math.round(windowMs / MINUTE_MS)}${NBSP}min`
}

const VIEW_WORDS: Readonly<Record<View, Message>> = {
  value: defineMessage({ id: 'look.value', defaultMessage: 'Value' }),
  usual: defineMessage({ id: 'look.usual', defaultMessage: 'vs usual' }),
  limit: defineMessage({ id: 'look.limit', defaultMessage: 'vs limit' }),
}

export function viewWord(view: View): string {
  return say(VIEW_WORDS[view])
}

/** The next view that the layer offers, round and round. */
export function nextView(model: DomainModel, view: View): View {
  const offered = VIEWS.filter((one) => offersView(model, one))
  return offered[(offered.indexOf(view) + 1) % offered.length] ?? 'value'
}

/** The layer's statistic, over the window that is shown. */
export function statisticOver(model: DomainModel, view: View, windowMs: number): string {
  const { statistic } = spokenViewLegend(model, view)
  if (view === 'usual') return `${windowWords(windowMs)}; ${statistic}`
  if (windowMs === model.windowMs) return statistic
  // In English a window may have a word of its own; elsewhere it is said as it is written here.
  if (spoken().tag !== 'en') return statistic.replace(windowWords(model.windowMs), windowWords(windowMs))
  return statistic.replace(/over (\d+ (min|h)|the last hour)/, `over ${windowWords(windowMs)}`)
}

/** The legend by which a frame is coloured: that of the view it was made for. */
export function legendOf(model: DomainModel, layer: LiveLayer | undefined): Legend {
  return spokenViewLegend(model, layer?.frame.view ?? 'value')
}

/** "window filling: 3 of 15 min", or nothing when every reading of it is known. */
export function coverageWords({ frame }: Pick<LiveLayer, 'frame'>): string {
  const { windowStartMs, windowEndMs, coveredFromMs } = frame
  if (coveredFromMs <= windowStartMs + MINUTE_MS / 2 || coveredFromMs <= windowStartMs + (windowEndMs - windowStartMs) / 30) return ''
  const coveredMs = Math.max(0, windowEndMs - coveredFromMs)
  const inHours = windowEndMs - windowStartMs >= 2 * HOUR_MS
  const unitMs = inHours ? HOUR_MS : MINUTE_MS
  return say({ id: 'look.covered', defaultMessage: '{part} of {whole}' }, { part: Math.floor(coveredMs / unitMs), whole: formatQuantity(Math.round((windowEndMs - windowStartMs) / unitMs), 0, inHours ? 'h' : 'min') })
}

export interface Comparison {
  /** Is the value outside of what is usual, and on which side? */
  readonly side: 'below' | 'usual' | 'above' | 'unknown'
  /** "7 dB above usual for a workday, 08 h"; "no usual yet: 12 of 28 days". */
  readonly text: string
}

/** "a workday, 08 h", in the city's time: the hour that the frame's window is compared by. */
export function usualHourWords({ frame: { atMs, windowStartMs, windowEndMs } }: Pick<LiveLayer, 'frame'>, plan: Pick<CityPlan, 'timeZone' | 'holidays'>): string {
  return hourWords(usualInstant({ windowMs: windowEndMs - windowStartMs }, atMs), plan)
}

export function hourWords(atMs: number, plan: Pick<CityPlan, 'timeZone' | 'holidays'>): string {
  const { hour, dayType } = hourKindAt(atMs, plan.timeZone, new Set(plan.holidays ?? []))
  return say({ id: 'look.hour', defaultMessage: '{day, select, workday {a workday, {hour}} saturday {Saturday, {hour}} other {Sunday, {hour}}}' }, { day: dayType, hour: `${String(hour).padStart(2, '0')}${NBSP}h` })
}

/** How a value stands to what is usual. Undefined while that is not known, or when there is no value. */
export function compareWithUsual(view: DomainView, value: number | undefined, usual: Usual | undefined, hour: string): Comparison | undefined {
  if (usual === undefined) return undefined
  if (!isBand(usual)) return { side: 'unknown', text: say({ id: 'look.noUsualYet', defaultMessage: 'no usual yet: {have} of {need} days' }, { have: usual.haveDays, need: usual.needDays }) }
  if (value === undefined || Number.isNaN(value)) return undefined
  const side = sideOf(view.model, value, usual)
  if (side === 'usual') return { side, text: say({ id: 'look.asUsual', defaultMessage: 'as usual for {hour}' }, { hour }) }
  const { scale } = view.model
  if (scale === 'class') return { side, text: say({ id: 'look.classBeside', defaultMessage: '{side, select, above {above usual ({usual}) for {hour}} other {below usual ({usual}) for {hour}}}' }, { side, usual: view.format(usual.median), hour }) }
  const difference = Math.abs(value - usual.median)
  return { side, text: say({ id: 'look.beside', defaultMessage: '{side, select, above {{difference} above usual for {hour}} other {{difference} below usual for {hour}}}' }, { side, difference: scale === 'decibel' ? formatQuantity(difference, 0, 'dB') : view.format(difference), hour }) }
}

// By the rule of the map's colours: a tile and its layer never disagree.
function sideOf(model: DomainModel, value: number, usual: UsualBand): 'below' | 'usual' | 'above' {
  const standing = standingOf(value, usual, resolutionOf(model))
  return standing > 1 ? 'above' : standing < -1 ? 'below' : 'usual'
}

/** What a row of the list says in the view, number and unit in one text; undefined when there is nothing to say. */
export function shownText(view: DomainView, layer: Pick<LiveLayer, 'frame'>, { shown, value, median }: Pick<SensorRow, 'shown' | 'value' | 'median'>): string | undefined {
  if (Number.isNaN(shown)) return undefined
  const { model } = view
  switch (layer.frame.view) {
    case 'value':
      return view.format(shown)
    case 'limit':
      return model.scale === 'decibel' ? signed(shown, (size) => formatQuantity(size, 0, 'dB')) : formatQuantity(shown, 0, '%')
    case 'usual': {
      if (model.scale === 'class') return classWord(spokenViewLegend(model, 'usual'), shown)
      return signed(value - median, (size) => (model.scale === 'decibel' ? formatQuantity(size, 0, 'dB') : view.format(size)))
    }
  }
}

/** "above": the class of the view in a word, for who sees no colour. */
export function classWord(legend: Legend, shown: number): string | undefined {
  return legend.classes[classOf(legend, shown)]?.label
}

function signed(difference: number, format: (size: number) => string): string {
  const text = format(Math.abs(difference))
  const isNone = format(0) === text
  return isNone ? `±${text}` : `${difference < 0 ? '−' : '+'}${text}`
}
