/** Schools on the map: marks of one size, since the air of a school is no amount; colour alone says the category. */
import type { Layer } from '@deck.gl/core'
import { createFrameLayers } from '../../map/frame-layers.ts'
import type { LayerOptions } from '../domain-view.ts'
import type { Frame } from '../frame.ts'
import { LEGEND } from './legend.ts'

export const layers: (frame: Frame, options: LayerOptions) => readonly Layer[] = createFrameLayers({ id: 'school-air', scale: LEGEND })
