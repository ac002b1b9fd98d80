/** Single keys, as every listener hears them: only while no field and no dialog has the reader, and as she has changed them (WCAG 2.1.4). */
import { useChoices } from './choices.ts'
import { meantKey } from './key-map.ts'
import { useOverlay } from './overlay.ts'
import { useSettings } from './settings.ts'

/** The key of the table that was meant; undefined when none was. */
export function heardKey(event: KeyboardEvent): string | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isInField(event.target)) return undefined
  if (!useChoices.getState().hasShortcuts || useOverlay.getState().open !== undefined) return undefined
  return meantKey(event.key, useSettings.getState().keyMap)
}

export function isInField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // Nothing is written into a slider.
  if (target instanceof HTMLInputElement && target.type === 'range') return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.closest('[role=listbox]') !== null
}
