import { afterEach, describe, expect, it } from 'vitest'
import { say, setLanguage, spoken, type Catalogue } from '../language/say.ts'
import { createSpeech, type SpeechEffects } from './speech.ts'

const english = spoken()
afterEach(() => setLanguage(english))

const GERMAN: Catalogue = { 'test.hello': 'Hallo' }
const hello = () => say({ id: 'test.hello', defaultMessage: 'Hello' })

function effects(more: Partial<SpeechEffects> = {}): SpeechEffects & { readonly kept: string[] } {
  const kept: string[] = []
  return {
    loadCatalogue: (tag) => (tag === 'de' ? Promise.resolve(GERMAN) : Promise.reject(new Error('404'))),
    readChoice: () => undefined,
    keepChoice: (tag) => kept.push(tag),
    browserLanguages: () => ['en-IE'],
    kept,
    ...more,
  }
}

describe('the language of the page', () => {
  it('is what the address asks for, before the choice, before the browser', async () => {
    const speech = createSpeech(effects({ readChoice: () => 'fr', browserLanguages: () => ['nl'] }))
    await speech.follow('de-AT')
    expect(hello()).toBe('Hallo')
    expect(speech.state()).toMatchObject({ language: { tag: 'de', region: 'de-AT' } })
    await speech.follow('en')
    expect(speech.state().language.tag).toBe('en')
  })

  it('is what was chosen once nothing is asked for, and the choice is kept', async () => {
    const page = effects()
    const speech = createSpeech(page)
    await speech.follow(undefined)
    expect(speech.state().language).toMatchObject({ tag: 'en', region: 'en-IE' })
    await speech.choose('de')
    expect([hello(), page.kept]).toEqual(['Hallo', ['de']])
    await speech.follow('xx')
    expect(speech.state().language.tag).toBe('de')
  })

  it('is English, and says so, when its catalogue does not come; asked again it is tried again', async () => {
    let isThere = false
    const speech = createSpeech(effects({ loadCatalogue: () => (isThere ? Promise.resolve(GERMAN) : Promise.reject(new Error('offline'))) }))
    await speech.follow('de')
    expect(speech.state()).toMatchObject({ language: { tag: 'en' }, missing: 'de' })
    expect(hello()).toBe('Hello')
    isThere = true
    await speech.choose('de')
    expect(speech.state()).toMatchObject({ language: { tag: 'de' } })
    expect(speech.state().missing).toBeUndefined()
  })

  it('is the last one chosen, however late the first one comes', async () => {
    const come: (() => void)[] = []
    const speech = createSpeech(effects({ loadCatalogue: (tag) => new Promise((done) => come.push(() => done({ 'test.hello': tag }))) }))
    const first = speech.choose('de')
    const second = speech.choose('fr')
    for (const one of come.toReversed()) one()
    await Promise.all([first, second])
    expect([hello(), speech.state().language.tag]).toEqual(['fr', 'fr'])
  })

  it('tells those who listen once it is spoken', async () => {
    const speech = createSpeech(effects())
    const heard: string[] = []
    const stop = speech.subscribe(() => heard.push(hello()))
    await speech.choose('de')
    stop()
    await speech.choose('en')
    expect(heard).toEqual(['Hallo'])
  })
})
