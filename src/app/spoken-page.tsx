/** All of the page, in the language that is spoken: another language is another page, drawn anew on the same live store. */
import { useEffect, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { LANGUAGES, PSEUDO } from '../language/languages.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import styles from './language-menu.module.css'
import { speech, useSpeech } from './page-speech.ts'

export function SpokenPage({ children }: { readonly children: ReactNode }) {
  const { language, missing } = useSpeech()
  useEffect(() => {
    document.documentElement.lang = language.tag
  }, [language])
  return (
    <I18nProvider locale={language.region} key={`${language.tag} ${language.region}`}>
      {missing !== undefined && missing !== PSEUDO && missing !== 'en' && (
        <div className={styles.notice}>
          <output>{say({ id: 'language.missing', defaultMessage: 'The texts in {language} could not be loaded: the page speaks English.' }, { language: LANGUAGES[missing] })}</output>
          <button type="button" className={controls.button} onClick={() => void speech.choose(missing)}>
            {say({ id: 'language.again', defaultMessage: 'Try again' })}
          </button>
        </div>
      )}
      {children}
    </I18nProvider>
  )
}
