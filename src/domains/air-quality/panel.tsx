/** What an official reads beside an index: which pollutant makes it, and whether the station measures enough for one. */
import { perLanguage, say, textOf } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'
import { EAQI_COLOURS, EAQI_LABELS, EAQI_POLLUTANTS, eaqiBand, eaqiIndex, type EaqiPollutant } from './compute-eaqi.ts'
import { AIR_QUALITY_WORDS } from './words.ts'

const NAMES: Readonly<Record<EaqiPollutant, string>> = { no2: 'NO₂', o3: 'O₃', pm10: 'PM10', pm25: 'PM2.5', so2: 'SO₂' }

const list = perLanguage((region) => new Intl.ListFormat(region, { type: 'conjunction' }))

function labelText(band: number): string {
  const label = EAQI_LABELS[band - 1] ?? '–'
  return textOf(AIR_QUALITY_WORDS, label)
}

export function AirQualityPanel({ reading }: PanelProps) {
  const values = Object.fromEntries(
    EAQI_POLLUTANTS.flatMap((pollutant) => {
      const value = reading?.values[pollutant]
      return value === undefined || reading?.implausible?.includes(pollutant) === true ? [] : [[pollutant, value]]
    }),
  ) as Partial<Record<EaqiPollutant, number>>
  const { drivers, minimumSetMet, worst } = eaqiIndex(values)
  const facts = EAQI_POLLUTANTS.flatMap((pollutant): Fact[] => {
    const value = values[pollutant]
    const band = value === undefined ? undefined : eaqiBand(pollutant, value)
    if (value === undefined || band === undefined) return []
    return [{ name: NAMES[pollutant], value: `${labelText(band)} · ${formatQuantity(value, 0, 'µg/m³')}`, colour: EAQI_COLOURS[band - 1]! }]
  })
  return (
    <Facts
      title={say({ id: 'airQuality.panel.title', defaultMessage: 'What makes the index' })}
      facts={facts}
      caveat={say({ id: 'airQuality.panel.caveat', defaultMessage: 'Bands of the European index for the last reading; the map shows the index of the hour’s means. The index takes the worst pollutant, it does not add them up.' })}
    >
      {worst === undefined ? (
        <p>{say({ id: 'airQuality.panel.none', defaultMessage: 'No pollutant of the index is in the last reading.' })}</p>
      ) : (
        <p>
          {say(
            { id: 'airQuality.panel.decides', defaultMessage: '{count, plural, one {{pollutants} decides: {class}.} other {{pollutants} decide: {class}.}}' },
            { count: drivers.length, pollutants: list().format(drivers.map((pollutant) => NAMES[pollutant])), class: labelText(worst).toLowerCase() },
          )}
          {!minimumSetMet && ` ${say({ id: 'airQuality.panel.incomplete', defaultMessage: 'Incomplete: an index needs NO₂, particles and, away from traffic, O₃.' })}`}
        </p>
      )}
    </Facts>
  )
}
