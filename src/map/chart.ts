/**
 * One MapLibre map with deck.gl's overlay on it: what `map-host` makes, and makes again if it must.
 * Overlaid, not interleaved: a new frame of data does not redraw the basemap, and labels keep their shape.
 */
import type { Layer, PickingInfo } from '@deck.gl/core'
import { MapLibreOverlay } from '@deck.gl/maplibre'
import { Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { type Bounds, isPosition, type LonLat } from '../core/geo/position.ts'
import { createAttributionControl } from './attribution-control.ts'
import { LABEL_FONT, outlineStyle } from './basemap-style.ts'
import type { MapArea } from './map-area.ts'
import type { CameraTarget, MapCamera, MapPick, MapWords, Padding } from './map-camera.ts'
import type { MapTheme } from './map-palette.ts'
import { EMPTY_OUTLINE, labelsOf, type Outline, readOutline } from './outline.ts'
import { rootScale } from './root-scale.ts'

export interface ChartOptions {
  readonly title: string
  readonly reduceMotion: boolean
  readonly words: MapWords
  readonly fetch: (url: string) => Promise<Response>
  readonly onCamera: (camera: MapCamera) => void
  readonly onPick: (pick: MapPick | undefined) => void
  readonly onHover: (pick: MapPick | undefined) => void
  readonly onProblem: (problem: string) => void
  readonly onLost: () => void
  readonly onRestored: () => void
  /** Data cannot be drawn any more. */
  readonly onDead: (reason: string) => void
}

export interface Chart {
  setBasemap(area: MapArea, theme: MapTheme): void
  setLayers(layers: readonly Layer[]): void
  move(target: CameraTarget, how: { readonly animate: boolean }): void
  setPadding(padding: Padding): void
  camera(): MapCamera
  /** Undefined for a position that is none: most frames have a sensor without one. */
  project(position: LonLat): { readonly x: number; readonly y: number } | undefined
  pickAt(x: number, y: number): MapPick | undefined
  setTitle(title: string): void
  setReduceMotion(reduceMotion: boolean): void
  resize(): void
  dispose(): void
}

const PICK_RADIUS_PX = 6
const FLIGHT_MS = 900
/** Air around a city that is fitted into the view. */
const FIT_AIR_PX = 24
/** Waits between attempts to give deck.gl a new context; a driver that restarts needs some seconds. */
const OVERLAY_RETRY_MS = [100, 500, 1500, 4000]

setWorkerUrl(workerUrl)

/** Throws when there is no WebGL2. */
export function createChart(root: HTMLElement, options: ChartOptions): Chart {
  let { reduceMotion } = options
  let layers: readonly Layer[] = []
  let disposed = false

  const place = document.createElement('div')
  place.style.cssText = 'position:absolute;inset:0'
  root.append(place)
  const map = createMap(place, options)
  const attribution = createAttributionControl(options.words.attribution)
  map.addControl(attribution, 'bottom-right')
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 * rootScale() }), 'bottom-left')
  map.keyboard.disableRotation()
  map.touchZoomRotate.disableRotation()
  map.on('error', ({ error }) => options.onProblem(`Map: ${error.message}`))

  const cameraOf = (settled: boolean): MapCamera => {
    const { lng, lat } = map.getCenter()
    const bounds = map.getBounds()
    return { centre: [lng, lat], zoom: map.getZoom(), bounds: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], settled }
  }
  map.on('move', () => options.onCamera(cameraOf(false)))
  map.on('moveend', () => options.onCamera(cameraOf(true)))
  map.on('webglcontextlost', options.onLost)
  map.on('webglcontextrestored', options.onRestored)

  const overlay = keepOverlay(map, {
    layers: () => layers,
    onPick: options.onPick,
    onHover(pick) {
      map.getCanvas().style.cursor = pick ? 'pointer' : ''
      options.onHover(pick)
    },
    onProblem: options.onProblem,
    onDead: options.onDead,
  })
  const basemap = keepBasemap(map, { fetch: options.fetch, onProblem: options.onProblem, onSources: (texts) => attribution.setTexts(texts) })
  // The page's layout decides the size, with or without a window resize.
  const observer = new ResizeObserver(() => map.resize())
  observer.observe(place)

  return {
    setBasemap: basemap.set,
    setLayers(next) {
      layers = next
      overlay.update()
    },
    move(target, { animate }) {
      if ('centre' in target && !isPosition(target.centre)) return
      const fitted = 'bounds' in target ? map.cameraForBounds(boxOf(target.bounds), { padding: FIT_AIR_PX }) : undefined
      const camera = 'bounds' in target ? fitted : { center: [...target.centre] as [number, number], ...(target.zoom === undefined ? {} : { zoom: target.zoom }) }
      if (camera === undefined) return
      if (animate && !reduceMotion) map.flyTo({ ...camera, duration: FLIGHT_MS })
      else map.jumpTo(camera)
    },
    setPadding: (padding) => map.setPadding({ ...padding }),
    camera: () => cameraOf(!map.isMoving()),
    project: (position) => {
      if (!isPosition(position)) return undefined
      const [lon, lat] = position
      const { x, y } = map.project([lon, lat])
      return { x, y }
    },
    pickAt: overlay.pickAt,
    setTitle(title) {
      map.getCanvas().setAttribute('aria-label', title)
    },
    setReduceMotion(next) {
      reduceMotion = next
    },
    resize: () => map.resize(),
    dispose() {
      if (disposed) return
      disposed = true
      observer.disconnect()
      overlay.stop()
      basemap.stop()
      map.remove()
      place.remove()
    },
  }
}

function createMap(container: HTMLElement, { title, reduceMotion, words }: ChartOptions): MapLibreMap {
  const map = new MapLibreMap({
    container,
    style: EMPTY_STYLE,
    center: [0, 0],
    zoom: 2,
    minZoom: 6,
    maxZoom: 19,
    // A chart is read flat, north up.
    maxPitch: 0,
    dragRotate: false,
    touchPitch: false,
    pitchWithRotate: false,
    attributionControl: false,
    renderWorldCopies: false,
    reduceMotion,
    fadeDuration: reduceMotion ? 0 : 200,
    locale: { 'Map.Title': title, 'NavigationControl.ZoomIn': words.zoomIn, 'NavigationControl.ZoomOut': words.zoomOut },
  })
  return map
}

const EMPTY_STYLE: StyleSpecification = { version: 8, sources: {}, layers: [] }

/**
 * deck.gl's overlay with a context that may be lost: luma.gl does not restore one, so a new overlay
 * takes the old one's place and gets clones of the layers (a layer belongs to the deck that first drew it).
 */
function keepOverlay(
  map: MapLibreMap,
  on: {
    readonly layers: () => readonly Layer[]
    readonly onPick: (pick: MapPick | undefined) => void
    readonly onHover: (pick: MapPick | undefined) => void
    readonly onProblem: (problem: string) => void
    readonly onDead: (reason: string) => void
  },
): { update(): void; pickAt(x: number, y: number): MapPick | undefined; stop(): void } {
  let overlay: MapLibreOverlay | undefined
  let attempts = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let hovered: MapPick | undefined
  let replaced = false

  const clones = (): Layer[] => on.layers().map((layer) => layer.clone({}))

  const drop = (): void => {
    clearTimeout(retry)
    const old = overlay
    overlay = undefined
    try {
      if (old) map.removeControl(old)
    } catch (error) {
      // Taking apart what hangs on a lost context may fail; what matters is that it is gone.
      on.onProblem(`Data layer: ${messageOf(error)}`)
    }
  }

  const again = (reason: string): void => {
    drop()
    replaced = true
    const waitMs = OVERLAY_RETRY_MS[attempts++]
    if (waitMs === undefined) return on.onDead(`Data cannot be drawn: ${reason}`)
    on.onProblem(`Data layer: ${reason}; trying again.`)
    retry = setTimeout(open, waitMs)
  }

  const open = (): void => {
    const next = new MapLibreOverlay({
      layers: clones(),
      pickingRadius: PICK_RADIUS_PX,
      onClick: (info) => on.onPick(pickOf(info)),
      onHover(info) {
        const pick = pickOf(info)
        if (pick === undefined && hovered === undefined) return
        hovered = pick
        on.onHover(pick)
      },
      onDeviceInitialized(device) {
        device.lost.then(
          ({ reason }) => {
            if (overlay === next) again(`graphics context lost (${reason})`)
          },
          (error: unknown) => on.onProblem(`Data layer: ${messageOf(error)}`),
        )
      },
      onAfterRender() {
        attempts = 0
      },
      onError(error, layer) {
        if (layer) on.onProblem(`Layer ${layer.id}: ${error.message}`)
        else if (overlay === next && /webgl|context|device/i.test(error.message)) again(error.message)
        else on.onProblem(`Data layer: ${error.message}`)
      },
    })
    overlay = next
    try {
      map.addControl(next)
    } catch (error) {
      again(messageOf(error))
    }
  }

  open()
  return {
    // Layers that a deck with a lost context has drawn are that deck's: the new one gets clones.
    update: () => overlay?.setProps({ layers: replaced ? clones() : [...on.layers()] }),
    pickAt(x, y) {
      const info = overlay?.pickObject({ x, y, radius: PICK_RADIUS_PX })
      return info ? pickOf(info) : undefined
    },
    stop: drop,
  }
}

function pickOf({ layer, index, x, y }: PickingInfo): MapPick | undefined {
  return layer && index >= 0 ? { layerId: layer.id, index, x, y } : undefined
}

/** Loads what a basemap needs and shows it; a later wish overtakes an earlier one that is still loading. */
function keepBasemap(
  map: MapLibreMap,
  on: { readonly fetch: (url: string) => Promise<Response>; readonly onProblem: (problem: string) => void; readonly onSources: (texts: readonly string[]) => void },
): { set(area: MapArea, theme: MapTheme): void; stop(): void } {
  /** By url; a file that failed is asked for again. */
  const outlines = new Map<string, Outline>()
  let wish = 0

  const outlineOf = async (url: string | undefined): Promise<Outline> => {
    if (url === undefined) return EMPTY_OUTLINE
    const known = outlines.get(url)
    if (known) return known
    try {
      const response = await on.fetch(url)
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      const outline = readOutline(await response.json())
      if (!outline) throw new Error('expected a GeoJSON FeatureCollection')
      if (outline.rejected > 0) on.onProblem(`Basemap ${url}: ${outline.rejected} features are broken and were left out.`)
      outlines.set(url, outline)
      return outline
    } catch (error) {
      on.onProblem(`Basemap ${url}: ${messageOf(error)}`)
      return EMPTY_OUTLINE
    }
  }

  const styleOf = async (area: MapArea, theme: MapTheme): Promise<{ style: StyleSpecification | string; sources: string[] }> => {
    const { basemap, anchor, bounds } = area
    switch (basemap.kind) {
      case 'outline': {
        const outline = await outlineOf(basemap.url)
        await loadLetters(labelsOf(outline))
        return { style: outlineStyle({ outline, theme, anchor, bounds, scale: rootScale() }), sources: [outline.attribution] }
      }
      case 'pmtiles': {
        const { pmtilesStyle } = await import('./pmtiles-basemap.ts')
        return { style: pmtilesStyle(new URL(basemap.url, document.baseURI).href, theme), sources: [basemap.attribution] }
      }
      case 'style':
        return { style: basemap.url, sources: [basemap.attribution] }
    }
  }

  return {
    set(area, theme) {
      const mine = ++wish
      styleOf(area, theme).then(
        ({ style, sources }) => {
          if (mine !== wish) return
          map.setStyle(style, { diff: true })
          on.onSources([area.attribution ?? '', ...sources])
        },
        (error: unknown) => on.onProblem(`Basemap: ${messageOf(error)}`),
      )
    },
    stop() {
      wish++
    },
  }
}

/** A web font is loaded by script when a letter of it is used; the map draws its letters once, so they must be there before. */
async function loadLetters(text: string): Promise<void> {
  try {
    await document.fonts.load(`48px "${LABEL_FONT}"`, text)
  } catch {
    // The letters then come from the system's own sans-serif.
  }
}

function boxOf([west, south, east, north]: Bounds): [[number, number], [number, number]] {
  return [
    [west, south],
    [east, north],
  ]
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
