/** Which unusual place is meant, and which comes next: two layers may have a sensor of the same id. */
import type { UnusualPlace } from '../workers/city.messages.ts'

export function placeKey({ domain, id }: Pick<UnusualPlace, 'domain' | 'id'>): string {
  return `${domain} ${id}`
}

/** The one after (1) or before (-1) the key, round and round; from nowhere the first or the last. */
export function placeBeside(places: readonly UnusualPlace[], key: string | undefined, direction: 1 | -1): UnusualPlace | undefined {
  const at = places.findIndex((place) => placeKey(place) === key)
  if (at === -1) return direction === 1 ? places[0] : places.at(-1)
  return places[(at + direction + places.length) % places.length]
}
