/** The texts of the model as messages: it says them in English, the page in the reader's language. */
import { defineMessage, type Message } from '../../language/say.ts'

export const NOISE_WORDS: readonly Message[] = [
  defineMessage({ id: 'noise.name', defaultMessage: 'Noise' }),
  defineMessage({ id: 'noise.measure.laeq', defaultMessage: 'Sound level, LAeq' }),
  defineMessage({ id: 'noise.measure.lamax', defaultMessage: 'Maximum, LAmax' }),
  defineMessage({ id: 'noise.measure.lamin', defaultMessage: 'Minimum, LAmin' }),
  defineMessage({ id: 'noise.measure.las', defaultMessage: 'Slow level, LAS' }),
  defineMessage({ id: 'noise.measure.la10', defaultMessage: 'Loud tenth, LA10' }),
  defineMessage({ id: 'noise.measure.la50', defaultMessage: 'Median level, LA50' }),
  defineMessage({ id: 'noise.measure.la90', defaultMessage: 'Background, LA90' }),
  defineMessage({ id: 'noise.measure.laeqDay', defaultMessage: 'Day level, LAeq,d' }),
  defineMessage({ id: 'noise.method.name', defaultMessage: 'energetic mean over time, LAeq,T' }),
  defineMessage({ id: 'noise.method.where', defaultMessage: 'Lᵢ is a level and tᵢ the time it stands for (a second where it does not say), T their sum' }),
  defineMessage({ id: 'noise.method.source.note', defaultMessage: 'the formula is common knowledge, the standard was not read' }),
  defineMessage({ id: 'noise.legend.title', defaultMessage: 'Sound level' }),
  defineMessage({ id: 'noise.legend.statistic', defaultMessage: 'LAeq over {window}, energetic mean of sensors' }),
  defineMessage({ id: 'noise.limit.1.label', defaultMessage: 'EU noise maps start (Lden, year)' }),
  defineMessage({ id: 'noise.limit.1.binds', defaultMessage: 'the Lden of a year' }),
  defineMessage({ id: 'noise.limit.2.label', defaultMessage: 'WHO road traffic (Lden, year)' }),
  defineMessage({ id: 'noise.limit.2.binds', defaultMessage: 'the Lden of a year, of road traffic alone' }),
  defineMessage({ id: 'noise.limit.2.note', defaultMessage: 'read as quoted by others' }),
  defineMessage({ id: 'noise.limit.3.label', defaultMessage: 'EU noise maps start (Lnight, year)' }),
  defineMessage({ id: 'noise.limit.3.binds', defaultMessage: 'the Lnight of a year' }),
  defineMessage({ id: 'noise.limit.4.label', defaultMessage: 'WHO road traffic (Lnight, year)' }),
  defineMessage({ id: 'noise.limit.4.binds', defaultMessage: 'the Lnight of a year, of road traffic alone' }),
  defineMessage({ id: 'noise.legend.source.note', defaultMessage: 'read as quoted by others; colours B. Weninger' }),
]
