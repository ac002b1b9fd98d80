/**
 * Whose data the map shows. In place of MapLibre's own control, which writes HTML: here every word
 * is plain text set as `textContent`, whatever a city, a style or a tile set sends.
 *
 * Open where there is room, folded to a button on a telephone.
 */
import type { IControl, Map as MapLibreMap, MapSourceDataEvent } from 'maplibre-gl'
import { plainText } from './plain-text.ts'

const ROOM_PX = 640

export interface AttributionControl extends IControl {
  /** From the configuration and the outline file; what the sources themselves say is added. */
  setTexts(texts: readonly string[]): void
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

  const show = (): void => {
    const loaded = [...bySource].flatMap(([id, text]) => (map?.getSource(id) ? text : []))
    const texts = new Set([...own, ...loaded].map((text) => plainText(text)).filter((text) => text !== ''))
    line.textContent = [...texts].join(' · ')
    root.hidden = texts.size === 0
  }
  const learn = ({ sourceId, sourceDataType }: MapSourceDataEvent): void => {
    if (sourceDataType !== 'metadata') return
    const text = map?.getSource(sourceId)?.attribution
    if (text) bySource.set(sourceId, text)
    else bySource.delete(sourceId)
    show()
  }
  const fit = (): void => {
    root.open = (map?.getContainer().clientWidth ?? 0) >= ROOM_PX
  }

  return {
    setTexts(texts) {
      own = texts
      show()
    },
    onAdd(host) {
      map = host
      host.on('sourcedata', learn)
      host.on('resize', fit)
      fit()
      show()
      return root
    },
    onRemove() {
      map?.off('sourcedata', learn)
      map?.off('resize', fit)
      map = undefined
      root.remove()
    },
    getDefaultPosition: () => 'bottom-right',
  }
}
