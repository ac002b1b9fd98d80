import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { LonLat } from '../core/geo/position.ts'
import { decodeEntity } from '../ngsi-ld/decode.ts'
import { annotationId, fromEntity, fromJson, isAnnotationId, MAX_TEXT, readDraft, toEntity, toJson, type Annotation } from './annotation.ts'

const words = (longest: number) => fc.string({ minLength: 1, maxLength: longest }).filter((text) => /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text))
const instant = fc.integer({ min: 0, max: Date.UTC(2100, 0) })

const annotations = fc
  .record(
    {
      id: fc.uuid().map((unique) => annotationId('porto', unique)),
      writtenMs: instant,
      who: words(20),
      text: words(60),
      link: fc.webUrl({ withQueryParameters: true }).filter((url) => !/['@`]/.test(url)),
      fromMs: instant,
      lengthMs: fc.integer({ min: 1, max: 1e10 }),
      about: fc.uuid().map((id) => `urn:ngsi-ld:NoiseLevelObserved:${id}`),
      place: fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true })).map(([lon, lat]): LonLat => [lon + 0, lat + 0]),
    },
    { requiredKeys: ['id', 'writtenMs', 'who', 'text'] },
  )
  .map(({ lengthMs, ...rest }): Annotation => ({ ...rest, ...(lengthMs !== undefined && { untilMs: (rest.fromMs ?? 0) + lengthMs }) }))

describe('a note', () => {
  test.prop([annotations])('is the same after a page has sent it and read it', (note) => {
    expect(fromJson(JSON.parse(JSON.stringify(toJson(note))))).toEqual(note)
  })

  test.prop([annotations])('is the same after a broker has kept it', (note) => {
    const decoded = decodeEntity(JSON.parse(JSON.stringify(toEntity(note))))
    expect(decoded.ok && fromEntity(decoded.value)).toEqual(note)
  })

  test.prop([fc.jsonValue()])('is read from anything without harm', (json) => {
    const read = readDraft(json)
    if (read.ok) expect(read.value.text.length).toBeLessThanOrEqual(MAX_TEXT)
    fromJson(json)
  })

  it.each([
    [{ who: 'A', text: '' }, 'text'],
    [{ who: ' ', text: 'x' }, 'who'],
    [{ who: 'A', text: 'x'.repeat(MAX_TEXT + 1) }, 'text'],
    [{ who: 'A', text: 'x', link: 'javascript:alert(1)' }, 'link'],
    [{ who: 'A', text: 'x', link: 'data:text/html,x' }, 'link'],
    [{ who: 'A', text: 'x', link: 'https://city.example@evil.example/' }, 'link'],
    [{ who: 'A', text: 'x', from: 'yesterday' }, 'from'],
    [{ who: 'A', text: 'x', from: '2026-11-20T00:00:00Z', until: '2026-11-12T00:00:00Z' }, 'until'],
    [{ who: 'A', text: 'x', about: 'not a uri' }, 'about'],
    [{ who: 'A', text: 'x', place: [200, 0] }, 'place'],
    [{ who: 'A', text: 'x', id: 'urn:mine' }, 'id'],
    [{ who: 'A', text: 'x', __proto__: undefined, constructor: 1 }, 'constructor'],
    ['text', 'object'],
  ])('%j is refused for its %s', (json, member) => {
    const read = readDraft(json)
    expect(read.ok ? 'taken' : read.error).toContain(member)
  })

  it('has no control characters and turns no text around', () => {
    const read = readDraft({ who: 'A\u0000B', text: 'first\nsecond\u202e' })
    expect(read.ok && [read.value.who, read.value.text]).toEqual(['A B', 'first\nsecond'])
  })
})

it('knows its own ids, and no path in them', () => {
  expect(isAnnotationId(annotationId('porto', 'a1'))).toBe(true)
  for (const id of ['urn:ngsi-ld:NoiseLevelObserved:1', 'urn:ngsi-ld:Annotation:../x', 'urn:ngsi-ld:Annotation:a?x=1', 'urn:ngsi-ld:Annotation:']) expect(isAnnotationId(id)).toBe(false)
})
