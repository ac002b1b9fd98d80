/**
 * Search and commands from one field: type a place, a sensor, a layer, a city or what should be done.
 * The field keeps the focus while arrows move through what was found; Enter does it, Esc leaves all as it was.
 */
import { useRouter, useRouterState } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Header, ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Input, SearchField } from 'react-aria-components/SearchField'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import { useChoices } from '../choices.ts'
import dialog from '../dialogs/dialog.module.css'
import { KeyCaps } from '../dialogs/key-help.tsx'
import { keysOf } from '../key-map.ts'
import { KEYS, type KeyId } from '../keys.ts'
import { viewsOf } from '../layer-facts.ts'
import { useOverlay } from '../overlay.ts'
import { instantOf, readCitySearch, readHealthSearch, withTheme } from '../search.ts'
import { saveLayer } from '../save-layer.ts'
import { useServices } from '../services.ts'
import { useSettings } from '../settings.ts'
import { citiesOf, commandsOf, districtsOf, layersOf, type Choice, type PaletteDeeds, type PaletteScene } from './choices-of.ts'
import { find, findable, wordsOf } from './find.ts'
import styles from './palette.module.css'
import { useSensorHits } from './sensor-search.ts'

const MOST_SENSORS = 20
const MOST_OTHERS = 9

interface Section {
  readonly id: string
  readonly title: string
  readonly choices: readonly Choice[]
  /** Found as well, and not shown. */
  readonly more: number
}

export default function Palette({ cities }: { readonly cities: readonly CityPlan[] }) {
  const [query, setQuery] = useState('')
  const show = useOverlay((overlay) => overlay.show)
  const { scene, deeds } = usePalette(cities)
  const words = useMemo(() => wordsOf(query), [query])
  const { sections, isDone } = useSections(scene, deeds, words)
  const count = sections.reduce((sum, { choices, more }) => sum + choices.length + more, 0)

  const choose = (key: string): void => {
    const choice = sections.flatMap((section) => section.choices.map((one) => ({ key: `${section.id} ${one.id}`, one }))).find((entry) => entry.key === key)?.one
    if (choice === undefined) return
    show(undefined)
    // The dialog gives the focus back first: what is opened may then take it.
    requestAnimationFrame(() => requestAnimationFrame(choice.run))
  }

  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={dialog.overlay ?? ''}
      onOpenChange={(isOpen) => {
        if (!isOpen) show(undefined)
      }}
    >
      <Modal className={`${dialog.modal} ${styles.modal}`}>
        <Dialog className={styles.palette ?? ''} aria-label={say({ id: 'palette.title', defaultMessage: 'Search and commands' })}>
          <Autocomplete inputValue={query} onInputChange={setQuery}>
            {/* Esc closes at once: what was typed is soon typed again. */}
            <SearchField
              // Whoever asks for the palette wants to type.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              aria-label={say({ id: 'palette.field', defaultMessage: 'Search a place, sensor, layer, city or command' })}
              className={styles.search ?? ''}
              onKeyDown={(event) => {
                if (event.key === 'Escape') show(undefined)
              }}
            >
              {/* What it controls is told by the Autocomplete around it. */}
              {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/role-has-required-aria-props */}
              <Input role="combobox" aria-expanded aria-haspopup="listbox" className={styles.field ?? ''} placeholder={say({ id: 'palette.placeholder', defaultMessage: 'Place, sensor, layer, city or command' })} />
            </SearchField>
            <ListBox
              aria-label={say({ id: 'palette.found', defaultMessage: 'Found' })}
              className={styles.found ?? ''}
              onAction={(key) => choose(String(key))}
            >
              {sections.map(({ id, title, choices, more }) => (
                <ListBoxSection key={id} id={id} aria-label={title}>
                  <Header className={styles.title ?? ''}>
                    {title}
                    {more > 0 && <span className={styles.more}>{say({ id: 'palette.more', defaultMessage: '{count, plural, one {and # more: type more of its name} other {and # more: type more of the name}}' }, { count: more })}</span>}
                  </Header>
                  {choices.map((choice) => (
                    <ListBoxItem key={choice.id} id={`${id} ${choice.id}`} textValue={choice.words} className={styles.choice ?? ''}>
                      <span className={styles.words}>{choice.words}</span>
                      {choice.note !== undefined && <span className={styles.note}>{choice.note}</span>}
                      {choice.key !== undefined && <KeyOf id={choice.key} />}
                    </ListBoxItem>
                  ))}
                </ListBoxSection>
              ))}
            </ListBox>
          </Autocomplete>
          <p className={styles.foot}>
            <output>{footWords({ query, isSearch: words.length > 0, count, isDone })}</output>
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function footWords({ query, isSearch, count, isDone }: { readonly query: string; readonly isSearch: boolean; readonly count: number; readonly isDone: boolean }): string {
  if (!isSearch) return say({ id: 'palette.hint', defaultMessage: 'Type a name to find sensors and districts.' })
  if (!isDone) return say({ id: 'palette.searching', defaultMessage: 'Looking through more sensors…' })
  if (count === 0) return say({ id: 'palette.nothing', defaultMessage: 'Nothing is called “{query}”.' }, { query: query.trim() })
  return say({ id: 'palette.count', defaultMessage: '{count, plural, one {# found} other {# found}}' }, { count })
}

/** The key that does the same, while single keys are on. */
function KeyOf({ id }: { readonly id: KeyId }) {
  const keyMap = useSettings((settings) => settings.keyMap)
  const hasShortcuts = useChoices((choices) => choices.hasShortcuts)
  const binding = KEYS.find((one) => one.id === id)
  if (binding === undefined || !hasShortcuts) return null
  return (
    <span className={styles.key}>
      <KeyCaps keys={keysOf(binding, keyMap)} />
    </span>
  )
}

function useSections(scene: PaletteScene, deeds: PaletteDeeds, words: readonly string[]): { readonly sections: readonly Section[]; readonly isDone: boolean } {
  const { live } = useServices()
  const sensors = useSensorHits(live, scene.views, words, MOST_SENSORS)
  const isSearch = words.length > 0
  const part = (id: string, title: string, all: readonly Choice[], most: number): Section => {
    const { places, count } = find(findable(all.map((choice) => `${choice.words} ${choice.note ?? ''}`)), words, most)
    return { id, title, choices: places.map((place) => all[place]!), more: count - places.length }
  }
  const sections: readonly Section[] = [
    part('city', say({ id: 'palette.cities', defaultMessage: 'Cities' }), citiesOf(scene, deeds), MOST_OTHERS),
    part('layer', say({ id: 'palette.layers', defaultMessage: 'Layers' }), layersOf(scene, deeds), MOST_OTHERS),
    part('district', say({ id: 'palette.districts', defaultMessage: 'Districts' }), isSearch ? districtsOf(scene, deeds) : [], MOST_OTHERS),
    {
      id: 'sensor',
      title: say({ id: 'palette.sensors', defaultMessage: 'Sensors' }),
      choices: sensors.hits.map(({ id, name, layer }) => ({ id: `${layer.model.id} ${id}`, words: name, note: layer.model.name, run: () => deeds.change({ layer: layer.model.id, sel: id }) })),
      more: sensors.count - sensors.hits.length,
    },
    // Whoever has typed nothing wants to see what can be done; whoever has typed a name wants that first.
    part('command', say({ id: 'palette.commands', defaultMessage: 'Commands' }), commandsOf(scene, deeds), Infinity),
  ]
  return { sections: (isSearch ? sections : sections.toReversed()).filter(({ choices }) => choices.length > 0), isDone: sensors.isDone }
}

/** Where the page is, and what can be done there. */
function usePalette(cities: readonly CityPlan[]): { readonly scene: PaletteScene; readonly deeds: PaletteDeeds } {
  const router = useRouter()
  const services = useServices()
  const location = useRouterState({ select: (state) => state.location })
  const isPaused = useChoices((choices) => choices.isPaused)
  const hasShortcuts = useChoices((choices) => choices.hasShortcuts)
  const [, isMonitor] = /^\/(city)\//.exec(location.pathname) ?? []
  const cityId = isMonitor === undefined ? (readHealthSearch({ ...location.search }).city ?? cities[0]?.id) : decodeURIComponent(location.pathname.split('/')[2] ?? '')
  const plan = cities.find(({ id }) => id === cityId)
  const views = useMemo(() => (plan === undefined ? [] : viewsOf(plan, services.views)), [plan, services.views])
  const search = readCitySearch(location.search)
  const layer = views.find(({ model }) => model.id === search.layer) ?? views[0]
  const { theme } = search
  const themed = theme === undefined ? {} : { theme }

  const scene: PaletteScene = { cities, plan, views, hasShortcuts, ...(isMonitor === undefined || plan === undefined ? {} : { monitor: { search, layer, isPaused } }) }
  const deeds: PaletteDeeds = {
    goMonitor: (id) => void router.navigate({ to: '/city/$cityId', params: { cityId: id }, search: themed }),
    goHealth: () => void router.navigate({ to: '/health', search: { ...(plan !== undefined && { city: plan.id }), ...themed } }),
    goAccessibility: () => void router.navigate({ to: '/accessibility', search: { ...(plan !== undefined && { city: plan.id }), ...themed } }),
    showKeys: () => useOverlay.getState().show('keys'),
    showSettings: () => useOverlay.getState().show('settings'),
    change: (change) => {
      if (plan !== undefined) void router.navigate({ to: '/city/$cityId', params: { cityId: plan.id }, search: readCitySearch({ ...(isMonitor === undefined ? themed : search), ...change }) })
    },
    theme: (next) => void router.navigate({ to: '.', search: (before) => withTheme(before, next), replace: true }),
    pause: (paused) => useChoices.getState().set({ isPaused: paused }),
    // Without a secure origin there is no clipboard; the address bar has the link as well.
    copyLink: () => void navigator.clipboard?.writeText(globalThis.location.href).catch(() => undefined),
    save: (format) => {
      if (plan === undefined || layer === undefined) return
      const atMs = instantOf(search)
      const nowMs = atMs ?? Date.now() + (services.live.status()?.clockOffsetMs ?? 0)
      // Without values there is nothing to save, which the list says in its own words.
      void saveLayer(format, { live: services.live, plan, view: layer, atMs, nowMs }).catch(() => undefined)
    },
    share: () => useOverlay.getState().show('save'),
    cite: () => useOverlay.getState().show('cite'),
    print: () => globalThis.print(),
    shortcuts: (areOn) => useChoices.getState().set({ hasShortcuts: areOn }),
  }
  return { scene, deeds }
}
