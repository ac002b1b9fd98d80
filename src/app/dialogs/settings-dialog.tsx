/** What a reader can set: colours, what is said aloud, and each single key. Text size is the browser's own. */
import { useRouter, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { defineMessage, say, type Message } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { canChange, keysOf, withKey } from '../key-map.ts'
import { LanguageMenu } from '../language-menu.tsx'
import { keyName, refusal } from '../key-words.ts'
import { KEYS, type KeyBinding } from '../keys.ts'
import { readCitySearch, withTheme } from '../search.ts'
import { useSettings, VERBOSITIES, type Verbosity } from '../settings.ts'
import styles from './dialog.module.css'
import { KeyCaps, SingleKeys } from './key-help.tsx'
import { PageDialog } from './page-dialog.tsx'

const VERBOSITY_WORDS: Readonly<Record<Verbosity, Message>> = {
  off: defineMessage({ id: 'settings.sayNothing', defaultMessage: 'Nothing' }),
  state: defineMessage({ id: 'settings.sayState', defaultMessage: 'Alarms, lost feeds, pause and history' }),
  all: defineMessage({ id: 'settings.sayAll', defaultMessage: 'Also what is shown: layer, view, time' }),
}

export default function SettingsDialog() {
  const verbosity = useSettings((settings) => settings.verbosity)
  const set = useSettings((settings) => settings.set)
  return (
    <PageDialog title={say({ id: 'settings.title', defaultMessage: 'Settings' })}>
      <div className={styles.body}>
        <label className={styles.labelled}>
          {say({ id: 'language.menu', defaultMessage: 'Language' })}
          <LanguageMenu place="settings" />
        </label>
        <Colours />
        <fieldset className={styles.choice}>
          <legend>{say({ id: 'settings.said', defaultMessage: 'Said aloud by a screen reader, at most every 10 seconds' })}</legend>
          {VERBOSITIES.map((one) => (
            <label key={one} className={styles.option}>
              <input type="radio" name="verbosity" checked={one === verbosity} onChange={() => set({ verbosity: one })} />
              {say(VERBOSITY_WORDS[one])}
            </label>
          ))}
        </fieldset>
        <p className={styles.note}>{say({ id: 'settings.textSize', defaultMessage: 'Text is as large as your browser says: Ctrl and + or −.' })}</p>
        <h3>{say({ id: 'settings.keys', defaultMessage: 'Single keys' })}</h3>
        <SingleKeys />
        <KeyChoices />
      </div>
    </PageDialog>
  )
}

/** The colours live in the link, as everything that is seen does; "as the system" is a link without them. */
function Colours() {
  const router = useRouter()
  const theme = useRouterState({ select: ({ location }) => readCitySearch(location.search).theme })
  const choose = (next: 'day' | 'night' | undefined): void => void router.navigate({ to: '.', search: (before) => withTheme(before, next), replace: true })
  const options = [
    [undefined, say({ id: 'settings.asSystem', defaultMessage: 'As the system' })],
    ['day', say({ id: 'settings.day', defaultMessage: 'Day' })],
    ['night', say({ id: 'settings.night', defaultMessage: 'Night' })],
  ] as const
  return (
    <fieldset className={styles.choice}>
      <legend>{say({ id: 'settings.colours', defaultMessage: 'Colours' })}</legend>
      {options.map(([value, words]) => (
        <label key={words} className={styles.option}>
          <input type="radio" name="theme" checked={theme === value} onChange={() => choose(value)} />
          {words}
        </label>
      ))}
    </fieldset>
  )
}

function KeyChoices() {
  const keyMap = useSettings((settings) => settings.keyMap)
  const set = useSettings((settings) => settings.set)
  return (
    <>
      <table className={styles.keys} aria-label={say({ id: 'settings.keys', defaultMessage: 'Single keys' })}>
        <tbody>
          {KEYS.filter(canChange).map((binding) => (
            <KeyRow key={binding.id} binding={binding} />
          ))}
        </tbody>
      </table>
      <div className={styles.row}>
        <button type="button" className={controls.button} disabled={Object.keys(keyMap).length === 0} onClick={() => set({ keyMap: {} })}>
          {say({ id: 'settings.keysReset', defaultMessage: 'All keys as they were' })}
        </button>
      </div>
    </>
  )
}

/** One key: press the button, then the new key. Esc leaves it, and Tab goes on. */
function KeyRow({ binding }: { readonly binding: KeyBinding }) {
  const { keyMap, set } = useSettings()
  const [isAsked, setIsAsked] = useState(false)
  const [refused, setRefused] = useState('')
  const what = say(binding.label)
  const keys = keysOf(binding, keyMap)
  const name = keys.map(keyName).join(', ')
  return (
    <tr>
      <th scope="row">
        {what}
        {refused !== '' && (
          <div role="alert" className={styles.refused}>
            {refused}
          </div>
        )}
      </th>
      <td>
        <button
          type="button"
          className={controls.button}
          aria-label={isAsked ? say({ id: 'settings.pressFor', defaultMessage: 'Press the new key for “{what}”; Esc leaves it as it is' }, { what }) : say({ id: 'settings.keyOf', defaultMessage: '{what}: {key}. Change' }, { what, key: name })}
          onClick={() => {
            setRefused('')
            setIsAsked(true)
          }}
          onBlur={() => setIsAsked(false)}
          onKeyDown={(event) => {
            if (!isAsked || event.key === 'Tab' || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return
            event.preventDefault()
            event.stopPropagation()
            setIsAsked(false)
            if (event.key === 'Escape') return
            const why = refusal(binding.id, event.key, keyMap)
            setRefused(why ?? '')
            if (why === undefined) set({ keyMap: withKey(keyMap, binding.id, event.key) })
          }}
        >
          {isAsked ? say({ id: 'settings.press', defaultMessage: 'Press a key…' }) : <KeyCaps keys={keys} />}
        </button>
      </td>
    </tr>
  )
}
