/**
 * Three views of one layer: the value, where it stands against usual, and where it stands against a limit.
 *
 * Standing against usual is a number without unit that is the same for every domain: 0 at the median, 1 at the upper and
 * -1 at the lower end of the usual band, 2 as far beyond again. Each side is measured by its own half of the
 * band, since bands lean; a half narrower than the last digit shown counts as that digit, so that a place which
 * never changes does not cry "far above" at a rounding. Levels are compared as differences of decibels: they
 * are ratios of energy already.
 *
 * Against a limit, a level says by how many decibels it is above, everything else how many per cent of it.
 */
import type { UsualBand } from '../core/stats/usual.ts'
import type { DomainModel, Legend } from './domain-model.ts'

export const VIEWS = ['value', 'usual', 'limit'] as const
/** What the map's colours, the list and the tiles tell of a layer. */
export type View = (typeof VIEWS)[number]

/** Smallest difference of the headline that its display can show. */
export function resolutionOf({ measures, headline }: Pick<DomainModel, 'measures' | 'headline'>): number {
  return 10 ** -(measures.find(({ id }) => id === headline)?.decimals ?? 0)
}

/** NaN where there is no value or no band. */
export function standingOf(value: number, band: Pick<UsualBand, 'median' | 'p10' | 'p90'> | undefined, resolution: number): number {
  if (band === undefined || Number.isNaN(value)) return NaN
  const { median, p10, p90 } = band
  // The ends belong to the band, whatever rounding makes of the quotient.
  if (value > median) return value <= p90 ? Math.min(1, (value - median) / Math.max(p90 - median, resolution)) : (value - median) / Math.max(p90 - median, resolution)
  return value >= p10 ? Math.max(-1, (value - median) / Math.max(median - p10, resolution)) : (value - median) / Math.max(median - p10, resolution)
}

/** Decibels above the limit, or per cent of it; NaN where there is no value or the domain has no limit. */
export function againstLimit({ limit, scale = 'linear' }: Pick<DomainModel, 'limit' | 'scale'>, value: number): number {
  if (limit === undefined) return NaN
  return scale === 'decibel' ? value - limit.value : (100 * value) / limit.value
}

/** Has the layer this view at all? That there is no usual yet is another matter. */
export function offersView({ limit }: Pick<DomainModel, 'limit'>, view: View): boolean {
  return view !== 'limit' || limit !== undefined
}

const AFTER_ONE = 1 + 2 ** -23
const AFTER_TWO = 2 + 2 ** -22

/** Blue below and orange above: the pair keeps apart for every colour vision (ΔE2000 ≥ 46). The far ends have more ink. */
const BELOW = { day: '#2C6FB3', night: '#6FB1EE' }
const ABOVE = { day: '#B8681A', night: '#F0A04B' }
const FAR_BELOW = { day: '#174A80', night: '#B5D8F8' }
const FAR_ABOVE = { day: '#7A3F06', night: '#FFD9AE' }
const QUIET = { day: '#77808A', night: '#6F7B86' }

const USUAL_CLASSES: Legend['classes'] = [
  { from: -Infinity, label: 'far below', ...FAR_BELOW },
  { from: -2, label: 'below', ...BELOW },
  { from: -1, label: 'usual', ...QUIET },
  // Bounds are the next number that a frame can hold: 1, the end of the band itself, is usual.
  { from: AFTER_ONE, label: 'above', ...ABOVE },
  { from: AFTER_TWO, label: 'far above', ...FAR_ABOVE },
]

const DECIBEL_CLASSES: Legend['classes'] = [
  { from: -Infinity, label: 'over 10 below', ...QUIET },
  { from: -10, label: 'up to 10 below', ...BELOW },
  { from: 0, label: 'up to 5 above', ...ABOVE },
  { from: 5, label: '5 to 10 above', day: '#8A4A0C', night: '#F7C48D' },
  { from: 10, label: 'over 10 above', day: '#4E2703', night: '#FCE6CC' },
]

const PERCENT_CLASSES: Legend['classes'] = [
  { from: -Infinity, label: 'up to half', ...QUIET },
  { from: 50, label: 'up to the limit', ...BELOW },
  { from: 100, label: 'above', ...ABOVE },
  { from: 150, label: 'over 1.5 times', day: '#8A4A0C', night: '#F7C48D' },
  { from: 200, label: 'over twice', day: '#4E2703', night: '#FCE6CC' },
]

const kept = new WeakMap<DomainModel, Map<View, Legend>>()

/** The same object for the same question, so that what is drawn from it need not be made again. */
export function viewLegend(model: DomainModel, view: View): Legend {
  if (view === 'value') return model.legend
  let legends = kept.get(model)
  if (legends === undefined) kept.set(model, (legends = new Map()))
  let legend = legends.get(view)
  if (legend === undefined) legends.set(view, (legend = view === 'usual' ? usualLegend(model) : limitLegend(model)))
  return legend
}

function usualLegend({ legend }: DomainModel): Legend {
  return {
    title: `${legend.title} against usual`,
    statistic: 'against median and p10 to p90 of the same hour and kind of day, last 8 weeks; cells: median of sensors',
    unit: '',
    classes: USUAL_CLASSES,
    boundary: 'lower-inclusive',
    limits: [],
    source: { document: 'Belvedere', confirmed: true, note: 'usual is p10 to p90 of what was measured here (percentiles of type 7, Hyndman and Fan 1996); far is as far again' },
  }
}

function limitLegend({ legend, limit, scale = 'linear' }: DomainModel): Legend {
  const isLevel = scale === 'decibel'
  return {
    title: `${legend.title} against ${limit?.label ?? 'a limit'}`,
    statistic: `${isLevel ? 'difference to' : 'share of'} the limit; ${legend.statistic}`,
    unit: isLevel ? 'dB' : '%',
    classes: isLevel ? DECIBEL_CLASSES : PERCENT_CLASSES,
    // A value at the limit does not exceed it.
    boundary: 'upper-inclusive',
    limits: limit === undefined ? [] : [limit],
    source: limit?.source ?? legend.source,
  }
}
