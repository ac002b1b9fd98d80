import { test, fc } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { sampleCity } from '../../../test/sample-cities.ts'
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { createWorld } from '../../server/simulation/world.ts'
import type { SampleSite } from '../sample-world.ts'
import { BUILDING_ENERGY_SAMPLER, registerKWh } from './sample.ts'

const world = createWorld(sampleCity('milan'), 3)
const sites = BUILDING_ENERGY_SAMPLER.sites(world, 40)
const anySite = fc.constantFrom(...sites)
const CHANGES = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2025-03-30T01:00:00Z']

function numberOf(site: SampleSite, ms: number, attribute: string): number {
  return (BUILDING_ENERGY_SAMPLER.entityAt(site, world, ms as EpochMs)[attribute] as { value: number }).value
}

describe('simulated meters', () => {
  test.prop([anySite, fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }), fc.integer({ min: 1, max: 300 })])(
    'the difference of two registers is the sum of the powers published between them',
    (site, fromMs, ticks) => {
      let sumKWh = 0
      for (let i = 1; i <= ticks; i++) sumKWh += (numberOf(site, fromMs + i * site.intervalMs, 'totalActivePower') / 1_000) * (site.intervalMs / HOUR_MS)
      const difference = numberOf(site, fromMs + ticks * site.intervalMs, 'totalActiveEnergyImport') - numberOf(site, fromMs, 'totalActiveEnergyImport')
      // Power is rounded to a watt, the register to a watt-hour.
      expect(Math.abs(sumKWh - difference)).toBeLessThan(0.002 + (0.5 / 1_000) * ticks * (site.intervalMs / HOUR_MS))
    },
  )

  test.prop([anySite, fc.integer({ min: Date.UTC(2025, 0, 3), max: Date.UTC(2029, 0, 1) }), fc.integer({ min: 1, max: 3 * 24 * 60 })])(
    'a register never falls, and power stays in what such a building draws',
    (site, ms, minutes) => {
      expect(registerKWh(site, world, ms + minutes * MINUTE_MS)).toBeGreaterThan(registerKWh(site, world, ms))
      const power = numberOf(site, ms, 'totalActivePower')
      expect(power).toBeGreaterThan(500)
      expect(power).toBeLessThan(700_000)
    },
  )

  it.each(CHANGES)('nothing jumps when the clocks change at %s', (iso) => {
    const changeMs = Date.parse(iso)
    for (const site of sites) {
      const powers = Array.from({ length: 7 * 12 }, (_, i) => numberOf(site, changeMs + (i - 3 * 12) * 5 * MINUTE_MS, 'totalActivePower'))
      const typical = Math.max(...powers.slice(0, 30))
      // At night a building does not double its power within five minutes, nor stop.
      for (const power of powers) {
        expect(power).toBeGreaterThan(0)
        expect(power).toBeLessThan(3 * typical)
      }
    }
  })

  it('the hours of a day of 25 are all paid for', () => {
    const site = sites.find(({ name }) => name.startsWith('Hospital'))!
    const day = (iso: string, hours: number): number => (registerKWh(site, world, Date.parse(iso) + hours * HOUR_MS) - registerKWh(site, world, Date.parse(iso))) / hours
    const sunday = day('2026-10-24T22:00:00Z', 25)
    const before = day('2026-10-17T22:00:00Z', 24)
    expect(sunday / before).toBeGreaterThan(0.85)
    expect(sunday / before).toBeLessThan(1.15)
  })

  it('offices are set back at night and on Sundays, but never off', () => {
    const office = sites.find(({ name }) => name.startsWith('Office'))!
    const noon = numberOf(office, Date.parse('2026-11-18T10:00:00Z'), 'totalActivePower')
    const night = numberOf(office, Date.parse('2026-11-18T02:00:00Z'), 'totalActivePower')
    const sunday = numberOf(office, Date.parse('2026-11-22T10:00:00Z'), 'totalActivePower')
    expect(night / noon).toBeGreaterThan(0.12)
    expect(night / noon).toBeLessThan(0.5)
    expect(sunday / noon).toBeLessThan(0.5)
  })
})
