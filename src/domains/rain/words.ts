/** The texts of the model as messages: it says them in English, the page in the reader's language. */
import { defineMessage, type Message } from '../../language/say.ts'

export const RAIN_WORDS: readonly Message[] = [
  defineMessage({ id: 'rain.name', defaultMessage: 'Rain' }),
  defineMessage({ id: 'rain.quantity', defaultMessage: 'The intensity of rain' }),
  defineMessage({ id: 'rain.measure.intensity', defaultMessage: 'Rain intensity' }),
  defineMessage({ id: 'rain.measure.precipitation', defaultMessage: 'Rain in the period' }),
  defineMessage({ id: 'rain.measure.temperature', defaultMessage: 'Temperature' }),
  defineMessage({ id: 'rain.measure.relativeHumidity', defaultMessage: 'Relative humidity' }),
  defineMessage({ id: 'rain.method.name', defaultMessage: 'mean rain intensity' }),
  defineMessage({ id: 'rain.method.where', defaultMessage: 'hᵢ is a depth in mm and tᵢ the hours in which it fell; a depth without its interval stands for the distance to the one before' }),
  defineMessage({ id: 'rain.method.source.document', defaultMessage: 'Belvedere, by the definition of intensity' }),
  defineMessage({ id: 'rain.legend.statistic', defaultMessage: 'intensity over {window}, highest of gauges' }),
  defineMessage({ id: 'rain.class.1', defaultMessage: 'none' }),
  defineMessage({ id: 'rain.class.2', defaultMessage: 'slight' }),
  defineMessage({ id: 'rain.class.3', defaultMessage: 'moderate' }),
  defineMessage({ id: 'rain.class.4', defaultMessage: 'heavy' }),
  defineMessage({ id: 'rain.class.5', defaultMessage: 'violent' }),
  defineMessage({ id: 'rain.legend.source.note', defaultMessage: 'as quoted by a weather station, year not known; blues of our own' }),
]
