/** The texts of the model as messages: it says them in English, the page in the reader's language. */
import { defineMessage, type Message } from '../../language/say.ts'

export const AIR_QUALITY_WORDS: readonly Message[] = [
  defineMessage({ id: 'airQuality.name', defaultMessage: 'Air quality' }),
  defineMessage({ id: 'airQuality.measure.eaqi', defaultMessage: 'European Air Quality Index' }),
  defineMessage({ id: 'airQuality.measure.tsp', defaultMessage: 'Total suspended particles' }),
  defineMessage({ id: 'airQuality.measure.benzene', defaultMessage: 'Benzene' }),
  defineMessage({ id: 'airQuality.measure.temperature', defaultMessage: 'Temperature' }),
  defineMessage({ id: 'airQuality.measure.relativeHumidity', defaultMessage: 'Relative humidity' }),
  defineMessage({ id: 'airQuality.measure.precipitation', defaultMessage: 'Precipitation' }),
  defineMessage({ id: 'airQuality.method.name', defaultMessage: 'worst pollutant of the European Air Quality Index' }),
  defineMessage({ id: 'airQuality.method.where', defaultMessage: 'cᵢ are the concentrations of a pollutant in the hour, rounded as a mean to whole µg/m³ before the band is looked up (the rule for fractions is not published)' }),
  defineMessage({ id: 'airQuality.method.source.note', defaultMessage: 'read as three programs quote it' }),
  defineMessage({ id: 'airQuality.legend.statistic', defaultMessage: 'EAQI, worst pollutant of means over {window}' }),
  defineMessage({ id: 'airQuality.class.1', defaultMessage: 'Good' }),
  defineMessage({ id: 'airQuality.class.2', defaultMessage: 'Fair' }),
  defineMessage({ id: 'airQuality.class.3', defaultMessage: 'Moderate' }),
  defineMessage({ id: 'airQuality.class.4', defaultMessage: 'Poor' }),
  defineMessage({ id: 'airQuality.class.5', defaultMessage: 'Very poor' }),
  defineMessage({ id: 'airQuality.class.6', defaultMessage: 'Extremely poor' }),
  defineMessage({ id: 'airQuality.windows.why', defaultMessage: 'the European index is defined for the mean of an hour' }),
]
