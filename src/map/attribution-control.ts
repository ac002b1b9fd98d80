/**
 * Whose data the map shows. In place of MapLibre's own control, which writes HTML: here every word
 * is plain text set as `textContent`, whatever a city, a style or a tile set sends.
 *
 * Open at first, then folded to its button so that it covers no sensor; a key or a click opens it again,
 * and what the reader opened stays open. (The OpenStreetMap Foundation's attribution guidelines allow folding
 * after five seconds.)
 */
import type { IControl, Map as MapLibreMap, MapSourceDataEvent } from 'maplibre-gl'
import { plainText } from './plain-text.ts'

const FOLD_AFTER_MS = 8_000

export interface AttributionControl extends IControl {
  /** From the configuration and the outline file; what the sources themselves say is added. */
  setTexts(texts: readonly string[]): void
  /** What stands there. */
  text(): string
}

export function createAttributionControl(title: string): AttributionControl {
  const root = document.createElement('details')
  root.className = 'maplibregl-ctrl belvedere-attribution'
  const button = document.createElement('summary')
  button.textContent = '©'
  button.title = title
  button.setAttribute('aria-label', title)
  const line = document.createElement('span')
  root.append(button, line)

  let map: MapLibreMap | undefined
  let own: readonly string[] = []
  // A tile set names its source in its own metadata, known only once that has loaded.
  const bySource = new Map<string, string>()

  /** What stands there, and whether the reader has had the time to see it. */
  let shown = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const foldLater = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // Nobody's line is closed while they are on it.
      if (root.matches(':hover, :focus-within')) foldLater()
      else root.open = false
    }, FOLD_AFTER_MS)
  }
  // A press on the button is a wish: it ends the timer's say.
  button.addEventListener('click', () => clearTimeout(timer))

  const show = (): void => {
    const loaded = [...bySource].flatMap(([id, text]) => (map?.getSource(id) ? text : []))
    const texts = new Set([...own, ...loaded].map((text) => plainText(text)).filter((text) => text !== ''))
    const text = [...texts].join(' · ')
    root.hidden = text === ''
    if (text === shown) return
    shown = text
    line.textContent = text
    root.open = true
    foldLater()
  }
  const learn = ({ sourceId, sourceDataType }: MapSourceDataEvent): void => {
    if (sourceDataType !== 'metadata') return
    const text = map?.getSource(sourceId)?.attribution
    if (text) bySource.set(sourceId, text)
    else bySource.delete(sourceId)
    show()
  }
  return {
    setTexts(texts) {
      own = texts
      show()
    },
    text: () => shown,
    onAdd(host) {
      map = host
      host.on('sourcedata', learn)
      show()
      return root
    },
    onRemove() {
      map?.off('sourcedata', learn)
      clearTimeout(timer)
      map = undefined
      root.remove()
    },
    getDefaultPosition: () => 'bottom-right',
  }
}
