/**
 * What needs a look, in all layers of the city: the map's equal for who asks what is abnormal, where and since when.
 * Choosing a place goes to its layer and opens it.
 */
import { useEffect, useRef } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { isBand } from '../core/stats/usual.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import { RowList, type RowListHandle } from '../ui/row-list.tsx'
import { formatWhen } from '../ui/words/age.ts'
import { formatFull } from '../ui/words/clock.ts'
import { formatNumber } from '../ui/words/number.ts'
import type { Unusual, UnusualPlace } from '../workers/city.messages.ts'
import { useChoices } from './choices.ts'
import { comingWords, splitQuantity } from './layer-facts.ts'
import { useLiveVersion, useNow, useStatus } from './live-hooks.ts'
import { useReturnOfFocus } from './return-focus.ts'
import { useRowsAtRest } from './rows-at-rest.ts'
import { useServices } from './services.ts'
import { placeKey } from './unusual-place.ts'
import { UnusualGlyph } from './unusual-glyph.tsx'
import styles from './unusual-pane.module.css'
import { deltaWords, sinceWords, unusualCount } from './unusual-words.ts'
import { useRem } from './use-rem.ts'

export interface UnusualPaneProps {
  readonly plan: CityPlan
  readonly views: readonly DomainView[]
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly unusual: Unusual | undefined
  /** Key of the place that is marked by hand or by `J` and `K`. */
  readonly marked: string | undefined
  readonly selected: string | undefined
  onChoose(place: UnusualPlace): void
}

export function UnusualPane({ plan, views, atMs, unusual, marked, selected, onChoose }: UnusualPaneProps) {
  const nowMs = useNow(atMs)
  const isLive = useStatus()?.mode === 'live'
  const set = useChoices((choices) => choices.set)
  const places = useRowsAtRest(unusual?.places ?? NONE, { keyOf: placeKey, question: `${plan.id} ${atMs ?? 'now'}` })
  const list = useRef<RowListHandle>(null)
  useReturnOfFocus({ selected, list })
  useMarkInView(marked, list)
  const rowHeightPx = useRem() * ROW_REM
  const indexOf = (key: string): number => places.list.findIndex((place) => placeKey(place) === key || place.id === key)
  const highlight = (target: EventTarget): void => {
    const key = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined
    set({ marked: key, highlighted: key === undefined ? undefined : places.list[indexOf(key)]?.id })
  }
  const hidden = unusual === undefined ? 0 : unusualCount(unusual) - unusual.places.length

  return (
    <section className={styles.pane} aria-label={say({ id: 'unusual.title', defaultMessage: 'Unusual now' })} {...places.hold}>
      <div className={styles.list} onFocus={({ target }) => highlight(target)} onPointerOver={({ target }) => highlight(target)} onPointerLeave={() => set({ marked: undefined, highlighted: undefined })}>
        <RowList
          handle={list}
          label={say({ id: 'unusual.list', defaultMessage: 'Unusual places of {city}, what is farthest from usual first' }, { city: plan.name })}
          count={places.list.length}
          {...{ rowHeightPx, indexOf }}
          keyAt={(index) => placeKey(places.list[index]!)}
          renderRow={(index) => {
            const place = places.list[index]!
            const view = views.find(({ model }) => model.id === place.domain)
            return view === undefined ? place.name : <Row {...{ place, view, plan, nowMs }} isHistory={atMs !== undefined} isMarked={placeKey(place) === marked} isOpen={place.id === selected} />
          }}
          empty={<p className={styles.empty}>{unusual === undefined ? lookingWords({ atMs, isLive, plan }) : nothingWords(unusual)}</p>}
          onAction={(key) => {
            const place = places.list[indexOf(key)]
            if (place !== undefined) onChoose(place)
          }}
        />
      </div>
      <Foot {...{ plan, views, unusual, hidden }} />
    </section>
  )
}

/** Of a city that has not answered nothing can be looked through. */
function lookingWords({ atMs, isLive, plan }: { readonly atMs: number | undefined; readonly isLive: boolean; readonly plan: CityPlan }): string {
  if (atMs !== undefined) return comingWords(atMs, plan.timeZone)
  return isLive ? say({ id: 'unusual.looking', defaultMessage: 'Looking through all sensors…' }) : say({ id: 'tile.waiting', defaultMessage: 'Waiting for data…' })
}

const NONE: readonly UnusualPlace[] = []

/** Room for three lines, of which one or two are the name: what tells one microphone of a street from the next stands at its end. */
const ROW_REM = 3.5

interface RowProps {
  readonly place: UnusualPlace
  readonly view: DomainView
  readonly plan: CityPlan
  readonly nowMs: number
  readonly isHistory: boolean
  readonly isMarked: boolean
  readonly isOpen: boolean
}

function Row({ place, view, plan, nowMs, isHistory, isMarked, isOpen }: RowProps) {
  const { timeZone } = plan
  const value = Number.isNaN(place.value) || isSilent(place) ? undefined : splitQuantity(view.format(place.value))
  const since = sinceWords(place, { nowMs, timeZone })
  const lastHeard = formatWhen(place.observedAtMs, { nowMs, timeZone, isHistory })
  const delta = deltaWords(view, place, { nowMs, timeZone })
  return (
    <div className={styles.row} data-highlighted={isMarked || undefined} data-open={isOpen || undefined}>
      <UnusualGlyph kind={place.kind} />
      <div className={styles.line}>
        <div className={styles.name} title={place.name}>
          {place.name}
        </div>
        <div className={styles.value}>
          {value === undefined ? (
            <span className={styles.unit}>–</span>
          ) : (
            <>
              {value.figure}
              {value.unit !== '' && <span className={styles.unit}>{`\u00A0${value.unit}`}</span>}
            </>
          )}
        </div>
      </div>
      <div className={styles.line}>
        <div className={styles.delta} title={Number.isNaN(place.observedAtMs) ? undefined : say({ id: 'unusual.heardAt', defaultMessage: 'Last reading {time}' }, { time: formatFull(place.observedAtMs, timeZone) })}>
          {view.model.name} · {delta}
        </div>
        {!isSilent(place) && <div className={styles.since}>{since === '' ? lastHeard : since}</div>}
      </div>
    </div>
  )
}

function isSilent({ kind }: UnusualPlace): boolean {
  return kind === 'late' || kind === 'lost' || kind === 'clockError'
}

/** "Nothing is unusual. 384 of 395 sensors are fresh." */
function nothingWords({ layers }: Unusual): string {
  const known = layers.reduce((sum, layer) => sum + layer.known, 0)
  const fresh = layers.reduce((sum, layer) => sum + layer.fresh, 0)
  return say({ id: 'unusual.nothing', defaultMessage: 'Nothing is unusual. {fresh} of {known, plural, one {# sensor is} other {# sensors are}} fresh.' }, { fresh: formatNumber(fresh), known })
}

/** What the list rests on: how many are compared, how many lie only a little outside, and where there is no usual yet. */
function Foot({ plan, views, unusual, hidden }: { readonly plan: CityPlan; readonly views: readonly DomainView[]; readonly unusual: Unusual | undefined; readonly hidden: number }) {
  useLiveVersion()
  const { live } = useServices()
  if (unusual === undefined) return null
  const sum = (count: (layer: Unusual['layers'][number]) => number): number => unusual.layers.reduce((total, layer) => total + count(layer), 0)
  const compared = sum((layer) => layer.compared)
  const between = sum(({ outside, above, below }) => outside - above - below)
  const without = views.flatMap(({ model }) => {
    const usual = live.layer(model.id)?.frame.total.usual
    return usual === undefined || isBand(usual) ? [] : [{ name: model.name, ...usual }]
  })
  const reading = views.filter(({ model }) => plan.layers.includes(model.id) && live.layer(model.id)?.frame.total.usual === undefined && model.windowMs <= 3_600_000)
  const notes = [
    hidden > 0 ? say({ id: 'unusual.hidden', defaultMessage: '{count, plural, one {One more is} other {# more are}} unusual.' }, { count: hidden }) : '',
    compared > 0 ? say({ id: 'unusual.compared', defaultMessage: '{compared, plural, one {# sensor is} other {# sensors are}} compared with usual for this hour; {between, plural, =0 {none} one {# lies} other {# lie}} a little outside, as one in five always does.' }, { compared, between }) : '',
    ...without.map(({ name, haveDays, needDays }) => say({ id: 'unusual.notYet', defaultMessage: '{layer}: no usual yet, {have} of {need} days.' }, { layer: name, have: haveDays, need: needDays })),
    reading.length > 0 ? say({ id: 'unusual.reading', defaultMessage: 'What is usual is still being read for {layers}.' }, { layers: reading.map(({ model }) => model.name).join(', ') }) : '',
  ].filter((text) => text !== '')
  return notes.length === 0 ? null : <p className={styles.foot}>{notes.join(' ')}</p>
}

/** What `J` and `K` mark is brought into view, and has the focus: Enter is then the list's own. */
function useMarkInView(marked: string | undefined, list: React.RefObject<RowListHandle | null>): void {
  const isByKey = useChoices((choices) => choices.isMarkedByKey)
  useEffect(() => {
    if (marked !== undefined && isByKey) list.current?.focusRow(marked)
  }, [marked, isByKey, list])
}
