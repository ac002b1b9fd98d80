/**
 * What the palette offers besides sensors: commands, screens, cities, layers and districts, as words and what they do.
 * Where nobody looks at a city, only what goes somewhere is offered.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { offersView, VIEWS, type View } from '../../domains/standing.ts'
import { defineMessage, say, type Message } from '../../language/say.ts'
import { districtLabel } from '../districts.ts'
import type { KeyId } from '../keys.ts'
import type { CitySearch } from '../search.ts'

export interface Choice {
  readonly id: string
  readonly words: string
  /** Beside the words, smaller. */
  readonly note?: string
  /** The key that does the same. */
  readonly key?: KeyId
  readonly run: () => void
}

export interface PaletteScene {
  readonly cities: readonly CityPlan[]
  /** The city that screen or link is about. */
  readonly plan: CityPlan | undefined
  /** Its layers. */
  readonly views: readonly DomainView[]
  /** Set on the Monitor. */
  readonly monitor?: { readonly search: CitySearch; readonly layer: DomainView | undefined; readonly isPaused: boolean }
  readonly hasShortcuts: boolean
}

export interface PaletteDeeds {
  goMonitor(cityId: string): void
  goHealth(): void
  goAccessibility(): void
  showKeys(): void
  showSettings(): void
  /** Of the Monitor's link; undefined takes a part out. */
  change(search: { readonly [name in keyof CitySearch]: CitySearch[name] | undefined }): void
  theme(theme: 'day' | 'night' | undefined): void
  pause(isPaused: boolean): void
  copyLink(): void
  save(format: 'csv' | 'geojson'): void
  /** Link, files, print and citation. */
  share(): void
  cite(): void
  print(): void
  shortcuts(areOn: boolean): void
}

const VIEW_COMMANDS: Readonly<Record<View, Message>> = {
  value: defineMessage({ id: 'palette.viewValue', defaultMessage: 'Show values' }),
  usual: defineMessage({ id: 'palette.viewUsual', defaultMessage: 'Compare with usual' }),
  limit: defineMessage({ id: 'palette.viewLimit', defaultMessage: 'Compare with the limit' }),
}

export function commandsOf({ plan, monitor, hasShortcuts }: PaletteScene, deeds: PaletteDeeds): readonly Choice[] {
  return [
    ...(monitor === undefined ? [] : ofMonitor(monitor, deeds)),
    ...(plan === undefined || monitor !== undefined ? [] : [{ id: 'monitor', words: say({ id: 'palette.goMonitor', defaultMessage: 'Go to the Monitor' }), note: plan.name, key: 'goMonitor' as const, run: () => deeds.goMonitor(plan.id) }]),
    { id: 'health', words: say({ id: 'palette.goHealth', defaultMessage: 'Go to Health: feeds, brokers, conformance' }), key: 'goHealth', run: deeds.goHealth },
    { id: 'day', words: say({ id: 'palette.day', defaultMessage: 'Day colours' }), key: 'theme', run: () => deeds.theme('day') },
    { id: 'night', words: say({ id: 'palette.night', defaultMessage: 'Night colours' }), key: 'theme', run: () => deeds.theme('night') },
    { id: 'auto', words: say({ id: 'palette.auto', defaultMessage: 'Colours as the system has them' }), run: () => deeds.theme(undefined) },
    { id: 'copy', words: say({ id: 'palette.copyLink', defaultMessage: 'Copy the link to what is shown' }), key: 'copyLink', run: deeds.copyLink },
    { id: 'keys', words: say({ id: 'palette.keys', defaultMessage: 'Keys: all of them' }), key: 'help', run: deeds.showKeys },
    { id: 'settings', words: say({ id: 'palette.settings', defaultMessage: 'Settings: colours, announcements, keys' }), run: deeds.showSettings },
    hasShortcuts
      ? { id: 'keysOff', words: say({ id: 'palette.keysOff', defaultMessage: 'Switch single keys off' }), run: () => deeds.shortcuts(false) }
      : { id: 'keysOn', words: say({ id: 'palette.keysOn', defaultMessage: 'Switch single keys on' }), run: () => deeds.shortcuts(true) },
    { id: 'accessibility', words: say({ id: 'palette.accessibility', defaultMessage: 'Accessibility of this page' }), run: deeds.goAccessibility },
  ]
}

function ofMonitor({ search, layer, isPaused }: NonNullable<PaletteScene['monitor']>, deeds: PaletteDeeds): readonly Choice[] {
  const isHistory = search.t !== undefined
  return [
    ...(isHistory
      ? [{ id: 'now', words: say({ id: 'palette.now', defaultMessage: 'Back to now' }), key: 'now' as const, run: () => deeds.change({ t: undefined }) }]
      : [
          isPaused
            ? { id: 'resume', words: say({ id: 'palette.resume', defaultMessage: 'Go on: values move again' }), key: 'pause' as const, run: () => deeds.pause(false) }
            : { id: 'pause', words: say({ id: 'palette.pause', defaultMessage: 'Pause: values stand still' }), key: 'pause' as const, run: () => deeds.pause(true) },
        ]),
    ...(layer === undefined
      ? []
      : [
          ...VIEWS.filter((view) => offersView(layer.model, view) && view !== (search.view ?? 'value')).map((view): Choice => ({ id: `view ${view}`, words: say(VIEW_COMMANDS[view]), key: 'view', run: () => deeds.change({ view: view === 'value' ? undefined : view }) })),
          { id: 'share', words: say({ id: 'palette.share', defaultMessage: 'Share: link, picture (PNG), CSV, GeoJSON, NGSI-LD' }), note: layer.model.name, run: deeds.share },
          { id: 'cite', words: say({ id: 'palette.cite', defaultMessage: 'Cite this view' }), run: deeds.cite },
          { id: 'print', words: say({ id: 'palette.print', defaultMessage: 'Print a report of the city' }), run: deeds.print },
          { id: 'csv', words: say({ id: 'palette.saveCsv', defaultMessage: 'Save the shown layer as CSV' }), note: layer.model.name, run: () => deeds.save('csv') },
          { id: 'geojson', words: say({ id: 'palette.saveGeoJson', defaultMessage: 'Save the shown layer as GeoJSON' }), note: layer.model.name, run: () => deeds.save('geojson') },
        ]),
    ...(search.district === undefined ? [] : [{ id: 'whole', words: say({ id: 'palette.wholeCity', defaultMessage: 'Show the whole city' }), run: () => deeds.change({ district: undefined }) }]),
  ]
}

export function citiesOf({ cities, plan }: PaletteScene, deeds: PaletteDeeds): readonly Choice[] {
  return cities.filter(({ id }) => id !== plan?.id).map(({ id, name, country }) => ({ id, words: name, note: country, run: () => deeds.goMonitor(id) }))
}

export function layersOf({ views }: PaletteScene, deeds: PaletteDeeds): readonly Choice[] {
  return views.map(({ model }) => ({ id: model.id, words: model.name, note: model.legend.title, run: () => deeds.change({ layer: model.id, sel: undefined }) }))
}

export function districtsOf({ plan }: PaletteScene, deeds: PaletteDeeds): readonly Choice[] {
  const districts = plan?.districts
  if (districts === undefined) return []
  return districts.areas.map(({ name }) => ({ id: name, words: districtLabel(districts, name), run: () => deeds.change({ district: name }) }))
}
