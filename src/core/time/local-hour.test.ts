import { expect, it } from 'vitest'
import { localHourAt } from './local-hour.ts'

it('tells the two instants of the hour that occurs twice by their offset', () => {
  const first = localHourAt(Date.parse('2025-10-26T00:30:00Z'), 'Europe/Madrid')
  const second = localHourAt(Date.parse('2025-10-26T01:30:00Z'), 'Europe/Madrid')
  expect(first).toEqual({ localDate: '2025-10-26', hour: 2, offsetMinutes: 120, dayType: 'sunday' })
  expect(second).toEqual({ localDate: '2025-10-26', hour: 2, offsetMinutes: 60, dayType: 'sunday' })
})

it('is the hour on the wall of the city, with its day', () => {
  expect(localHourAt(Date.parse('2025-01-17T22:30:00Z'), 'Europe/Helsinki')).toEqual({ localDate: '2025-01-18', hour: 0, offsetMinutes: 120, dayType: 'saturday' })
})
