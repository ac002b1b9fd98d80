/**
 * The list of sensors: the map's equal for the keyboard and for the ear.
 *
 * It knows the order of all sensors as row numbers and makes rows only of those that are seen. So a frame costs
 * what is seen, and rows stay where they are while somebody reads them.
 */
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { defineMessage, say, type Message } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { RowList, type RowListHandle } from '../ui/row-list.tsx'
import { StateGlyph } from '../ui/state-glyph.tsx'
import { inSentence } from '../ui/words/case.ts'
import { freshnessWord } from '../ui/words/freshness.ts'
import { formatWhen } from '../ui/words/age.ts'
import { formatFull } from '../ui/words/clock.ts'
import { useChoices } from './choices.ts'
import type { ChosenDistrict } from './districts.ts'
import { ExportButtons } from './export-buttons.tsx'
import { colourOf, comingWords, splitQuantity } from './layer-facts.ts'
import { rowOf, useLayer, useNow } from './live-hooks.ts'
import { useServices } from './services.ts'
import type { LiveLayer } from './live-store.ts'
import { classWord, legendOf, shownText } from './look.ts'
import { useReturnOfFocus } from './return-focus.ts'
import { givesOther, ORDERS, othersAt, rowAt, shownValue, type Order, type SensorRow } from './sensor-list.ts'
import { createSensorOrder, type OrderEffects, type ShownOrder } from './sensor-order.ts'
import styles from './sensors-pane.module.css'
import { useRem } from './use-rem.ts'

export interface SensorsPaneProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly selected: string | undefined
  /** The part of the city whose sensors are listed; undefined is all of it. */
  readonly district: ChosenDistrict | undefined
  /** As a real table instead of a list. */
  readonly isTable: boolean
  onInspect(entityId: string): void
  onTable(isTable: boolean): void
}

// Few ask for it.
const SensorsTable = lazy(() => import('./sensors-table.tsx'))

const HIGHEST_FIRST = defineMessage({ id: 'sensors.highestFirst', defaultMessage: 'Highest first' })
const FIRST_WORDS: Readonly<Record<DomainModel['worse'], Message>> = { higher: HIGHEST_FIRST, lower: defineMessage({ id: 'sensors.lowestFirst', defaultMessage: 'Lowest first' }), neither: HIGHEST_FIRST }
const ORDER_WORDS: Readonly<Record<Exclude<Order, 'value'>, Message>> = { name: defineMessage({ id: 'sensors.byName', defaultMessage: 'By name' }), age: defineMessage({ id: 'sensors.oldestFirst', defaultMessage: 'Oldest first' }) }

export function SensorsPane({ plan, view, theme, atMs, selected, district, isTable, onInspect, onTable }: SensorsPaneProps) {
  const { model } = view
  const order = useChoices((choices) => choices.order)
  const filter = useChoices((choices) => choices.filter)
  const set = useChoices((choices) => choices.set)
  const highlighted = useChoices((choices) => choices.highlighted)
  const [isRead, setIsRead] = useState(false)
  const [isSeen, setIsSeen] = useState(false)
  const layer = useLayer(model.id)
  const nowMs = useNow(atMs)
  const shown = useOrder(model, layer, { order, filter, district: district?.place, hold: isRead || (!isSeen && !isTable) || document.hidden })
  const known = layer?.frame.count ?? 0
  const count = shown?.rows.length ?? 0
  const idAt = (index: number): string => shown?.roster.ids[shown.rows[index]!] ?? ''
  const indexOf = (id: string): number => {
    const row = shown === undefined ? undefined : rowOf(shown.roster, id)
    return row === undefined ? -1 : shown!.rows.indexOf(row)
  }
  const list = useRef<RowListHandle>(null)
  useReturnOfFocus({ selected, list })
  const rowHeightPx = useRem() * 3
  const name = inSentence(model.name)
  const highlight = (target: EventTarget): void => {
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined
    if (id !== useChoices.getState().highlighted) set({ highlighted: id })
  }

  return (
    <section className={styles.pane} data-pane="sensors" aria-label={say({ id: 'sensors.label', defaultMessage: 'Sensors: {layer}' }, { layer: model.name })}>
      <div className={styles.head}>
        <h2 className={styles.title}>
          {titleWords({ layer: model.name, name, hasCome: layer !== undefined, known, shown: filter.trim() === '' && district === undefined ? undefined : count, district: district?.label })}
        </h2>
        <select className={`${controls.field} ${styles.order}`} aria-label={say({ id: 'sensors.order', defaultMessage: 'Order' })} value={order} onChange={({ target }) => set({ order: ORDERS.find((one) => one === target.value) ?? 'value' })}>
          {ORDERS.map((one) => (
            <option key={one} value={one}>
              {say(one === 'value' ? FIRST_WORDS[model.worse] : ORDER_WORDS[one])}
            </option>
          ))}
        </select>
        <input
          type="search"
          className={`${controls.field} ${styles.filter}`}
          aria-label={say({ id: 'sensors.filterLabel', defaultMessage: 'Filter sensors by name or id' })}
          placeholder={say({ id: 'sensors.filter', defaultMessage: 'Filter by name or id' })}
          value={filter}
          onChange={({ target }) => set({ filter: target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || filter === '') return
            event.stopPropagation()
            set({ filter: '' })
          }}
        />
        <div className={styles.tools}>
          <button type="button" className={`${controls.button} ${controls.quiet}`} aria-pressed={isTable} title={say({ id: 'sensors.tableKey', defaultMessage: 'Key T' })} onClick={() => onTable(!isTable)}>
            {say({ id: 'sensors.table', defaultMessage: 'Table' })}
          </button>
          <ExportButtons {...{ plan, view, atMs }} />
        </div>
      </div>
      <div
        className={styles.body}
        onFocus={({ target }) => {
          setIsRead(true)
          highlight(target)
        }}
        onBlur={({ currentTarget, relatedTarget }) => {
          if (currentTarget.contains(relatedTarget)) return
          setIsRead(currentTarget.matches(':hover'))
          set({ highlighted: undefined })
        }}
        onPointerEnter={() => setIsRead(true)}
        onPointerOver={({ target }) => highlight(target)}
        onPointerLeave={({ currentTarget }) => {
          setIsRead(currentTarget.contains(document.activeElement))
          set({ highlighted: undefined })
        }}
      >
        {isTable && layer !== undefined && shown !== undefined && (
          <Suspense fallback={null}>
            <SensorsTable {...{ plan, view, layer, count, selected, onInspect }} rowOf={(index) => sensorOf(layer, shown, index)?.row} />
          </Suspense>
        )}
        {!isTable && (
        <RowList
          handle={list}
          label={say({ id: 'sensors.list', defaultMessage: 'Sensors of {city}: {layer}' }, { city: plan.name, layer: model.name })}
          {...{ count, rowHeightPx, indexOf }}
          keyAt={idAt}
          renderRow={(index) => {
            const id = idAt(index)
            return <Row {...{ id, layer, plan, view, theme, nowMs }} sensor={sensorOf(layer, shown, index)} isHistory={atMs !== undefined} isOpen={id === selected} isHighlighted={id === highlighted} />
          }}
          // Nothing is said of a question that is not answered yet.
          empty={<p className={styles.empty}>{layer !== undefined && shown === undefined ? '' : emptyWords({ filter, known, district: district?.label, city: plan.name, name, coming: layer === undefined ? comingWords(atMs, plan.timeZone) : undefined })}</p>}
          onAction={onInspect}
          onSeen={setIsSeen}
        />
        )}
      </div>
    </section>
  )
}

interface RowProps {
  readonly id: string
  /** Undefined once it is gone; the list follows. */
  readonly sensor: SensorRow | undefined
  readonly layer: LiveLayer | undefined
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly nowMs: number
  readonly isHistory: boolean
  readonly isOpen: boolean
  readonly isHighlighted: boolean
}

function Row({ id, sensor, layer, plan, view, theme, nowMs, isHistory, isOpen, isHighlighted }: RowProps) {
  const { model } = view
  if (sensor === undefined || layer === undefined) return <div className={styles.row}>{id}</div>
  const { freshness, warnings, observedAtMs, hasPosition } = sensor
  // Only a value has an old one to fall back on: what is compared is compared now.
  const isValue = layer.frame.view === 'value'
  const value = isValue ? shownValue(sensor) : sensor.shown
  const isDry = freshness === 'stale' || freshness === 'lost'
  const text = Number.isNaN(value) ? undefined : isValue ? view.format(value) : shownText(view, layer, sensor)
  const shown = text === undefined ? undefined : splitQuantity(text)
  const shares = othersAt(layer, sensor.row)
  const warningCount = new Set(warnings.map(({ kind }) => kind)).size
  const { head, tail } = splitName(sensor.name)
  const notes = [
    freshness === 'fresh' ? '' : freshnessWord(freshness),
    isValue || Number.isNaN(value) ? '' : (classWord(legendOf(model, layer), value) ?? ''),
    hasPosition ? '' : say({ id: 'sensors.noPosition', defaultMessage: 'no position' }),
    shares === 0 ? '' : say({ id: 'sensors.shares', defaultMessage: 'shares its place with {count, plural, one {# other} other {# others}}' }, { count: shares }),
    warningCount === 0 ? '' : say({ id: 'sensors.warnings', defaultMessage: '▲ {count, plural, one {# warning} other {# warnings}}' }, { count: warningCount }),
  ].filter((note) => note !== '')
  return (
    <div className={styles.row} data-open={isOpen || undefined} data-highlighted={isHighlighted || undefined}>
      <StateGlyph freshness={freshness} isTooFew={sensor.isTooFew} isEmpty={Number.isNaN(value)} colour={Number.isNaN(value) ? undefined : colourOf(legendOf(model, layer), value, theme)} />
      <div className={styles.words}>
        <div className={styles.name} title={sensor.name}>
          <span>{head}</span>
          <span>{tail}</span>
        </div>
        <div className={styles.trust} title={Number.isNaN(observedAtMs) ? undefined : formatFull(observedAtMs, plan.timeZone)}>
          {[formatWhen(observedAtMs, { nowMs, timeZone: plan.timeZone, isHistory }), ...notes].join(' · ')}
        </div>
      </div>
      <div className={styles.value} data-dry={isDry || undefined}>
        {shown === undefined ? (
          <span className={styles.unit}>{noValueWords(sensor, isValue)}</span>
        ) : (
          <>
            {shown.figure}
            {shown.unit !== '' && <span className={styles.unit}>{`\u00A0${shown.unit}`}</span>}
          </>
        )}
      </div>
    </div>
  )
}

function noValueWords(sensor: SensorRow, isValue: boolean): string {
  if (sensor.isTooFew) return say({ id: 'district.tooFew', defaultMessage: 'too few to show' })
  if (givesOther(sensor)) return say({ id: 'district.otherMeasure', defaultMessage: 'another measure' })
  return isValue || Number.isNaN(sensor.value) ? say({ id: 'district.noValue', defaultMessage: 'no value' }) : say({ id: 'sensors.noUsualYet', defaultMessage: 'no usual yet' })
}

/** A street has many sensors: what tells them apart is the end of the name, so the middle gives way. */
function splitName(name: string): { readonly head: string; readonly tail: string } {
  const space = name.lastIndexOf(' ')
  return space === -1 || name.length - space > 10 ? { head: name, tail: '' } : { head: name.slice(0, space), tail: name.slice(space) }
}

/** The sensor of a place in the list, as it is now. */
function sensorOf(layer: LiveLayer | undefined, shown: ShownOrder | undefined, index: number): SensorRow | undefined {
  if (layer === undefined || shown === undefined) return undefined
  const before = shown.rows[index]!
  const id = shown.roster.ids[before]!
  // A later roster may have it in another row; most have it where it was, and need no index of all ids.
  const row = layer.roster.ids[before] === id ? before : rowOf(layer.roster, id)
  return row === undefined || row >= layer.frame.count ? undefined : rowAt(layer, row)
}

interface OrderOptions {
  readonly order: Order
  readonly filter: string
  readonly district: number | undefined
  /** Somebody reads, or nobody sees it: rows keep their places. */
  readonly hold: boolean
}

function useOrder({ id: domain, worse }: DomainModel, layer: LiveLayer | undefined, { order, filter, district, hold }: OrderOptions): ShownOrder | undefined {
  const [sensorOrder] = useState(() => createSensorOrder(PLATFORM))
  const { live } = useServices()
  useLayoutEffect(() => {
    // The newest, whatever was rendered: a part that was still loading is shown a while after it, and by then the buffers have moved on.
    const newest = live.layer(domain)
    sensorOrder.follow(newest, { domain, view: newest?.frame.view ?? 'value', order, filter, district, worse }, { hold })
    // oxlint-disable-next-line react/exhaustive-deps -- what was rendered tells that there is something newer
  }, [sensorOrder, live, layer, domain, order, filter, district, worse, hold])
  useEffect(() => () => sensorOrder.close(), [sensorOrder])
  const shown = useSyncExternalStore(sensorOrder.subscribe, sensorOrder.shown)
  // The layer before, until the first answer about this one.
  return shown?.domain === domain ? shown : undefined
}

const PLATFORM: OrderEffects = {
  now: () => performance.now(),
  later(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

interface Title {
  readonly layer: string
  /** Of the layer, within a sentence. */
  readonly name: string
  readonly hasCome: boolean
  readonly known: number
  /** Absent: all of them. */
  readonly shown: number | undefined
  readonly district: string | undefined
}

/** "54 noise sensors", "12 of 54 noise sensors · North" */
function titleWords({ layer, name, hasCome, known, shown, district }: Title): string {
  if (!hasCome) return say({ id: 'sensors.title', defaultMessage: '{layer} sensors' }, { layer })
  if (shown === undefined) return say({ id: 'sensors.count', defaultMessage: '{known, plural, one {# {layer} sensor} other {# {layer} sensors}}' }, { known, layer: name })
  const part = say({ id: 'sensors.part', defaultMessage: '{known, plural, one {{shown, number} of # {layer} sensor} other {{shown, number} of # {layer} sensors}}' }, { shown, known, layer: name })
  return district === undefined ? part : `${part} · ${district}`
}

interface EmptyList {
  readonly filter: string
  readonly known: number
  readonly district: string | undefined
  readonly city: string
  readonly name: string
  /** The values are still on their way. */
  readonly coming: string | undefined
}

function emptyWords({ filter, known, district, city, name, coming }: EmptyList): string {
  if (coming !== undefined) return coming
  if (known > 0 && filter.trim() === '' && district !== undefined) return say({ id: 'sensors.noneInDistrict', defaultMessage: 'No {layer} sensor stands in {district}.' }, { layer: name, district })
  if (known > 0) return say({ id: 'sensors.noneCalled', defaultMessage: 'No sensor is called “{query}”.' }, { query: filter.trim() })
  return say({ id: 'sensors.noneYet', defaultMessage: 'No {layer} sensors of {city} have reported yet.' }, { layer: name, city })
}
