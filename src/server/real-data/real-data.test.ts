/** Open data as its owners published it: zones and gaps as `realdata/README.md` describes them. */
import { describe, expect, it } from 'vitest'
import { hasShared, sharedPath } from '../../../test/shared.ts'
import { readCityLearn } from './citylearn.ts'
import { readMuenster } from './muenster.ts'
import { readNoiseMonitor } from './noise-monitor.ts'
import { readOpenAq } from './openaq.ts'

describe.skipIf(!hasShared)('real data (needs BELVEDERE_SHARED)', () => {
  it('reads Münster in local time: the spring jump is no gap, the lost autumn hour is one', () => {
    const { sensors } = readMuenster(sharedPath('realdata', 'muenster-bike-counters'))
    const hammer = sensors.find(({ id }) => id.endsWith(':101034980'))!
    const ends = hammer.states.map(({ observedAt }) => observedAt)
    // 2025-03-30 01:45 CET is followed by 03:00 CEST: 15 minutes later.
    const spring = ends.indexOf('2025-03-30T01:00:00Z')
    expect(ends[spring + 1]).toBe('2025-03-30T01:15:00Z')
    // 2025-10-26: 02:45 (first, CEST) is followed by 03:00 CET, an hour and a quarter later.
    const autumn = ends.indexOf('2025-10-26T01:00:00Z')
    expect(ends[autumn + 1]).toBe('2025-10-26T02:15:00Z')
  })

  it('leaves cars out of the bicycles, and channels that never counted', () => {
    const { sensors, leftOut } = readMuenster(sharedPath('realdata', 'muenster-bike-counters'))
    expect(sensors.some(({ fixed }) => JSON.stringify(fixed['name']).includes('Car'))).toBe(false)
    expect(leftOut.filter(({ reason }) => reason.includes('cars')).map(({ count }) => count)).toEqual([8, 8])
    expect(sensors.every(({ states }) => states.length > 0)).toBe(true)
  })

  it('keeps the coverage of each air station: Antwerp has a tenth of its hours', () => {
    const { sensors } = readOpenAq(sharedPath('realdata', 'openaq-cities'))
    const counts = Object.fromEntries(
      sensors.map((sensor) => [sensor.tenant, ['no2', 'pm25'].map((name) => sensor.states.filter(({ attributes }) => name in attributes).length)]),
    )
    // Counted in the file with `cut -d, -f1,5 | sort | uniq -c`.
    expect(counts).toEqual({ antwerpen: [163, 177], london: [1608, 1648], paris: [1676, 0] })
  })

  it('reads a year of five homes, hour by hour, with a register that only grows', () => {
    const { sensors, leftOut } = readCityLearn(sharedPath('realdata', 'citylearn-buildings'))
    expect(sensors).toHaveLength(5)
    expect(leftOut).toEqual([])
    for (const { states } of sensors) {
      expect(states).toHaveLength(8760)
      expect(states[0]!.observedAt).toBe('2016-08-01T08:00:00Z')
      const registers = states.map(({ attributes }) => Number(attributes['totalActiveEnergyImport']!['value']))
      expect(registers.every((value, hour) => hour === 0 || value >= registers[hour - 1]!)).toBe(true)
    }
  })

  it('does not invent a place for the sound level meter', () => {
    const { sensors } = readNoiseMonitor(sharedPath('realdata', 'noise-monitor'))
    expect(sensors[0]!.fixed['description']).toMatchObject({ value: expect.stringContaining('neither place nor time zone') })
    expect(sensors[0]!.states[0]).toEqual({
      observedAt: '2025-03-21T00:01:00Z',
      attributes: {
        LAeq: { type: 'Property', value: 47.36041774214498, unitCode: '2N' },
        dateObserved: { type: 'Property', value: '2025-03-21T00:00:00Z/2025-03-21T00:01:00Z' },
      },
    })
  })
})
