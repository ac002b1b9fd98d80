/**
 * Above the tiles, and only when there is something: the worst of what nobody has answered yet, in words, or else a quiet
 * line that leads to what is open. It comes after the first second, and tells the headline what to name.
 */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { heardKey } from '../heard-key.ts'
import { useHeadlineIncident } from './headline-incident.ts'
import { IncidentGlyph } from './incident-glyph.tsx'
import { asks, isQuiet, rankOf, stripWords, whatWords, worstFirst, worstOpen } from './incident-words.ts'
import styles from './incidents.module.css'
import { IncidentsPane } from './incidents-pane.tsx'
import { operatorName } from './operator.ts'
import { incidentsQuery } from './read-incidents.ts'
import { useAnswer } from './use-answer.ts'

export default function IncidentStrip({ plan, views }: { readonly plan: CityPlan; readonly views: readonly DomainView[] }) {
  const { data } = useQuery(incidentsQuery(plan.id))
  const [isOpen, setOpen] = useState(false)
  const { mutate } = useAnswer(plan.id)
  const speaking = useMemo(() => ({ models: views.map(({ model }) => model), timeZone: plan.timeZone }), [views, plan.timeZone])
  const incidents = data?.incidents ?? []
  const asking = worstFirst(incidents.filter(asks))
  const worst = worstOpen(incidents.filter(({ standing }) => standing.isActive))
  const named = worst === undefined ? undefined : whatWords(worst, speaking)
  useEffect(() => {
    useHeadlineIncident.setState({ sentence: named === undefined ? undefined : say({ id: 'incidents.headline', defaultMessage: '{what}.' }, { what: named }) })
    return () => useHeadlineIncident.setState({ sentence: undefined })
  }, [named])

  const mayAct = data?.mayAct === true
  const acknowledge = (id: string): void => {
    const by = operatorName()
    // Whoever answers has a name: the pane asks for it.
    if (by === '') setOpen(true)
    else mutate({ incident: id, action: 'acknowledge', by })
  }
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (heardKey(event)?.toLowerCase() !== 'a') return
    const [first] = asking
    if (!mayAct || first === undefined) return
    acknowledge(first.id)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event)
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])

  const [first] = asking
  const open = incidents.filter((one) => !isQuiet(one)).length
  return (
    <>
      {first !== undefined ? (
        <div className={styles.strip} data-rank={rankOf(first.finding)}>
          <IncidentGlyph rank={rankOf(first.finding)} asks key={first.id} />
          {/* No live region: the announcer tells it. */}
          <span className={styles.told}>{stripWords(first, speaking)}</span>
          <span className={styles.buttons}>
            {mayAct && (
              <button type="button" className={controls.button} aria-keyshortcuts="A" onClick={() => acknowledge(first.id)}>
                {say({ id: 'incidents.acknowledge', defaultMessage: 'Acknowledge' })}
              </button>
            )}
            <button type="button" className={controls.button} aria-haspopup="dialog" onClick={() => setOpen(true)}>
              {say({ id: 'incidents.openCount', defaultMessage: '{open, plural, one {# incident} other {# incidents}}' }, { open: incidents.length })}
            </button>
          </span>
        </div>
      ) : (
        incidents.length > 0 && (
          <div className={styles.calm}>
            <button type="button" className={`${controls.button} ${controls.quiet}`} aria-haspopup="dialog" onClick={() => setOpen(true)}>
              {worst !== undefined && <IncidentGlyph rank={rankOf(worst.finding)} asks={false} />}
              {say({ id: 'incidents.openQuietly', defaultMessage: '{open, plural, =0 {No incident open} one {# incident open} other {# incidents open}}, {shelved} shelved' }, { open, shelved: incidents.length - open })}
            </button>
          </div>
        )
      )}
      {isOpen && data !== undefined && <IncidentsPane plan={plan} speaking={speaking} data={data} onClose={() => setOpen(false)} />}
    </>
  )
}
