import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { SAMPLE_CITIES, sampleCity } from '../../../test/sample-cities.ts'
import { percentile } from '../../core/stats/percentile.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import { createWorld } from '../../server/simulation/world.ts'
import type { SampleSite, World } from '../sample-world.ts'
import { SCHOOL_AIR_SAMPLER } from './sample.ts'

function valueOf(site: SampleSite, world: World, ms: number, attribute: string): number {
  return (SCHOOL_AIR_SAMPLER.entityAt(site, world, ms as EpochMs)[attribute] as { value: number }).value
}

describe.each(SAMPLE_CITIES.map(({ id }) => id))('simulated schools of %s', (id) => {
  const world = createWorld(sampleCity(id), 3)
  const sites = SCHOOL_AIR_SAMPLER.sites(world, 40)
  const co2At = (iso: string): readonly number[] => sites.map((site) => valueOf(site, world, Date.parse(iso), 'co2'))

  it('have stale and fresh rooms on a winter morning, and outdoor air on a Sunday and at night', () => {
    expect(sites.length).toBeGreaterThan(35)
    const lesson = co2At('2026-11-20T09:30:00Z')
    expect(percentile(lesson, 50)).toBeGreaterThan(800)
    expect(percentile(lesson, 50)).toBeLessThan(2_200)
    expect(Math.min(...lesson)).toBeLessThan(970)
    expect(Math.max(...lesson)).toBeLessThan(5_000)
    for (const iso of ['2026-11-22T09:30:00Z', '2026-11-20T03:00:00Z']) expect(percentile(co2At(iso), 90)).toBeLessThan(480)
  })

  test.prop([fc.constantFrom(...sites), fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })])('stay within what a room can be', (site, ms) => {
    expect(valueOf(site, world, ms, 'co2')).toBeGreaterThanOrEqual(390)
    expect(valueOf(site, world, ms, 'co2')).toBeLessThan(6_000)
    expect(valueOf(site, world, ms, 'temperature')).toBeGreaterThan(15)
    expect(valueOf(site, world, ms, 'temperature')).toBeLessThan(38)
    expect(valueOf(site, world, ms, 'relativeHumidity')).toBeGreaterThan(0.1)
    expect(valueOf(site, world, ms, 'relativeHumidity')).toBeLessThan(0.96)
    expect(SCHOOL_AIR_SAMPLER.entityAt(site, world, ms as EpochMs)['peopleCount']).toBeUndefined()
  })

  test.prop([fc.constantFrom(...sites), fc.integer({ min: Date.UTC(2026, 8, 1), max: Date.UTC(2026, 11, 1) })])('do not jump: the air of a room changes over minutes', (site, ms) => {
    const minute = valueOf(site, world, ms + 60_000, 'co2') - valueOf(site, world, ms, 'co2')
    expect(Math.abs(minute)).toBeLessThan(320)
  })
})
