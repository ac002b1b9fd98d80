import { expect, test } from 'vitest'
import { contrast, deltaELab, seenBy } from './colour-vision.ts'

// The test data of Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", 2005: pairs 1, 7, 9, 17, 19 and 25.
test.each([
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, 0, 0], [50, -1, 2], 2.3669],
  [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
  [[50, 2.5, 0], [73, 25, -18], 27.1492],
  [[50, 2.5, 0], [56, -27, -3], 31.903],
  [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
] as const)('from %j to %j is %d', (one, other, difference) => {
  expect(deltaELab(one, other)).toBeCloseTo(difference, 4)
  expect(deltaELab(other, one)).toBeCloseTo(difference, 4)
})

test('black on white is 21 to 1, and nothing on itself is 1', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 6)
  expect(contrast([17, 200, 3], [17, 200, 3])).toBe(1)
})

test.each(['protan', 'deutan', 'tritan'] as const)('grey is grey for %s sight', (vision) => {
  for (const channel of seenBy([120, 120, 120], vision)) expect(channel).toBeCloseTo(120, 0)
})
