/**
 * A date and time to type or step, on a 24-hour clock and largest unit first, whatever the language of the
 * browser: its own field shows AM and PM, and a day before or after its month, as the machine was set up.
 *
 * Each part is a real text field with the role of a spinbutton: digits are typed on any keyboard, ↑ and ↓
 * step and carry over, Enter submits the form around it.
 */
import { useRef, useState, type KeyboardEvent } from 'react'
import { defineMessage, say, type Message } from '../language/say.ts'
import controls from './controls.module.css'
import styles from './wall-field.module.css'
import { parseWall, PARTS, putInWall, stepWall, type WallPart } from './wall-parts.ts'

export interface WallFieldProps {
  /** "2026-11-20T08:14" */
  readonly value: string
  readonly label: string
  /** It differs from the time that is shown. */
  readonly isChanged: boolean
  onChange(value: string): void
  /** Escape: what was typed is not meant. */
  onCancel(): void
}

const WORDS: Readonly<Record<WallPart, Message>> = {
  year: defineMessage({ id: 'time.year', defaultMessage: 'Year' }),
  month: defineMessage({ id: 'time.month', defaultMessage: 'Month' }),
  day: defineMessage({ id: 'time.day', defaultMessage: 'Day' }),
  hour: defineMessage({ id: 'time.hour', defaultMessage: 'Hour' }),
  minute: defineMessage({ id: 'time.minute', defaultMessage: 'Minute' }),
}
const BEFORE: Readonly<Record<WallPart, string>> = { year: '', month: '-', day: '-', hour: ' ', minute: ':' }
const LENGTH: Readonly<Record<WallPart, number>> = { year: 4, month: 2, day: 2, hour: 2, minute: 2 }

export function WallField({ value, label, isChanged, onChange, onCancel }: WallFieldProps) {
  /** The part that is being typed shows what was typed, not yet what it means. */
  const [typing, setTyping] = useState<{ readonly part: WallPart; readonly digits: string } | undefined>(undefined)
  const fields = useRef(new Map<WallPart, HTMLInputElement>())
  const parts = parseWall(value)
  if (parts === undefined) return null

  function focus(part: WallPart | undefined): void {
    if (part !== undefined) fields.current.get(part)?.select()
  }

  function type(part: WallPart, text: string): void {
    const digits = text.replaceAll(/\D/g, '').slice(0, LENGTH[part])
    setTyping({ part, digits })
    const isWhole = part !== 'year' || digits.length === LENGTH.year
    const next = digits === '' || !isWhole ? undefined : putInWall(value, part, Number(digits))
    if (next === undefined) return
    onChange(next)
    // Full, or no digit can follow: on to the next part.
    if (digits.length === LENGTH[part] || putInWall(value, part, Number(digits) * 10) === undefined) focus(PARTS[PARTS.indexOf(part) + 1])
  }

  function onKey(part: WallPart, event: KeyboardEvent<HTMLInputElement>): void {
    switch (event.key) {
      case 'ArrowUp':
      case 'ArrowDown':
        setTyping(undefined)
        onChange(stepWall(value, part, event.key === 'ArrowUp' ? 1 : -1))
        break
      case 'ArrowLeft':
        focus(PARTS[PARTS.indexOf(part) - 1])
        break
      case 'ArrowRight':
        focus(PARTS[PARTS.indexOf(part) + 1])
        break
      case 'Escape':
        if (!isChanged) return
        setTyping(undefined)
        onCancel()
        break
      default:
        return
    }
    event.preventDefault()
  }

  return (
    <fieldset aria-label={label} className={styles.group}>
      {/* A fieldset lays its parts out by rules of its own: the look is its child's. */}
      <div className={`${controls.field} ${styles.field}`}>
        {PARTS.map((part) => (
          <span key={part} className={styles.part}>
            {BEFORE[part] !== '' && <span aria-hidden="true">{BEFORE[part]}</span>}
            <input
              ref={(element) => {
                if (element !== null) fields.current.set(part, element)
              }}
              type="text"
              inputMode="numeric"
              role="spinbutton"
              className={styles.input}
              style={{ width: `${LENGTH[part]}ch` }}
              aria-label={say(WORDS[part])}
              aria-valuenow={parts[part]}
              autoComplete="off"
              value={typing?.part === part ? typing.digits : String(parts[part]).padStart(LENGTH[part], '0')}
              onFocus={({ target }) => target.select()}
              onBlur={() => setTyping(undefined)}
              onChange={({ target }) => type(part, target.value)}
              onKeyDown={(event) => onKey(part, event)}
            />
          </span>
        ))}
      </div>
    </fieldset>
  )
}
