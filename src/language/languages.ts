/** The languages of the page, and which of them a reader wants. */

/** BCP 47 tag to the language's own name, which is how a reader looks for it. */
export const LANGUAGES = {
  en: 'English',
  fr: 'Français',
  nl: 'Nederlands',
  it: 'Italiano',
  pt: 'Português',
  es: 'Español',
  da: 'Dansk',
  fi: 'Suomi',
  sv: 'Svenska',
  de: 'Deutsch',
} as const

export type LanguageTag = keyof typeof LANGUAGES

/** A made-up language that shows which texts are translated, and how long they may get. No reader is offered it. */
export const PSEUDO = 'en-XA'

export const LANGUAGE_TAGS = Object.keys(LANGUAGES).filter(isLanguageTag)

/** The first wanted tag that is spoken here, by its language alone: `de-CH` is answered in German; English when none is. */
export function languageFor(wanted: readonly string[]): LanguageTag {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0]
    if (language !== undefined && isLanguageTag(language)) return language
  }
  return 'en'
}

/** Tags that mean another country than the cities that are watched, the United States and Brazil, when they stand alone. */
const HOME: Readonly<Partial<Record<LanguageTag, string>>> = { en: 'en-GB', pt: 'pt-PT' }

/**
 * The tag numbers and dates are written by: the reader's own region where it speaks the language (`fr-CH` groups digits
 * otherwise than `fr`), else the language alone. English is British: days before months, 24 hours. Portuguese is that of
 * Portugal, which counts none as many (“0 sensores”).
 */
export function regionFor(language: LanguageTag, wanted: readonly string[]): string {
  const regional = wanted.find((tag) => tag.toLowerCase().startsWith(`${language}-`) && isRegion(tag))
  return regional ?? HOME[language] ?? language
}

export function isLanguageTag(text: string): text is LanguageTag {
  return Object.hasOwn(LANGUAGES, text)
}

/** American habits (months first, 12 hours) are not those of the cities that are watched. */
function isRegion(tag: string): boolean {
  return /^[a-z]{2}-[a-z]{2}$/i.test(tag) && tag.toLowerCase() !== 'en-us'
}

/** What the address asks for, else what the reader chose once, else what the browser says they read. */
export function wantedBy({ linked, chosen, browser }: { readonly linked?: string | undefined; readonly chosen?: string | undefined; readonly browser: readonly string[] }): {
  readonly tag: LanguageTag | typeof PSEUDO
  readonly region: string
} {
  if (linked === PSEUDO) return { tag: PSEUDO, region: 'en-GB' }
  const wanted = [linked, chosen, ...browser].filter((tag) => tag !== undefined)
  const tag = languageFor(wanted)
  return { tag, region: regionFor(tag, wanted) }
}
