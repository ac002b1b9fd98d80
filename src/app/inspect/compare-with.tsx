/** Chooses another sensor of the layer, whose line is drawn beside this one's: the nearest and the starred first, then all by name. */
import { useMemo } from 'react'
import { distanceM } from '../../core/geo/position.ts'
import { positionAt } from '../../explain/members.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { formatQuantity } from '../../ui/words/number.ts'
import type { LiveLayer } from '../live-store.ts'
import { nameCollator } from '../name-order.ts'
import { shortName } from '../sensor-list.ts'
import { useStars } from '../stars.ts'
import styles from './inspect.module.css'

const NEAREST = 8
/** A list of ten thousand is no choice: the map and the list above find a sensor, and its link names it. */
const MOST_NAMED = 500

export interface CompareWithProps {
  readonly layer: LiveLayer
  readonly entityId: string
  readonly chosen: string | undefined
  onChoose(entityId: string | undefined): void
}

export function CompareWith({ layer: { frame, roster }, entityId, chosen, onChoose }: CompareWithProps) {
  const stars = useStars()
  // Who there is changes with the roster; distances of sensors that stand are not made anew with each frame.
  const options = useMemo(() => {
    const own = roster.ids.indexOf(entityId)
    const here = own === -1 ? undefined : positionAt(frame.positions, own)
    const all = roster.ids.slice(0, frame.count).flatMap((id, row) => {
      if (id === entityId) return []
      const there = positionAt(frame.positions, row)
      const name = roster.names[row]
      return [{ id, name: name === undefined || name === '' ? shortName(id) : name, metres: here === undefined || there === undefined ? Infinity : distanceM(here, there) }]
    })
    const nearest = all.filter(({ metres }) => metres < Infinity).toSorted((a, b) => a.metres - b.metres).slice(0, NEAREST)
    return { all, nearest, named: all.toSorted((a, b) => nameCollator().compare(a.name, b.name)).slice(0, MOST_NAMED) }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- positions move with every frame and matter here only as the order of a list
  }, [roster, entityId])
  const starred = options.all.filter(({ id }) => stars.has(id))
  const isKnown = chosen === undefined || options.all.some(({ id }) => id === chosen)
  return (
    <label className={styles.compare}>
      <span>{say({ id: 'inspect.compareWith', defaultMessage: 'Compare with' })}</span>
      <select className={controls.field} value={chosen ?? ''} onChange={({ target }) => onChoose(target.value === '' ? undefined : target.value)}>
        <option value="">{say({ id: 'inspect.compareNone', defaultMessage: 'nothing' })}</option>
        {!isKnown && <option value={chosen}>{say({ id: 'inspect.compareGone', defaultMessage: '{id}, not known now' }, { id: shortName(chosen) })}</option>}
        {starred.length > 0 && (
          <optgroup label={say({ id: 'inspect.compareStarred', defaultMessage: 'Starred' })}>
            {starred.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        {options.nearest.length > 0 && (
          <optgroup label={say({ id: 'inspect.compareNearest', defaultMessage: 'Nearest' })}>
            {options.nearest.map(({ id, name, metres }) => (
              <option key={id} value={id}>
                {say({ id: 'inspect.compareAway', defaultMessage: '{name}, {distance}' }, { name, distance: metres < 1_000 ? formatQuantity(Math.round(metres), 0, 'm') : formatQuantity(metres / 1_000, 1, 'km') })}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label={options.all.length > MOST_NAMED ? say({ id: 'inspect.compareFirst', defaultMessage: 'The first {shown} of {count} by name' }, { shown: MOST_NAMED, count: options.all.length }) : say({ id: 'inspect.compareAll', defaultMessage: 'All by name' })}>
          {options.named.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  )
}
