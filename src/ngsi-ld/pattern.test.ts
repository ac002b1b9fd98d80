import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

function matches(source: string, text: string): boolean {
  const pattern = compilePattern(source)
  if (!pattern.ok) throw new Error(pattern.error)
  return pattern.value.test(text)
}

// A grammar of patterns that mean the same here and in the host's engine.
const atom = fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '[ab]', '[^a]', '[a-c1-3]', '\\.', '1')
const piece = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,1}')).map(([one, many]) => one + many)
const { pattern } = fc.letrec<{ pattern: string; group: string; sequence: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3 },
    tie('sequence'),
    fc.tuple(tie('sequence'), tie('pattern')).map(([left, right]) => `${left}|${right}`),
  ),
  sequence: fc.array(fc.oneof({ maxDepth: 3 }, piece, piece, tie('group')), { maxLength: 4 }).map((parts) => parts.join('')),
  group: fc.tuple(tie('pattern'), fc.constantFrom('', '?', '+', '*')).map(([inner, many]) => `(${inner})${many}`),
}))
const anchored = fc.tuple(fc.boolean(), pattern, fc.boolean()).map(([start, inner, end]) => `${start ? '^' : ''}(?:${inner})${end ? '$' : ''}`)
const text = fc.array(fc.constantFrom('a', 'b', 'c', '1', '.', 'z', 'é', '😀'), { maxLength: 8 }).map((chars) => chars.join(''))

describe('a pattern', () => {
  test.prop([anchored, text], { seed: 11, numRuns: 2_000 })('matches the texts that the host engine matches', (source, subject) => {
    expect(matches(source, subject)).toBe(new RegExp(source, 'u').test(subject))
  })

  it('that makes a backtracking engine explode is answered at once', () => {
    // It would run into the test's time limit, not only take longer.
    expect(matches('^(a+)+$', `${'a'.repeat(10_000)}!`)).toBe(false)
    expect(matches('(.*)*(.*)*(.*)*x', 'y'.repeat(5_000))).toBe(false)
  })

  it('does not take the cut of a very long text for its end', () => {
    expect(matches('^a+$', 'a'.repeat(4_096))).toBe(true)
    expect(matches('^a+$', 'a'.repeat(4_097))).toBe(false)
  })

  it('finds word edges, classes and hexadecimal escapes', () => {
    expect(matches('\\bLAeq\\b', 'the LAeq level')).toBe(true)
    expect(matches('\\bLAeq\\b', 'LAeqd')).toBe(false)
    expect(matches('^urn:ngsi-ld:NoiseLevelObserved:[A-Z]{2}-\\d{3}$', 'urn:ngsi-ld:NoiseLevelObserved:PT-017')).toBe(true)
    expect(matches('\\u00e9\\x41', 'éA')).toBe(true)
  })

  it.each(['(', ')', 'a{2', 'a**', '*a', '[', '\\', '(?=a)', '(?<!a)b', '(a)\\1', '[b-a]', 'a{3,2}', '((a{99}){99}){99}', `${'('.repeat(60)}${')'.repeat(60)}`, 'a'.repeat(1_001)])(
    'is refused with a reason when it is %s',
    (source) => {
      expect(compilePattern(source)).toMatchObject({ ok: false, error: expect.stringMatching(/./) })
    },
  )

  test.prop([fc.string(), fc.string()], { seed: 5 })('compiles or is refused, and never throws', (source, subject) => {
    const compiled = compilePattern(source)
    if (compiled.ok) expect(typeof compiled.value.test(subject)).toBe('boolean')
  })
})
