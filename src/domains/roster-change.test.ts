import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import type { Roster } from './frame.ts'
import { applyRosterChange, rosterChange } from './roster-change.ts'

const sensor = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), name: fc.constantFrom('A', 'B'), type: fc.constantFrom('T', 'U'), warnings: fc.constantFrom([], [{ kind: 'implausible', detail: '1' }], [{ kind: 'implausible', detail: '2' }]) })
const rosters = fc.tuple(fc.array(sensor, { maxLength: 12 }), fc.array(sensor, { maxLength: 12 })).map(([before, after]) => [rosterOf(before, 1), rosterOf(after, 2)] as const)

test.prop([rosters])('what changed makes the one of the other', ([before, after]) => {
  const change = rosterChange(before, after)
  if (change === undefined) return
  expect(applyRosterChange(before, change)).toEqual(after)
})

test.prop([fc.array(sensor, { minLength: 2, maxLength: 12 }), sensor])('a row that changes among others is said alone, and columns without a change stay what they are', (sensors, other) => {
  const before = rosterOf(sensors, 1)
  const warned = { ...sensors[0]!, warnings: other.warnings }
  const change = rosterChange(before, rosterOf([warned, ...sensors.slice(1)], 2))!
  expect(change.rows.length).toBeLessThanOrEqual(1)
  const after = applyRosterChange(before, change)!
  expect(after.ids).toBe(before.ids)
  expect(after.names).toBe(before.names)
  expect(after.warnings[0]).toEqual(other.warnings)
})

it('of most rows is no less to say than all of it', () => {
  expect(rosterChange(rosterOf([], 1), rosterOf([{ id: 'a', name: 'A', type: 'T', warnings: [] }], 2))).toBeUndefined()
})

it('of another roster changes nothing', () => {
  const one = { id: 'a', name: 'A', type: 'T', warnings: [] }
  const change = rosterChange(rosterOf([one, one], 1), rosterOf([one, { ...one, name: 'B' }], 2))!
  expect(applyRosterChange(rosterOf([one, one], 7), change)).toBeUndefined()
})

function rosterOf(sensors: readonly { readonly id: string; readonly name: string; readonly type: string; readonly warnings: readonly { readonly kind: string; readonly detail: string }[] }[], version: number): Roster {
  return { domain: 'noise', version, ids: sensors.map(({ id }) => id), names: sensors.map(({ name }) => name), types: sensors.map(({ type }) => type), warnings: sensors.map(({ warnings }) => warnings) as Roster['warnings'] }
}
