import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { bibtexOf, citationOf, isoWithOffset, type Cited } from './citation.ts'

const CITED: Cited = {
  cityId: 'porto',
  city: 'Porto',
  domain: 'noise',
  layer: 'Noise',
  statistic: 'LAeq over 15 min, energetic mean of sensors',
  unit: 'dB(A)',
  atMs: Date.UTC(2026, 10, 20, 8, 14),
  timeZone: 'Europe/Lisbon',
  sources: ['Câmara Municipal do Porto.', 'Porto broker'],
  licence: 'CC BY 4.0',
  isSimulated: false,
  software: 'Belvedere 0.1.0',
  link: 'https://belvedere.example/city/porto?layer=noise&t=2026-11-20T08:14:00Z',
}

it('says city, layer, number, instant with offset, sources, licence, program and link', () => {
  expect(citationOf(CITED)).toBe(
    'Porto, Noise: LAeq over 15 min, energetic mean of sensors, dB(A). 2026-11-20T08:14:00+00:00 (Europe/Lisbon). Source: Câmara Municipal do Porto; Porto broker. Licence: CC BY 4.0. Shown with Belvedere 0.1.0. https://belvedere.example/city/porto?layer=noise&t=2026-11-20T08:14:00Z',
  )
})

it('says that data is simulated, and that no licence is stated', () => {
  const { licence: _, ...rest } = CITED
  const text = citationOf({ ...rest, isSimulated: true })
  expect(text).toContain('Simulated data: no sensor measured it.')
  expect(text).toContain('Licence: none stated.')
})

it('tells the offset of winter, of summer, of half hours and of the west', () => {
  expect(isoWithOffset(Date.UTC(2026, 6, 1, 8), 'Europe/Lisbon')).toBe('2026-07-01T09:00:00+01:00')
  expect(isoWithOffset(Date.UTC(2026, 0, 1), 'Asia/Kolkata')).toBe('2026-01-01T05:30:00+05:30')
  expect(isoWithOffset(Date.UTC(2026, 0, 1, 1, 2, 3), 'America/St_Johns')).toBe('2025-12-31T21:32:03-03:30')
})

test.prop([fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom('Europe/Lisbon', 'Europe/Helsinki', 'America/St_Johns', 'Asia/Kolkata')])('an instant with its offset is the same instant', (seconds, timeZone) => {
  expect(Date.parse(isoWithOffset(seconds * 1_000, timeZone))).toBe(seconds * 1_000)
})

it('is an entry of BibTeX', () => {
  expect(bibtexOf(CITED)).toBe(`@misc{porto-noise-20261120T081400Z,
  author = {{Câmara Municipal do Porto.; Porto broker}},
  title = {Porto, Noise: LAeq over 15 min, energetic mean of sensors, dB(A), 2026-11-20T08:14:00+00:00},
  year = {2026},
  howpublished = {\\url{https://belvedere.example/city/porto?layer=noise&t=2026-11-20T08:14:00Z}},
  note = {Licence: CC BY 4.0. Shown with Belvedere 0.1.0},
}
`)
})

const anyText = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('} , x = {', '\\input{/etc/passwd}', '100 % & $x_1^2$ #~', '{', '}\n@misc{evil,'))

test.prop([anyText, anyText, anyText, anyText])('an entry holds whatever it is told: braces stay in pairs and lines are its own', (city, source, licence, rest) => {
  const entry = bibtexOf({ ...CITED, city, sources: [source], licence, link: `https://belvedere.example/${rest}` })
  let depth = 0
  for (const character of entry) {
    if (character === '{') depth++
    if (character === '}') depth--
    expect(depth).toBeGreaterThanOrEqual(0)
  }
  expect(depth).toBe(0)
  expect(entry.trimEnd().split('\n')).toHaveLength(7)
  // No command but ours.
  expect(entry.replaceAll(/\\[&%$#_^~]/g, '').match(/\\[a-z]+/g)).toEqual(['\\url'])
})
