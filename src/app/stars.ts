/** Sensors that somebody starred: kept by the browser, for this city and the others alike, since ids are of the world. */
import { useSyncExternalStore } from 'react'

const KEY = 'belvedere.stars'
/** What a browser keeps is for a few; more is a mistake or an attack. */
const MOST = 500

let stars: ReadonlySet<string> | undefined
const listeners = new Set<() => void>()

export function useStars(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, current)
}

export function toggleStar(id: string): void {
  const next = new Set(current())
  if (!next.delete(id) && next.size < MOST) next.add(id)
  stars = next
  // A browser may refuse storage: the star then lasts as long as the page.
  try {
    localStorage.setItem(KEY, JSON.stringify([...next]))
  } catch {
    // see above
  }
  for (const listener of listeners) listener()
}

/** Total: whatever was stored, what comes back is ids. */
export function readStars(text: string | null): ReadonlySet<string> {
  if (text === null) return new Set()
  try {
    const stored: unknown = JSON.parse(text)
    return new Set(Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string').slice(0, MOST) : [])
  } catch {
    return new Set()
  }
}

function current(): ReadonlySet<string> {
  return (stars ??= readStars(stored()))
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
