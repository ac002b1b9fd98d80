/**
 * What happens in a simulated city: concerts, closed roads, days of bad air. Each is drawn for the
 * city-local day on which it begins, so any day's programme can be looked up.
 */
import { alongPath } from '../../core/geo/placement.ts'
import { hashText, noiseAt } from '../../core/random.ts'
import { DAY_MS, HOUR_MS } from '../../core/time/instant.ts'
import { instantOfWall, offsetMinutesAt } from '../../core/time/zone.ts'
import { pickAt } from '../../core/variation.ts'
import type { CityEvent, SampleCity } from '../../domains/sample-world.ts'
import type { EpochMs } from '../../core/time/instant.ts'

const LONGEST_DAYS = 3 // no event reaches further than this beyond the day on which it began
const EPISODE_BLOCK_DAYS = 6
const KEPT = 400
const NONE: readonly CityEvent[] = []

export interface Programme {
  eventsAt(ms: number): readonly CityEvent[]
  /** Events that touch [fromMs, toMs), by their beginning. */
  eventsBetween(fromMs: number, toMs: number): readonly CityEvent[]
}

export function createProgramme(city: SampleCity, seed: number): Programme {
  const key = hashText(`${city.id} events ${seed}`)
  const days = new Map<number, readonly CityEvent[]>()
  const beginningOn = (day: number): readonly CityEvent[] => {
    let events = days.get(day)
    if (events === undefined) {
      if (days.size >= KEPT) days.clear()
      days.set(day, (events = eventsOf(day, city, key)))
    }
    return events
  }
  const localDay = (ms: number): number => Math.floor((ms + offsetMinutesAt(ms, city.timeZone) * 60_000) / DAY_MS)

  return {
    eventsAt(ms) {
      const today = localDay(ms)
      let found: CityEvent[] | undefined
      for (let day = today - LONGEST_DAYS; day <= today; day++) {
        for (const event of beginningOn(day)) if (event.startMs <= ms && ms < event.endMs) (found ??= []).push(event)
      }
      return found ?? NONE
    },
    eventsBetween(fromMs, toMs) {
      const found: CityEvent[] = []
      for (let day = localDay(fromMs) - LONGEST_DAYS; day <= localDay(toMs); day++) {
        found.push(...beginningOn(day).filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs))
      }
      return found.sort((a, b) => a.startMs - b.startMs)
    },
  }
}

function eventsOf(day: number, city: SampleCity, key: number): readonly CityEvent[] {
  return [concertOn(day, city, key), closureOn(day, city, key), episodeOn(day, city, key)].filter((event) => event !== undefined)
}

function concertOn(day: number, city: SampleCity, key: number): CityEvent | undefined {
  const weekday = (((day + 3) % 7) + 7) % 7 // 0 Monday: 1970-01-01 was a Thursday
  if (noiseAt(key, day, 1) > (weekday === 4 || weekday === 5 ? 0.8 : 0.3)) return undefined
  const squares = city.districts.filter(({ kind }) => kind === 'centre' || kind === 'waterfront' || kind === 'park')
  const district = pickAt(squares.length > 0 ? squares : city.districts, key, day, 2)
  if (district === undefined) return undefined
  const startMs = at(day, 20 + Math.floor(noiseAt(key, day, 3) * 4) / 2, city)
  const endMs = (startMs + (2 + Math.floor(noiseAt(key, day, 4) * 4) / 2) * HOUR_MS) as EpochMs
  return { kind: 'concert', label: `Concert, ${district.name}`, centre: district.centre, radiusM: 450, startMs, endMs }
}

function closureOn(day: number, city: SampleCity, key: number): CityEvent | undefined {
  if (noiseAt(key, day, 5) > 0.28) return undefined
  const corridor = pickAt(city.corridors ?? [], key, day, 6)
  if (corridor === undefined) return undefined
  const lasts = 1 + Math.floor(noiseAt(key, day, 7) * 2.4)
  return {
    kind: 'road-closed',
    label: `Road closed, ${corridor.name}`,
    centre: alongPath(corridor.path, 0.15 + 0.7 * noiseAt(key, day, 8)),
    radiusM: 600,
    startMs: at(day, 7, city),
    endMs: at(day + lasts - 1, 19, city),
  }
}

function episodeOn(day: number, city: SampleCity, key: number): CityEvent | undefined {
  const block = Math.floor(day / EPISODE_BLOCK_DAYS)
  const month = new Date(day * DAY_MS).getUTCMonth()
  const isWinter = month <= 1 || month >= 10
  if (noiseAt(key, block, 9) > (isWinter ? 0.55 : 0.2)) return undefined
  if (day !== block * EPISODE_BLOCK_DAYS + Math.floor(noiseAt(key, block, 10) * 4)) return undefined
  const startMs = at(day, 6, city)
  const endMs = (startMs + (26 + Math.floor(noiseAt(key, block, 11) * 22)) * HOUR_MS) as EpochMs
  return { kind: 'pollution-episode', label: 'Still air over the city', centre: city.anchor, radiusM: 30_000, startMs, endMs }
}

function at(day: number, hour: number, city: SampleCity): EpochMs {
  return instantOfWall(day * DAY_MS + hour * HOUR_MS, city.timeZone)
}
