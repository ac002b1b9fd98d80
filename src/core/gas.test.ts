import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { MOLAR_MASS, ppbToUgM3, ugM3ToPpb, US_REFERENCE } from './gas.ts'

it.each([
  ['no2', 1.9125],
  ['o3', 1.9953],
  ['so2', 2.6632],
] as const)('a ppb of %s is %d µg/m³ at the EU reference', (gas, expected) => {
  expect(ppbToUgM3(1, MOLAR_MASS[gas])).toBeCloseTo(expected, 4)
})

it('is less in warmer air', () => {
  expect(ppbToUgM3(1, MOLAR_MASS.no2, US_REFERENCE)).toBeCloseTo(1.8804, 4)
})

test.prop([fc.double({ min: 0, max: 1e4, noNaN: true })])('turns back', (ppb) => {
  expect(ugM3ToPpb(ppbToUgM3(ppb, MOLAR_MASS.o3), MOLAR_MASS.o3)).toBeCloseTo(ppb, 9)
})
