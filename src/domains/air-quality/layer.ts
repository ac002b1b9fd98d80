/** Air on the map: marks of one size in the index's own colours; a station's worst pollutant decides its class. */
import type { Layer } from '@deck.gl/core'
import { createFrameLayers } from '../../map/frame-layers.ts'
import type { LayerOptions } from '../domain-view.ts'
import type { Frame } from '../frame.ts'
import { LEGEND } from './legend.ts'

export const layers: (frame: Frame, options: LayerOptions) => readonly Layer[] = createFrameLayers({ id: 'air-quality', scale: LEGEND })
