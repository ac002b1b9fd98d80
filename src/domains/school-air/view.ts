/** Gathers the drawing half. */
import { formatQuantity } from '../../ui/words/number.ts'
import type { DomainView } from '../domain-view.ts'
import { SCHOOL_AIR } from './model.ts'
import { SchoolAirPanel } from './panel.tsx'
import { SCHOOL_AIR_WORDS } from './words.ts'

export const SCHOOL_AIR_VIEW: DomainView = {
  model: SCHOOL_AIR,
  loadLayers: async () => (await import('./layer.ts')).layers,
  format: (ppm) => formatQuantity(ppm, 0, 'ppm'),
  Panel: SchoolAirPanel,
  words: SCHOOL_AIR_WORDS,
}
