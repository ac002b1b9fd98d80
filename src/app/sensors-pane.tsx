/**
 * The list of sensors: the map's equal for the keyboard and for the ear.
 *
 * The list knows only ids and their order; each visible row follows its own values. So a frame costs
 * what is seen, and rows stay where they are while somebody reads them.
 */
import { useEffect, useMemo, useRef, useState } from 'react'
import { GridList, GridListItem } from 'react-aria-components/GridList'
import { ListLayout, Virtualizer } from 'react-aria-components/Virtualizer'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import controls from '../ui/controls.module.css'
import { FRESHNESS_WORDS, StateGlyph } from '../ui/state-glyph.tsx'
import { formatWhen } from '../ui/words/age.ts'
import { formatFull } from '../ui/words/clock.ts'
import { formatCount, formatNumber } from '../ui/words/number.ts'
import { useChoices } from './choices.ts'
import { ExportButtons } from './export-buttons.tsx'
import { colourOf, comingWords, splitQuantity } from './layer-facts.ts'
import { useLiveVersion, useNow, useSensor, useLayer } from './live-hooks.ts'
import { classWord, legendOf, shownText } from './look.ts'
import { useReturnOfFocus } from './return-focus.ts'
import { filterRows, givesOther, ORDERS, rowsOf, settleOrder, shownValue, sortRows, type Order } from './sensor-list.ts'
import styles from './sensors-pane.module.css'

export interface SensorsPaneProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly selected: string | undefined
  onInspect(entityId: string): void
}

const FIRST_WORDS: Readonly<Record<DomainModel['worse'], string>> = { higher: 'Highest first', lower: 'Lowest first', neither: 'Highest first' }
const ORDER_WORDS: Readonly<Record<Exclude<Order, 'value'>, string>> = { name: 'By name', age: 'Oldest first' }

export function SensorsPane({ plan, view, theme, atMs, selected, onInspect }: SensorsPaneProps) {
  const { model } = view
  const order = useChoices((choices) => choices.order)
  const filter = useChoices((choices) => choices.filter)
  const set = useChoices((choices) => choices.set)
  const highlighted = useChoices((choices) => choices.highlighted)
  const [isRead, setIsRead] = useState(false)
  const { ids, known, hasCome } = useOrder(model, { order, filter, hold: isRead })
  const items = useItems(ids)
  const rowHeight = useRem() * 3
  const body = useRef<HTMLDivElement>(null)
  useReturnOfFocus({ selected, ids, rowHeightPx: rowHeight, body })
  const layoutOptions = useMemo(() => ({ rowHeight }), [rowHeight])
  const name = model.name.toLowerCase()
  const highlight = (target: EventTarget): void => {
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined
    if (id !== useChoices.getState().highlighted) set({ highlighted: id })
  }

  return (
    <section className={styles.pane} data-pane="sensors" aria-label={`Sensors: ${model.name}`}>
      <div className={styles.head}>
        <h2 className={styles.title}>
          {!hasCome ? `${model.name} sensors` : filter.trim() === '' ? `${formatNumber(known)} ${name} ${known === 1 ? 'sensor' : 'sensors'}` : `${formatNumber(ids.length)} of ${formatNumber(known)} ${name} sensors`}
        </h2>
        <select className={`${controls.field} ${styles.order}`} aria-label="Order" value={order} onChange={({ target }) => set({ order: ORDERS.find((one) => one === target.value) ?? 'value' })}>
          {ORDERS.map((one) => (
            <option key={one} value={one}>
              {one === 'value' ? FIRST_WORDS[model.worse] : ORDER_WORDS[one]}
            </option>
          ))}
        </select>
        <input
          type="search"
          className={`${controls.field} ${styles.filter}`}
          aria-label="Filter sensors by name or id"
          placeholder="Filter by name or id"
          data-shortcut="filter"
          value={filter}
          onChange={({ target }) => set({ filter: target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || filter === '') return
            event.stopPropagation()
            set({ filter: '' })
          }}
        />
        <ExportButtons {...{ plan, view, atMs }} />
      </div>
      <div
        ref={body}
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
        <Virtualizer layout={ListLayout} layoutOptions={layoutOptions}>
          <GridList
            aria-label={`Sensors of ${plan.name}: ${model.name}`}
            className={styles.list ?? ''}
            items={items}
            // A row that was drawn is kept as it was until one of these changes.
            dependencies={[plan, view, theme, atMs, selected, highlighted]}
            selectionMode="none"
            // Letters are shortcuts and the field above finds names: typing in the list would be a third meaning.
            disallowTypeAhead
            onAction={(key) => onInspect(String(key))}
            renderEmptyState={() => <p className={styles.empty}>{emptyWords({ filter, known, city: plan.name, name, coming: hasCome ? undefined : comingWords(atMs, plan.timeZone) })}</p>}
          >
            {({ id }) => (
              // A blank text, so that a row is called what stands in it: name, age and value, as they are now.
              <GridListItem id={id} textValue=" " className={styles.item ?? ''}>
                <Row id={id} {...{ plan, view, theme, atMs }} isOpen={id === selected} isHighlighted={id === highlighted} />
              </GridListItem>
            )}
          </GridList>
        </Virtualizer>
      </div>
    </section>
  )
}

interface RowProps {
  readonly id: string
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly isOpen: boolean
  readonly isHighlighted: boolean
}

function Row({ id, plan, view, theme, atMs, isOpen, isHighlighted }: RowProps) {
  const { model } = view
  useLiveVersion()
  const layer = useLayer(model.id)
  const sensor = useSensor(model.id, id)
  const nowMs = useNow(atMs)
  if (sensor === undefined || layer === undefined) return <div className={styles.row}>{id}</div>
  const { freshness, warnings, observedAtMs, hasPosition } = sensor
  // Only a value has an old one to fall back on: what is compared is compared now.
  const isValue = layer.frame.view === 'value'
  const value = isValue ? shownValue(sensor) : sensor.shown
  const isDry = freshness === 'stale' || freshness === 'lost'
  const text = Number.isNaN(value) ? undefined : isValue ? view.format(value) : shownText(view, layer, sensor)
  const shown = text === undefined ? undefined : splitQuantity(text)
  const isOther = givesOther(sensor)
  const warningCount = new Set(warnings.map(({ kind }) => kind)).size
  const { head, tail } = splitName(sensor.name)
  const notes = [
    freshness === 'fresh' ? '' : FRESHNESS_WORDS[freshness],
    isValue || Number.isNaN(value) ? '' : (classWord(legendOf(model, layer), value) ?? ''),
    hasPosition ? '' : 'no position',
    warningCount === 0 ? '' : `▲ ${formatCount(warningCount, 'warning', 'warnings')}`,
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
          {[formatWhen(observedAtMs, { nowMs, timeZone: plan.timeZone, isHistory: atMs !== undefined }), ...notes].join(' · ')}
        </div>
      </div>
      <div className={styles.value} data-dry={isDry || undefined}>
        {shown === undefined ? (
          <span className={styles.unit}>{sensor.isTooFew ? 'too few to show' : isOther ? 'another measure' : isValue || Number.isNaN(sensor.value) ? 'no value' : 'no usual yet'}</span>
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

/** A street has many sensors: what tells them apart is the end of the name, so the middle gives way. */
function splitName(name: string): { readonly head: string; readonly tail: string } {
  const space = name.lastIndexOf(' ')
  return space === -1 || name.length - space > 10 ? { head: name, tail: '' } : { head: name.slice(0, space), tail: name.slice(space) }
}

interface OrderOptions {
  readonly order: Order
  readonly filter: string
  /** Somebody reads: rows keep their places. */
  readonly hold: boolean
}

function useOrder({ id: domain, worse }: DomainModel, { order, filter, hold }: OrderOptions): { readonly ids: readonly string[]; readonly known: number; readonly hasCome: boolean } {
  const layer = useLayer(domain)
  const question = `${domain} ${layer?.frame.view ?? ''} ${order} ${filter}`
  const [shown, setShown] = useState<{ readonly question: string; readonly ids: readonly string[] }>({ question, ids: [] })
  const sorted = useMemo(() => (layer === undefined ? [] : sortRows(filterRows(rowsOf(layer), filter), order, worse).map(({ id }) => id)), [layer, filter, order, worse])
  // A new question is a new order; the same one keeps its rows in place while they are read.
  const isSame = shown.question === question
  const ids = settleOrder(isSame ? shown.ids : [], sorted, { hold: hold && isSame })
  if (ids !== shown.ids || !isSame) setShown({ question, ids })
  return { ids, known: layer?.frame.count ?? 0, hasCome: layer !== undefined }
}

const itemsById = new Map<string, { readonly id: string }>()

/** One object for each id for good: the collection is built anew only where the order changed. */
function useItems(ids: readonly string[]): readonly { readonly id: string }[] {
  return useMemo(() => ids.map(itemOf), [ids])
}

function itemOf(id: string): { readonly id: string } {
  let item = itemsById.get(id)
  if (item === undefined) itemsById.set(id, (item = { id }))
  return item
}

/** Pixels of one rem: rows grow with the screen and with the reader's own text size. */
function useRem(): number {
  const [rem, setRem] = useState(16)
  useEffect(() => {
    const read = (): void => setRem(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16)
    read()
    addEventListener('resize', read)
    return () => removeEventListener('resize', read)
  }, [])
  return rem
}

interface EmptyList {
  readonly filter: string
  readonly known: number
  readonly city: string
  readonly name: string
  /** The values are still on their way. */
  readonly coming: string | undefined
}

function emptyWords({ filter, known, city, name, coming }: EmptyList): string {
  if (coming !== undefined) return coming
  if (known > 0) return `No sensor is called “${filter.trim()}”.`
  return `No ${name} sensors of ${city} have reported yet.`
}
