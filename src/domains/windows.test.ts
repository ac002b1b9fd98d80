import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time/instant.ts'
import { MODELS } from './models.ts'
import { windowFor, windowOffers } from './windows.ts'

const modelOf = (id: string) => MODELS.find((model) => model.id === id)!
const offered = (id: string, everyMs?: number): number[] => windowOffers(modelOf(id), everyMs).flatMap(({ windowMs, whyNot }) => (whyNot === undefined ? [windowMs] : []))

it('a window shorter than sensors report is not offered', () => {
  expect(offered('noise')).toEqual([MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, DAY_MS])
  expect(offered('traffic')).toEqual([15 * MINUTE_MS, HOUR_MS, DAY_MS])
  // A city whose microphones report every half hour.
  expect(offered('noise', 30 * MINUTE_MS)).toEqual([15 * MINUTE_MS, HOUR_MS, DAY_MS])
})

it('a domain leaves out what makes no sense, and says why', () => {
  expect(offered('air-quality')).toEqual([HOUR_MS])
  expect(windowOffers(modelOf('air-quality')).find(({ windowMs }) => windowMs === DAY_MS)?.whyNot).toMatch(/hour/)
})

it('a window that is not offered gives the own one', () => {
  expect(windowFor(modelOf('noise'), HOUR_MS)).toBe(HOUR_MS)
  expect(windowFor(modelOf('noise'), 7)).toBe(15 * MINUTE_MS)
  expect(windowFor(modelOf('noise'), undefined)).toBe(15 * MINUTE_MS)
  expect(windowFor(modelOf('air-quality'), MINUTE_MS)).toBe(HOUR_MS)
})
