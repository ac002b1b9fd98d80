/**
 * One layer in one glance, and the switch that lets it own the map's colour.
 * Reads top down: name, value with its day, how it stands to usual, who reports, how old the newest is and how it was made.
 */
import { say } from '../language/say.ts'
import { Sparkline, type SparklineProps } from './sparkline.tsx'
import styles from './tile.module.css'
import { keepTogether, NBSP } from './words/number.ts'

export interface TileProps {
  readonly name: string
  /** Number and unit apart, for the unit is set smaller; a class in words has no unit. */
  readonly value?: { readonly figure: string; readonly unit: string } | undefined
  /** In place of the value: why there is none. */
  readonly noValue: string
  readonly statistic: string
  readonly reporting: string
  /** Who reports something else. */
  readonly other: string
  readonly age: string
  /** The last 24 hours. */
  readonly line?: SparklineProps | undefined
  /** How the value stands to what is usual at this hour; absent while that is not known. */
  readonly usual?: { readonly side: 'below' | 'usual' | 'above' | 'unknown'; readonly text: string } | undefined
  /** In words, when something is wrong: "late". */
  readonly trouble?: string | undefined
  /** Class colour of the value; only the layer that owns colour has one. */
  readonly colour?: string | undefined
  /** The value is one of a visit before: dried ink. */
  readonly isDry?: boolean | undefined
  readonly isSelected: boolean
  readonly isGhost: boolean
  /** Id of the text that says in full what the number is. */
  readonly describedBy?: string | undefined
  /** The key that selects it. */
  readonly shortcut: string
  onSelect(options: { readonly asGhost: boolean }): void
}

export function Tile(props: TileProps) {
  const { name, value, noValue, statistic, reporting, other, age, line, usual, trouble, colour, isDry, isSelected, isGhost, describedBy, shortcut, onSelect } = props
  const heard = [reporting, age].filter((text) => text !== '')
  return (
    <button
      type="button"
      className={styles.tile}
      aria-pressed={isSelected}
      aria-keyshortcuts={shortcut}
      aria-describedby={describedBy}
      data-ghost={isGhost || undefined}
      data-dry={isDry || undefined}
      title={say({ id: 'tile.title', defaultMessage: 'Show {layer} on the map (key {key}). Shift-click adds it in grey.' }, { layer: name, key: shortcut })}
      onClick={(event) => onSelect({ asGhost: event.shiftKey })}
    >
      <span className={styles.name}>
        {name}
        {isGhost && <span className={styles.ghost}>{say({ id: 'tile.inGrey', defaultMessage: 'in grey' })}</span>}
        <kbd className={styles.key} aria-hidden="true">
          {shortcut}
        </kbd>
      </span>
      <span className={styles.figures}>
        {value === undefined ? (
          <span className={styles.none}>{noValue}</span>
        ) : (
          <span className={styles.value}>
            {colour !== undefined && <span className={styles.swatch} style={{ background: colour }} />}
            <span>{value.figure}</span>
            {value.unit !== '' && <span className={styles.unit}>{`\u00A0${value.unit}`}</span>}
          </span>
        )}
        {line !== undefined && (
          <span className={styles.line}>
            <Sparkline {...line} />
          </span>
        )}
      </span>
      {/* Its place is kept while it is being read: tiles that grow would move the map. */}
      <span className={styles.words}>
        {usual === undefined ? (
          <span className={styles.usual}>{'\u00A0'}</span>
        ) : (
          <span className={styles.usual} data-side={usual.side}>
            {usual.side === 'above' && <span aria-hidden="true">▲ </span>}
            {usual.side === 'below' && <span aria-hidden="true">▼ </span>}
            {usual.text}
          </span>
        )}
        <span className={styles.trust}>
          {heard.map((text) => text.replaceAll(' ', NBSP)).join(' · ')}
          {trouble !== undefined && <span className={styles.trouble}> ▲ {trouble}</span>}
          <span className={styles.made}>
            {heard.length > 0 && ' · '}
            {[other, keepTogether(statistic)].filter((text) => text !== '').join(' · ')}
          </span>
        </span>
      </span>
    </button>
  )
}
