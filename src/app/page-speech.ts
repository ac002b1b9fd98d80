/** The page's language: catalogues as chunks of their own, the choice in the browser's storage. */
import { useSyncExternalStore } from 'react'
import { PSEUDO } from '../language/languages.ts'
import { pseudoCatalogue } from '../language/pseudo.ts'
import type { Catalogue } from '../language/say.ts'
import { createSpeech, type SpeechState } from './speech.ts'

const KEY = 'belvedere.language'

const CATALOGUES = import.meta.glob<Catalogue>('../language/messages/*.json', { import: 'default' })

export const speech = createSpeech({
  async loadCatalogue(tag) {
    const load = CATALOGUES[`../language/messages/${tag === PSEUDO ? 'en' : tag}.json`]
    if (load === undefined) throw new Error(`there is no catalogue of ${tag}`)
    const catalogue = await load()
    return tag === PSEUDO ? pseudoCatalogue(catalogue) : catalogue
  },
  // A browser may refuse storage (private mode, policy): the choice then lasts as long as the page.
  readChoice() {
    try {
      return localStorage.getItem(KEY) ?? undefined
    } catch {
      return undefined
    }
  },
  keepChoice(tag) {
    try {
      localStorage.setItem(KEY, tag)
    } catch {
      // see `readChoice`
    }
  },
  browserLanguages: () => navigator.languages,
})

export function useSpeech(): SpeechState {
  return useSyncExternalStore(speech.subscribe, speech.state)
}
