/** Single keys of the table, only while no field has the focus, and only while they are switched on (WCAG 2.1.4). */
import { useEffect, useEffectEvent } from 'react'
import { useChoices } from './choices.ts'
import { bindingsOf, isShared, type KeyId } from './keys.ts'

/** What the keys of the screen do. One that answers false leaves the key to whoever else wants it. */
export type Shortcuts = Partial<Record<KeyId, (event: KeyboardEvent) => void | false>>

export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    // Escape is not a character key: it works in fields and cannot be switched off.
    if (event.key !== 'Escape' && (isInField(event.target) || !useChoices.getState().hasShortcuts)) return
    for (const id of bindingsOf(event.key)) {
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

export function isInField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // Nothing is written into a slider.
  if (target instanceof HTMLInputElement && target.type === 'range') return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.closest('[role=listbox]') !== null
}
