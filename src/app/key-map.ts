/**
 * Single keys that a reader has changed (WCAG 2.1.4): which key means which.
 *
 * Listeners know the keys of the table only. What is pressed is first read as the key of the table that it stands for, so a
 * changed key is changed everywhere at once, and a key that was taken away means nothing.
 */
import { KEYS, type KeyBinding, type KeyId } from './keys.ts'

/** The reader's key by id; whoever is not in it has the table's. */
export type KeyMap = Readonly<Partial<Record<KeyId, string>>>

/** Letters and signs can be changed. Arrows, Enter and Escape are nobody's slip of the tongue; `G` waits for a second key; nine layers have nine digits. */
export function canChange({ keys, id }: KeyBinding): boolean {
  return id !== 'layer' && keys.every((key) => key.length === 1)
}

/** The keys that do it now. */
export function keysOf({ id, keys }: KeyBinding, map: KeyMap): readonly string[] {
  const own = map[id]
  return own === undefined ? keys : [own]
}

/** The key of the table that a pressed key stands for; undefined when it stands for nothing any more. */
export function meantKey(pressed: string, map: KeyMap): string | undefined {
  const key = plain(pressed)
  const changed = KEYS.find(({ id }) => map[id] === key)
  if (changed !== undefined) return changed.keys[0]
  const isTakenAway = KEYS.some(({ id, keys }) => map[id] !== undefined && keys.includes(key))
  return isTakenAway ? undefined : pressed
}

/** Who else has the key, so that it cannot be given to this one. */
export function takenBy(id: KeyId, key: string, map: KeyMap): KeyBinding | undefined {
  return KEYS.find((binding) => binding.id !== id && keysOf(binding, map).some((one) => one === key || (key !== ' ' && one.startsWith(`${key} `))))
}

/** With that key, or with the table's own again; the same map when it is refused. */
export function withKey(map: KeyMap, id: KeyId, pressed: string | undefined): KeyMap {
  // All of its own, as `+` and `=`: somebody else may have taken one of them meanwhile.
  const own = KEYS.find((binding) => binding.id === id)?.keys ?? []
  const canGoBack = own.every((key) => takenBy(id, key, map) === undefined)
  if (pressed === undefined) return canGoBack ? without(map, id) : map
  const key = plain(pressed)
  if (!isFree(id, key, map)) return map
  return key === own[0] && canGoBack ? without(map, id) : { ...map, [id]: key }
}

/** From what was kept: whatever does not make sense any more is left out. */
export function readKeyMap(json: unknown): KeyMap {
  if (typeof json !== 'object' || json === null) return {}
  const kept = new Map<string, unknown>(Object.entries(json))
  let map: KeyMap = Object.fromEntries(
    KEYS.flatMap((binding) => {
      const key = kept.get(binding.id)
      return typeof key === 'string' && canChange(binding) ? [[binding.id, plain(key)]] : []
    }),
  )
  // Together, as two may have changed places. Whoever is sent back may stand in another one's way.
  for (let wrong = firstRefused(map); wrong !== undefined; wrong = firstRefused(map)) map = without(map, wrong)
  return map
}

function without(map: KeyMap, id: KeyId): KeyMap {
  return Object.fromEntries(Object.entries(map).filter(([one]) => one !== id))
}

function firstRefused(map: KeyMap): KeyId | undefined {
  return KEYS.find(({ id }) => map[id] !== undefined && !isFree(id, map[id], map))?.id
}

function isFree(id: KeyId, key: string, map: KeyMap): boolean {
  return key.length === 1 && takenBy(id, key, map) === undefined
}

/** As the table writes it. */
export function plain(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key
}
