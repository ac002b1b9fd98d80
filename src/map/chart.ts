/**
 * One MapLibre map with deck.gl's overlay on it: what `map-host` makes, and makes again if it must.
 * Overlaid, not interleaved: a new frame of data does not redraw the basemap, and labels keep their shape.
 */
import type { Layer } from '@deck.gl/core'
import { Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { type Bounds, isPosition, type LonLat } from '../core/geo/position.ts'
import { say } from '../language/say.ts'
import { createAttributionControl } from './attribution-control.ts'
import { keepBasemap } from './basemap.ts'
import { keepOverlay } from './data-overlay.ts'
import type { MapArea } from './map-area.ts'
import type { CameraTarget, MapCamera, MapLabel, MapPick, MapPicture, MapWords, Padding } from './map-camera.ts'
import type { MapTheme } from './map-palette.ts'
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
  readonly onDataLost: (isLost: boolean) => void
  /** Data cannot be drawn any more. */
  readonly onDead: (reason: string) => void
}

export interface Chart {
  setBasemap(area: MapArea, theme: MapTheme): void
  setLayers(layers: readonly Layer[]): void
  setLabel(label: MapLabel | undefined): void
  move(target: CameraTarget, how: { readonly animate: boolean }): void
  setPadding(padding: Padding): void
  camera(): MapCamera
  /** Undefined for a position that is none: most frames have a sensor without one. */
  project(position: LonLat): { readonly x: number; readonly y: number } | undefined
  pickAt(x: number, y: number): MapPick | undefined
  setTitle(title: string): void
  setReduceMotion(reduceMotion: boolean): void
  resize(): void
  /** As it is now, in one canvas. */
  picture(pixelRatio: number): MapPicture
  dispose(): void
}

const FLIGHT_MS = 900
/** Air around a city that is fitted into the view. */
const FIT_AIR_PX = 24
setWorkerUrl(workerUrl)

/** Throws when there is no WebGL2. */
export function createChart(root: HTMLElement, options: ChartOptions): Chart {
  let { reduceMotion } = options
  let layers: readonly Layer[] = []
  let label: { readonly element: HTMLElement; readonly position: LonLat } | undefined
  let disposed = false

  const place = document.createElement('div')
  place.style.cssText = 'position:absolute;inset:0'
  root.append(place)
  if (!hasWebGl2()) {
    place.remove()
    throw new Error(say({ id: 'map.noWebGl2', defaultMessage: 'this browser gives no WebGL 2, which the map is drawn with' }))
  }
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
  // Not a marker of MapLibre's: those lie under the data.
  const placeLabel = (): void => {
    if (label === undefined) return
    const { x, y } = map.project([label.position[0], label.position[1]])
    label.element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`
  }
  map.on('move', placeLabel)
  map.on('resize', placeLabel)
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
    onHealing: options.onDataLost,
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
    setLabel(next) {
      label?.element.remove()
      label = undefined
      if (next === undefined) return
      const element = document.createElement('div')
      element.className = 'belvedere-map-label'
      element.textContent = next.text
      // The page says the name in words.
      element.setAttribute('aria-hidden', 'true')
      place.append(element)
      label = { element, position: next.position }
      placeLabel()
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
    picture(pixelRatio) {
      const before = map.getPixelRatio()
      const { clientWidth: width, clientHeight: height } = place
      map.setPixelRatio(pixelRatio)
      overlay.drawWith(pixelRatio)
      // Drawn and read in one task: after it the browser may empty what WebGL drew.
      map.redraw()
      const canvas = document.createElement('canvas')
      canvas.width = Math.round(width * pixelRatio)
      canvas.height = Math.round(height * pixelRatio)
      const context = canvas.getContext('2d')
      // Map first, data above it: as they lie in the document.
      for (const drawn of place.querySelectorAll('canvas')) context?.drawImage(drawn, 0, 0, canvas.width, canvas.height)
      map.setPixelRatio(before)
      overlay.drawWith(undefined)
      map.redraw()
      const at = label && map.project([label.position[0], label.position[1]])
      return { canvas, width, height, sources: attribution.text(), ...(label !== undefined && at !== undefined && { label: { text: label.element.textContent ?? '', x: at.x, y: at.y } }) }
    },
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

/** Asked before MapLibre is: its own words send the reader to a site outside. */
function hasWebGl2(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  // A browser has few contexts: this one is given back at once.
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}

const EMPTY_STYLE: StyleSpecification = { version: 8, sources: {}, layers: [] }

function boxOf([west, south, east, north]: Bounds): [[number, number], [number, number]] {
  return [
    [west, south],
    [east, north],
  ]
}
