/** All of the page, in the language that is spoken: another language is another page, drawn anew on the same live store. */
import { useEffect, useMemo, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { LANGUAGES, PSEUDO } from '../language/languages.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import styles from './language-menu.module.css'
import { speech, useSpeech } from './page-speech.ts'
import { ServicesContext, type Services } from './services.ts'
import { spokenView } from './spoken-view.ts'

export function SpokenPage({ services, children }: { readonly services: Services; readonly children: ReactNode }) {
  const { language, missing } = useSpeech()
  const spokenServices = useMemo(() => ({ ...services, views: services.views.map((view) => spokenView(view, language)) }), [services, language])
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
      <ServicesContext value={spokenServices}>{children}</ServicesContext>
    </I18nProvider>
  )
}
