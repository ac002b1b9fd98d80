/** What an official reads beside a speed: how it stands against the free road, how many it is the speed of, and why there may be none. */
import { FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import { rankAt } from '../../core/stats/rank.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import { say } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatNumber, formatQuantity } from '../../ui/words/number.ts'
import type { Reading } from '../domain-model.ts'
import type { Day, PanelProps } from '../domain-view.ts'
import { againstFreeFlow, dayReliability, FREE_HOURS, FREE_PERCENT, freeFlowKmh, type SpeedReading } from './compute-day.ts'

/** Share of time: half of it covered with nobody passing is no empty road. Ours; no document sets it. */
const STANDING = 0.5

export function TrafficPanel({ frame, roster, reading: latest, day }: PanelProps) {
  const row = latest === undefined ? -1 : roster.ids.indexOf(latest.entityId)
  const reading = readingAt(frame.atMs, latest, day)
  const { vehicles, occupancy } = reading?.values ?? {}
  const kmh = frame.values[row] ?? Number.NaN
  const rank = row === -1 ? undefined : rankAt(frame.values, row, frame.count)
  const facts: Fact[] = []
  if (vehicles !== undefined && reading?.periodMs !== undefined) {
    facts.push({ name: say({ id: 'panel.countedIn', defaultMessage: 'Counted in {length}' }, { length: formatQuantity(reading.periodMs / MINUTE_MS, 0, 'min') }), value: formatNumber(vehicles) })
  }
  if (occupancy !== undefined) facts.push({ name: say({ id: 'traffic.panel.covered', defaultMessage: 'Detector covered' }), value: say({ id: 'traffic.panel.ofTheTime', defaultMessage: '{share} of the time' }, { share: formatQuantity(occupancy * 100, 0, '%') }) })
  if (rank !== undefined) facts.push({ name: say({ id: 'traffic.panel.faster', defaultMessage: 'Faster than' }), value: say({ id: 'panel.ofOthers', defaultMessage: '{part} of {whole} others' }, { part: formatNumber(rank.below), whole: formatNumber(rank.others) }) })
  const againstFree = day === undefined ? [] : freeFlowFacts(day, kmh)
  return (
    <Facts
      title={say({ id: 'panel.how', defaultMessage: 'How to read it' })}
      facts={[...facts, ...againstFree]}
      caveat={
        againstFree.length === 0
          ? say({ id: 'traffic.panel.caveatUnknown', defaultMessage: 'A low speed is not yet a jam: it has to be held against the street’s own free flow. Nobody has stated it here, and the night shown is too short to tell. A detector sees one place and often one lane.' })
          : say(
              { id: 'traffic.panel.caveat', defaultMessage: 'A low speed is not yet a jam: it has to be held against the street’s own free flow. Nobody has stated it here; it is the {percent}th percentile of speeds between {from} and {to} o’clock. A detector sees one place and often one lane.' },
              { percent: FREE_PERCENT, from: FREE_HOURS.from, to: FREE_HOURS.to },
            )
      }
    >
      <p>{Number.isNaN(kmh) ? whyNone(reading?.values) : say({ id: 'traffic.panel.text', defaultMessage: 'Mean speed of the vehicles that passed, so that slow ones weigh as long as they are on the way.' })}</p>
    </Facts>
  )
}

/** Indices of the Urban Mobility Report, in words. */
function freeFlowFacts({ readings, timeZone }: Day, kmh: number): readonly Fact[] {
  const speeds = readings.map(({ observedAtMs, values, implausible }): SpeedReading => ({ atMs: observedAtMs, kmh: implausible?.includes('speed') === true ? undefined : values['speed'] }))
  const freeKmh = freeFlowKmh(speeds, timeZone)
  if (freeKmh === undefined) return []
  const { index } = againstFreeFlow(kmh, freeKmh)
  const { planningTimeIndex } = dayReliability(speeds, freeKmh)
  return [
    { name: say({ id: 'traffic.panel.freeFlow', defaultMessage: 'Free flow, by night' }), value: formatQuantity(freeKmh, 0, 'km/h') },
    ...(index === undefined ? [] : [{ name: say({ id: 'traffic.panel.travelTime', defaultMessage: 'Travel-time index, now' }), value: formatNumber(index, 2) }]),
    ...(planningTimeIndex === undefined ? [] : [{ name: say({ id: 'traffic.panel.planningTime', defaultMessage: 'Planning-time index, 24 h' }), value: formatNumber(planningTimeIndex, 2) }]),
  ]
}

/** What the frame's instant knew: the last reading, or, where the past is shown, the one of then. */
function readingAt(atMs: number, latest: Reading | undefined, day: Day | undefined): Reading | undefined {
  if (latest === undefined || latest.observedAtMs <= atMs + FUTURE_TOLERANCE_MS) return latest
  return day?.readings.findLast(({ observedAtMs }) => observedAtMs <= atMs)
}

/** With nobody passing, the share of time that the detector is covered tells an empty road from a standing one. */
function whyNone({ vehicles, occupancy, speed }: Readonly<Record<string, number>> = {}): string {
  if (vehicles === 0) {
    if (occupancy !== undefined && occupancy > STANDING) return say({ id: 'traffic.panel.stands', defaultMessage: 'Nobody passed, yet the detector is covered: traffic stands on it.' })
    return say({ id: 'traffic.panel.empty', defaultMessage: 'Nobody passed in the last period. An empty road has no speed, so none is shown.' })
  }
  return speed === undefined ? say({ id: 'traffic.panel.noSpeed', defaultMessage: 'This detector says no speed.' }) : say({ id: 'traffic.panel.noneGave', defaultMessage: 'No vehicle gave a speed in the last quarter of an hour.' })
}
