/** A cross in the middle of the map, and the sensor nearest to it in words: the map for who cannot point. */
import { useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import { freshnessWord } from '../ui/words/freshness.ts'
import { formatNumber, formatQuantity } from '../ui/words/number.ts'
import styles from './crosshair.module.css'
import { useLayer, useSensor } from './live-hooks.ts'
import { shownText } from './look.ts'
import type { Nearest } from './map-stage.ts'
import { shownValue } from './sensor-list.ts'

export interface CrosshairProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly nearest: Nearest | undefined
}

export function Crosshair({ plan, view, nearest }: CrosshairProps) {
  const layer = useLayer(view.model.id)
  const sensor = useSensor(view.model.id, nearest?.id ?? '')
  const value = sensor === undefined ? NaN : shownValue(sensor)
  const isStanding = layer !== undefined && layer.frame.view !== 'value' && sensor !== undefined
  const text = isStanding ? shownText(view, layer, sensor) : Number.isNaN(value) ? undefined : view.format(value)
  const words =
    nearest === undefined || sensor === undefined
      ? say({ id: 'crosshair.none', defaultMessage: 'No sensor of this layer in {city}.' }, { city: plan.name })
      : say(
          { id: 'crosshair.nearest', defaultMessage: '{name}: {value}, {state}, {distance} {direction}' },
          { name: sensor.name, value: text ?? say({ id: 'crosshair.noValue', defaultMessage: 'no value' }), state: freshnessWord(sensor.freshness), distance: distanceWords(nearest.distanceM), direction: directionWords(nearest.bearingDeg) },
        )
  // Of one place it is said once: how its value moves is read in the list.
  const place = nearest === undefined || sensor === undefined ? '' : `${nearest.id} ${nearest.distanceM}`
  const [said, setSaid] = useState({ place, words })
  if (said.place !== place) setSaid({ place, words })
  return (
    <>
      <svg className={styles.cross} viewBox="0 0 48 48" aria-hidden="true">
        <path d="M24 2v16M24 30v16M2 24h16M30 24h16" />
        <circle cx="24" cy="24" r="10" />
      </svg>
      <output className={styles.reading} aria-live="polite">
        {said.place === place ? said.words : words}
      </output>
    </>
  )
}

function distanceWords(distanceM: number): string {
  return distanceM < 1_000 ? `${formatNumber(Math.round(distanceM / 10) * 10)}\u00A0m` : formatQuantity(distanceM / 1_000, 1, 'km')
}

/** One of eight, by the nearest. */
function directionWords(bearingDeg: number): string {
  switch (Math.round(bearingDeg / 45) % 8) {
    case 0:
      return say({ id: 'direction.north', defaultMessage: 'to the north' })
    case 1:
      return say({ id: 'direction.northEast', defaultMessage: 'to the north-east' })
    case 2:
      return say({ id: 'direction.east', defaultMessage: 'to the east' })
    case 3:
      return say({ id: 'direction.southEast', defaultMessage: 'to the south-east' })
    case 4:
      return say({ id: 'direction.south', defaultMessage: 'to the south' })
    case 5:
      return say({ id: 'direction.southWest', defaultMessage: 'to the south-west' })
    case 6:
      return say({ id: 'direction.west', defaultMessage: 'to the west' })
    default:
      return say({ id: 'direction.northWest', defaultMessage: 'to the north-west' })
  }
}
