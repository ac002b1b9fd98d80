/** Gathers the drawing half. */
import { formatQuantity } from '../../ui/words/number.ts'
import type { DomainView } from '../domain-view.ts'
import { BUILDING_ENERGY } from './model.ts'
import { BuildingEnergyPanel } from './panel.tsx'
import { BUILDING_ENERGY_WORDS } from './words.ts'

export const BUILDING_ENERGY_VIEW: DomainView = {
  model: BUILDING_ENERGY,
  loadLayers: async () => (await import('./layer.ts')).layers,
  /** Whole kilowatts from a hundred on: the tenth would be noise. */
  format: (powerKW) => formatQuantity(powerKW, Math.abs(powerKW) >= 100 ? 0 : 1, 'kW'),
  Panel: BuildingEnergyPanel,
  words: BUILDING_ENERGY_WORDS,
}
