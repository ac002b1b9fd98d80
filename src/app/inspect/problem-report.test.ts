import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { mailAddressIn, mailtoOf, reportOf } from './problem-report.ts'

const SENSOR = { city: 'Porto', layer: 'Noise', name: 'Rua de Camões', id: 'urn:ngsi-ld:NoiseLevelObserved:17', value: '68 dB(A)', age: '40 s ago', observedAt: '2026-11-20 08:14:00', link: 'https://city.example/city/porto?sel=x' }

it('carries what the other end needs', () => {
  const { subject, body } = reportOf(SENSOR)
  for (const part of [SENSOR.id, SENSOR.value, SENSOR.age, SENSOR.link, SENSOR.name]) expect(body).toContain(part)
  expect(subject).toBe('Porto: Noise sensor Rua de Camões')
})

it('finds the address in a contact of words', () => {
  expect(mailAddressIn('City Data Desk <data.desk@city.example>, weekdays')).toBe('data.desk@city.example')
  expect(mailAddressIn('Room 4, second floor')).toBeUndefined()
  expect(mailAddressIn(undefined)).toBeUndefined()
})

test.prop([fc.string(), fc.string()])('whatever a name holds, it adds no header and no recipient', (name, id) => {
  const report = reportOf({ ...SENSOR, name, id })
  const url = new URL(mailtoOf('desk@city.example', report))
  expect(url.pathname).toBe('desk@city.example')
  expect([...url.searchParams.keys()]).toEqual(['subject', 'body'])
})
