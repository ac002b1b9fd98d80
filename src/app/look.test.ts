import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import { VIEWS as DOMAIN_VIEWS } from '../domains/views.ts'
import { compareWithUsual, coverageWords, nameOfWindow, nextView, statisticOver, usualHourWords, windowOfName, windowWords, WINDOW_NAMES } from './look.ts'
import type { LiveLayer } from './live-store.ts'

const viewOf = (id: string) => DOMAIN_VIEWS.find(({ model }) => model.id === id)!
const plain = (text: string | undefined): string | undefined => text?.replaceAll(/\s/gu, ' ')
const AT = Date.UTC(2026, 10, 20, 8, 5)

function layerOf(windowMs: number, coveredMs: number): Pick<LiveLayer, 'frame'> {
  return { frame: { atMs: AT, windowStartMs: AT - windowMs, windowEndMs: AT, coveredFromMs: AT - coveredMs } } as Pick<LiveLayer, 'frame'>
}

describe('against usual', () => {
  const band = { median: 54, p10: 51, p90: 58, samples: 160, days: 40 }
  const said = (id: string, value: number | undefined, usual = band) => {
    const comparison = compareWithUsual(viewOf(id), value, usual, 'a workday, 08 h')
    return comparison && { ...comparison, text: plain(comparison.text) }
  }

  it('a value is told with its distance from what is usual, in its unit', () => {
    expect(said('noise', 61)).toEqual({ side: 'above', text: '7 dB above usual for a workday, 08 h' })
    expect(said('noise', 56)).toEqual({ side: 'usual', text: 'as usual for a workday, 08 h' })
    expect(said('traffic', 40)).toEqual({ side: 'below', text: '14 km/h below usual for a workday, 08 h' })
  })

  it('classes have no distance', () => {
    expect(said('air-quality', 4, { ...band, median: 2, p10: 2, p90: 2 })).toEqual({ side: 'above', text: 'above usual (Fair) for a workday, 08 h' })
  })

  it('too short a history says how much there is; without a value there is nothing to say', () => {
    expect(compareWithUsual(viewOf('noise'), 61, { haveDays: 12, needDays: 28 }, 'x')).toEqual({ side: 'unknown', text: 'no usual yet: 12 of 28 days' })
    expect(said('noise', undefined)).toBeUndefined()
    expect(compareWithUsual(viewOf('noise'), 61, undefined, 'x')).toBeUndefined()
  })

  it('the hour is that of the middle of the window, on the city\u2019s wall', () => {
    expect(plain(usualHourWords(layerOf(15 * MINUTE_MS, 0), { timeZone: 'Europe/Lisbon' }))).toBe('a workday, 07 h')
    expect(plain(usualHourWords(layerOf(MINUTE_MS, 0), { timeZone: 'Europe/Helsinki' }))).toBe('a workday, 10 h')
    expect(plain(usualHourWords(layerOf(MINUTE_MS, 0), { timeZone: 'Europe/Lisbon', holidays: ['2026-11-20'] }))).toBe('Sunday, 08 h')
  })
})

describe('a window', () => {
  it('says how much of it is known, and nothing when it is whole but for its edge', () => {
    expect(plain(coverageWords(layerOf(15 * MINUTE_MS, 3 * MINUTE_MS)))).toBe('3 of 15 min')
    expect(plain(coverageWords(layerOf(24 * HOUR_MS, 20.5 * HOUR_MS)))).toBe('20 of 24 h')
    expect(plain(coverageWords(layerOf(HOUR_MS, -Infinity)))).toBe('0 of 60 min')
    expect(coverageWords(layerOf(15 * MINUTE_MS, 15 * MINUTE_MS))).toBe('')
    expect(coverageWords(layerOf(15 * MINUTE_MS, 14.6 * MINUTE_MS))).toBe('')
  })

  it('has a name in the address and words on the page', () => {
    expect(WINDOW_NAMES.map((name) => nameOfWindow(windowOfName(name)!))).toEqual([...WINDOW_NAMES])
    expect(WINDOW_NAMES.map((name) => plain(windowWords(windowOfName(name)!)))).toEqual(['1 min', '15 min', '1 h', '24 h'])
  })

  it('is in the statistic of every layer, whatever it is', () => {
    for (const { model } of DOMAIN_VIEWS) {
      expect(statisticOver(model, 'value', model.windowMs)).toBe(model.legend.statistic)
      expect(plain(statisticOver(model, 'value', 24 * HOUR_MS))).toContain('over 24 h')
    }
  })
})

it('U goes round through what the layer offers', () => {
  const { model: noise } = viewOf('noise')
  const { model: cycling } = viewOf('cycling')
  expect([nextView(noise, 'value'), nextView(noise, 'usual'), nextView(noise, 'limit')]).toEqual(['usual', 'limit', 'value'])
  expect([nextView(cycling, 'value'), nextView(cycling, 'usual'), nextView(cycling, 'limit')]).toEqual(['usual', 'value', 'value'])
})
