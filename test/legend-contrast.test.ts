/**
 * Colours of every legend against the surfaces of the map (UX G0, WCAG 1.4.11: 3:1), day and night.
 *
 * Colours that a standard gives are kept though they miss it by day; which these are is listed here, so
 * that none joins them unseen. Each mark has a casing and each class its words.
 */
import { expect, it } from 'vitest'
import { sourceWords } from '../src/core/source.ts'
import { MODELS } from '../src/domains/models.ts'
import { offersView, viewLegend } from '../src/domains/standing.ts'

const SURFACES = { day: ['#EFECE6', '#DCE3E7'], night: ['#141A20', '#0B1014', '#10161B', '#080B0E'] } as const

/** Day colours below 3:1 on land or on water, by domain. */
const STANDARDS_OWN: Readonly<Record<string, readonly string[]>> = {
  noise: ['#82A6AD', '#A0BABF', '#B8D6D1', '#CEE4CC', '#E2F2BF', '#F3C683', '#E87E4D'],
  'air-quality': ['#50F0E6', '#50CCAA', '#F0E641', '#FF5050'],
  // 3.1 on land, 2.8 on water, where no counter stands.
  cycling: ['#1F958B'],
}

it.each(MODELS)('$id reaches 3:1 at night, and by day where its colours are ours', ({ id, legend }) => {
  const low = (theme: 'day' | 'night'): readonly string[] =>
    legend.classes.map((one) => one[theme]).filter((colour) => SURFACES[theme].some((surface) => contrast(colour, surface) < 3))
  expect(low('night')).toEqual([])
  expect(low('day')).toEqual(STANDARDS_OWN[id] ?? [])
})

it.each(MODELS)('$id has ascending classes, each with its words and colours', ({ legend, headline, measures }) => {
  expect(legend.classes[0]!.from).toBe(-Infinity)
  const bounds = legend.classes.map(({ from }) => from)
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b))
  expect(new Set(legend.classes.map(({ label }) => label)).size).toBe(legend.classes.length)
  expect(legend.classes.flatMap(({ day, night }) => [day, night]).filter((colour) => !/^#[0-9A-F]{6}$/.test(colour))).toEqual([])
  expect(measures.find(({ id }) => id === headline)?.unit).toBe(legend.unit)
  expect(legend.limits.filter(({ source }) => source.year === undefined)).toEqual([])
})

const VIEWS = MODELS.flatMap((model) => (['usual', 'limit'] as const).filter((view) => offersView(model, view)).map((view) => ({ name: `${model.id}, ${view}`, legend: viewLegend(model, view) })))

it.each(VIEWS)('$name reaches 3:1 in all its colours, day and night, and has ascending classes with their words', ({ legend }) => {
  for (const theme of ['day', 'night'] as const) {
    expect(legend.classes.map((one) => one[theme]).filter((colour) => SURFACES[theme].some((surface) => contrast(colour, surface) < 3))).toEqual([])
    // The more beyond, the more ink: steps of one hue differ in lightness.
    const rising = legend.classes.slice(legend.classes.findIndex(({ day }) => day === '#B8681A')).map((one) => one[theme])
    expect(rising.length).toBeGreaterThan(1)
    expect(rising.slice(1).filter((colour, index) => contrast(colour, rising[index]!) < 1.15)).toEqual([])
  }
  const bounds = legend.classes.map(({ from }) => from)
  expect(bounds[0]).toBe(-Infinity)
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b))
  expect(new Set(legend.classes.map(({ label }) => label)).size).toBe(legend.classes.length)
  expect(sourceWords(legend.source)).toMatch(/\d{4}/)
})

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255
    return channel <= 0.039_28 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
