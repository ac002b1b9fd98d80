import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { Annotation } from '../../annotations/annotation.ts'
import { readAnswer } from './annotation-queries.ts'
import { flagsOf, pinsOf } from './flags.ts'

const note = fc
  .record({ writtenMs: fc.nat(1_000), fromMs: fc.nat(1_000), lengthMs: fc.integer({ min: 1, max: 500 }), place: fc.constantFrom<readonly [number, number]>([1, 2], [3, 4]) }, { requiredKeys: ['writtenMs'] })
  .map(({ writtenMs, fromMs, lengthMs, place }, ): Annotation => ({ id: `urn:ngsi-ld:Annotation:x:${writtenMs}`, who: 'Ana', text: 'works', writtenMs, ...(fromMs !== undefined && { fromMs }), ...(lengthMs !== undefined && { untilMs: (fromMs ?? 0) + lengthMs }), ...(place !== undefined && { place }) }))
const notes = fc.array(note, { maxLength: 20 })

describe('flags', () => {
  test.prop([notes, fc.nat(1_000), fc.integer({ min: 1, max: 500 })])('are those that two halves of the axis have together', (given, fromMs, halfMs) => {
    const middleMs = fromMs + halfMs
    const whole = flagsOf(given, fromMs, middleMs + halfMs)
    const halves = [...flagsOf(given, fromMs, middleMs), ...flagsOf(given, middleMs, middleMs + halfMs)]
    expect(new Set(halves.map((flag) => JSON.stringify(flag)))).toEqual(new Set(whole.map((flag) => JSON.stringify(flag))))
  })

  test.prop([notes])('stand in the order of time, whatever the order of notes', (given) => {
    const flags = flagsOf(given, 0, 2_000)
    expect(flags.map(({ atMs }) => atMs)).toEqual(flags.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
    expect(flagsOf(given.toReversed(), 0, 2_000).map(({ atMs }) => atMs)).toEqual(flags.map(({ atMs }) => atMs))
  })

  it('of works that began last week are on the axis of today', () => {
    const works: Annotation = { id: 'urn:ngsi-ld:Annotation:x:1', who: 'Ana', text: 'works', writtenMs: 0, fromMs: 100, untilMs: 900 }
    expect(flagsOf([works], 500, 600)).toEqual([{ atMs: 100, untilMs: 900, text: 'works' }])
    expect(flagsOf([works], 900, 1_000)).toEqual([])
  })
})

describe('pins', () => {
  test.prop([notes, fc.nat(1_000)])('are one for each place, and hold what holds at the instant', (given, nowMs) => {
    const pins = pinsOf(given, nowMs)
    expect(new Set(pins.map(({ place }) => place.join())).size).toBe(pins.length)
    for (const { notes: held } of pins) for (const { untilMs = Infinity } of held) expect(untilMs).toBeGreaterThan(nowMs)
  })
})

test.prop([fc.jsonValue()])('whatever a server answers is read as notes', (json) => {
  expect(Array.isArray(readAnswer(json).annotations)).toBe(true)
})
