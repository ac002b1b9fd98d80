/** `G` and then a letter goes to another screen, while single keys are on and no field has the focus. */
import { useEffect, useEffectEvent } from 'react'
import { heardKey } from './heard-key.ts'

/** The second key is waited for so long. */
const PATIENCE_MS = 1_500

export function useGoKeys(places: Readonly<Record<string, () => void>>): void {
  const go = useEffectEvent((letter: string) => places[letter]?.())
  useEffect(() => {
    let pressedAtMs = -Infinity
    const listener = (event: KeyboardEvent): void => {
      const letter = heardKey(event)?.toLowerCase()
      if (letter === undefined) return
      if (event.timeStamp - pressedAtMs < PATIENCE_MS) go(letter)
      pressedAtMs = letter === 'g' ? event.timeStamp : -Infinity
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}
