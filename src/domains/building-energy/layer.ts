/** Buildings on the map: power is an amount, so the mark's area grows with it. A building that feeds in draws none: it has the smallest. */
import type { Layer } from '@deck.gl/core'
import { createFrameLayers } from '../../map/frame-layers.ts'
import type { LayerOptions } from '../domain-view.ts'
import type { Frame } from '../frame.ts'
import { LEGEND } from './legend.ts'

/** Radius in pixels of one kilowatt: 50 kW have 5.3 px, 300 have 13. */
const UNIT_RADIUS_PX = 0.75
/** A flat still has a mark to hit, and a factory does not cover its quarter. */
const SMALLEST_PX = 4
const LARGEST_PX = 13

export const layers: (frame: Frame, options: LayerOptions) => readonly Layer[] = createFrameLayers({
  id: 'building-energy',
  scale: LEGEND,
  radiusPx: (powerKW) => Math.min(LARGEST_PX, Math.max(SMALLEST_PX, UNIT_RADIUS_PX * Math.sqrt(Math.max(0, powerKW)))),
})
