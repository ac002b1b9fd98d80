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

export const LANGUAGE_TAGS = Object.keys(LANGUAGES).filter(isLanguageTag)

/** The first wanted tag that is spoken here, by its language alone: `de-CH` is answered in German; English when none is. */
export function languageFor(wanted: readonly string[]): LanguageTag {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0]
    if (language !== undefined && isLanguageTag(language)) return language
  }
  return 'en'
}

/**
 * The tag numbers and dates are written by: the reader's own region where it speaks the language (`fr-CH` groups digits
 * otherwise than `fr`), else the language alone. English is British: days before months, 24 hours.
 */
export function regionFor(language: LanguageTag, wanted: readonly string[]): string {
  const regional = wanted.find((tag) => tag.toLowerCase().startsWith(`${language}-`) && isRegion(tag))
  return regional ?? (language === 'en' ? 'en-GB' : language)
}

export function isLanguageTag(text: string): text is LanguageTag {
  return Object.hasOwn(LANGUAGES, text)
}

/** American habits (months first, 12 hours) are not those of the cities that are watched. */
function isRegion(tag: string): boolean {
  return /^[a-z]{2}-[a-z]{2}$/i.test(tag) && tag.toLowerCase() !== 'en-us'
}
