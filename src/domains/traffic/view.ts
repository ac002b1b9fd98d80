/** Gathers the drawing half. */
import { formatQuantity } from '../../ui/words/number.ts'
import type { DomainView } from '../domain-view.ts'
import { TRAFFIC } from './model.ts'
import { TrafficPanel } from './panel.tsx'
import { TRAFFIC_WORDS } from './words.ts'

export const TRAFFIC_VIEW: DomainView = {
  model: TRAFFIC,
  loadLayers: async () => (await import('./layer.ts')).layers,
  format: (kmh) => formatQuantity(kmh, 0, 'km/h'),
  Panel: TrafficPanel,
  words: TRAFFIC_WORDS,
}
