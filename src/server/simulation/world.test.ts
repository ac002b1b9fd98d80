import { test, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, type EpochMs } from '../../core/time/instant.ts'
import { localTime } from '../../core/time/zone.ts'
import { SAMPLE_CITIES, sampleCity } from '../../../test/sample-cities.ts'
import { createWorld } from './world.ts'

const cities = SAMPLE_CITIES.map(({ id }) => sampleCity(id))
const city = fc.constantFrom(...cities)
const seed = fc.integer({ min: 0, max: 1_000_000 })
const instant = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2030, 0, 1) })

describe('weather', () => {
  test.prop([city, seed, instant])('is possible at any time, and the same when asked again by another', (where, key, ms) => {
    const weather = createWorld(where, key).weatherAt(ms as EpochMs)
    expect(weather).toEqual(createWorld(where, key).weatherAt(ms as EpochMs))
    expect(weather.temperatureC).toBeGreaterThan(-25)
    expect(weather.temperatureC).toBeLessThan(42)
    expect(weather.windMs).toBeGreaterThan(0)
    expect(weather.windMs).toBeLessThan(20)
    expect(weather.rainMmH).toBeGreaterThanOrEqual(0)
    expect(weather.rainMmH).toBeLessThan(15)
    expect(weather.relativeHumidity).toBeGreaterThan(0.2)
    expect(weather.relativeHumidity).toBeLessThan(1)
  })

  it('is warmer in July than in January, and rains like in Europe', () => {
    for (const where of cities) {
      const world = createWorld(where, 1)
      const mean = (month: number): number => {
        const all = Array.from({ length: 31 * 8 }, (_, i) => world.weatherAt((Date.UTC(2026, month, 1) + i * 3 * HOUR_MS) as EpochMs).temperatureC)
        return all.reduce((a, b) => a + b, 0) / all.length
      }
      expect(mean(6) - mean(0)).toBeGreaterThan(7)
      let yearMm = 0
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += HOUR_MS) yearMm += world.weatherAt(ms as EpochMs).rainMmH
      expect(yearMm).toBeGreaterThan(300)
      expect(yearMm).toBeLessThan(1_600)
    }
  })
})

describe('activity', () => {
  test.prop([city, instant])('stays in 0 to 1, and a workday morning is busier than the dead of night', (where, ms) => {
    const world = createWorld(where, 1)
    expect(world.activityAt(ms as EpochMs)).toBeGreaterThan(0)
    expect(world.activityAt(ms as EpochMs)).toBeLessThanOrEqual(1)
  })

  it('the rush hour follows the clock of the city, not that of UTC', () => {
    const world = createWorld(sampleCity('milan'), 1)
    const winterEight = world.activityAt(Date.parse('2026-10-26T07:00:00Z') as EpochMs) // 08:00 CET
    const summerEight = world.activityAt(Date.parse('2026-10-19T06:00:00Z') as EpochMs) // 08:00 CEST
    expect(winterEight).toBe(summerEight)
    expect(winterEight).toBeGreaterThan(5 * world.activityAt(Date.parse('2026-10-26T02:00:00Z') as EpochMs))
  })
})

describe('events', () => {
  test.prop([city, seed, instant])('at an instant are those of the programme that go on then', (where, key, ms) => {
    const world = createWorld(where, key)
    const going = world.eventsAt(ms as EpochMs)
    const programme = world.eventsBetween(ms - 4 * DAY_MS, ms + DAY_MS).filter(({ startMs, endMs }) => startMs <= ms && ms < endMs)
    expect(new Set(going.map(({ label }) => label))).toEqual(new Set(programme.map(({ label }) => label)))
    for (const { startMs, endMs } of going) expect(endMs - startMs).toBeLessThanOrEqual(3 * DAY_MS)
  })

  it('of every kind come within two months; concerts are in the evening', () => {
    for (const where of cities) {
      const from = Date.UTC(2026, 10, 1)
      const events = createWorld(where, 1).eventsBetween(from, from + 60 * DAY_MS)
      expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['concert', 'road-closed', 'pollution-episode']))
      const concertHours = events.flatMap(({ kind, startMs }) => (kind === 'concert' ? [localTime(startMs, where.timeZone).hour] : []))
      expect(concertHours.filter((hour) => hour < 20)).toEqual([])
    }
  })
})
