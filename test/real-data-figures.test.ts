/**
 * Measured data of the shared folder through our arithmetic, against the figures its README states.
 */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../src/core/time/instant.ts'
import { localDateOf, localDay } from '../src/core/time/local-day.ts'
import { instantOfWall } from '../src/core/time/zone.ts'
import type { DbA } from '../src/core/units.ts'
import { runningMean } from '../src/domains/air-quality/compute-running.ts'
import { countsByLocalDay } from '../src/domains/cycling/compute-days.ts'
import { addToPeriod, EMPTY_PERIODS, EU_HOURS, periodLevels } from '../src/domains/noise/compute-lden.ts'
import { arithmeticMean, laeqOfEqual } from '../src/domains/noise/compute.ts'
import { sharedPath } from './shared.ts'

const folder = sharedPath('realdata')
const isThere = existsSync(folder)

function linesOf(...parts: readonly string[]): readonly (readonly string[])[] {
  if (!isThere) return []
  return readFileSync(sharedPath('realdata', ...parts), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(','))
}

describe.skipIf(!isThere)(`measured data${isThere ? '' : ` (skipped: no ${folder}; set BELVEDERE_SHARED)`}`, () => {
  const levels = linesOf('noise-monitor', 'laeq_1min.csv').map(([time, level]) => ({ startMs: Date.parse(`${time!.replace(' ', 'T')}Z`), level: Number(level) as DbA }))

  it('noise: the energetic mean of a day is 0.97 to 1.88 dB above the arithmetic one', () => {
    const days = groupBy(levels, ({ startMs }) => localDateOf(startMs, 'UTC'))
    const gaps = [...days.values()].map((day) => laeqOfEqual(day.map(({ level }) => level))! - arithmeticMean(day.map(({ level }) => level))!)
    expect(Math.min(...gaps)).toBeCloseTo(0.97, 2)
    expect(Math.max(...gaps)).toBeCloseTo(1.88, 2)
  })

  it('noise: Lden over the file is the 56.100 dB that its source published', () => {
    const scheme = { timeZone: 'UTC', hours: EU_HOURS }
    const sums = levels.reduce((acc, { startMs, level }) => addToPeriod(acc, { startMs, level, durationS: 60 }, scheme), EMPTY_PERIODS)
    expect(periodLevels(sums).lden).toBeCloseTo(56.1, 3)
  })

  it('air: Antwerp has a tenth of its hours, and one valid day', () => {
    const rows = linesOf('openaq-cities', 'air_quality_long.csv').filter((row) => row[0] === 'Antwerpen' && row.includes('no2'))
    const hours = new Set(rows.map((row) => Math.floor(Date.parse(row[2]!.replace(' ', 'T')) / HOUR_MS)))
    const days = groupBy([...hours], (hour) => localDateOf(hour * HOUR_MS, 'UTC'))
    const valid = [...days.values()].filter((ofDay) => runningMean(ofDay, 24, 18).mean !== undefined)
    expect(valid).toHaveLength(1)
  })

  it('cycling: the autumn day of Münster is incomplete, for it had 100 quarter hours', () => {
    const rows = linesOf('muenster-bike-counters', '100034980_2025-10.csv').filter(([time]) => time!.startsWith('2025-10-26'))
    const startMs = localDay('2025-10-26', 'Europe/Berlin')!.startMs
    const counts: (number | undefined)[] = Array.from({ length: 100 })
    for (const [time, count] of rows) {
      const atMs = instantOfWall(Date.parse(`${time!.replace(' ', 'T')}:00Z`), 'Europe/Berlin')
      counts[(atMs - startMs) / (HOUR_MS / 4)] = Number(count)
    }
    expect(countsByLocalDay(counts, { startMs, intervalMinutes: 15, timeZone: 'Europe/Berlin' })).toMatchObject([{ intervals: 96, expectedIntervals: 100, completeness: 0.96 }])
  })
})

// Map.groupBy came with Node 21.
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
