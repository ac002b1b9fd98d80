/** What an official reads beside an index: which pollutant makes it, and whether the station measures enough for one. */
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'
import { EAQI_COLOURS, EAQI_LABELS, EAQI_POLLUTANTS, eaqiBand, eaqiIndex, type EaqiPollutant } from './compute-eaqi.ts'

const NAMES: Readonly<Record<EaqiPollutant, string>> = { no2: 'NO₂', o3: 'O₃', pm10: 'PM10', pm25: 'PM2.5', so2: 'SO₂' }

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
    return [{ name: NAMES[pollutant], value: `${EAQI_LABELS[band - 1]} · ${formatQuantity(value, 0, 'µg/m³')}`, colour: EAQI_COLOURS[band - 1]! }]
  })
  return (
    <Facts
      title="What makes the index"
      facts={facts}
      caveat="Bands of the European index for the last reading; the map shows the index of the hour’s means. The index takes the worst pollutant, it does not add them up."
    >
      {worst === undefined ? (
        <p>No pollutant of the index is in the last reading.</p>
      ) : (
        <p>
          {drivers.map((pollutant) => NAMES[pollutant]).join(' and ')} {drivers.length === 1 ? 'decides' : 'decide'}: {EAQI_LABELS[worst - 1]?.toLowerCase()}.
          {!minimumSetMet && ' Incomplete: an index needs NO₂, particles and, away from traffic, O₃.'}
        </p>
      )}
    </Facts>
  )
}
