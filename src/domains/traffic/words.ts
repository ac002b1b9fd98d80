/** The texts of the model as messages: it says them in English, the page in the reader's language. */
import { defineMessage, type Message } from '../../language/say.ts'

export const TRAFFIC_WORDS: readonly Message[] = [
  defineMessage({ id: 'traffic.name', defaultMessage: 'Traffic' }),
  defineMessage({ id: 'traffic.quantity', defaultMessage: 'The mean speed of traffic' }),
  defineMessage({ id: 'traffic.measure.speed', defaultMessage: 'Mean speed' }),
  defineMessage({ id: 'traffic.measure.vehicleFlow', defaultMessage: 'Vehicles per hour' }),
  defineMessage({ id: 'traffic.measure.vehicles', defaultMessage: 'Vehicles counted in the period' }),
  defineMessage({ id: 'traffic.measure.density', defaultMessage: 'Vehicles per kilometre' }),
  defineMessage({ id: 'traffic.measure.occupancy', defaultMessage: 'Share of time a vehicle covers the detector' }),
  defineMessage({ id: 'traffic.method.name', defaultMessage: 'mean speed over the road, harmonic' }),
  defineMessage({ id: 'traffic.method.where', defaultMessage: 'vᵢ is the speed of an interval and nᵢ the vehicles that passed in it (one where it does not say)' }),
  defineMessage({ id: 'traffic.method.source.note', defaultMessage: 'the formula is common knowledge, the paper was not read' }),
  defineMessage({ id: 'traffic.legend.title', defaultMessage: 'Mean speed of motor vehicles' }),
  defineMessage({ id: 'traffic.legend.statistic', defaultMessage: 'speed over {window} by vehicles that passed, median of detectors' }),
  defineMessage({ id: 'traffic.legend.source.document', defaultMessage: 'Belvedere, classes of its own' }),
  defineMessage({ id: 'traffic.legend.source.note', defaultMessage: 'colours cividis (J. Nuñez, C. Anderton, R. Renslow, 2018), slow is strong' }),
]
