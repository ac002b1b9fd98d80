import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { classOf, type Legend } from '../domains/domain-model.ts'
import { MODELS } from '../domains/models.ts'
import { classColours, colourOffset } from './class-colours.ts'
import { DAY_RIM, PALETTES, type Rgb, rgbOf } from './map-palette.ts'

const LEGEND: Legend = {
  title: 'Sound level',
  statistic: 'LAeq over 15 min',
  unit: 'dB(A)',
  boundary: 'lower-inclusive',
  classes: [
    { from: Number.NEGATIVE_INFINITY, label: 'quiet', day: '#010203', night: '#111213' },
    { from: 50, label: 'heard', day: '#040506', night: '#141516' },
    { from: 60, label: 'loud', day: '#070809', night: '#171819' },
  ],
  limits: [],
  source: { document: '', confirmed: true },
}

describe('class colours', () => {
  it.each([
    [49.9, '#010203'],
    [50, '#040506'],
    [60, '#070809'],
    [Number.POSITIVE_INFINITY, '#070809'],
    [Number.NaN, '#AAAAAA'],
  ])('gives %d the colour %s by day', (value, hex) => {
    const colours = classColours(LEGEND, 'day', '#AAAAAA')
    const offset = colourOffset(colours, value)
    expect(Array.from(colours.rgb.subarray(offset, offset + 3))).toEqual([...rgbOf(hex)])
  })

  it('puts a bound into the class below where the legend says so', () => {
    const colours = classColours({ ...LEGEND, boundary: 'upper-inclusive' }, 'night', '#AAAAAA')
    expect(colourOffset(colours, 50)).toBe(0)
    expect(colourOffset(colours, 50.1)).toBe(3)
  })

  it('keeps a value on its bound although frames hold float32', () => {
    const colours = classColours({ boundary: 'upper-inclusive', classes: [LEGEND.classes[0]!, { ...LEGEND.classes[1]!, from: 12.1 }] }, 'day', '#AAAAAA')
    expect(colourOffset(colours, Math.fround(12.1))).toBe(0)
  })

  test.prop([fc.double({ noNaN: true, min: -50, max: 150 }).map(Math.fround), fc.constantFrom(...MODELS.map(({ legend }) => legend), LEGEND), fc.constantFrom('lower-inclusive' as const, 'upper-inclusive' as const)])(
    'are those of the class that list and drawer name',
    (value, legend, boundary) => {
      const colours = classColours({ ...legend, boundary }, 'day', '#AAAAAA')
      expect(colourOffset(colours, value)).toBe(3 * classOf({ ...legend, boundary }, value))
    },
  )
})

describe('the contrast of marks', () => {
  it.each(MODELS.flatMap((model) => model.legend.classes.map((one) => [model.id, one.label, one] as const)))('%s "%s" stands out 3:1 on land by its fill or its rim', (_id, _label, one) => {
    const land = rgbOf(PALETTES.day.land)
    const fill = rgbOf(one.day)
    const rim: Rgb = [fill[0] * DAY_RIM, fill[1] * DAY_RIM, fill[2] * DAY_RIM]
    expect(Math.max(contrast(fill, land), contrast(rim, land))).toBeGreaterThanOrEqual(3)
    expect(contrast(rgbOf(one.night), rgbOf(PALETTES.night.land))).toBeGreaterThanOrEqual(3)
  })
})

/** WCAG 2.2: relative luminance and contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
