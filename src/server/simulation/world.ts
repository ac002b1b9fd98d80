/**
 * The world that the domains' samplers look at: weather, events, and how busy the streets are.
 * Pure functions of seed and time; what is remembered is only what would be computed again.
 */
import { localHourOfWeek, rhythmAt, weekRhythm } from '../../core/time/rhythm.ts'
import type { CityEvent, SampleCity, World } from '../../domains/sample-world.ts'
import { createProgramme } from './events.ts'
import { createWeather } from './weather.ts'

/** Motor traffic by the hour against the rush hour of a workday; the shape of German and Dutch counting stations, rounded. */
const TRAFFIC = weekRhythm(
  [0.1, 0.06, 0.05, 0.05, 0.09, 0.25, 0.58, 0.92, 1, 0.78, 0.68, 0.7, 0.74, 0.74, 0.75, 0.83, 0.96, 1, 0.85, 0.66, 0.48, 0.37, 0.28, 0.18],
  [0.16, 0.12, 0.09, 0.07, 0.08, 0.12, 0.2, 0.3, 0.44, 0.58, 0.68, 0.72, 0.72, 0.68, 0.66, 0.65, 0.64, 0.62, 0.56, 0.48, 0.4, 0.34, 0.32, 0.27],
  [0.22, 0.17, 0.12, 0.09, 0.08, 0.09, 0.12, 0.17, 0.26, 0.38, 0.5, 0.56, 0.56, 0.52, 0.53, 0.55, 0.57, 0.57, 0.53, 0.45, 0.36, 0.28, 0.21, 0.14],
)

export interface SimulatedWorld extends World {
  /** Events that touch [fromMs, toMs), by their beginning. */
  eventsBetween(fromMs: number, toMs: number): readonly CityEvent[]
}

export function createWorld(city: SampleCity, seed: number): SimulatedWorld {
  const programme = createProgramme(city, seed)
  return {
    seed,
    city,
    weatherAt: createWeather(city, seed),
    eventsAt: (ms) => programme.eventsAt(ms),
    eventsBetween: (fromMs, toMs) => programme.eventsBetween(fromMs, toMs),
    activityAt: (ms) => rhythmAt(TRAFFIC, localHourOfWeek(ms, city.timeZone)),
  }
}
