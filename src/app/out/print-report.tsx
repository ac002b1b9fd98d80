/**
 * The Monitor on paper: made at the moment of printing, whoever asks for it (button, menu, Ctrl+P), and gone after it.
 * It must be there when the browser looks, so it is drawn at once and the map's picture stands in it as a canvas, which
 * needs no time to load.
 */
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { createPortal, flushSync } from 'react-dom'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView, Theme } from '../../domains/domain-view.ts'
import { say } from '../../language/say.ts'
import { formatWhen } from '../../ui/words/age.ts'
import type { Unusual } from '../../workers/city.messages.ts'
import { currentSentence } from '../current-sentence.ts'
import { otherWords, sensorWords, simulatedWords, summaryOf } from '../layer-facts.ts'
import type { LiveStore } from '../live-store.ts'
import { compareWithUsual, statisticOver, usualHourWords } from '../look.ts'
import { useServices } from '../services.ts'
import { useStage } from '../stage.ts'
import { deltaWords, sinceWords, unusualCount } from '../unusual-words.ts'
import { mapImageOf, type MapImage } from './map-image.ts'
import styles from './report.module.css'
import { linkAt, sourceNotes, timeWords } from './shown.ts'

export interface PrintReportProps {
  readonly plan: CityPlan
  readonly views: readonly DomainView[]
  /** The layer that owns colour. */
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly unusual: Unusual | undefined
  readonly version: string
}

/** A page has room for so many beside the map; how many more there are is said. */
const MOST_UNUSUAL = 15

export function PrintReport(props: PrintReportProps) {
  const { live } = useServices()
  const [report, setReport] = useState<ReactNode>(undefined)
  const make = useEffectEvent(() => reportOf(props, live))
  useEffect(() => {
    const before = (): void => {
      flushSync(() => setReport(make()))
      document.documentElement.dataset['report'] = ''
    }
    const after = (): void => {
      delete document.documentElement.dataset['report']
      setReport(undefined)
    }
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
      after()
    }
  }, [])
  return report === undefined ? null : createPortal(report, document.body)
}

function reportOf({ plan, views, view, theme, atMs, unusual, version }: PrintReportProps, live: LiveStore): ReactNode {
  const machineMs = Date.now()
  const nowMs = atMs ?? machineMs + (live.status()?.clockOffsetMs ?? 0)
  const seen = { nowMs, timeZone: plan.timeZone }
  const { state, detail } = currentSentence({ plan, views, live, atMs, unusual, nowMs, machineMs })
  const layer = live.layer(view.model.id)
  const shown = layer && { plan, view, layer, version, address: location.href }
  const image = shown && mapImageOf(useStage.getState().stage, shown, { theme, paper: 'day' })
  const simulated = simulatedWords(plan)
  const places = unusual?.places.slice(0, MOST_UNUSUAL) ?? []
  const more = unusual === undefined ? 0 : unusualCount(unusual) - places.length
  return (
    <article className={styles.report}>
      <header>
        <h1>{plan.name}</h1>
        <p className={styles.time}>
          {timeWords(nowMs, plan.timeZone)}
          {simulated !== undefined && <b>{` · ${simulated}`}</b>}
        </p>
        <p className={styles.sentence}>{state}</p>
        <p>{detail}</p>
      </header>
      {image !== undefined && <Picture image={image} label={say({ id: 'report.map', defaultMessage: 'Map: {layer}' }, { layer: view.model.name })} />}
      <section>
        <h2>{say({ id: 'report.layers', defaultMessage: 'Layers' })}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">{say({ id: 'report.layer', defaultMessage: 'Layer' })}</th>
              <th scope="col">{say({ id: 'report.value', defaultMessage: 'Value' })}</th>
              <th scope="col">{say({ id: 'report.usual', defaultMessage: 'Compared with usual' })}</th>
              <th scope="col">{say({ id: 'report.coverage', defaultMessage: 'Reporting' })}</th>
              <th scope="col">{say({ id: 'report.newest', defaultMessage: 'Newest value' })}</th>
            </tr>
          </thead>
          <tbody>
            {views.map((one) => (
              <LayerRow key={one.model.id} view={one} {...{ plan, live, nowMs }} isHistory={atMs !== undefined} />
            ))}
          </tbody>
        </table>
      </section>
      <section>
        <h2>{atMs === undefined ? say({ id: 'unusual.title', defaultMessage: 'Unusual now' }) : say({ id: 'report.unusualThen', defaultMessage: 'Unusual then' })}</h2>
        {places.length === 0 ? (
          <p>{unusual === undefined ? say({ id: 'report.unusualUnknown', defaultMessage: 'Not all sensors were looked at yet.' }) : say({ id: 'report.unusualNone', defaultMessage: 'Nothing is unusual.' })}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{say({ id: 'report.place', defaultMessage: 'Place' })}</th>
                <th scope="col">{say({ id: 'report.layer', defaultMessage: 'Layer' })}</th>
                <th scope="col">{say({ id: 'report.value', defaultMessage: 'Value' })}</th>
                <th scope="col">{say({ id: 'report.why', defaultMessage: 'Why' })}</th>
                <th scope="col">{say({ id: 'report.since', defaultMessage: 'Since' })}</th>
              </tr>
            </thead>
            <tbody>
              {places.flatMap((place) => {
                const of = views.find(({ model }) => model.id === place.domain)
                if (of === undefined) return []
                return [
                  <tr key={`${place.domain} ${place.id} ${place.kind}`}>
                    <th scope="row">{place.name}</th>
                    <td>{of.model.name}</td>
                    <td className={styles.number}>{Number.isNaN(place.value) ? '–' : of.format(place.value)}</td>
                    <td>{deltaWords(of, place, seen)}</td>
                    <td>{sinceWords(place, seen)}</td>
                  </tr>,
                ]
              })}
            </tbody>
          </table>
        )}
        {more > 0 && <p>{say({ id: 'unusual.hidden', defaultMessage: '{count, plural, one {One more is} other {# more are}} unusual.' }, { count: more })}</p>}
      </section>
      <footer>
        {shown !== undefined && sourceNotes(shown).map((note) => <p key={note}>{note}</p>)}
        {plan.contact !== undefined && <p>{say({ id: 'footer.contact', defaultMessage: 'Contact: {contact}' }, { contact: plan.contact })}</p>}
        <p className={styles.link}>{linkAt(location.href, layer?.frame.atMs ?? nowMs)}</p>
      </footer>
    </article>
  )
}

interface LayerRowProps {
  readonly view: DomainView
  readonly plan: CityPlan
  readonly live: LiveStore
  readonly nowMs: number
  readonly isHistory: boolean
}

function LayerRow({ view, plan, live, nowMs, isHistory }: LayerRowProps) {
  const { model } = view
  const layer = live.layer(model.id)
  const total = layer?.frame.total
  const summary = summaryOf(view, layer)
  return (
    <tr>
      <th scope="row">
        {model.name}
        <span className={styles.statistic}>{layer === undefined ? model.legend.statistic : statisticOver(model, 'value', layer.frame.windowEndMs - layer.frame.windowStartMs)}</span>
      </th>
      <td className={styles.number}>{total?.value === undefined ? '–' : view.format(total.value)}</td>
      <td>{layer === undefined ? '–' : compareWithUsual(view, total?.value, total?.usual, usualHourWords(layer, plan))?.text ?? '–'}</td>
      <td>{[sensorWords(summary), otherWords(summary)].filter((text) => text !== '').join('; ')}</td>
      <td>{total?.newestMs === undefined ? '–' : formatWhen(total.newestMs, { nowMs, timeZone: plan.timeZone, isHistory })}</td>
    </tr>
  )
}

function Picture({ image, label }: { readonly image: MapImage; readonly label: string }) {
  return (
    <figure
      className={styles.picture}
      aria-label={label}
      ref={(figure) => {
        figure?.replaceChildren(image.canvas)
      }}
    />
  )
}
