/** The texts of the model as messages: it says them in English, the page in the reader's language. */
import { defineMessage, type Message } from '../../language/say.ts'

export const SCHOOL_AIR_WORDS: readonly Message[] = [
  defineMessage({ id: 'schoolAir.name', defaultMessage: 'School air' }),
  defineMessage({ id: 'schoolAir.measure.temperature', defaultMessage: 'Temperature' }),
  defineMessage({ id: 'schoolAir.measure.relativeHumidity', defaultMessage: 'Relative humidity' }),
  defineMessage({ id: 'schoolAir.measure.illuminance', defaultMessage: 'Illuminance' }),
  defineMessage({ id: 'schoolAir.measure.people', defaultMessage: 'People, over an hour or more' }),
  defineMessage({ id: 'schoolAir.method.name', defaultMessage: 'mean' }),
  defineMessage({ id: 'schoolAir.method.where', defaultMessage: 'cᵢ are the readings of CO₂ in the window' }),
  defineMessage({ id: 'schoolAir.method.source.document', defaultMessage: 'Belvedere, common arithmetic' }),
  defineMessage({ id: 'schoolAir.legend.title', defaultMessage: 'CO₂ in schools' }),
  defineMessage({ id: 'schoolAir.legend.statistic', defaultMessage: 'mean over {window}, median of schools' }),
  defineMessage({ id: 'schoolAir.class.1', defaultMessage: 'I, best' }),
  defineMessage({ id: 'schoolAir.class.4', defaultMessage: 'IV, worst' }),
  defineMessage({ id: 'schoolAir.limit.1.label', defaultMessage: 'conspicuous (Germany)' }),
  defineMessage({ id: 'schoolAir.limit.1.note', defaultMessage: 'as quoted by others, and so is its year' }),
  defineMessage({ id: 'schoolAir.limit.2.label', defaultMessage: 'unacceptable (Germany)' }),
  defineMessage({ id: 'schoolAir.legend.source.note', defaultMessage: 'the standard was not read; 550, 800 and 1,350 ppm above outdoors, for which 420 ppm are assumed; colours Belvedere' }),
  defineMessage({ id: 'schoolAir.privacy.of', defaultMessage: 'rooms' }),
  defineMessage({ id: 'schoolAir.privacy.source', defaultMessage: 'ours: of two rooms each would know the other' }),
]
