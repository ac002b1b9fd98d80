/**
 * Which view of the layer, and over which window: two rows of buttons above the legend. What is not offered stays in
 * its place and says why; what is still being read says how far it is.
 */
import { useMemo } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainId } from '../domains/domain-model.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { isBand } from '../core/stats/usual.ts'
import { offersView, VIEWS, type View } from '../domains/standing.ts'
import { TOO_SHORT, windowFor, windowOffers } from '../domains/windows.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { lowerFirst } from '../ui/words/case.ts'
import type { BackgroundNote, Look } from '../workers/city.messages.ts'
import { failureWords } from './failure-words.ts'
import { expectedMsOf } from './layer-facts.ts'
import { useLayer, useLiveVersion, useStatus } from './live-hooks.ts'
import type { LiveLayer } from './live-store.ts'
import { coverageWords, nameOfWindow, usualHourWords, viewWord, windowOfName, windowWords, type WindowName } from './look.ts'
import styles from './look-control.module.css'
import type { CitySearch } from './search.ts'

export interface LookControlProps {
  readonly plan: CityPlan
  readonly layer: DomainView
  readonly look: Look
  readonly atMs: number | undefined
  onView(view: View): void
  /** Undefined is the layer's own. */
  onWindow(window: WindowName | undefined): void
}

/** What the address says, as the worker is told; the same object while it says the same. */
export function useLookOf({ view: asked, window }: CitySearch, domain: DomainId | undefined): Look {
  const view: View = asked ?? 'value'
  return useMemo(() => {
    const windowMs = windowOfName(window)
    return { view, ...(domain === undefined ? {} : { domain }), ...(windowMs === undefined ? {} : { windowMs }) }
  }, [view, window, domain])
}

export function LookControl({ plan, layer: { model }, look, onView, onWindow }: LookControlProps) {
  useLiveVersion()
  const layer = useLayer(model.id)
  const status = useStatus()
  const expectedMs = expectedMsOf(model, plan)
  const offers = windowOffers(model, expectedMs)
  const windowMs = windowFor(model, look.windowMs, expectedMs)
  const view = offersView(model, look.view) ? look.view : 'value'
  const notes = (status?.background ?? []).filter(({ domain }) => domain === model.id)
  const said = [windowNote(layer, notes), view === 'usual' ? usualNote(layer, notes, plan) : '', view === look.view ? '' : noLimitNote(model.name)].filter((text) => text !== '')
  return (
    <div className={styles.look}>
      <fieldset className={styles.choice} aria-label={say({ id: 'look.view', defaultMessage: 'View' })}>
        {VIEWS.map((one) => (
          <button
            key={one}
            type="button"
            className={controls.button}
            aria-pressed={one === view}
            disabled={!offersView(model, one)}
            title={offersView(model, one) ? say({ id: 'look.key', defaultMessage: 'Key U: next view' }) : noLimitNote(model.name)}
            onClick={() => onView(one)}
          >
            {viewWord(one)}
          </button>
        ))}
      </fieldset>
      <fieldset className={styles.choice} aria-label={say({ id: 'look.window', defaultMessage: 'Window' })}>
        {offers.map(({ windowMs: one, whyNot }) => (
          <button
            key={one}
            type="button"
            className={controls.button}
            aria-pressed={one === windowMs}
            disabled={whyNot !== undefined}
            title={whyNot === undefined ? (one === model.windowMs ? say({ id: 'look.ownWindow', defaultMessage: 'The window of this layer' }) : undefined) : say({ id: 'look.notOffered', defaultMessage: 'Not offered: {why}' }, { why: whyNot === TOO_SHORT ? say({ id: 'look.tooShort', defaultMessage: 'sensors report more seldom' }) : whyNot })}
            onClick={() => onWindow(one === model.windowMs ? undefined : nameOfWindow(one))}
          >
            {windowWords(one)}
          </button>
        ))}
      </fieldset>
      <p className={styles.note}>
        <output>{said.join(' ')}</output>
      </p>
    </div>
  )
}

function noLimitNote(name: string): string {
  return say({ id: 'look.noLimit', defaultMessage: '{layer} has no limit to compare with.' }, { layer: name })
}

/** "Window filling: 3 of 15 min." */
function windowNote(layer: LiveLayer | undefined, notes: readonly BackgroundNote[]): string {
  const covered = layer === undefined ? '' : coverageWords(layer)
  if (covered === '') return ''
  const problem = notes.find(({ kind }) => kind === 'window')
  return problem === undefined ? say({ id: 'look.filling', defaultMessage: 'Window filling: {covered}.' }, { covered }) : say({ id: 'look.holds', defaultMessage: 'The window holds {covered}: {reason}.' }, { covered, reason: clause(problem.detail) })
}

function usualNote(layer: LiveLayer | undefined, notes: readonly BackgroundNote[], plan: CityPlan): string {
  const note = notes.find(({ kind }) => kind === 'usual')
  if (note !== undefined) return note.isUnderWay === true ? say({ id: 'look.readingUsual', defaultMessage: 'Reading what is usual: {progress}.' }, { progress: clause(note.detail) }) : say({ id: 'look.noUsual', defaultMessage: 'No usual: {reason}.' }, { reason: clause(note.detail) })
  if (layer === undefined) return ''
  const { usual } = layer.frame.total
  if (usual === undefined) return say({ id: 'look.usualComing', defaultMessage: 'Reading what is usual…' })
  if (!isBand(usual)) return say({ id: 'look.noUsualYetSentence', defaultMessage: 'No usual yet: {have} of {need} days.' }, { have: usual.haveDays, need: usual.needDays })
  const said = say({ id: 'look.usualFor', defaultMessage: 'Usual for {hour}: {count} days.' }, { hour: usualHourWords(layer, plan), count: usual.days })
  return plan.holidays === undefined ? `${said} ${say({ id: 'look.holidays', defaultMessage: 'Public holidays count as their weekday.' })}` : said
}

/** A reason as the end of a sentence. */
function clause(detail: string): string {
  return lowerFirst(failureWords(detail).replace(/\.$/, ''))
}
