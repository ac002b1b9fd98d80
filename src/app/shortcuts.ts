/** Single keys, only while no field has the focus, and only while they are switched on (WCAG 2.1.4). */
import { useEffect, useEffectEvent } from 'react'
import { useChoices } from './choices.ts'

export interface Shortcuts {
  onLayer(index: number): void
  onEscape(): void
  onNow(): void
  /** One quarter of an hour, or one day, back (-1) or on (1). */
  onStep(direction: number, isDay: boolean): void
  onTheme(): void
  /** Value, against usual, against the limit. */
  onView(): void
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    // Escape is not a character key: it works in fields and cannot be switched off.
    if (event.key === 'Escape') return shortcuts.onEscape()
    if (isInField(event.target) || !useChoices.getState().hasShortcuts) return
    if (/^[1-9]$/.test(event.key)) return shortcuts.onLayer(Number(event.key) - 1)
    // Map, list and fields have their own use for arrows: only while nothing has the focus are they time's.
    if (event.target === document.body && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault()
      return shortcuts.onStep(event.key === 'ArrowLeft' ? -1 : 1, event.shiftKey)
    }
    switch (event.key.toLowerCase()) {
      case 'n':
        return shortcuts.onNow()
      case 'd':
        return shortcuts.onTheme()
      case 'u':
        return shortcuts.onView()
      case '/':
        event.preventDefault()
        document.querySelector<HTMLElement>('[data-shortcut=filter]')?.focus()
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
