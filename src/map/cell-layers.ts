/**
 * Hexagonal cells: flat hexagons in true metres, drawn from columns that follow the frames.
 *
 * A cell must not be taken for a sensor: it is a tile of the ground, translucent and without a ring.
 *
 * When cells of another size come, the ones before stay beneath and give way: two layers take turns,
 * so each keeps its buffers and its name.
 */
import type { Layer } from '@deck.gl/core'
import { type CellLook, type CellRows, createCellTiles, NO_TILES } from './cell-tiles.ts'
import { CellTileLayer, FILL } from './cell-tile-layer.ts'
import { InstanceLayer } from './instance-layer.ts'
import type { InstanceRows } from './instance-rows.ts'
import { type MapTheme, PALETTES, rgbOf } from './map-palette.ts'

export interface CellOptions {
  readonly theme: MapTheme
  readonly ownsColour: boolean
  /** 0 to 1, from the cross-fade. */
  readonly opacity: number
  readonly motion?: Motion
  readonly onPick?: (cell: number) => void
}

/** What moves by itself needs a clock, and to be drawn again. Absent: nothing does (reduced motion). */
export interface Motion {
  readonly nowMs: number
  /** The picture is not at rest: draw again on the next animation frame. */
  again(): void
}

export const GIVE_WAY_MS = 260

interface Slot {
  readonly id: string
  readonly tilesOf: ReturnType<typeof createCellTiles>
  rows: InstanceRows
  radiusM: number
}

export function createCellLayers(look: CellLook): (cells: CellRows, options: CellOptions) => readonly Layer[] {
  const slotOf = (id: string): Slot => ({ id, tilesOf: createCellTiles(look), rows: NO_TILES, radiusM: Number.NaN })
  let front = slotOf(`${look.id}-cells`)
  let back = slotOf(`${look.id}-cells-2`)
  let startedMs = Number.NEGATIVE_INFINITY

  return (cells, { theme, ownsColour, opacity, motion, onPick }) => {
    // What is not seen is not followed: it catches up when it is.
    if (opacity > 0) {
      if (cells.radiusM !== front.radiusM) {
        const hasBefore = front.rows.length > 0
        if (hasBefore) [front, back] = [back, front]
        startedMs = motion !== undefined && hasBefore ? motion.nowMs : Number.NEGATIVE_INFINITY
      }
      front.rows = front.tilesOf(cells, { theme, ownsColour })
      front.radiusM = cells.radiusM
    }
    // A clock that was set back ends it: nothing stays half drawn.
    const elapsed = motion === undefined || motion.nowMs < startedMs ? 1 : Math.min(1, (motion.nowMs - startedMs) / GIVE_WAY_MS)
    const isGiving = elapsed < 1 && opacity > 0
    if (isGiving) motion?.again()
    const above = isGiving ? elapsed : 1
    const layer = (slot: Slot, share: number): Layer =>
      new InstanceLayer({
        id: slot.id,
        rows: slot.rows,
        marks: (props) => new CellTileLayer(props),
        look: { radiusUnits: 'meters', getRadius: slot.radiusM || 0, getLineColor: [...rgbOf(PALETTES[theme].bg0), 255] },
        opacity: opacity * share,
        visible: opacity * share > 0,
        pickable: slot === front && ownsColour && opacity > 0.3,
        onClick: ({ index }) => {
          if (index >= 0) onPick?.(index)
          return false // the host hears it too
        },
      })
    return [layer(back, isGiving ? beneath(above) : 0), layer(front, above)]
  }
}

/** How much of the cells below is drawn under a share of those above, so that the ground shines through as before. */
export function beneath(above: number): number {
  return (1 - (1 - FILL) / (1 - FILL * above)) / FILL
}
