/** Gathers the drawing half. */
import { formatQuantity } from '../../ui/words/number.ts'
import type { DomainView } from '../domain-view.ts'
import { RAIN } from './model.ts'
import { RainPanel } from './panel.tsx'
import { RAIN_WORDS } from './words.ts'

export const RAIN_VIEW: DomainView = {
  model: RAIN,
  loadLayers: async () => (await import('./layer.ts')).layers,
  format: (mmPerHour) => formatQuantity(mmPerHour, 1, 'mm/h'),
  Panel: RainPanel,
  words: RAIN_WORDS,
}
