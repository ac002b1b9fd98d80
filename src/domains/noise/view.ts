/** Gathers the drawing half. */
import { formatQuantity } from '../../ui/words/number.ts'
import type { DomainView } from '../domain-view.ts'
import { NOISE } from './model.ts'
import { NoisePanel } from './panel.tsx'
import { NOISE_WORDS } from './words.ts'

export const NOISE_VIEW: DomainView = {
  model: NOISE,
  loadLayers: async () => (await import('./layer.ts')).layers,
  format: (level) => formatQuantity(level, 0, 'dB(A)'),
  Panel: NoisePanel,
  words: NOISE_WORDS,
}
