/** Every key of the page, from the one table that the listeners go by, and whether single keys are on. */
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { useChoices } from '../choices.ts'
import { keysOf } from '../key-map.ts'
import { keyName } from '../key-words.ts'
import { KEYS, type KeyBinding } from '../keys.ts'
import { useOverlay } from '../overlay.ts'
import { useSettings } from '../settings.ts'
import styles from './dialog.module.css'
import { PageDialog } from './page-dialog.tsx'

export default function KeyHelp() {
  const show = useOverlay((overlay) => overlay.show)
  return (
    <PageDialog title={say({ id: 'keys.title', defaultMessage: 'Keys' })}>
      <div className={styles.body}>
        <SingleKeys />
        <div className={styles.row}>
          <button type="button" className={controls.button} onClick={() => show('settings')}>
            {say({ id: 'keys.change', defaultMessage: 'Change keys…' })}
          </button>
        </div>
        <KeyTable title={say({ id: 'keys.everywhere', defaultMessage: 'On every screen' })} bindings={KEYS.filter(({ place }) => place === 'everywhere')} withPalette />
        <KeyTable title={say({ id: 'keys.monitor', defaultMessage: 'On the Monitor' })} bindings={KEYS.filter(({ place }) => place === 'monitor')} />
      </div>
    </PageDialog>
  )
}

/** The switch of all single keys, which help and settings both have. */
export function SingleKeys() {
  const hasShortcuts = useChoices((choices) => choices.hasShortcuts)
  const set = useChoices((choices) => choices.set)
  return (
    <label className={styles.option}>
      <input type="checkbox" checked={hasShortcuts} onChange={({ target }) => set({ hasShortcuts: target.checked })} />
      {say({ id: 'keys.areOn', defaultMessage: 'Single keys work (Ctrl+K, Esc and Tab always do)' })}
    </label>
  )
}

function KeyTable({ title, bindings, withPalette = false }: { readonly title: string; readonly bindings: readonly KeyBinding[]; readonly withPalette?: boolean }) {
  const keyMap = useSettings((settings) => settings.keyMap)
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <table className={styles.keys}>
        <tbody>
          {withPalette && (
            <tr>
              <th scope="row">{say({ id: 'keys.palette', defaultMessage: 'Search and commands, from anywhere' })}</th>
              <td>
                <kbd className={styles.key}>{say({ id: 'keys.ctrlK', defaultMessage: 'Ctrl K or ⌘ K' })}</kbd>
              </td>
            </tr>
          )}
          {bindings.map((binding) => (
            <tr key={binding.id}>
              <th scope="row">{say(binding.label)}</th>
              <td>
                <KeyCaps keys={keysOf(binding, keyMap)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Keys as caps; nine digits in a row are said as a range. */
export function KeyCaps({ keys }: { readonly keys: readonly string[] }) {
  const isRange = keys.length > 4
  const shown = isRange ? [`${keyName(keys[0]!)}–${keyName(keys.at(-1)!)}`] : keys.map((key) => (key === ' ' ? keyName(key) : key.split(' ').map(keyName).join(' ')))
  return (
    <>
      {shown.map((text) => (
        <kbd key={text} className={styles.key}>
          {text}
        </kbd>
      ))}
    </>
  )
}
