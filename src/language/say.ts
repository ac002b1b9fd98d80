/**
 * Every text a reader sees, in the language of the page.
 *
 * Messages are ICU, written in English where they are said and looked up by id in the catalogue of the language. There is
 * one language at a time; whoever changes it draws the page anew. Ids and texts are literals, so that they can be extracted.
 */
import { createIntl, createIntlCache, type IntlShape, type MessageDescriptor } from '@formatjs/intl'
import type { LanguageTag } from './languages.ts'

export type Catalogue = Readonly<Record<string, string>>

export interface Message extends MessageDescriptor {
  readonly id: string
  readonly defaultMessage: string
}

export interface Language {
  readonly tag: LanguageTag
  /** The tag that numbers and dates are written by, such as `fr-CH`. */
  readonly region: string
  readonly catalogue: Catalogue
}

const ENGLISH: Language = { tag: 'en', region: 'en-GB', catalogue: {} }

let language = ENGLISH
let intl = intlOf(ENGLISH)

export function setLanguage(next: Language): void {
  if (next === language) return
  language = next
  intl = intlOf(next)
}

export function spoken(): Language {
  return language
}

export function say(message: Message, values?: Readonly<Record<string, string | number>>): string {
  return intl.formatMessage(message, values)
}

/** For what is told apart by its id only when it is said, as texts that stand in data: `{ noise: defineMessage(…) }`. */
export function defineMessage(message: Message): Message {
  return message
}

function intlOf({ region, catalogue }: Language): IntlShape<string> {
  return createIntl(
    {
      locale: region,
      // Of English no catalogue is needed: its texts stand beside the ids.
      defaultLocale: region,
      messages: { ...catalogue },
      // A message that fails is said in English, or as it is written; the check of the catalogues tells which.
      onError: () => undefined,
    },
    createIntlCache(),
  )
}
