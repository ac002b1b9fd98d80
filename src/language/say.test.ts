import { afterEach, describe, expect, it } from 'vitest'
import { languageFor, regionFor } from './languages.ts'
import { say, setLanguage, spoken } from './say.ts'

const english = spoken()
afterEach(() => setLanguage(english))

describe('say', () => {
  const count = (n: number) => say({ id: 'test.count', defaultMessage: '{count, plural, =0 {no sensors} one {# sensor} other {# sensors}}' }, { count: n })

  it('says what stands in the source, with ICU plurals', () => {
    expect([0, 1, 1_234].map(count)).toEqual(['no sensors', '1 sensor', '1,234 sensors'])
  })

  it('says it in the language of the page, and English where a message is missing or broken', () => {
    setLanguage({ tag: 'de', region: 'de', catalogue: { 'test.count': '{count, plural, one {# Fühler} other {# Fühler}}', 'test.broken': 'Halb {' } })
    expect(count(1_234)).toBe('1.234 Fühler')
    expect(say({ id: 'test.other', defaultMessage: 'Other' })).toBe('Other')
    expect(say({ id: 'test.broken', defaultMessage: 'Whole' })).toBe('Whole')
  })

  it('treats what is put in as text, never as a message', () => {
    expect(say({ id: 'test.name', defaultMessage: 'Sensor {name}' }, { name: '{count} <b>x</b>' })).toBe('Sensor {count} <b>x</b>')
  })
})

describe('the language of a reader', () => {
  it('is the first they want that is spoken here', () => {
    expect(languageFor(['ca', 'pt-BR', 'fr'])).toBe('pt')
    expect(languageFor(['zh-Hant', 'constructor'])).toBe('en')
  })

  it('writes numbers as their region does', () => {
    expect(regionFor('fr', ['de', 'fr-CH'])).toBe('fr-CH')
    expect(regionFor('fr', ['nl-BE'])).toBe('fr')
    expect(regionFor('en', ['en-US'])).toBe('en-GB')
    expect(regionFor('en', ['en-IE'])).toBe('en-IE')
    expect(regionFor('pt', ['en-GB'])).toBe('pt-PT')
    expect(regionFor('pt', ['pt-BR'])).toBe('pt-BR')
  })
})
