/** Incidents in words: what, since when, what to do, and whether anybody has answered. */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { BROKER_DOWN, LAYER_LOST } from '../../incidents/default-rules.ts'
import type { Finding } from '../../incidents/finding.ts'
import type { Incident } from '../../incidents/journal.ts'
import type { Response } from '../../incidents/rule.ts'
import { say } from '../../language/say.ts'
import { formatClock } from '../../ui/words/clock.ts'
import { formatQuantity } from '../../ui/words/number.ts'

export type Rank = 'alarm' | 'warning' | 'notice'

export interface Speaking {
  readonly models: readonly DomainModel[]
  readonly timeZone: string
}

export function rankOf({ kind, severity }: Finding): Rank {
  if (kind === 'notice') return 'notice'
  return severity === 'high' ? 'alarm' : 'warning'
}

export function rankWord(rank: Rank): string {
  switch (rank) {
    case 'alarm':
      return say({ id: 'incidents.alarm', defaultMessage: 'Alarm' })
    case 'warning':
      return say({ id: 'incidents.warning', defaultMessage: 'Warning' })
    case 'notice':
      return say({ id: 'incidents.notice', defaultMessage: 'Notice' })
  }
}

export function asks({ standing }: Incident): boolean {
  return standing.state === 'unacknowledged' || standing.state === 'returned'
}

const RANKS: readonly Rank[] = ['alarm', 'warning', 'notice']

/** What asks for an answer first, then by rank, then what lasts, then the newest. */
export function worstFirst(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.toSorted((a, b) => compare(placeOf(a), placeOf(b)))
}

function placeOf(one: Incident): readonly number[] {
  return [asks(one) ? 0 : 1, isQuiet(one) ? 1 : 0, RANKS.indexOf(rankOf(one.finding)), one.standing.isActive ? 0 : 1, -one.raisedAtMs]
}

/** The one that a headline names; nothing that is shelved or over. */
export function worstOpen(incidents: readonly Incident[]): Incident | undefined {
  return worstFirst(incidents.filter((one) => !isQuiet(one)))[0]
}

export function isQuiet({ standing }: Incident): boolean {
  return standing.state === 'shelved' || standing.state === 'out-of-service'
}

/** "Air quality sensor Foz: NO₂ above 200 µg/m³, at 240 µg/m³" */
export function whatWords({ finding: { subject, condition, layer, measure, sensors, value } }: Incident, { models }: Speaking): string {
  const model = models.find(({ id }) => id === layer)
  const known = model?.measures.find(({ id }) => id === (measure ?? model.headline))
  const quantity = (number: number): string => formatQuantity(number, known?.decimals ?? 0, known?.unit ?? '')
  const name = model?.name ?? layer ?? ''
  if (condition.kind === 'down') return sensors === 0 ? say({ id: 'incidents.brokerDown', defaultMessage: 'Broker {name} does not answer' }, { name: subject.name }) : say({ id: 'incidents.brokerDownSensors', defaultMessage: 'Broker {name} does not answer, {sensors, plural, one {# sensor} other {# sensors}} silent with it' }, { name: subject.name, sensors })
  const who = subject.kind === 'sensor' ? say({ id: 'incidents.sensor', defaultMessage: '{layer} sensor {name}' }, { layer: name, name: subject.name }) : say({ id: 'incidents.sensors', defaultMessage: '{layer}, {sensors, plural, one {# sensor} other {# sensors}}' }, { layer: name, sensors })
  const what = known?.name ?? measure ?? ''
  const now = value === undefined ? '–' : quantity(value)
  switch (condition.kind) {
    case 'silent':
      return say({ id: 'incidents.silent', defaultMessage: '{who}: not heard of any more' }, { who })
    case 'limit':
      return condition.side === 'above'
        ? say({ id: 'incidents.above', defaultMessage: '{who}: {what} above {limit}, at {now}' }, { who, what, now, limit: quantity(condition.limit) })
        : say({ id: 'incidents.below', defaultMessage: '{who}: {what} below {limit}, at {now}' }, { who, what, now, limit: quantity(condition.limit) })
    case 'usual':
      return say({ id: 'incidents.unusual', defaultMessage: '{who}: {what} not as usual, at {now}' }, { who, what, now })
    case 'rate': {
      const minutes = Math.round(condition.overMs / MINUTE_MS)
      return condition.side === 'rise'
        ? say({ id: 'incidents.rises', defaultMessage: '{who}: {what} up by more than {by} in {minutes} min, now {now}' }, { who, what, now, minutes, by: quantity(condition.by) })
        : say({ id: 'incidents.falls', defaultMessage: '{who}: {what} down by more than {by} in {minutes} min, now {now}' }, { who, what, now, minutes, by: quantity(condition.by) })
    }
  }
}

/** Of rules that a city has written as they are written; of those that layers bring in the language of the page. */
export function responseWords({ rule, response }: Finding): Response | undefined {
  if (response === undefined) return undefined
  const { owner } = response
  const action = say({ id: 'incidents.tellOwner', defaultMessage: 'Open Health and tell {owner}' }, { owner })
  if (rule === BROKER_DOWN) return { owner, action, cause: say({ id: 'incidents.downCause', defaultMessage: 'The broker, or the way to it, is down' }), consequence: say({ id: 'incidents.downConsequence', defaultMessage: 'None of its sensors is current' }) }
  if (rule.startsWith(`${LAYER_LOST}-`)) return { owner, action, cause: say({ id: 'incidents.lostCause', defaultMessage: 'Sensors, their gateway or what forwards them has stopped' }), consequence: say({ id: 'incidents.lostConsequence', defaultMessage: 'The layer shows last known values only' }) }
  return response
}

export function stateWords({ standing: { state, shelvedUntilMs, isActive }, answeredBy, finding }: Incident, { timeZone }: Speaking): string {
  switch (state) {
    case 'unacknowledged':
      return say({ id: 'incidents.notAcknowledged', defaultMessage: 'Not acknowledged' })
    case 'returned':
      return say({ id: 'incidents.overNotAcknowledged', defaultMessage: 'Over, and not acknowledged' })
    case 'acknowledged':
      if (finding.kind === 'notice') return say({ id: 'incidents.lasts', defaultMessage: 'Lasts' })
      return answeredBy === undefined ? say({ id: 'incidents.acknowledged', defaultMessage: 'Acknowledged' }) : say({ id: 'incidents.acknowledgedBy', defaultMessage: 'Acknowledged by {name}' }, { name: answeredBy })
    case 'shelved':
      return say({ id: 'incidents.shelvedUntil', defaultMessage: 'Shelved until {time}' }, { time: formatClock(shelvedUntilMs ?? 0, timeZone) })
    case 'out-of-service':
      return say({ id: 'incidents.outOfService', defaultMessage: 'Out of service' })
    case 'normal':
      return isActive ? say({ id: 'incidents.lasts', defaultMessage: 'Lasts' }) : say({ id: 'incidents.over', defaultMessage: 'Over' })
  }
}

/** "07:52 Flood sensor Ribeira 2: …: call civil protection. Not acknowledged." */
export function stripWords(incident: Incident, speaking: Speaking): string {
  const response = responseWords(incident.finding)
  const values = { time: formatClock(incident.raisedAtMs, speaking.timeZone), what: whatWords(incident, speaking), state: stateWords(incident, speaking) }
  return response === undefined
    ? say({ id: 'incidents.strip', defaultMessage: '{time} {what}. {state}.' }, values)
    : say({ id: 'incidents.stripAction', defaultMessage: '{time} {what}. {action}. {state}.' }, { ...values, action: response.action.replace(/\.+$/, '') })
}

/** "Alarms 31 today of 150 budget · 0 floods · 2 shelved until 18:00 · top source Foz 3" */
export function budgetWords({ today, perDay, floods, isFlood, shelved, shelvedUntilMs, stale, chattering, topSource }: { readonly today: number; readonly perDay: number; readonly floods: number; readonly isFlood: boolean; readonly shelved: number; readonly shelvedUntilMs?: number; readonly stale: number; readonly chattering: number; readonly topSource?: { readonly name: string; readonly count: number } }, timeZone: string): string {
  return [
    say({ id: 'incidents.budget', defaultMessage: 'Alarms {today} in 24 h of {perDay} budget' }, { today, perDay }),
    isFlood ? say({ id: 'incidents.inFlood', defaultMessage: 'in a flood now' }) : say({ id: 'incidents.floods', defaultMessage: '{floods, plural, one {# flood} other {# floods}}' }, { floods }),
    ...(shelved === 0 ? [] : [say({ id: 'incidents.shelved', defaultMessage: '{shelved} shelved until {time}' }, { shelved, time: formatClock(shelvedUntilMs ?? 0, timeZone) })]),
    ...(stale === 0 ? [] : [say({ id: 'incidents.stale', defaultMessage: '{stale} for over a day' }, { stale })]),
    ...(chattering === 0 ? [] : [say({ id: 'incidents.chattering', defaultMessage: '{chattering} chattering' }, { chattering })]),
    ...(topSource === undefined ? [] : [say({ id: 'incidents.topSource', defaultMessage: 'top source {name} ({count})' }, { name: topSource.name, count: topSource.count })]),
  ].join(' · ')
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, one] of a.entries()) if (one !== b[index]) return one - b[index]!
  return 0
}
