/** The sensor's value as it is now, or as it was: figure, class, age, and on demand how it was made. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { classOf } from '../../domains/domain-model.ts'
import type { DomainView, Theme } from '../../domains/domain-view.ts'
import { say } from '../../language/say.ts'
import { StateGlyph } from '../../ui/state-glyph.tsx'
import { freshnessWord } from '../../ui/words/freshness.ts'
import { formatWhen, type Seen } from '../../ui/words/age.ts'
import { inSentence } from '../../ui/words/case.ts'
import { formatFull } from '../../ui/words/clock.ts'
import { ExplainButton } from '../explain-button.tsx'
import { colourOf, everyWords, splitQuantity, tooFewWords } from '../layer-facts.ts'
import { givesOther, shownValue, type SensorRow } from '../sensor-list.ts'
import styles from './inspect.module.css'
import type { Fact } from './links.ts'

export interface ValueProps {
  readonly plan: CityPlan
  readonly sensor: SensorRow
  readonly view: DomainView
  readonly theme: Theme
  readonly seen: Seen
  readonly atMs: number | undefined
  readonly expectedMs: number
  /** What the entity says of its calibration, method and class. */
  readonly trust: readonly Fact[]
}

export function Value({ plan, sensor, view, theme, seen, atMs, expectedMs, trust }: ValueProps) {
  const { freshness, observedAtMs, hasPosition, latest, value: windowValue } = sensor
  const { legend } = view.model
  const value = shownValue(sensor)
  const isEmpty = Number.isNaN(value)
  const shown = isEmpty ? undefined : splitQuantity(view.format(value))
  const label = legend.classes[classOf(legend, value)]?.label
  const isDry = freshness === 'stale' || freshness === 'lost'
  return (
    <div className={styles.value}>
      <p className={styles.figure} data-dry={isDry || undefined}>
        {shown === undefined ? (
          <span className={styles.none}>{emptyWords(sensor)}</span>
        ) : (
          <>
            {shown.figure}
            {shown.unit !== '' && <span className={styles.unit}>{`\u00A0${shown.unit}`}</span>}
          </>
        )}
        <ExplainButton {...{ plan, view, atMs }} of={{ subject: { kind: 'sensor', row: sensor.row }, name: sensor.name }} className={styles.how} />
      </p>
      <p className={styles.state}>
        <StateGlyph freshness={freshness} isTooFew={sensor.isTooFew} isEmpty={isEmpty} colour={isEmpty ? undefined : colourOf(legend, value, theme)} />
        <span>
          {label === undefined || label === shown?.figure ? freshnessWord(freshness) : say({ id: 'inspect.stateAndClass', defaultMessage: '{state} · class {label}' }, { state: freshnessWord(freshness), label })}
        </span>
      </p>
      <p className={styles.trust}>
        <time dateTime={Number.isNaN(observedAtMs) ? undefined : new Date(observedAtMs).toISOString()} title={Number.isNaN(observedAtMs) ? undefined : formatFull(observedAtMs, seen.timeZone)}>
          {formatWhen(observedAtMs, seen)}
        </time>
        {' · '}
        {[
          say({ id: 'inspect.expected', defaultMessage: 'expected {every}' }, { every: everyWords(expectedMs) }),
          ...(hasPosition ? [] : [say({ id: 'inspect.noPosition', defaultMessage: 'no position, so not on the map' })]),
        ].join(' · ')}
      </p>
      {trust.length > 0 && <p className={styles.trust}>{trust.map(({ name, text }) => `${name}: ${text}`).join(' · ')}</p>}
      <p className={styles.note}>
        {sensor.isTooFew ? tooFewWords(view.model) : givesOther(sensor) && say({ id: 'inspect.otherMeasure', defaultMessage: 'Not {measure}: what it measures is below' }, { measure: inSentence(legend.title) })}
        {!Number.isNaN(windowValue) && !Number.isNaN(latest) && say({ id: 'inspect.lastReadingIs', defaultMessage: 'Last reading {value}' }, { value: view.format(latest) })}
      </p>
    </div>
  )
}

function emptyWords(sensor: SensorRow): string {
  if (sensor.isTooFew) return say({ id: 'inspect.tooFew', defaultMessage: 'Too few to show' })
  return givesOther(sensor) ? say({ id: 'inspect.another', defaultMessage: 'Another measure' }) : say({ id: 'inspect.noValue', defaultMessage: 'No value' })
}
