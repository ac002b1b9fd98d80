/** Health's line on how much is asked of an operator, and where incidents are kept. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { viewsOf } from '../layer-facts.ts'
import { useServices } from '../services.ts'
import { budgetWords } from './incident-words.ts'
import styles from './incidents.module.css'
import { IncidentsPane } from './incidents-pane.tsx'
import { incidentsQuery, type CityIncidents } from './read-incidents.ts'

export function BudgetLine({ plan }: { readonly plan: CityPlan }) {
  const { views } = useServices()
  const { data } = useQuery({ ...incidentsQuery(plan.id), enabled: plan.incidents !== undefined })
  const [isOpen, setOpen] = useState(false)
  const speaking = useMemo(() => ({ models: viewsOf(plan, views).map(({ model }) => model), timeZone: plan.timeZone }), [plan, views])
  if (plan.incidents === undefined) return <p className={styles.note}>{say({ id: 'incidents.notWatched', defaultMessage: 'This city is not watched for incidents: its configuration does not ask for it.' })}</p>
  if (data === undefined) return null
  return (
    <div className={styles.budget}>
      <p>{budgetWords(data.budget, plan.timeZone)}</p>
      <p className={styles.note}>{watchedWords(data)}</p>
      <button type="button" className={controls.button} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {say({ id: 'incidents.openAll', defaultMessage: '{count, plural, =0 {Incidents and journal} one {# incident, and the journal} other {# incidents, and the journal}}' }, { count: data.incidents.length })}
      </button>
      {isOpen && <IncidentsPane {...{ plan, speaking, data }} onClose={() => setOpen(false)} />}
    </div>
  )
}

function watchedWords({ watched: { rules, sensors, leftOut, unread, kept } }: CityIncidents): string {
  const failed = Object.entries(unread)
  return [
    say({ id: 'incidents.watched', defaultMessage: '{rules, plural, one {# rule} other {# rules}} watch {sensors, plural, one {# sensor} other {# sensors}}.' }, { rules, sensors }),
    ...(leftOut === 0 ? [] : [say({ id: 'incidents.leftOut', defaultMessage: '{leftOut} are too many to be watched.' }, { leftOut })]),
    ...failed.map(([broker, why]) => say({ id: 'incidents.unread', defaultMessage: '{broker} could not be read: {why}.' }, { broker, why })),
    kept.alertsTo === undefined ? say({ id: 'incidents.alertsHere', defaultMessage: 'Incidents are in this server only.' }) : say({ id: 'incidents.alertsTo', defaultMessage: 'Incidents are kept as alerts in {broker}.' }, { broker: kept.alertsTo }),
    ...(kept.alertsProblem === undefined ? [] : [say({ id: 'incidents.alertsProblem', defaultMessage: 'It did not take the last ones: {why}.' }, { why: kept.alertsProblem })]),
    kept.journal === 'file' ? say({ id: 'incidents.journalFile', defaultMessage: 'The journal is in a file.' }) : say({ id: 'incidents.journalMemory', defaultMessage: 'The journal is in memory only: it ends with the server.' }),
    ...(kept.journalProblem === undefined ? [] : [say({ id: 'incidents.journalProblem', defaultMessage: 'The file could not be written: {why}.' }, { why: kept.journalProblem })]),
  ].join(' ')
}
