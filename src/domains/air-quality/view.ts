/** Gathers the drawing half. */
import { classOf } from '../domain-model.ts'
import type { DomainView } from '../domain-view.ts'
import { LEGEND } from './legend.ts'
import { AIR_QUALITY } from './model.ts'
import { AirQualityPanel } from './panel.tsx'
import { AIR_QUALITY_WORDS } from './words.ts'

export const AIR_QUALITY_VIEW: DomainView = {
  model: AIR_QUALITY,
  loadLayers: async () => (await import('./layer.ts')).layers,
  /** The class is what people read; the number 1 to 6 is only how it is kept. */
  format: (value) => LEGEND.classes[classOf(LEGEND, value)]?.label ?? '–',
  Panel: AirQualityPanel,
  words: AIR_QUALITY_WORDS,
}
