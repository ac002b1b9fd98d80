/**
 * A domain's view with its model's texts in the language of the page. Models say English wherever they are: in the
 * worker, in the server, in files. Here each text is looked up by its English, so that a model needs to know of no message.
 */
import type { Source } from '../core/source.ts'
import { classOf, type DomainModel, type Legend, type Limit } from '../domains/domain-model.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say, type Language, type Message } from '../language/say.ts'
import { windowWords } from './look.ts'

type Said = (text: string) => string

/** `language` is the one that is spoken: the same view for the same language. */
export function spokenView(view: DomainView, language: Language): DomainView {
  // English is what the models say.
  if (language.tag === 'en') return view
  const model = spokenModel(view.model, saidBy(view.words, view.model.windowMs))
  const isClass = model.scale === 'class'
  const said: DomainView = { ...view, model, ...(isClass && { format: (value: number) => model.legend.classes[classOf(model.legend, value)]?.label ?? '–' }) }
  originals.set(said, view)
  return said
}

const originals = new WeakMap<DomainView, DomainView>()

/** As the domain made it: for files, which are the same in every language. */
export function englishView(view: DomainView): DomainView {
  return originals.get(view) ?? view
}

/** Every text of a model that a reader sees, through `said`. */
export function spokenModel(model: DomainModel, said: Said): DomainModel {
  const { legend, limit, method, privacy, windows } = model
  const limits = legend.limits.map((one) => spokenLimit(one, said))
  return {
    ...model,
    name: said(model.name),
    quantity: said(model.quantity),
    measures: model.measures.map((measure) => ({ ...measure, name: said(measure.name) })),
    method: { ...method, name: said(method.name), ...(method.where !== undefined && { where: said(method.where) }), source: spokenSource(method.source, said) },
    legend: spokenLegend({ ...legend, limits }, said),
    ...(limit !== undefined && { limit: spokenLimit(limit, said) }),
    ...(windows !== undefined && { windows: { ...windows, why: said(windows.why) } }),
    ...(privacy !== undefined && { privacy: { ...privacy, floor: { ...privacy.floor, of: said(privacy.floor.of), source: said(privacy.floor.source) } } }),
  }
}

/** The window in a statistic is the one that is shown: "LAeq over {window}, energetic mean of sensors". */
export function statisticTemplate(statistic: string): string {
  return statistic.replace(/over (\d+ (?:min|h)|the last hour)/, 'over {window}')
}

function spokenLegend(legend: Legend, said: Said): Legend {
  return {
    ...legend,
    title: said(legend.title),
    statistic: said(statisticTemplate(legend.statistic)),
    classes: legend.classes.map((one) => ({ ...one, label: said(one.label) })),
    source: spokenSource(legend.source, said),
  }
}

function spokenLimit(limit: Limit, said: Said): Limit {
  return { ...limit, label: said(limit.label), ...(limit.binds !== undefined && { binds: said(limit.binds) }), source: spokenSource(limit.source, said) }
}

/** A document has the name it was given; what is ours is said. */
function spokenSource(source: Source, said: Said): Source {
  return { ...source, ...(source.document.startsWith('Belvedere,') && { document: said(source.document) }), ...(source.note !== undefined && { note: said(source.note) }) }
}

function saidBy(words: readonly Message[], windowMs: number): Said {
  const byText = new Map(words.map((message) => [message.defaultMessage, message]))
  const values = { window: windowWords(windowMs) }
  return (text) => {
    const message = byText.get(text)
    return message === undefined ? (rangeText(text) ?? text) : say(message, values)
  }
}

/** Classes that are named by their bounds, which every domain names alike. */
export function rangeText(text: string): string | undefined {
  const [, under, from, to, least] = /^(?:under ([\d.]+)|([\d.]+) to ([\d.]+)|([\d.]+) and more)$/.exec(text) ?? []
  if (under !== undefined) return say({ id: 'legend.under', defaultMessage: 'under {bound}' }, { bound: under })
  if (least !== undefined) return say({ id: 'legend.andMore', defaultMessage: '{bound} and more' }, { bound: least })
  return from === undefined || to === undefined ? undefined : say({ id: 'legend.range', defaultMessage: '{from} to {to}' }, { from, to })
}
