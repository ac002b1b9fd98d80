/** What leaves the page is told by the same facts, whether as picture, as report or as citation. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { isoWithOffset, measureWords, type Cited } from '../../export/citation.ts'
import { say } from '../../language/say.ts'
import { formatFull } from '../../ui/words/clock.ts'
import { sourceText } from '../../ui/words/source.ts'
import { simulatedWords } from '../layer-facts.ts'
import type { LiveLayer } from '../live-store.ts'
import { legendOf, statisticOver, viewWord } from '../look.ts'
import { parseSearch, stringifySearch, timeParameter } from '../search.ts'

export interface Shown {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly layer: LiveLayer
  /** Of the program. */
  readonly version: string
  /** The address of the page. */
  readonly address: string
}

export function citedOf({ plan, view: { model }, layer, version, address }: Shown): Cited {
  const { frame } = layer
  const { unit } = legendOf(model, layer)
  return {
    cityId: plan.id,
    city: plan.name,
    domain: model.id,
    layer: frame.view === 'value' ? model.name : say({ id: 'out.layerView', defaultMessage: '{layer}, {view}' }, { layer: model.name, view: viewWord(frame.view) }),
    statistic: statisticOver(model, frame.view, frame.windowEndMs - frame.windowStartMs),
    unit,
    atMs: frame.atMs,
    timeZone: plan.timeZone,
    sources: sourcesOf(plan),
    licence: plan.licence,
    isSimulated: plan.brokers.some(({ simulated }) => simulated),
    software: `Belvedere ${version}`.trim(),
    link: linkAt(address, frame.atMs),
  }
}

/** What the city says of its sources, then who sent the values. */
export function sourcesOf({ attribution, brokers }: CityPlan): readonly string[] {
  const names = brokers.map(({ name, simulated }) => (simulated ? say({ id: 'out.simulatedBroker', defaultMessage: '{broker} (simulated)' }, { broker: name }) : name))
  return [...(attribution === undefined ? [] : [attribution]), ...names]
}

/** The same view, held at an instant: it is read again from the broker's history. */
export function linkAt(address: string, atMs: number): string {
  const { origin, pathname, search } = new URL(address)
  return `${origin}${pathname}${stringifySearch({ ...parseSearch(search), t: timeParameter(atMs) })}`
}

/** "Fri 20 Nov 2026, 08:14:05 WET (2026-11-20T08:14:05+00:00)" */
export function timeWords(atMs: number, timeZone: string): string {
  return `${formatFull(atMs, timeZone)} (${isoWithOffset(atMs, timeZone)})`
}

export interface PictureTexts {
  readonly title: string
  readonly statistic: string
  readonly time: string
  readonly warning: string | undefined
  readonly notes: readonly string[]
}

export function pictureTexts(shown: Shown, ground: string): PictureTexts {
  const { plan, view, layer } = shown
  const cited = citedOf(shown)
  const simulated = simulatedWords(plan)
  return {
    title: `${cited.city} · ${cited.layer}`,
    statistic: measureWords(cited),
    time: timeWords(cited.atMs, plan.timeZone),
    warning: simulated === undefined ? undefined : cited.isSimulated && plan.brokers.every((broker) => broker.simulated) ? say({ id: 'cite.simulated', defaultMessage: 'Simulated data: no sensor measured it.' }) : simulated,
    notes: [...sourceNotes(shown), ...(ground === '' ? [] : [say({ id: 'out.ground', defaultMessage: 'Map: {sources}' }, { sources: ground })]), say({ id: 'out.classes', defaultMessage: 'Classes: {source}' }, { source: sourceText(legendOf(view.model, layer).source) }), cited.link],
  }
}

export function sourceNotes(shown: Shown): readonly string[] {
  const { sources, licence, software } = citedOf(shown)
  return [
    say({ id: 'out.source', defaultMessage: 'Data: {sources}' }, { sources: sources.join('; ') }),
    [licence === undefined ? say({ id: 'out.noLicence', defaultMessage: 'No licence is stated.' }) : say({ id: 'footer.licence', defaultMessage: 'Licence: {licence}' }, { licence }), say({ id: 'out.software', defaultMessage: 'Made with {software}' }, { software })].join(' · '),
  ]
}
