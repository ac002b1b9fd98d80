/** What the single keys of the screen do: those of the table, as the reader has put them. */
import { useEffect, useEffectEvent } from 'react'
import { heardKey } from './heard-key.ts'
import { bindingsOf, isShared, type KeyId } from './keys.ts'

/** What the keys of the screen do. One that answers false leaves the key to whoever else wants it. */
export type Shortcuts = Partial<Record<KeyId, (event: KeyboardEvent) => void | false>>

export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    // Escape is not a character key: it works in fields and cannot be switched off.
    const key = event.key === 'Escape' ? event.key : heardKey(event)
    if (key === undefined) return
    for (const id of bindingsOf(key)) {
      const act = shortcuts[id]
      // Map, list and buttons have their own use for these: only while nothing has the focus are they the screen's.
      if (act === undefined || (isShared(id) && event.target !== document.body)) continue
      if (act(event) === false) continue
      event.preventDefault()
      return
    }
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}
