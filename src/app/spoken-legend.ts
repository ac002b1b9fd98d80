/** The legends of the views "against usual" and "against the limit" in the language of the page. See `domains/standing.ts`, which says them in English. */
import type { DomainModel, Legend } from '../domains/domain-model.ts'
import { viewLegend, type View } from '../domains/standing.ts'
import { defineMessage, say, spoken, type Message } from '../language/say.ts'

const CLASSES: ReadonlyMap<string, Message> = new Map([
  ['far below', defineMessage({ id: 'standing.farBelow', defaultMessage: 'far below' })],
  ['below', defineMessage({ id: 'standing.below', defaultMessage: 'below' })],
  ['usual', defineMessage({ id: 'standing.usual', defaultMessage: 'usual' })],
  ['above', defineMessage({ id: 'standing.above', defaultMessage: 'above' })],
  ['far above', defineMessage({ id: 'standing.farAbove', defaultMessage: 'far above' })],
  ['over 10 below', defineMessage({ id: 'standing.over10Below', defaultMessage: 'over 10 below' })],
  ['up to 10 below', defineMessage({ id: 'standing.to10Below', defaultMessage: 'up to 10 below' })],
  ['up to 5 above', defineMessage({ id: 'standing.to5Above', defaultMessage: 'up to 5 above' })],
  ['5 to 10 above', defineMessage({ id: 'standing.to10Above', defaultMessage: '5 to 10 above' })],
  ['over 10 above', defineMessage({ id: 'standing.over10Above', defaultMessage: 'over 10 above' })],
  ['up to half', defineMessage({ id: 'standing.half', defaultMessage: 'up to half' })],
  ['up to the limit', defineMessage({ id: 'standing.toLimit', defaultMessage: 'up to the limit' })],
  ['over 1.5 times', defineMessage({ id: 'standing.over150', defaultMessage: 'over 1.5 times' })],
  ['over twice', defineMessage({ id: 'standing.twice', defaultMessage: 'over twice' })],
])

const kept = new WeakMap<Legend, Legend>()

/** `model` is spoken already; the same legend for the same model and view. */
export function spokenViewLegend(model: DomainModel, view: View): Legend {
  const english = viewLegend(model, view)
  if (view === 'value' || spoken().tag === 'en') return english
  let legend = kept.get(english)
  if (legend === undefined) kept.set(english, (legend = { ...english, ...headOf(model, view), classes: english.classes.map((one) => ({ ...one, label: classLabel(one.label) })) }))
  return legend
}

function classLabel(label: string): string {
  const message = CLASSES.get(label)
  return message === undefined ? label : say(message)
}

function headOf({ legend, limit, scale }: DomainModel, view: View): Pick<Legend, 'title' | 'statistic' | 'source'> {
  const { title, statistic } = legend
  if (view === 'usual') {
    return {
      title: say({ id: 'standing.usualTitle', defaultMessage: '{title} against usual' }, { title }),
      statistic: say({ id: 'standing.usualStatistic', defaultMessage: 'against median and p10 to p90 of the same hour and kind of day, last 8 weeks; cells: median of sensors' }),
      source: { document: 'Belvedere', confirmed: true, note: say({ id: 'standing.usualSource', defaultMessage: 'usual is p10 to p90 of what was measured here (percentiles of type 7, Hyndman and Fan 1996); far is as far again' }) },
    }
  }
  return {
    title: say({ id: 'standing.limitTitle', defaultMessage: '{title} against {limit}' }, { title, limit: limit?.label ?? '' }),
    statistic:
      scale === 'decibel'
        ? say({ id: 'standing.limitDifference', defaultMessage: 'difference to the limit; {statistic}' }, { statistic })
        : say({ id: 'standing.limitShare', defaultMessage: 'share of the limit; {statistic}' }, { statistic }),
    source: limit?.source ?? legend.source,
  }
}
