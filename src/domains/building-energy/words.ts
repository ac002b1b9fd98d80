/** The texts of the model as messages: it says them in English, the page in the reader's language. */
import { defineMessage, type Message } from '../../language/say.ts'

export const BUILDING_ENERGY_WORDS: readonly Message[] = [
  defineMessage({ id: 'buildingEnergy.name', defaultMessage: 'Building energy' }),
  defineMessage({ id: 'buildingEnergy.quantity', defaultMessage: 'Electric power' }),
  defineMessage({ id: 'buildingEnergy.measure.activePower', defaultMessage: 'Power' }),
  defineMessage({ id: 'buildingEnergy.measure.energyImport', defaultMessage: 'Meter reading' }),
  defineMessage({ id: 'buildingEnergy.method.name', defaultMessage: 'mean power' }),
  defineMessage({ id: 'buildingEnergy.method.where', defaultMessage: 'Pᵢ are the readings of power; where only a register comes, E₁ and E₂ are its first and last reading in the window' }),
  defineMessage({ id: 'buildingEnergy.method.source.document', defaultMessage: 'Belvedere, by the definition of mean power' }),
  defineMessage({ id: 'buildingEnergy.legend.statistic', defaultMessage: 'mean power over {window}, sum of meters' }),
  defineMessage({ id: 'buildingEnergy.legend.source.document', defaultMessage: 'Belvedere, classes of its own' }),
  defineMessage({ id: 'buildingEnergy.legend.source.note', defaultMessage: 'colours cividis (J. Nuñez, C. Anderton, R. Renslow, 2018)' }),
  defineMessage({ id: 'buildingEnergy.privacy.of', defaultMessage: 'flats' }),
  defineMessage({ id: 'buildingEnergy.privacy.source', defaultMessage: 'ours: energy of 4 units and more, or a building’s total, over 15 min' }),
]
