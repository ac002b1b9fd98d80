/**
 * Which sensors the map draws, read from the very columns that it draws from. Whoever checks that list and map agree asks for
 * it by an event on the map's element; nobody else pays for the answer.
 */
import type { Layer } from '@deck.gl/core'
import { InstanceLayer } from './instance-layer.ts'

export const DRAWN_EVENT = 'belvedere:drawn'

/** Sent with the event; the map fills it in. */
export interface DrawnQuestion {
  ids?: readonly string[]
}

export function answerDrawn(element: HTMLElement, drawn: () => readonly string[]): () => void {
  const onAsk = (event: Event): void => {
    if (event instanceof CustomEvent && typeof event.detail === 'object' && event.detail !== null) (event.detail as DrawnQuestion).ids = drawn()
  }
  element.addEventListener(DRAWN_EVENT, onAsk)
  return () => element.removeEventListener(DRAWN_EVENT, onAsk)
}

/** Ids of the marks that have a place: a row without one is in the list alone. */
export function drawnIds(layers: readonly Layer[], layerId: string, ids: readonly string[]): readonly string[] {
  const layer = layers.find(({ id }) => id === layerId)
  if (!(layer instanceof InstanceLayer)) return []
  const { rows } = layer.props
  const positions = rows.columns.find(({ accessor }) => accessor === 'getPosition')?.values ?? []
  return ids.slice(0, rows.length).filter((_, row) => Number.isFinite(positions[2 * row]) && Number.isFinite(positions[2 * row + 1]))
}
