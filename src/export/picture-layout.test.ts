import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { layoutPicture, metresPerPixel, scaleBar, wrap, type Font, type Measure, type PictureInput } from './picture-layout.ts'

/** A typewriter: every character is as wide as half its size. */
const measure: Measure = (text, { sizePx }) => (text.length * sizePx) / 2
const FONT: Font = { sizePx: 10, weight: 400 }

const INPUT: PictureInput = {
  title: 'Porto · Noise',
  statistic: 'LAeq over 15 min, dB(A)',
  time: 'Fri 20 Nov 2026, 08:14:00 WET (2026-11-20T08:14:00+00:00)',
  warning: 'Simulated data: no sensor measured it.',
  classes: [
    { label: 'under 35', colour: '#111111' },
    { label: '35 to 40', colour: '#222222' },
  ],
  notes: ['Data: City of Porto', 'https://example.org/city/porto?t=2026-11-20T08:14:00Z'],
  map: { width: 900, height: 500 },
  metresPerPixel: 10,
}

const words = fc.string({ maxLength: 400, unit: 'grapheme' })

describe('the picture', () => {
  it('carries title, statistic, time, warning, classes, sources and link', () => {
    const { marks } = layoutPicture(INPUT, measure)
    const texts = marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))
    for (const text of [INPUT.title, INPUT.statistic, INPUT.time, INPUT.warning!, 'under 35', '35 to 40', ...INPUT.notes, '1\u00A0km']) expect(texts).toContain(text)
  })

  test.prop([
    fc.record({
      title: words,
      statistic: words,
      time: words,
      warning: fc.option(words, { nil: undefined }),
      classes: fc.array(fc.record({ label: words, colour: fc.constant('#123456') }), { maxLength: 12 }),
      notes: fc.array(words, { maxLength: 6 }),
      map: fc.record({ width: fc.integer({ min: 1, max: 4_000 }), height: fc.integer({ min: 1, max: 3_000 }) }),
      metresPerPixel: fc.double({ min: 0.01, max: 1_000, noNaN: true }),
    }),
  ])('holds everything within its edges, and only the scale lies on the map', (input) => {
    const { width, height, map, marks } = layoutPicture(input, measure)
    expect(marks.filter(({ y }) => y > map.y && y < map.y + map.height).length).toBeLessThanOrEqual(5)
    for (const mark of marks) {
      const right = mark.x + (mark.kind === 'box' ? mark.width : measure(mark.text, mark.font))
      expect(mark.x).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(Math.max(width, map.x + 12 + measure('000 km', { sizePx: 11, weight: 400 }) + 12))
      expect(mark.y).toBeGreaterThanOrEqual(Math.min(0, map.y + map.height - 36))
      expect(mark.y).toBeLessThanOrEqual(height)
    }
    expect(map.x + map.width).toBeLessThanOrEqual(width)
    expect(map.y + map.height).toBeLessThanOrEqual(height)
  })
})

test.prop([words, fc.integer({ min: 10, max: 500 })])('a line is no wider than its room, and no word is lost', (text, room) => {
  const lines = wrap(text, room, FONT, measure)
  for (const line of lines) if ([...line].length > 1) expect(measure(line, FONT)).toBeLessThanOrEqual(room)
  const letters = (of: string): string => of.replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '')
  expect(letters(lines.join(''))).toBe(letters(text))
})

it('what turns the direction of reading is not drawn', () => {
  expect(wrap('Foz\u202Egnp.exe\u0007 1', 1_000, FONT, measure)).toEqual(['Foz gnp.exe 1'])
})

test.prop([fc.double({ min: 0.01, max: 10_000, noNaN: true }), fc.integer({ min: 20, max: 300 })])('a scale bar is a round length that fits', (perPixel, most) => {
  const { metres } = scaleBar(perPixel, most)
  expect(metres / perPixel).toBeLessThanOrEqual(most * (1 + 1e-9))
  // Half as long at least, but for the step from 2 to 5.
  expect(metres / perPixel).toBeGreaterThan(most / 2.5 - 1e-6)
  expect(String(Number(metres.toPrecision(1)))).toMatch(/^(?:0\.0*)?[125]0*(?:e[+-]?\d+)?$/)
})

it('a pixel is as many metres as at zoom 0 on the equator, and half as many at 60 degrees and at each zoom', () => {
  // The equator of WGS 84 over one tile of 512 pixels.
  expect(metresPerPixel(0, 0)).toBeCloseTo(78_271.517, 2)
  expect(metresPerPixel(60, 0)).toBeCloseTo(78_271.517 / 2, 2)
  expect(metresPerPixel(0, 3)).toBeCloseTo(78_271.517 / 8, 2)
})
