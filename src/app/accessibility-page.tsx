/**
 * The accessibility statement, as Directive (EU) 2016/2102 asks for it: what is met, what is not, how else to get at the data,
 * and whom to tell. The date is of the last check; whoever checks again changes it with what was found.
 */
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import notice from '../ui/notice.module.css'
import { formatDay } from '../ui/words/clock.ts'
import styles from './accessibility-page.module.css'
import { useOverlay } from './overlay.ts'
import { useTheme } from './theme.ts'

const CHECKED = '2026-11-22'

export interface AccessibilityProps {
  readonly cities: readonly CityPlan[]
  readonly plan: CityPlan | undefined
  readonly theme: 'day' | 'night' | undefined
}

export default function Accessibility({ cities, plan, theme }: AccessibilityProps) {
  useTheme(theme)
  const show = useOverlay((overlay) => overlay.show)
  const title = say({ id: 'accessibility.title', defaultMessage: 'Accessibility of this page' })
  useEffect(() => {
    document.title = `${title} · Belvedere`
  }, [title])
  const contacts = cities.flatMap(({ id, name, contact }) => (contact === undefined ? [] : [{ id, name, contact }]))
  return (
    <main className={`${notice.page} ${styles.statement}`}>
      {plan !== undefined && (
        <p>
          <Link className={styles.back} to="/city/$cityId" params={{ cityId: plan.id }} search={theme === undefined ? {} : { theme }}>
            ← {plan.name}
          </Link>
        </p>
      )}
      <h1>{title}</h1>
      <p>{say({ id: 'accessibility.aim', defaultMessage: 'Belvedere is built to meet the Web Content Accessibility Guidelines (WCAG) 2.2, level AA, which includes what EN 301 549 asks of web pages. By its makers’ own check it meets them in part: what is missing stands below.' })}</p>

      <h2>{say({ id: 'accessibility.met', defaultMessage: 'What works' })}</h2>
      <ul>
        <li>{say({ id: 'accessibility.keyboard', defaultMessage: 'Everything can be done by keyboard. Single keys can be changed or switched off.' })}</li>
        <li>{say({ id: 'accessibility.list', defaultMessage: 'The list of sensors has the same content as the map, in the same words for eye and ear, with sensors that have no position as well.' })}</li>
        <li>{say({ id: 'accessibility.charts', defaultMessage: 'The chart of a sensor has a sentence, a cursor for the arrow keys and a table.' })}</li>
        <li>{say({ id: 'accessibility.pause', defaultMessage: 'Values that move can be paused. Nothing flashes, and nothing moves where the system asks for less motion.' })}</li>
        <li>{say({ id: 'accessibility.colour', defaultMessage: 'Colour never speaks alone: states have shapes and words. Text has a contrast of at least 4.5 to 1, marks of 3 to 1, by day and by night; forced colours are followed.' })}</li>
        <li>{say({ id: 'accessibility.zoom', defaultMessage: 'Text can be twice as large, and the page as narrow as 320 px: then only the map and wide tables of Health scroll in two directions.' })}</li>
        <li>{say({ id: 'accessibility.said', defaultMessage: 'A screen reader is told of changes of state at most every ten seconds, and never of each value. How much is said can be set.' })}</li>
      </ul>

      <h2>{say({ id: 'accessibility.unmet', defaultMessage: 'What does not yet' })}</h2>
      <ul>
        <li>{say({ id: 'accessibility.untested', defaultMessage: 'It was checked with a browser’s accessibility tree, by keyboard and with axe, but not yet by people with disabilities, and not with every screen reader.' })}</li>
        <li>{say({ id: 'accessibility.mapMarks', defaultMessage: 'Marks on the map are drawn and cannot be reached one by one. The list takes their place.' })}</li>
        <li>{say({ id: 'accessibility.forcedMap', defaultMessage: 'The map keeps its own colours where the system forces colours: a mark’s shape says its state, the list its value.' })}</li>
        <li>{say({ id: 'accessibility.names', defaultMessage: 'Names and notes that come from a city’s data are in the city’s language, and are not always marked as such.' })}</li>
        <li>{say({ id: 'accessibility.brokerWords', defaultMessage: 'Messages of brokers are shown as they come, in English and in technical words.' })}</li>
      </ul>

      <h2>{say({ id: 'accessibility.otherwise', defaultMessage: 'The data in another form' })}</h2>
      <p>{say({ id: 'accessibility.files', defaultMessage: 'On the Monitor, beside the list of sensors, each layer can be saved as CSV or GeoJSON: every sensor with its value, age, place, warnings and source. Whoever needs it otherwise, asks the city.' })}</p>

      <h2>{say({ id: 'accessibility.feedback', defaultMessage: 'Tell us' })}</h2>
      {contacts.length === 0 ? (
        <p>{say({ id: 'accessibility.noContact', defaultMessage: 'Nobody is named in the configuration of this page: ask whoever gave you its address.' })}</p>
      ) : (
        <>
          <p>{say({ id: 'accessibility.contact', defaultMessage: 'If something cannot be used, write to the city. It should answer within a month; if it does not, your country’s monitoring body for the accessibility of public websites is the next to ask.' })}</p>
          <ul>
            {contacts.map(({ id, name, contact }) => (
              <li key={id}>
                {name}: <Contact text={contact} />
              </li>
            ))}
          </ul>
        </>
      )}

      <p>{say({ id: 'accessibility.date', defaultMessage: 'Checked by its makers and written down on {date}.' }, { date: formatDay(Date.parse(CHECKED), undefined, 'UTC') })}</p>
      <p>
        <button type="button" className={controls.button} onClick={() => show('keys')}>
          {say({ id: 'accessibility.keys', defaultMessage: 'All keys' })}
        </button>{' '}
        <button type="button" className={controls.button} onClick={() => show('settings')}>
          {say({ id: 'accessibility.settings', defaultMessage: 'Settings' })}
        </button>
      </p>
    </main>
  )
}

/** An address of the configuration that is one for mail can be followed; whatever else it says is text. */
function Contact({ text }: { readonly text: string }) {
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text) ? <a href={`mailto:${text}`}>{text}</a> : text
}
