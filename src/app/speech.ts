/**
 * Which language the page speaks: what its address says, else what the reader chose here, else what their browser asks
 * for. A catalogue that cannot be loaded leaves the page in English, and that is said.
 */
import { wantedBy, type LanguageTag } from '../language/languages.ts'
import { ENGLISH, setLanguage, type Catalogue, type Language } from '../language/say.ts'

export interface SpeechEffects {
  /** Of every language but English. */
  loadCatalogue(tag: Exclude<Language['tag'], 'en'>): Promise<Catalogue>
  readChoice(): string | undefined
  keepChoice(tag: LanguageTag): void
  /** In the order of preference. */
  browserLanguages(): readonly string[]
}

export interface SpeechState {
  readonly language: Language
  /** Was wanted, and could not be loaded. */
  readonly missing?: Language['tag']
}

export interface Speech {
  /** `linked` is what the address asks for. Resolved once the page speaks it, or English in its stead. */
  follow(linked: string | undefined): Promise<void>
  /** The reader's own choice, which from then on counts for as long as the address says nothing. */
  choose(tag: LanguageTag): Promise<void>
  state(): SpeechState
  subscribe(listener: () => void): () => void
}

export function createSpeech(effects: SpeechEffects): Speech {
  let state: SpeechState = { language: ENGLISH }
  let chosen = effects.readChoice()
  let linked: string | undefined
  let turn = 0
  const listeners = new Set<() => void>()

  async function speak(): Promise<void> {
    const wanted = wantedBy({ linked, chosen, browser: effects.browserLanguages() })
    const { language, missing } = state
    if (missing === undefined && language.tag === wanted.tag && language.region === wanted.region) return
    const mine = ++turn
    const next = await stateOf(wanted)
    // Whoever chose again meanwhile is not taken back.
    if (mine !== turn) return
    setLanguage(next.language)
    state = next
    for (const listener of listeners) listener()
  }

  async function stateOf({ tag, region }: ReturnType<typeof wantedBy>): Promise<SpeechState> {
    if (tag === 'en') return { language: region === ENGLISH.region ? ENGLISH : { tag, region, catalogue: {} } }
    try {
      return { language: { tag, region, catalogue: await effects.loadCatalogue(tag) } }
    } catch {
      // What the platform says of a file that did not come tells a reader nothing.
      return { language: ENGLISH, missing: tag }
    }
  }

  return {
    follow(next) {
      linked = next
      return speak()
    },
    choose(tag) {
      chosen = tag
      linked = undefined
      effects.keepChoice(tag)
      return speak()
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
