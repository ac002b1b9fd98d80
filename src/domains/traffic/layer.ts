/** Traffic on the map: marks of one size, since a speed is not an amount; the slower, the stronger the ink. */
import type { Layer } from '@deck.gl/core'
import { createFrameLayers } from '../../map/frame-layers.ts'
import type { LayerOptions } from '../domain-view.ts'
import type { Frame } from '../frame.ts'
import { LEGEND } from './legend.ts'

export const layers: (frame: Frame, options: LayerOptions) => readonly Layer[] = createFrameLayers({ id: 'traffic', scale: LEGEND })
