/**
 * The layer by district: what the city's tile says, for each of its parts, worst first. Choosing one frames it on the map
 * and lists its sensors alone; choosing it again shows the whole city.
 *
 * One stop of the Tab key, and arrows within: a city may have many districts.
 */
import { useRef, useState, type KeyboardEvent } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { defineMessage, say, type Message } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { formatNumber } from '../ui/words/number.ts'
import { districtRows, districtSource, noDistrictValue, type ChosenDistrict, type DistrictRow } from './districts.ts'
import styles from './districts-pane.module.css'
import { useRowsAtRest } from './rows-at-rest.ts'
import { ExplainButton } from './explain-button.tsx'
import { colourOf, comingWords, splitQuantity } from './layer-facts.ts'
import { useLayer, useLiveVersion } from './live-hooks.ts'

export interface DistrictsPaneProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly chosen: ChosenDistrict | undefined
  /** Undefined is the whole city. */
  onChoose(name: string | undefined): void
}

const NONE: readonly DistrictRow[] = []
const keyOf = ({ place }: DistrictRow): string => String(place)

export function DistrictsPane({ plan, view, theme, atMs, chosen, onChoose }: DistrictsPaneProps) {
  const { model } = view
  useLiveVersion()
  const layer = useLayer(model.id)
  const rows = useRowsAtRest(layer === undefined ? NONE : districtRows(plan, layer, model.worse), { keyOf, question: `${plan.id} ${model.id}` })
  const [reached, setReached] = useState<string | undefined>(undefined)
  const body = useRef<HTMLTableSectionElement>(null)
  if (plan.districts === undefined) return null
  const isSectors = plan.districts.kind === 'sectors'
  const names = rows.list.flatMap(({ name }) => name ?? [])
  const stop = names.find((name) => name === reached) ?? names.find((name) => name === chosen?.name) ?? names[0]
  const title = isSectors ? say({ id: 'district.bySector', defaultMessage: 'By sector' }) : say({ id: 'district.byDistrict', defaultMessage: 'By district' })

  const move = (event: KeyboardEvent): void => {
    const at = names.indexOf(stop ?? '')
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key]
    const name = next === undefined ? undefined : names[Math.max(0, Math.min(names.length - 1, next))]
    if (name === undefined) return
    event.preventDefault()
    setReached(name)
    body.current?.querySelector<HTMLElement>(`[data-district="${CSS.escape(name)}"]`)?.focus()
  }

  return (
    <section className={styles.pane} aria-label={`${title}: ${model.name}`} {...rows.hold}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <span className={styles.source} title={districtSource(plan.districts)}>
          {isSectors ? say({ id: 'district.geometry', defaultMessage: 'cut by geometry, not official districts' }) : plan.districts.source}
        </span>
        {chosen !== undefined && (
          <button type="button" className={`${controls.button} ${controls.quiet} ${styles.whole}`} onClick={() => onChoose(undefined)}>
            {say({ id: 'district.wholeCity', defaultMessage: 'Whole city' })}
          </button>
        )}
      </div>
      {layer === undefined ? (
        <p className={styles.empty}>{comingWords(atMs, plan.timeZone)}</p>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead className={controls.heard}>
              <tr>
                <th scope="col">{isSectors ? say({ id: 'district.sector', defaultMessage: 'Sector' }) : say({ id: 'district.district', defaultMessage: 'District' })}</th>
                <th scope="col">{model.legend.title}</th>
                <th scope="col">{say({ id: 'district.reporting', defaultMessage: 'Sensors that report' })}</th>
                <th scope="col">{say({ id: 'district.explanation', defaultMessage: 'Explanation' })}</th>
              </tr>
            </thead>
            <tbody ref={body}>
              {rows.list.map((row) => (
                <Row
                  key={row.place}
                  {...{ row, plan, view, theme, atMs }}
                  isChosen={row.name !== undefined && row.name === chosen?.name}
                  isStop={row.name === stop}
                  onKeyDown={move}
                  onReach={() => setReached(row.name)}
                  onChoose={() => onChoose(row.name === chosen?.name ? undefined : row.name)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

interface RowProps extends Pick<DistrictsPaneProps, 'plan' | 'view' | 'theme' | 'atMs'> {
  readonly row: DistrictRow
  readonly isChosen: boolean
  /** The one that the Tab key comes to. */
  readonly isStop: boolean
  onKeyDown(event: KeyboardEvent): void
  onReach(): void
  onChoose(): void
}

function Row({ row, plan, view, theme, atMs, isChosen, isStop, onKeyDown, onReach, onChoose }: RowProps) {
  const { model } = view
  const { name, label = name, place, total } = row
  const isOfSensors = model.across.city !== 'sum'
  const colour = total.value === undefined || !isOfSensors ? undefined : colourOf(model.legend, total.value, theme)
  const text = total.value === undefined ? undefined : splitQuantity(view.format(total.value))
  return (
    <tr className={styles.row} data-chosen={isChosen || undefined}>
      <th scope="row">
        <div className={styles.name}>
          <span className={styles.swatch} style={colour === undefined ? undefined : { background: colour }} data-empty={colour === undefined || undefined} />
          {name === undefined ? (
            <span className={styles.outside}>{say({ id: 'district.none', defaultMessage: 'In none of them' })}</span>
          ) : (
            <button type="button" data-district={name} className={styles.choose} aria-pressed={isChosen} tabIndex={isStop ? 0 : -1} title={isChosen ? say({ id: 'district.showAll', defaultMessage: 'Show the whole city' }) : say({ id: 'district.show', defaultMessage: 'Show {name} on the map and in the list' }, { name: label ?? name })} onClick={onChoose} onFocus={onReach} onKeyDown={onKeyDown}>
              {label}
            </button>
          )}
        </div>
      </th>
      <td className={styles.value}>
        {text === undefined ? (
          <span className={styles.none}>{noDistrictValue(row)}</span>
        ) : (
          <>
            {text.figure}
            {text.unit !== '' && <span className={styles.unit}>{`\u00A0${text.unit}`}</span>}
          </>
        )}
      </td>
      <td className={styles.trust} title={trustTitle(row)}>
        {trustWords(row)}
      </td>
      <td className={styles.why}>
        <ExplainButton {...{ plan, view, atMs }} of={{ subject: { kind: 'district', district: place }, name: label ?? say({ id: 'district.sensorsInNone', defaultMessage: 'the sensors in none of them' }) }} className={styles.explain} isSkipped={!isStop} />
      </td>
    </tr>
  )
}

/** "12 of 14"; of those that could give the value. */
function trustWords({ total: { reporting, known, tooFew }, other }: DistrictRow): string {
  const of = known === other ? '' : say({ id: 'district.partOf', defaultMessage: '{part} of {whole}' }, { part: formatNumber(reporting), whole: formatNumber(known - other) })
  const held = tooFew === 0 || known === 0 ? '' : say({ id: 'district.countTooFew', defaultMessage: '{count} too few' }, { count: formatNumber(tooFew) })
  return [of, held].filter((part) => part !== '').join(' · ')
}

function trustTitle({ total: { reporting, known, late, lost, tooFew }, other }: DistrictRow): string {
  const parts: readonly (readonly [count: number, words: Message])[] = [
    [late, defineMessage({ id: 'district.late', defaultMessage: '{count} late' })],
    [lost, defineMessage({ id: 'district.lost', defaultMessage: '{count} lost' })],
    [other, defineMessage({ id: 'district.other', defaultMessage: '{count} giving another measure' })],
    [tooFew, defineMessage({ id: 'district.heldBack', defaultMessage: '{count} too few to show' })],
  ]
  const rest = parts.filter(([count]) => count > 0).map(([count, words]) => say(words, { count: formatNumber(count) }))
  return [say({ id: 'district.trust', defaultMessage: '{part} of {whole} sensors give a value that counts' }, { part: formatNumber(reporting), whole: formatNumber(known) }), ...rest].join(', ')
}
