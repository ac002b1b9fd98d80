/** Gathers the drawing half. */
import { formatQuantity } from '../../ui/words/number.ts'
import type { DomainView } from '../domain-view.ts'
import { CYCLING } from './model.ts'
import { CyclingPanel } from './panel.tsx'
import { CYCLING_WORDS } from './words.ts'

export const CYCLING_VIEW: DomainView = {
  model: CYCLING,
  loadLayers: async () => (await import('./layer.ts')).layers,
  format: (perHour) => formatQuantity(perHour, 0, '/h'),
  Panel: CyclingPanel,
  words: CYCLING_WORDS,
}
