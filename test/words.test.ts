/** No text is forgotten: the English catalogue is what the sources say, and the others say the same in their language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { extractedMessages } from '../config/words.mjs'
import { isLanguageTag } from '../src/language/languages.ts'
import { pseudo, pseudoCatalogue } from '../src/language/pseudo.ts'
import type { Catalogue } from '../src/language/say.ts'
import { catalogueFaults } from './catalogue-faults.ts'

const folder = resolve(import.meta.dirname, '../src/language/messages')
const readCatalogue = (file: string): Catalogue => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Catalogue
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
const english = readCatalogue('en.json')

describe('the catalogues', () => {
  it('in English is exactly what the sources say (else: npm run words)', () => {
    expect(english).toEqual(extractedMessages())
    expect(Object.keys(english)).toEqual(Object.keys(english).toSorted())
  })

  it('are of languages that can be chosen', () => {
    expect(files.map((file) => file.replace('.json', '')).filter((tag) => !isLanguageTag(tag))).toEqual([])
  })

  it.each(files)('%s has every message, with its arguments and its plurals', (file) => {
    expect(catalogueFaults(file.replace('.json', ''), english, readCatalogue(file))).toEqual([])
  })

  it('names messages by area and what they say, and leaves no half to be glued', () => {
    expect(Object.keys(english).filter((id) => !/^[a-zA-Z]+(\.[a-zA-Z0-9]+)+$/.test(id))).toEqual([])
    expect(Object.entries(english).filter(([, text]) => text !== text.trim())).toEqual([])
  })
})

describe('what is wrong with a catalogue', () => {
  const said: Catalogue = { 'a.count': '{count, plural, one {# sensor} other {# sensors}} in {place}', 'a.side': '{side, select, above {above} other {below}}' }
  const german: Catalogue = { 'a.count': '{place}: {count, plural, one {# Sensor} other {# Sensoren}}', 'a.side': '{side, select, above {darüber} other {darunter}}' }
  it.each([
    ['nothing', german, 'de', []],
    ['a message that lacks', { 'a.count': german['a.count']! }, 'de', ['a.side: missing']],
    ['one too many', { ...german, 'a.more': 'Mehr' }, 'de', ['a.more: not in English']],
    ['an empty one', { ...german, 'a.side': ' ' }, 'de', ['a.side: says nothing']],
    ['another argument', { ...german, 'a.count': '{ort}: {count, plural, one {#} other {#}}' }, 'de', ['a.count: arguments count, ort instead of count, place']],
    ['another choice', { ...german, 'a.side': '{side, select, oben {darüber} other {darunter}}' }, 'de', ['a.side: chooses among side: oben|other instead of side: above|other']],
    ['a form that lacks', { ...german, 'a.count': '{place}: {count, plural, other {#}}' }, 'de', ['a.count: {count} lacks the form one']],
    ['a form that the language does not know', { ...german, 'a.count': '{place}: {count, plural, one {#} few {#} other {#}}' }, 'de', ['a.count: {count} has a form that de does not know: few']],
  ] as const)('is found: %s', (_, catalogue, tag, faults) => {
    expect(catalogueFaults(tag, said, catalogue)).toEqual(faults)
  })

  it('is found: no ICU', () => {
    expect(catalogueFaults('de', said, { ...german, 'a.side': 'Halb {' })).toEqual([expect.stringContaining('a.side: no ICU message')])
  })
})

describe('the made-up language', () => {
  it('has the messages of English with their arguments, and is longer', () => {
    expect(catalogueFaults('en', english, pseudoCatalogue(english))).toEqual([])
    const letters = (catalogue: Catalogue): number => Object.values(catalogue).join('').length
    expect(letters(pseudoCatalogue(english)) / letters(english)).toBeGreaterThan(1.2)
  })

  it('leaves arguments and the names of their options alone', () => {
    expect(pseudo('{count, plural, =0 {no one} one {# sensor} other {# sensors of {place}}} ({unit})')).toBe('{count, plural, =0 {ñö öñé··} one {# šéñšöŕ···} other {# šéñšöŕš öf···· {place}}} ({unit})')
  })
})
