/**
 * The one map of the page: MapLibre draws the chart, deck.gl the data above it, in a canvas of its own.
 *
 * It knows cameras, layers and picks, not domains. It lives as long as the page: maps made again and
 * again exhaust the browser's WebGL contexts. When a context is lost MapLibre heals itself and deck's
 * overlay is replaced; when that does not help the map is made anew where the camera stood. Without
 * WebGL the host says so once and does nothing, and the page shows its list instead.
 */
import 'maplibre-gl/dist/maplibre-gl.css'
import './map.css'
import type { Layer } from '@deck.gl/core'
import type { LonLat } from '../core/geo/position.ts'
import { say } from '../language/say.ts'
import { type Chart, createChart } from './chart.ts'
import type { MapArea } from './map-area.ts'
import type { CameraTarget, MapCamera, MapLabel, MapPick, MapPicture, Padding } from './map-camera.ts'
import { type MapTheme, PALETTES } from './map-palette.ts'

export interface MapHostOptions {
  /** Accessible name of the canvas: "Map of Porto". */
  readonly title: string
  readonly theme: MapTheme
  readonly reduceMotion: boolean
  /** The map cannot be shown, now or any more: show the list. Said at most once. */
  readonly onUnavailable?: (reason: string) => void
  /** Something is less than it should be (no basemap, a context lost), for Health and the curious. */
  readonly onProblem?: (problem: string) => void
  /** A graphics context was lost: what is missing while it is made again. Undefined: all is there again. */
  readonly onHealing?: (lost: Lost | undefined) => void
  readonly onCamera?: (camera: MapCamera) => void
  /** A click: undefined where nothing is. */
  readonly onPick?: (pick: MapPick | undefined) => void
  /** The pointer: undefined when it leaves. */
  readonly onHover?: (pick: MapPick | undefined) => void
  readonly fetch?: (url: string) => Promise<Response>
}

/** What a lost graphics context takes from the picture. */
export type Lost = 'map' | 'data' | 'map and data'

export interface MapHost {
  /** False without WebGL: everything else is then a no-op. */
  readonly available: boolean
  /** A `CityPlan` is an area. */
  setBasemap(area: MapArea, theme: MapTheme): void
  /** Newest wins; ids must be stable. Given again after a lost context without being asked for. */
  setLayers(layers: readonly Layer[]): void
  /** A name that stands at a position, over everything; undefined takes it away. */
  setLabel(label: MapLabel | undefined): void
  flyTo(target: CameraTarget): void
  jumpTo(target: CameraTarget): void
  /** Parts of the map that lie under panels. */
  setPadding(padding: Padding): void
  /** Undefined when there is no map. */
  camera(): MapCamera | undefined
  /** Where a position is in the container, CSS pixels. */
  project(position: LonLat): { readonly x: number; readonly y: number } | undefined
  pickAt(x: number, y: number): MapPick | undefined
  setTitle(title: string): void
  setReduceMotion(reduceMotion: boolean): void
  resize(): void
  /** As it is now; undefined when there is no map. */
  picture(pixelRatio: number): MapPicture | undefined
  dispose(): void
}

/** A context that has not come back by then will not: the map is made anew. */
const RESTORE_PATIENCE_MS = 10_000
/** So many maps in so long a time are tried before the list takes over; a wall that runs for weeks may need one now and then. */
const MOST_MAPS = 3
const MAPS_WITHIN_MS = 600_000

/** Everything the page asked for, to be told to a new map. */
interface Wishes {
  area?: { readonly area: MapArea; readonly theme: MapTheme }
  layers: readonly Layer[]
  camera?: MapCamera
  target?: CameraTarget
  padding?: Padding
  label?: MapLabel | undefined
  title: string
  reduceMotion: boolean
}

export function createMapHost(container: HTMLElement, options: MapHostOptions): MapHost {
  const root = document.createElement('div')
  root.className = 'belvedere-map'
  container.append(root)
  paint(root, options.theme)

  const wishes: Wishes = { layers: [], title: options.title, reduceMotion: options.reduceMotion }
  let chart: Chart | undefined
  let madeMs: readonly number[] = []
  let patience: ReturnType<typeof setTimeout> | undefined
  let disposed = false
  const lost = { map: false, data: false }

  const tellLost = (change: Partial<typeof lost>): void => {
    const before = lostOf(lost)
    Object.assign(lost, change)
    const now = lostOf(lost)
    if (now !== before) options.onHealing?.(now)
  }

  const giveUp = (reason: string): void => {
    clearTimeout(patience)
    chart?.dispose()
    chart = undefined
    if (disposed) return
    disposed = true
    root.remove()
    options.onUnavailable?.(reason)
  }

  const open = (): void => {
    madeMs = [...madeMs.filter((ms) => performance.now() - ms < MAPS_WITHIN_MS), performance.now()]
    try {
      chart = createChart(root, {
        title: wishes.title,
        reduceMotion: wishes.reduceMotion,
        words: { zoomIn: say({ id: 'map.zoomIn', defaultMessage: 'Zoom in' }), zoomOut: say({ id: 'map.zoomOut', defaultMessage: 'Zoom out' }), attribution: say({ id: 'map.sources', defaultMessage: 'Sources' }) },
        fetch: options.fetch ?? ((url) => fetch(url)),
        onCamera(camera) {
          wishes.camera = camera
          options.onCamera?.(camera)
        },
        onPick: (pick) => options.onPick?.(pick),
        onHover: (pick) => options.onHover?.(pick),
        onProblem: (problem) => options.onProblem?.(problem),
        onLost() {
          options.onProblem?.('The graphics context was lost; waiting for it to come back.')
          tellLost({ map: true })
          clearTimeout(patience)
          patience = setTimeout(reopen, RESTORE_PATIENCE_MS)
        },
        onRestored() {
          clearTimeout(patience)
          tellLost({ map: false })
        },
        onDataLost: (isLost) => tellLost({ data: isLost }),
        onDead: giveUp,
      })
    } catch (error) {
      giveUp(error instanceof Error ? error.message : String(error))
      return
    }
    if (wishes.label) chart.setLabel(wishes.label)
    if (wishes.padding) chart.setPadding(wishes.padding)
    if (wishes.area) chart.setBasemap(wishes.area.area, wishes.area.theme)
    if (wishes.camera) chart.move({ centre: wishes.camera.centre, zoom: wishes.camera.zoom }, { animate: false })
    else if (wishes.target) chart.move(wishes.target, { animate: false })
    chart.setLayers(wishes.layers.map((layer) => layer.clone({})))
    tellLost({ map: false })
  }

  const reopen = (): void => {
    if (disposed) return
    if (madeMs.filter((ms) => performance.now() - ms < MAPS_WITHIN_MS).length >= MOST_MAPS) return giveUp(say({ id: 'map.contextGone', defaultMessage: 'The graphics context was lost and did not come back.' }))
    chart?.dispose()
    chart = undefined
    open()
  }

  const move = (target: CameraTarget, animate: boolean): void => {
    wishes.target = target
    chart?.move(target, { animate })
  }

  open()
  return {
    get available() {
      return chart !== undefined
    },
    setBasemap(area, theme) {
      wishes.area = { area, theme }
      paint(root, theme)
      chart?.setBasemap(area, theme)
    },
    setLayers(layers) {
      wishes.layers = layers
      chart?.setLayers(layers)
    },
    setLabel(label) {
      wishes.label = label
      chart?.setLabel(label)
    },
    flyTo: (target) => move(target, true),
    jumpTo: (target) => move(target, false),
    setPadding(padding) {
      wishes.padding = padding
      chart?.setPadding(padding)
    },
    camera: () => chart?.camera(),
    project: (position) => chart?.project(position),
    pickAt: (x, y) => chart?.pickAt(x, y),
    setTitle(title) {
      wishes.title = title
      chart?.setTitle(title)
    },
    setReduceMotion(reduceMotion) {
      wishes.reduceMotion = reduceMotion
      chart?.setReduceMotion(reduceMotion)
    },
    resize: () => chart?.resize(),
    picture: (pixelRatio) => chart?.picture(pixelRatio),
    dispose() {
      disposed = true
      clearTimeout(patience)
      chart?.dispose()
      chart = undefined
      root.remove()
    },
  }
}

function lostOf({ map, data }: { readonly map: boolean; readonly data: boolean }): Lost | undefined {
  if (map) return data ? 'map and data' : 'map'
  return data ? 'data' : undefined
}

/** The controls' colours, as variables for `map.css`. */
function paint(root: HTMLElement, theme: MapTheme): void {
  const palette = PALETTES[theme]
  const variables = {
    '--map-paper': palette.bg0,
    '--map-panel': palette.bg1,
    '--map-text': palette.text2,
    '--map-hairline': palette.hairline,
    '--map-edge': palette.controlEdge,
    '--map-focus': theme === 'day' ? '#0B57D0' : '#9CCBFF',
    '--map-ink': palette.text1,
  }
  for (const [name, value] of Object.entries(variables)) root.style.setProperty(name, value)
}
