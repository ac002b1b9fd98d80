/** Rain on the map: it is an amount, so the mark's area grows with it. A dry gauge is the smallest mark, and in no colour. */
import type { Layer } from '@deck.gl/core'
import { createFrameLayers } from '../../map/frame-layers.ts'
import type { LayerOptions } from '../domain-view.ts'
import type { Frame } from '../frame.ts'
import { LEGEND } from './legend.ts'

/** A dry gauge still has a mark to hit. */
const SMALLEST_PX = 4
/** Radius in pixels that √(mm/h) adds: 1 mm/h has 6 px, 10 have 10, 25 have 14. */
const UNIT_RADIUS_PX = 2
const LARGEST_PX = 16

export const layers: (frame: Frame, options: LayerOptions) => readonly Layer[] = createFrameLayers({
  id: 'rain',
  scale: LEGEND,
  radiusPx: (mmPerHour) => Math.min(LARGEST_PX, SMALLEST_PX + UNIT_RADIUS_PX * Math.sqrt(Math.max(0, mmPerHour))),
})
