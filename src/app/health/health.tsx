/**
 * The Health screen of one city: what is wrong first, each with what to do and whom to ask, then feeds, brokers, data and
 * conformance. It stands on what the server told last, and says so when the server is away.
 */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import controls from '../../ui/controls.module.css'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorBoundary } from '../../ui/error-boundary.tsx'
import { formatDuration } from '../../ui/words/age.ts'
import { formatSince } from '../../ui/words/clock.ts'
import { formatCount } from '../../ui/words/number.ts'
import { simulatedWords } from '../layer-facts.ts'
import { BudgetLine } from '../incidents/budget-line.tsx'
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
    document.title = `Health of ${plan.name} · Belvedere`
  }, [plan.name])
  const simulated = simulatedWords(plan)
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Link className={styles.back} to="/city/$cityId" params={{ cityId: plan.id }} search={theme === undefined ? {} : { theme }}>
          ← Monitor
        </Link>
        <h1 className={styles.title}>Health of {plan.name}</h1>
        {simulated !== undefined && <p className={styles.note}>{simulated}</p>}
        <nav className={styles.cities} aria-label="Cities">
          {cities.map(({ id, name }) => (
            <Link key={id} to="/health" search={{ city: id, ...(theme === undefined ? {} : { theme }) }} aria-current={id === plan.id ? 'page' : undefined} className={`${controls.button} ${controls.quiet}`}>
              {name}
            </Link>
          ))}
        </nav>
        <CopyButton label="Copy for e-mail" text={() => diagnosticText({ plan, version, nowMs, incidents, feeds, facts, status, health, reports: conformance.data?.reports ?? [] })} />
      </header>
      <main className={styles.main}>
        <section className={styles.summary} aria-label="Incidents">
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
        <ErrorBoundary what="The alarm budget">
          <BudgetLine key={plan.id} plan={plan} />
        </ErrorBoundary>
        <ErrorBoundary what="The table of feeds">
          <Feeds plan={plan} state={state} />
        </ErrorBoundary>
        <ErrorBoundary what="The list of brokers">
          <Brokers plan={plan} state={state} />
        </ErrorBoundary>
        <ErrorBoundary what="What is said of the data">
          <Data key={plan.id} plan={plan} state={state} />
        </ErrorBoundary>
        <ErrorBoundary what="Conformance">
          <Conformance key={plan.id} plan={plan} />
        </ErrorBoundary>
      </main>
    </div>
  )
}

function sentenceOf(plan: CityPlan, { feeds, health, incidents }: HealthState): string {
  if (feeds.some(({ summary }) => !summary.hasCome) && incidents.length === 0) return `Reading the layers of ${plan.name}…`
  const fine = feeds.filter((feed) => feedState(feed, health?.brokers) === 'ok').length
  const brokers = health?.brokers.filter(({ line }) => line !== undefined) ?? []
  const live = brokers.filter(({ state }) => state === 'live').length
  const words = [`${fine} of ${formatCount(feeds.length, 'layer', 'layers')} of ${plan.name} ${feeds.length === 1 ? 'is' : 'are'} in order`, ...(brokers.length === 0 ? [] : [`${live} of ${formatCount(brokers.length, 'broker', 'brokers')} ${brokers.length === 1 ? 'answers' : 'answer'}`])].join(', ')
  return `${words}. ${incidents.length === 0 ? 'Nothing needs anybody.' : `${formatCount(incidents.length, 'thing needs', 'things need')} somebody.`}`
}

/** While the server is away, what it said last is shown, and said to be of then. */
function Away({ plan, state: { answer, nowMs } }: { readonly plan: CityPlan; readonly state: HealthState }) {
  if (!answer.isError) return null
  const { dataUpdatedAt, error } = answer
  const of = dataUpdatedAt === 0 ? 'Nothing is known of the brokers yet.' : `What is shown of the brokers is of ${formatSince(dataUpdatedAt, nowMs, plan.timeZone)} (${formatDuration(nowMs - dataUpdatedAt)} ago).`
  const why = error.message.startsWith('the server') ? error.message : 'the server does not answer'
  return (
    <p role="alert" className={styles.away}>
      <Mark kind="alarm" /> {why.charAt(0).toUpperCase() + why.slice(1)}. {of} It is asked again four times a minute. See whether the server of Belvedere runs; ask whoever runs it.
    </p>
  )
}
