/**
 * The tokens of the page, read as they are written: every one is there in each theme, text and marks stand out, and
 * what is told apart by colour is apart for every colour vision.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contrast, deltaE2000, seenBy, type Rgb, type Vision } from './colour-vision.ts'

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')
const THEMES = ['day', 'night', 'wall-night'] as const
type Theme = (typeof THEMES)[number]

const TOKENS = ['bg-0', 'bg-1', 'bg-2', 'land', 'water', 'text-1', 'text-2', 'text-3', 'hairline', 'control-edge', 'accent', 'focus', 'alarm', 'warning', 'notice', 'stale', 'below-usual', 'above-usual'] as const
type Token = (typeof TOKENS)[number]

const tokens = readTokens()
const SURFACES = ['bg-0', 'bg-1', 'bg-2', 'land', 'water'] as const

describe.each(THEMES)('the tokens of %s', (theme) => {
  const colour = (token: Token): Rgb => {
    const hex = tokens.get(theme)?.get(token)
    if (hex === undefined) throw new Error(`${theme} has no --${token}`)
    const bits = Number.parseInt(hex.slice(1), 16)
    return [bits >> 16, (bits >> 8) & 255, bits & 255]
  }
  const least = (token: Token, on: readonly Token[]): number => Math.min(...on.map((surface) => contrast(colour(token), colour(surface))))

  it('are all there', () => {
    expect(TOKENS.filter((token) => !/^#[0-9a-f]{6}$/.test(tokens.get(theme)?.get(token) ?? ''))).toEqual([])
  })

  // WCAG 1.4.3: 4.5 to 1.
  it.each(['text-1', 'text-2', 'text-3', 'accent'] as const)('--%s can be read on every surface', (token) => {
    expect(least(token, SURFACES)).toBeGreaterThanOrEqual(4.5)
  })

  // Words are written in them on panels, rings drawn in them on the map.
  it.each(['alarm', 'warning', 'notice', 'stale'] as const)('--%s can be read on panels and seen on the map', (token) => {
    expect(least(token, ['bg-0', 'bg-1', 'bg-2'])).toBeGreaterThanOrEqual(4.5)
    expect(least(token, SURFACES)).toBeGreaterThanOrEqual(3)
  })

  // WCAG 1.4.11: 3 to 1.
  it.each(['control-edge', 'focus', 'below-usual', 'above-usual'] as const)('--%s stands out from every surface', (token) => {
    expect(least(token, SURFACES)).toBeGreaterThanOrEqual(3)
  })

  // Two colours of one mark's size are mistaken below about 10 to 15.
  it.each(['normal', 'protan', 'deutan', 'tritan'] as const)('below and above usual are far apart for %s sight', (vision) => {
    expect(apart('below-usual', 'above-usual', vision)).toBeGreaterThanOrEqual(45)
  })

  // For deutan and tritan sight they are not (down to 9): there the shapes ◆ and ▲ alone tell them apart.
  it.each(['normal', 'protan'] as const)('alarm and warning are apart for %s sight', (vision) => {
    expect(apart('alarm', 'warning', vision)).toBeGreaterThanOrEqual(20)
  })

  it.each(['normal', 'protan', 'deutan', 'tritan'] as const)('a notice is apart from alarm and warning for %s sight', (vision) => {
    expect(Math.min(apart('notice', 'alarm', vision), apart('notice', 'warning', vision))).toBeGreaterThanOrEqual(15)
  })

  function apart(one: Token, other: Token, vision: Vision): number {
    return deltaE2000(seenBy(colour(one), vision), seenBy(colour(other), vision))
  }
})

/** `light-dark()` by day and night; a theme of its own takes night's where it says nothing. */
function readTokens(): ReadonlyMap<Theme, ReadonlyMap<string, string>> {
  const day = new Map<string, string>()
  const night = new Map<string, string>()
  for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)) {
    day.set(name!, light!)
    night.set(name!, dark!)
  }
  const block = /data-theme='wall-night'\] \{([^}]*)\}/.exec(css)?.[1] ?? ''
  const wall = new Map([...night, ...[...block.matchAll(/--([\w-]+): (#\w+)/g)].map(([, name, hex]): [string, string] => [name!, hex!])])
  return new Map([
    ['day', day],
    ['night', night],
    ['wall-night', wall],
  ])
}
