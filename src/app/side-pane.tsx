/** Beside the map: what is unusual in the city, all sensors of the layer, or its districts. One of them has the room. */
import type { ReactNode } from 'react'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { formatNumber } from '../ui/words/number.ts'
import type { ListName } from './search.ts'
import styles from './side-pane.module.css'

export interface SidePaneProps {
  readonly list: ListName | undefined
  /** Undefined while it is not known. */
  readonly unusualCount: number | undefined
  readonly sensorCount: number | undefined
  readonly hasDistricts: boolean
  readonly isHistory: boolean
  readonly children: ReactNode
  onList(list: ListName | undefined): void
}

export function SidePane({ list, unusualCount, sensorCount, hasDistricts, isHistory, children, onList }: SidePaneProps) {
  const choice = (name: ListName | undefined, text: string, count: number | undefined) => (
    <button type="button" className={`${controls.button} ${styles.choice}`} aria-pressed={list === name || (name === 'all' && list === 'table')} onClick={() => onList(name)}>
      {text}
      {count !== undefined && <span className={styles.count}>{formatNumber(count)}</span>}
    </button>
  )
  return (
    <div className={styles.side} data-pane="side">
      <fieldset className={styles.choices} aria-label={say({ id: 'side.choices', defaultMessage: 'Beside the map' })}>
        {choice(undefined, isHistory ? say({ id: 'unusual.titleThen', defaultMessage: 'Unusual then' }) : say({ id: 'unusual.title', defaultMessage: 'Unusual now' }), unusualCount)}
        {choice('all', say({ id: 'side.all', defaultMessage: 'All sensors' }), sensorCount)}
        {hasDistricts && choice('districts', say({ id: 'side.districts', defaultMessage: 'Districts' }), undefined)}
      </fieldset>
      {children}
    </div>
  )
}
