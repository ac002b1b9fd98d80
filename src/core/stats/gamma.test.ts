import { describe, expect, it } from 'vitest'
import { gammaP, logGamma } from './gamma.ts'

describe('the gamma function', () => {
  it('is the factorial at whole numbers', () => {
    expect(Math.exp(logGamma(6))).toBeCloseTo(120, 9)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12)
  })

  it('is the exponential distribution for shape 1, on both sides of the switch of methods', () => {
    for (const x of [0.1, 1.9, 2.1, 20]) expect(gammaP(1, x)).toBeCloseTo(1 - Math.exp(-x), 12)
  })
})
