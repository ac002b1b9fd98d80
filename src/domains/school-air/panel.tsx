/** What an official reads beside a school's air: its category and why, how much of the school day was stale, warmth and damp. */
import { say } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatQuantity } from '../../ui/words/number.ts'
import type { Day, PanelProps } from '../domain-view.ts'
import { dewPointC, humidityCategory, seasonAt, temperatureCategory, type ComfortCategory } from './compute-comfort.ts'
import { ASSUMED_TIMETABLE, fractionAbove, schoolHours, STALE_PPM } from './compute-occupied.ts'
import { ASSUMED_OUTDOOR_PPM, co2Category, EMISSION_L_PER_H, ventilationPerPerson } from './compute.ts'
import { SCHOOL_AIR } from './model.ts'

/** Nearer to the outdoor air than this, a sensor's error alone decides what is left of a difference. */
const SENSOR_ERROR_PPM = 75
/** A reading stands for no longer than three of the expected intervals. */
const MAX_HOLD_MS = 3 * SCHOOL_AIR.expectedIntervalMs

export function SchoolAirPanel({ frame, roster, reading, day }: PanelProps) {
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const ppm = frame.values[row] ?? Number.NaN
  const facts: Fact[] = []
  if (!Number.isNaN(ppm)) {
    const { deltaPpm, category } = co2Category(ppm)
    const litres = deltaPpm < SENSOR_ERROR_PPM ? undefined : ventilationPerPerson(ppm)
    facts.push({ name: say({ id: 'schoolAir.panel.aboveOutdoors', defaultMessage: 'Above outdoors ({assumed} assumed)' }, { assumed: formatQuantity(ASSUMED_OUTDOOR_PPM, 0, 'ppm') }), value: `${formatQuantity(deltaPpm, 0, 'ppm')} · ${categoryText(category)}` })
    if (litres !== undefined) facts.push({ name: say({ id: 'schoolAir.panel.freshAir', defaultMessage: 'Fresh air a person, if settled' }), value: formatQuantity(litres, litres < 10 ? 1 : 0, 'L/s') })
  }
  if (day !== undefined) facts.push(...staleFacts(day))
  const { temperature, relativeHumidity } = reading?.values ?? {}
  let isUnconfirmed = false
  const categoryWords = (found: ComfortCategory | undefined): string => {
    if (found?.confirmed === false) isUnconfirmed = true
    return found === undefined ? say({ id: 'schoolAir.panel.outside', defaultMessage: 'outside all categories' }) : `${categoryText(found.category)}${found.confirmed ? '' : '*'}`
  }
  if (temperature !== undefined && day !== undefined) {
    const season = seasonAt(reading!.observedAtMs, day.timeZone)
    facts.push({ name: say({ id: 'schoolAir.panel.warmth', defaultMessage: '{season, select, heating {Warmth, heating season} other {Warmth, cooling season}}' }, { season }), value: `${formatQuantity(temperature, 1, '°C')} · ${categoryWords(temperatureCategory(temperature, season))}` })
  }
  if (relativeHumidity !== undefined) {
    facts.push({ name: say({ id: 'schoolAir.panel.humidity', defaultMessage: 'Humidity' }), value: `${formatQuantity(relativeHumidity, 0, '%')} · ${categoryWords(humidityCategory(relativeHumidity))}` })
    // Outside every range nothing was found to be confirmed or not; the ranges themselves are not.
    if (humidityCategory(relativeHumidity) === undefined) isUnconfirmed = true
  }
  const dewPoint = temperature === undefined || relativeHumidity === undefined ? undefined : dewPointC(temperature, relativeHumidity)
  if (dewPoint !== undefined) facts.push({ name: say({ id: 'schoolAir.panel.dewPoint', defaultMessage: 'Dew point' }), value: formatQuantity(dewPoint, 0, '°C') })
  facts.push({ name: say({ id: 'schoolAir.panel.occupancy', defaultMessage: 'Occupancy' }), value: say({ id: 'schoolAir.panel.notShown', defaultMessage: 'not shown' }) })
  return (
    <Facts
      title={say({ id: 'panel.how', defaultMessage: 'How to read it' })}
      facts={facts}
      caveat={[
        say({ id: 'schoolAir.panel.categories', defaultMessage: 'Categories of EN 16798-1:2019, Annex B.' }),
        ...(isUnconfirmed ? [say({ id: 'schoolAir.panel.unconfirmed', defaultMessage: '* Bounds not confirmed in the standard.' })] : []),
        say({ id: 'schoolAir.panel.caveat', defaultMessage: 'Fresh air by mass balance at {litres} L of CO₂ an hour and person; soon after a bell it reads too high. School hours are assumed: {from}:00 to {to}:00, Monday to Friday, holidays not known.' }, { litres: EMISSION_L_PER_H, from: ASSUMED_TIMETABLE.fromHour, to: ASSUMED_TIMETABLE.toHour }),
      ].join(' ')}
    >
      <p>{say({ id: 'schoolAir.panel.text', defaultMessage: 'People breathe out CO₂: it counts how much of the air in a room was breathed before. One point stands for a school, never for a class, and nobody is counted.' })}</p>
    </Facts>
  )
}

function categoryText(category: string): string {
  return say({ id: 'schoolAir.panel.category', defaultMessage: 'category {category}' }, { category })
}

/** Share of the last 24 hours' school time above each limit. */
function staleFacts({ readings, fromMs, toMs, timeZone }: Day): readonly Fact[] {
  const occupied = schoolHours({ fromMs, toMs }, timeZone)
  if (occupied.length === 0) return [{ name: say({ id: 'schoolAir.panel.schoolTime', defaultMessage: 'School time in these 24 h' }), value: say({ id: 'schoolAir.panel.noSchool', defaultMessage: 'none' }) }]
  const samples = readings.map(({ observedAtMs, values, implausible }) => ({
    atMs: observedAtMs,
    ppm: implausible?.includes('co2') === true ? undefined : values['co2'],
  }))
  return STALE_PPM.map((thresholdPpm): Fact => {
    const { fraction, occupiedS } = fractionAbove(samples, { thresholdPpm, occupied, endMs: toMs, maxHoldMs: MAX_HOLD_MS })
    const value = fraction === undefined ? say({ id: 'schoolAir.panel.notKnown', defaultMessage: 'not known' }) : say({ id: 'schoolAir.panel.shareOf', defaultMessage: '{share} of {length}' }, { share: formatQuantity(fraction * 100, 0, '%'), length: formatQuantity(occupiedS / 3_600, 1, 'h') })
    return { name: say({ id: 'schoolAir.panel.timeAbove', defaultMessage: 'School time above {level}' }, { level: formatQuantity(thresholdPpm, 0, 'ppm') }), value }
  })
}
