/** In which language the page speaks. The browser's own menu: it costs nothing, and every reader knows it. */
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isLanguageTag, LANGUAGES, LANGUAGE_TAGS, PSEUDO } from '../language/languages.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import styles from './language-menu.module.css'
import { speech, useSpeech } from './page-speech.ts'

/** It stands in the header and, where that is narrow, in the settings. */
export type LanguageMenuPlace = 'header' | 'settings'

/** The menu is drawn anew with the page: whoever chose in it is still in it. */
let choosingIn: LanguageMenuPlace | undefined

export function LanguageMenu({ place }: { readonly place: LanguageMenuPlace }) {
  const router = useRouter()
  const { language } = useSpeech()
  const select = useRef<HTMLSelectElement>(null)
  useEffect(() => {
    if (choosingIn !== place) return
    select.current?.focus()
    choosingIn = undefined
  }, [place])

  async function choose(tag: string): Promise<void> {
    if (!isLanguageTag(tag)) return
    choosingIn = place
    // The address would win over the choice: what it says of the language is taken out, the rest stays.
    const { pathname, search, hash } = router.latestLocation
    if ('lang' in search) {
      const { lang: _, ...rest } = search
      router.history.replace(`${pathname}${router.options.stringifySearch(rest)}${hash === '' ? '' : `#${hash}`}`)
    }
    await speech.choose(tag)
  }

  return (
    <select ref={select} className={`${controls.field} ${styles.menu}`} data-place={place} aria-label={say({ id: 'language.menu', defaultMessage: 'Language' })} value={language.tag} onChange={({ target }) => void choose(target.value)}>
      {LANGUAGE_TAGS.map((tag) => (
        <option key={tag} value={tag} lang={tag}>
          {LANGUAGES[tag]}
        </option>
      ))}
      {language.tag === PSEUDO && <option value={PSEUDO}>{PSEUDO}</option>}
    </select>
  )
}
