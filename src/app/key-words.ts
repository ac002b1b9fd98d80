/** Keys in words: how they are called, and why one cannot be had. */
import { say } from '../language/say.ts'
import { plain, takenBy, type KeyMap } from './key-map.ts'
import type { KeyId } from './keys.ts'

/** Why the key cannot be given to it, as a sentence; undefined when it can. */
export function refusal(id: KeyId, pressed: string, map: KeyMap): string | undefined {
  const key = plain(pressed)
  if (key.length !== 1) return say({ id: 'keys.notSingle', defaultMessage: '{key} cannot be used here: choose a letter, a digit or a sign.' }, { key: keyName(pressed) })
  const taken = takenBy(id, key, map)
  return taken === undefined ? undefined : say({ id: 'keys.taken', defaultMessage: '{key} is taken: “{what}”. Choose another key, or change that one first.' }, { key: keyName(key), what: say(taken.label) })
}

/** As it is printed on the key, or as it is called. */
export function keyName(key: string): string {
  switch (key) {
    case ' ':
      return say({ id: 'keys.space', defaultMessage: 'Space' })
    case 'Escape':
      return say({ id: 'keys.escape', defaultMessage: 'Esc' })
    case 'Enter':
      return say({ id: 'keys.enter', defaultMessage: 'Enter' })
    case 'ArrowLeft':
      return '←'
    case 'ArrowRight':
      return '→'
    case 'ArrowUp':
      return '↑'
    case 'ArrowDown':
      return '↓'
    default:
      return key.length === 1 ? key.toUpperCase() : key
  }
}
