/**
 * deck.gl's overlay with a context that may be lost: luma.gl does not restore one, so a new overlay
 * takes the old one's place and gets clones of the layers (a layer belongs to the deck that first drew it).
 */
import type { Layer, PickingInfo } from '@deck.gl/core'
import { MapLibreOverlay } from '@deck.gl/maplibre'
import type { Map as MapLibreMap } from 'maplibre-gl'
import { say } from '../language/say.ts'
import type { PickedInstance } from './instance-layer.ts'
import type { MapPick } from './map-camera.ts'

export interface DataOverlay {
  /** The layers changed. */
  update(): void
  pickAt(x: number, y: number): MapPick | undefined
  /** With the next picture of the map the data is drawn too, with so many pixels to one of CSS; undefined is the screen's own. */
  drawWith(pixelRatio: number | undefined): void
  stop(): void
}

const PICK_RADIUS_PX = 6
/** Waits between attempts to give deck.gl a new context; a driver that restarts needs some seconds. */
const RETRY_MS = [100, 500, 1500, 4000]
/** An overlay that lived this long was well: the next loss is a new one. */
const WELL_AFTER_MS = 30_000

export function keepOverlay(
  map: MapLibreMap,
  on: {
    readonly layers: () => readonly Layer[]
    readonly onPick: (pick: MapPick | undefined) => void
    readonly onHover: (pick: MapPick | undefined) => void
    readonly onProblem: (problem: string) => void
    readonly onDead: (reason: string) => void
    /** The context was lost, or the data is drawn again in another. */
    readonly onHealing: (isLost: boolean) => void
  },
): DataOverlay {
  let overlay: MapLibreOverlay | undefined
  let attempts = 0
  let openedMs = 0
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
    if (performance.now() - openedMs > WELL_AFTER_MS) attempts = 0
    const waitMs = RETRY_MS[attempts++]
    if (waitMs === undefined) return on.onDead(say({ id: 'map.noData', defaultMessage: 'Data cannot be drawn: {reason}' }, { reason }))
    on.onProblem(`Data layer: ${reason}; trying again.`)
    on.onHealing(true)
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
      onLoad() {
        // The map beneath has the focus and the name; a second stop without one would only be silent.
        silence(map)
        if (overlay === next) on.onHealing(false)
      },
      onDeviceInitialized(device) {
        device.lost.then(
          ({ reason }) => {
            if (overlay === next) again(`graphics context lost (${reason})`)
          },
          (error: unknown) => on.onProblem(`Data layer: ${messageOf(error)}`),
        )
      },
      onError(error, layer) {
        if (layer) on.onProblem(`Layer ${layer.id}: ${error.message}`)
        else if (overlay === next && /webgl|context|device/i.test(error.message)) again(error.message)
        else on.onProblem(`Data layer: ${error.message}`)
      },
    })
    overlay = next
    openedMs = performance.now()
    try {
      map.addControl(next)
    } catch (error) {
      again(messageOf(error))
    }
  }

  let given: readonly Layer[] = []

  open()
  return {
    // Layers that a deck with a lost context has drawn are that deck's: the new one gets clones.
    update: () => overlay?.setProps({ layers: (given = replaced ? clones() : [...on.layers()]) as Layer[] }),
    drawWith(pixelRatio) {
      overlay?.setProps({ useDevicePixels: pixelRatio ?? true })
      for (const layer of given) layer.setNeedsRedraw()
    },
    pickAt(x, y) {
      const info = overlay?.pickObject({ x, y, radius: PICK_RADIUS_PX })
      return info ? pickOf(info) : undefined
    },
    stop: drop,
  }
}

function silence(map: MapLibreMap): void {
  for (const canvas of map.getContainer().querySelectorAll('canvas:not(.maplibregl-canvas)')) {
    canvas.setAttribute('tabindex', '-1')
    canvas.setAttribute('aria-hidden', 'true')
  }
}

function pickOf({ layer, index, x, y, object }: PickingInfo<PickedInstance>): MapPick | undefined {
  return layer && index >= 0 ? { layerId: layer.id, index, x, y, ...object } : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
