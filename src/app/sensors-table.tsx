/** All sensors as a real table, in the order of the list: for who reads by column, prints, or has no map. A part at a time. */
import { useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { freshnessWord } from '../ui/words/freshness.ts'
import { formatFull, formatSince } from '../ui/words/clock.ts'
import type { LiveLayer } from './live-store.ts'
import { shownText } from './look.ts'
import { rowAt, shownValue } from './sensor-list.ts'
import styles from './sensors-table.module.css'

export interface SensorsTableProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly layer: LiveLayer
  /** Row of the frame at each place of the list. */
  rowOf(index: number): number | undefined
  readonly count: number
  readonly selected: string | undefined
  onInspect(entityId: string): void
}

const PART = 100

export default function SensorsTable({ plan, view, layer, rowOf, count, selected, onInspect }: SensorsTableProps) {
  const [parts, setParts] = useState(1)
  const shown = Math.min(count, parts * PART)
  const isCompared = layer.frame.view !== 'value'
  const rows = Array.from({ length: shown }, (_, index) => rowOf(index)).filter((row) => row !== undefined)
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption className={controls.heard}>
          {say({ id: 'table.caption', defaultMessage: '{layer} in {city}: {shown} of {count, plural, one {# sensor} other {# sensors}}' }, { layer: view.model.name, city: plan.name, shown, count })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{say({ id: 'table.sensor', defaultMessage: 'Sensor' })}</th>
            <th scope="col" data-number>{view.model.legend.title}</th>
            {isCompared && <th scope="col" data-number>{layer.frame.view === 'usual' ? say({ id: 'table.usual', defaultMessage: 'Against usual' }) : say({ id: 'table.limit', defaultMessage: 'Against the limit' })}</th>}
            <th scope="col">{say({ id: 'table.state', defaultMessage: 'State' })}</th>
            <th scope="col">{say({ id: 'table.last', defaultMessage: 'Last reading' })}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const sensor = rowAt(layer, row)
            const value = shownValue(sensor)
            return (
              <tr key={sensor.id} data-open={sensor.id === selected || undefined}>
                <th scope="row">
                  <button type="button" className={styles.name} onClick={() => onInspect(sensor.id)}>
                    {sensor.name}
                  </button>
                </th>
                <td data-number>{sensor.isTooFew ? say({ id: 'table.tooFew', defaultMessage: 'too few to show' }) : Number.isNaN(value) ? '–' : view.format(value)}</td>
                {isCompared && <td data-number>{shownText(view, layer, sensor) ?? '–'}</td>}
                <td>{freshnessWord(sensor.freshness)}</td>
                <td>
                  {Number.isNaN(sensor.observedAtMs) ? (
                    '–'
                  ) : (
                    <time dateTime={new Date(sensor.observedAtMs).toISOString()} title={formatFull(sensor.observedAtMs, plan.timeZone)}>
                      {formatSince(sensor.observedAtMs, layer.frame.atMs, plan.timeZone)}
                    </time>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {shown < count && (
        <button type="button" className={controls.button} onClick={() => setParts(parts + 1)}>
          {say({ id: 'table.more', defaultMessage: 'Show {more} more of {count}' }, { more: Math.min(PART, count - shown), count })}
        </button>
      )}
    </div>
  )
}
