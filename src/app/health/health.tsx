/**
 * The Health screen of one city: what is wrong first, each with what to do and whom to ask, then feeds, brokers, data and
 * conformance. It stands on what the server told last, and says so when the server is away.
 */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { defineMessage, say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { formatDuration } from '../../ui/words/age.ts'
import { formatSince } from '../../ui/words/clock.ts'
import { Footer } from '../footer.tsx'
import { failureWords } from '../failure-words.ts'
import { simulatedWords } from '../layer-facts.ts'
import { BudgetLine } from '../incidents/budget-line.tsx'
import { SearchButton } from '../search-button.tsx'
import { ServerAnswered } from '../server-answered.ts'
import { useTheme } from '../theme.ts'
import { Brokers } from './brokers.tsx'
import { Conformance } from './conformance.tsx'
import { Data } from './data.tsx'
import { diagnosticText } from './diagnostic.ts'
import { Feeds } from './feeds.tsx'
import styles from './health.module.css'
import { Mark } from './mark.tsx'
import { feedState } from './troubles.ts'
import { conformanceQuery, useHealth, useOpenFeed, type Health as HealthState } from './use-health.ts'

const Announcer = lazy(() => import('../announcer.tsx'))

export interface HealthProps {
  readonly cities: readonly CityPlan[]
  readonly plan: CityPlan
  readonly version: string
  readonly theme: 'day' | 'night' | undefined
}

export default function Health({ cities, plan, version, theme }: HealthProps) {
  useTheme(theme)
  useOpenFeed(plan)
  const state = useHealth(plan)
  const conformance = useQuery(conformanceQuery(plan.id))
  const { incidents, feeds, facts, status, health, nowMs } = state
  useEffect(() => {
    document.title = `${say({ id: 'health.title', defaultMessage: 'Health of {city}' }, { city: plan.name })} · Belvedere`
  }, [plan.name])
  const simulated = simulatedWords(plan)
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Link className={styles.back} to="/city/$cityId" params={{ cityId: plan.id }} search={theme === undefined ? {} : { theme }}>
          {say({ id: 'health.back', defaultMessage: '← Monitor' })}
        </Link>
        <h1 className={styles.title}>{say({ id: 'health.title', defaultMessage: 'Health of {city}' }, { city: plan.name })}</h1>
        {simulated !== undefined && <p className={styles.note}>{simulated}</p>}
        <nav className={styles.cities} aria-label={say({ id: 'palette.cities', defaultMessage: 'Cities' })}>
          {cities.map(({ id, name }) => (
            <Link key={id} to="/health" search={{ city: id, ...(theme === undefined ? {} : { theme }) }} aria-current={id === plan.id ? 'page' : undefined} className={`${controls.button} ${controls.quiet}`}>
              {name}
            </Link>
          ))}
        </nav>
        <SearchButton />
        <CopyButton label={say({ id: 'health.copy', defaultMessage: 'Copy for e-mail' })} text={() => diagnosticText({ plan, version, nowMs, incidents, feeds, facts, status, health, reports: conformance.data?.reports ?? [] })} />
      </header>
      <main className={styles.main}>
        <section className={styles.summary} aria-label={say({ id: 'health.incidents', defaultMessage: 'Incidents' })}>
          <p className={styles.sentence}>{sentenceOf(plan, state)}</p>
          <Away plan={plan} state={state} />
          {incidents.length > 0 && (
            <ul className={styles.incidents}>
              {incidents.map(({ id, rank, what, todo }) => (
                <li key={id} className={styles.incident} data-rank={rank}>
                  <Mark kind={rank} />
                  <p>
                    <strong>{what}</strong> {todo}
                  </p>
                </li>
              ))}
            </ul>
          )}
        </section>
        <ErrorBoundary stopped={defineMessage({ id: 'error.budget', defaultMessage: 'The alarm budget stopped working: {reason}' })}>
          <BudgetLine key={plan.id} plan={plan} />
        </ErrorBoundary>
        <ErrorBoundary stopped={defineMessage({ id: 'error.feeds', defaultMessage: 'The table of feeds stopped working: {reason}' })}>
          <Feeds plan={plan} state={state} />
        </ErrorBoundary>
        <ErrorBoundary stopped={defineMessage({ id: 'error.brokers', defaultMessage: 'The list of brokers stopped working: {reason}' })}>
          <Brokers plan={plan} state={state} />
        </ErrorBoundary>
        <ErrorBoundary stopped={defineMessage({ id: 'error.data', defaultMessage: 'What is said of the data stopped working: {reason}' })}>
          <Data key={plan.id} plan={plan} state={state} />
        </ErrorBoundary>
        <ErrorBoundary stopped={defineMessage({ id: 'error.conformance', defaultMessage: 'Conformance stopped working: {reason}' })}>
          <Conformance key={plan.id} plan={plan} />
        </ErrorBoundary>
      </main>
      <Footer plan={plan} theme={theme} />
      <Suspense fallback={null}>
        <Announcer key={plan.id} plan={plan} atMs={undefined} />
      </Suspense>
    </div>
  )
}

function sentenceOf(plan: CityPlan, { feeds, health, incidents }: HealthState): string {
  if (feeds.some(({ summary }) => !summary.hasCome) && incidents.length === 0) return say({ id: 'health.reading', defaultMessage: 'Reading the layers of {city}…' }, { city: plan.name })
  const fine = feeds.filter((feed) => feedState(feed, health?.brokers) === 'ok').length
  const brokers = health?.brokers.filter(({ line }) => line !== undefined) ?? []
  const live = brokers.filter(({ state }) => state === 'live').length
  const layers = { city: plan.name, fine, layers: feeds.length }
  const order =
    brokers.length === 0
      ? say({ id: 'health.inOrder', defaultMessage: '{layers, plural, one {{fine} of # layer of {city} is in order.} other {{fine} of # layers of {city} are in order.}}' }, layers)
      : say(
          {
            id: 'health.inOrderAnswer',
            defaultMessage: '{layers, plural, one {{fine} of # layer of {city} is in order} other {{fine} of # layers of {city} are in order}}, {brokers, plural, one {{live} of # broker answers} other {{live} of # brokers answer}}.',
          },
          { ...layers, live, brokers: brokers.length },
        )
  return `${order} ${say({ id: 'health.needs', defaultMessage: '{count, plural, =0 {Nothing needs anybody.} one {# thing needs somebody.} other {# things need somebody.}}' }, { count: incidents.length })}`
}

/** While the server is away, what it said last is shown, and said to be of then. */
function Away({ plan, state: { answer, nowMs } }: { readonly plan: CityPlan; readonly state: HealthState }) {
  if (!answer.isError) return null
  const { dataUpdatedAt, error } = answer
  const why = error instanceof ServerAnswered ? failureWords(error.message) : say({ id: 'data.noAnswer', defaultMessage: 'The server does not answer.' })
  const of =
    dataUpdatedAt === 0
      ? say({ id: 'health.nothingKnown', defaultMessage: 'Nothing is known of the brokers yet.' })
      : say({ id: 'health.shownOf', defaultMessage: 'What is shown of the brokers is of {since} ({age} ago).' }, { since: formatSince(dataUpdatedAt, nowMs, plan.timeZone), age: formatDuration(nowMs - dataUpdatedAt) })
  return (
    <p role="alert" className={styles.away}>
      <Mark kind="alarm" /> {why} {of} {say({ id: 'health.askedAgain', defaultMessage: 'It is asked again four times a minute. See whether the server of Belvedere runs; ask whoever runs it.' })}
    </p>
  )
}
