/** Whether the sensors around say the same, and which they are: each a way to its own drawer. */
import { plainFrame } from '../../domains/frame.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { neighboursOf, verdictOf, type Neighbour } from '../../explain/neighbours.ts'
import { say } from '../../language/say.ts'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { LiveLayer } from '../live-store.ts'
import { shortName } from '../sensor-list.ts'
import styles from './inspect.module.css'

const MOST_SHOWN = 12

export interface NeighboursProps {
  readonly view: DomainView
  readonly layer: LiveLayer
  readonly row: number
  onInspect(entityId: string): void
}

export function Neighbours({ view, layer, row, onInspect }: NeighboursProps) {
  const { neighbours: rule, legend } = view.model
  if (rule === undefined) return null
  const found = neighboursOf({ frame: plainFrame(layer.frame), roster: layer.roster, rule, row })
  const within = formatQuantity(rule.withinM, 0, 'm')
  if (found === undefined) return <p className={styles.verdict}>{say({ id: 'inspect.neighboursNotCompared', defaultMessage: 'Not compared with its neighbours: it has no place, or no value of now.' })}</p>
  const margin = legend.unit === '' ? say({ id: 'inspect.sameClass', defaultMessage: 'Agreeing means the same class.' }) : say({ id: 'inspect.agreeWithin', defaultMessage: 'Agreeing means no more than {margin} apart.' }, { margin: formatQuantity(rule.agreeWithin, Number.isInteger(rule.agreeWithin) ? 0 : 1, legend.unit) })
  if (found.length === 0) return <p className={styles.verdict}>{verdictWords(found, within)}</p>
  return (
    <details className={styles.fold}>
      <summary>{verdictWords(found, within)}</summary>
      <ul className={styles.neighbours}>
        {found.slice(0, MOST_SHOWN).map((neighbour) => {
          const id = layer.roster.ids[neighbour.row] ?? ''
          const name = layer.roster.names[neighbour.row]
          return (
            <li key={id}>
              <button type="button" onClick={() => onInspect(id)}>
                <span>{name === undefined || name === '' ? shortName(id) : name}</span>
                <span className={styles.note}>{formatQuantity(Math.round(neighbour.distanceM), 0, 'm')}</span>
                <span>{view.format(neighbour.value)}</span>
                <span>{neighbour.agrees ? say({ id: 'inspect.agrees', defaultMessage: 'agrees' }) : say({ id: 'inspect.differs', defaultMessage: 'differs' })}</span>
              </button>
            </li>
          )
        })}
      </ul>
      <p className={styles.note}>
        {found.length > MOST_SHOWN && `${say({ id: 'inspect.neighboursNearest', defaultMessage: 'The nearest {shown} of {count}.' }, { shown: MOST_SHOWN, count: found.length })} `}
        {margin}
      </p>
    </details>
  )
}

function verdictWords(found: readonly Neighbour[], within: string): string {
  const count = found.length
  const agree = found.filter(({ agrees }) => agrees).length
  const values = { agree: formatNumber(agree), count: formatNumber(count), within }
  switch (verdictOf({ compared: count, agreeing: agree })) {
    case 'none':
      return say({ id: 'inspect.verdictNone', defaultMessage: 'No neighbour within {within} to compare with' }, { within })
    case 'too-few':
      return agree === 1
        ? say({ id: 'inspect.verdictOneAgrees', defaultMessage: 'Only one neighbour within {within}: it agrees' }, { within })
        : say({ id: 'inspect.verdictOneDiffers', defaultMessage: 'Only one neighbour within {within}: it differs' }, { within })
    case 'real':
      return say({ id: 'inspect.verdictReal', defaultMessage: 'Probably real: {agree} of {count} neighbours within {within} agree' }, values)
    case 'divided':
      return say({ id: 'inspect.verdictDivided', defaultMessage: 'Not clear: {agree} of {count} neighbours within {within} agree' }, values)
    case 'doubtful':
      return say({ id: 'inspect.verdictDoubtful', defaultMessage: 'Local, or wrong: {agree} of {count} neighbours within {within} agree' }, values)
  }
}
