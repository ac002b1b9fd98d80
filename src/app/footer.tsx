/** The last line of a screen: whose data it is, and the ways to keys, settings and the accessibility statement. */
import { Link } from '@tanstack/react-router'
import type { CityPlan } from '../configuration/city-plan.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import styles from './footer.module.css'
import { useOverlay } from './overlay.ts'

export function Footer({ plan, theme }: { readonly plan: CityPlan; readonly theme: 'day' | 'night' | undefined }) {
  const show = useOverlay((overlay) => overlay.show)
  const { attribution, licence, contact } = plan
  const origin = [
    attribution,
    licence === undefined ? undefined : say({ id: 'footer.licence', defaultMessage: 'Licence: {licence}' }, { licence }),
    contact === undefined ? undefined : say({ id: 'footer.contact', defaultMessage: 'Contact: {contact}' }, { contact }),
  ]
  return (
    <footer className={styles.footer}>
      <p>{origin.filter((text) => text !== undefined).join(' · ')}</p>
      <p className={styles.ways}>
        <button type="button" className={`${controls.button} ${controls.quiet}`} onClick={() => show('keys')}>
          {say({ id: 'footer.keys', defaultMessage: 'Keys' })} <kbd aria-hidden="true">?</kbd>
        </button>
        <button type="button" className={`${controls.button} ${controls.quiet}`} onClick={() => show('settings')}>
          {say({ id: 'footer.settings', defaultMessage: 'Settings' })}
        </button>
        <Link to="/accessibility" search={{ city: plan.id, ...(theme === undefined ? {} : { theme }) }} className={styles.way}>
          {say({ id: 'footer.accessibility', defaultMessage: 'Accessibility' })}
        </Link>
      </p>
    </footer>
  )
}
