/** Cycling on the map: a flow is an amount, so the mark's area grows with it, and a busy path is seen before it is read. */
import type { Layer } from '@deck.gl/core'
import { createFrameLayers } from '../../map/frame-layers.ts'
import type { LayerOptions } from '../domain-view.ts'
import type { Frame } from '../frame.ts'
import { LEGEND } from './legend.ts'
import { RIDE_CELL_RADIUS_M } from './privacy.ts'

/** Radius in pixels of one bicycle an hour: 60 an hour have 4.6 px, 400 have 12. */
const UNIT_RADIUS_PX = 0.6
/** An empty path still has a mark to hit, and a demonstration of bicycles does not cover the town. */
const SMALLEST_PX = 4
const LARGEST_PX = 14

export const layers: (frame: Frame, options: LayerOptions) => readonly Layer[] = createFrameLayers({
  id: 'cycling',
  scale: LEGEND,
  tooFewCellM: RIDE_CELL_RADIUS_M,
  radiusPx: (perHour) => Math.min(LARGEST_PX, Math.max(SMALLEST_PX, UNIT_RADIUS_PX * Math.sqrt(Math.max(0, perHour)))),
})
