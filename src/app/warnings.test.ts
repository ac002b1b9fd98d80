import { expect, it } from 'vitest'
import { warningsOf } from './warnings.ts'

const old = { observedAtMs: 1_000, warnings: [{ kind: 'incompleteIndex', detail: 'without PM10' }] }
const recent = { observedAtMs: 2_000, warnings: [{ kind: 'incompleteIndex', detail: 'without NO₂' }, { kind: 'epochTime', detail: 'a number' }] }

it('says each kind once, as the newest reading has it', () => {
  const newest = [
    { kind: 'incompleteIndex', detail: 'without NO₂' },
    { kind: 'epochTime', detail: 'a number' },
  ]
  expect(warningsOf(old, recent)).toEqual(newest)
  expect(warningsOf(recent, old)).toEqual(newest)
  expect(warningsOf(undefined, recent)).toEqual(newest)
  expect(warningsOf(recent, undefined)).toEqual(newest)
  expect(warningsOf(undefined, undefined)).toEqual([])
})

it('keeps both attributes that one kind is about', () => {
  const twice = { observedAtMs: 1, warnings: [{ kind: 'outOfRange', detail: 'NO₂ is −4' }, { kind: 'outOfRange', detail: 'O₃ is 9 000' }, { kind: 'outOfRange', detail: 'O₃ is 9 000' }] }
  expect(warningsOf(undefined, twice)).toEqual([{ kind: 'outOfRange', detail: 'NO₂ is −4; O₃ is 9 000' }])
})

it('counts a sensor that never reported as the older one', () => expect(warningsOf({ observedAtMs: Number.NaN, warnings: [] }, old)).toEqual(old.warnings))
