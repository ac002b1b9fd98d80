import { describe, expect, it } from 'vitest'
import { decodeEntity } from '../ngsi-ld/decode.ts'
import { attribute, jsonOf, positionOf } from '../ngsi-ld/entity.ts'
import { alertId, alertOf } from './alert.ts'
import type { Incident } from './journal.ts'

const INCIDENT: Incident = {
  id: 'high:sensor:urn:ngsi-ld:Flood:Ribeira 2',
  finding: { id: 'high:sensor:urn:ngsi-ld:Flood:Ribeira 2', rule: 'high', kind: 'alarm', severity: 'high', subject: { kind: 'sensor', id: 'urn:ngsi-ld:Flood:2', name: 'Ribeira 2' }, condition: { kind: 'down' }, sensors: 1, position: [-8.61, 41.14] },
  standing: { state: 'acknowledged', isActive: true, needsAnswer: true, sinceMs: 0 },
  raisedAtMs: Date.parse('2026-03-02T07:52:00Z'),
  answeredBy: 'Ana',
}
const WORDS = { category: 'weather', subCategory: 'rainfall', description: 'High.', source: 'Belvedere' }

describe('an alert', () => {
  it('is an entity that any broker reads, with the words of the Smart Data Models', () => {
    const decoded = decodeEntity(alertOf('porto', INCIDENT, WORDS))
    const entity = decoded.ok ? decoded.value : undefined
    expect(entity?.types).toEqual(['Alert'])
    expect(['category', 'subCategory', 'severity', 'alertSource', 'incidentState', 'answeredBy'].map((name) => jsonOf(attribute(entity!, name)))).toEqual(['weather', 'rainfall', 'high', 'urn:ngsi-ld:Flood:2', 'acknowledged', 'Ana'])
    expect(jsonOf(attribute(entity!, 'validFrom'))).toBe('2026-03-02T07:52:00Z')
    expect(attribute(entity!, 'validTo')).toBeUndefined()
    expect(positionOf(entity!)).toEqual([-8.61, 41.14])
  })

  it('ends when what it is about ends, and a notice informs', () => {
    const over = alertOf('porto', { ...INCIDENT, finding: { ...INCIDENT.finding, kind: 'notice' } }, WORDS, Date.parse('2026-03-02T08:00:00Z'))
    expect(over).toMatchObject({ validTo: { value: { '@value': '2026-03-02T08:00:00Z' } }, incidentState: { value: 'normal' }, severity: { value: 'informational' } })
  })

  it('has an id that is a URI, and one of its own for each incident', () => {
    expect(alertId('porto', INCIDENT.id)).toMatch(/^urn:ngsi-ld:Alert:porto:[\w.~!*'()-]+$/)
    expect(alertId('porto', 'a b')).not.toBe(alertId('porto', 'a:b'))
  })
})
