/**
 * Weather as a function of city and time: a season, a day, and fronts that pass every few days.
 * Not a forecast of anything, but never impossible: rain comes with cloud, frost with winter.
 */
import { hashText } from '../../core/random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { localHourOfDay } from '../../core/time/zone.ts'
import { smoothNoiseAt } from '../../core/variation.ts'
import type { SampleCity, Weather } from '../../domains/sample-world.ts'

const YEAR_MS = 365.2425 * DAY_MS
const COLDEST_MS = 20 * DAY_MS // about 20 January
const WARMEST_HOUR = 15
const KEPT = 4_000 // slots in memory: two weeks of five minutes
const SLOT_MS = 5 * MINUTE_MS

/** Renewed every five minutes: finer than that no sensor of ours can tell. */
export function createWeather(city: SampleCity, seed: number): (ms: number) => Weather {
  const known = new Map<number, Weather>()
  const key = hashText(`${city.id} weather ${seed}`)
  return (ms) => {
    const slot = Math.floor(ms / SLOT_MS)
    let weather = known.get(slot)
    if (weather === undefined) {
      if (known.size >= KEPT) known.clear()
      weather = weatherOf(slot * SLOT_MS, city, key)
      known.set(slot, weather)
    }
    return weather
  }
}

function weatherOf(ms: number, city: SampleCity, key: number): Weather {
  const [lon, lat] = city.anchor
  // Straight lines through the yearly means of Porto, Milan, Antwerp, Manchester and Helsinki (15 to 6.5 °C),
  // and through their seasons' swing, which grows away from the ocean (6 to 12 K).
  const meanC = 15 - 0.45 * (lat - 41)
  const seasonK = 6 + Math.max(0, lon) * 0.25
  const winter = Math.cos(((ms - COLDEST_MS) / YEAR_MS) * 2 * Math.PI) // 1 in January, −1 in July

  const front = smoothNoiseAt(ms / (56 * HOUR_MS), key, 1)
  const cloud = clamp(0.5 + 0.55 * front + 0.3 * smoothNoiseAt(ms / (9 * HOUR_MS), key, 2), 0, 1)
  const hour = localHourOfDay(ms, city.timeZone)
  const dayK = (2 + 4.5 * (1 - winter) * 0.5) * (1.2 - 0.8 * cloud)
  const temperatureC =
    meanC - seasonK * winter + 3.5 * smoothNoiseAt(ms / (80 * HOUR_MS), key, 3) + dayK * Math.cos(((hour - WARMEST_HOUR) / 12) * Math.PI)

  const shower = smoothNoiseAt(ms / (50 * MINUTE_MS), key, 4)
  // About one hour in eight, 600 to 1,000 mm a year.
  const rainMmH = cloud > 0.78 ? Math.max(0, (cloud - 0.78) * 4.5 + 1.1 * shower - 0.35) : 0
  const windMs = Math.max(0.4, 3.2 + 1.8 * front + 1.6 * smoothNoiseAt(ms / (7 * HOUR_MS), key, 5) + 0.5 * smoothNoiseAt(ms / (20 * MINUTE_MS), key, 6))
  const windFromDeg = (((250 + 110 * smoothNoiseAt(ms / (30 * HOUR_MS), key, 7)) % 360) + 360) % 360
  const relativeHumidity = clamp(0.62 + 0.12 * winter + 0.2 * (cloud - 0.5) - 0.014 * dayK * Math.cos(((hour - WARMEST_HOUR) / 12) * Math.PI) + (rainMmH > 0 ? 0.12 : 0), 0.25, 0.99)
  return { temperatureC, windMs, windFromDeg, rainMmH, relativeHumidity }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
