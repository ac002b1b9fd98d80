/** What the single keys of the Monitor do. */
import { useEffect, useEffectEvent } from 'react'
import { heardKey } from './heard-key.ts'

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
    const key = heardKey(event)
    if (key === undefined) return
    if (/^[1-9]$/.test(key)) return shortcuts.onLayer(Number(key) - 1)
    // Map, list and fields have their own use for arrows: only while nothing has the focus are they time's.
    if (event.target === document.body && (key === 'ArrowLeft' || key === 'ArrowRight')) {
      event.preventDefault()
      return shortcuts.onStep(key === 'ArrowLeft' ? -1 : 1, event.shiftKey)
    }
    switch (key.toLowerCase()) {
      case 'n':
        return shortcuts.onNow()
      case 'd':
        return shortcuts.onTheme()
      case 'u':
        return shortcuts.onView()
    }
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}
