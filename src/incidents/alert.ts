/**
 * An incident as an `Alert` of the Smart Data Models: what any program of the city understands of it, and beside that what
 * the model has no word for, in attributes of our own. Times of an Alert are DateTimes.
 */
import { formatInstant } from '../core/time/instant.ts'
import type { JsonObject } from '../ngsi-ld/entity.ts'
import type { Incident } from './journal.ts'

export interface AlertWords {
  readonly category: string
  readonly subCategory?: string | undefined
  readonly description: string
  /** Of this installation. */
  readonly source: string
}

export function alertId(city: string, incident: string): string {
  return `urn:ngsi-ld:Alert:${city}:${encodeURIComponent(incident.toWellFormed()).replaceAll('%', '.')}`
}

/** `endedAtMs`: when it was over, for one that is. */
export function alertOf(city: string, { id, finding, standing, raisedAtMs, answeredBy, lastComment }: Incident, words: AlertWords, endedAtMs?: number): JsonObject {
  const { subject, kind, severity, position, response, sensors } = finding
  const isOver = endedAtMs !== undefined
  return {
    id: alertId(city, id),
    type: 'Alert',
    category: text(words.category),
    ...(words.subCategory !== undefined && { subCategory: text(words.subCategory) }),
    // A notice asks nothing of anybody.
    severity: text(kind === 'notice' ? 'informational' : severity),
    description: text(words.description),
    dateIssued: time(raisedAtMs),
    validFrom: time(raisedAtMs),
    ...(isOver && { validTo: time(endedAtMs) }),
    alertSource: text(subject.kind === 'sensor' ? subject.id : words.source),
    ...(position !== undefined && { location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [...position] } } }),
    incidentState: text(isOver ? 'normal' : standing.state),
    incidentRule: text(finding.rule),
    affectedSensors: { type: 'Property', value: sensors },
    ...(standing.shelvedUntilMs !== undefined && !isOver && { shelvedUntil: time(standing.shelvedUntilMs) }),
    ...(answeredBy !== undefined && { answeredBy: text(answeredBy) }),
    ...(lastComment !== undefined && { comment: text(lastComment.text) }),
    ...(response !== undefined && { cause: text(response.cause), consequence: text(response.consequence), action: text(response.action), owner: text(response.owner) }),
  }
}

function text(value: string): JsonObject {
  return { type: 'Property', value }
}

function time(ms: number): JsonObject {
  return { type: 'Property', value: { '@type': 'DateTime', '@value': formatInstant(ms) } }
}
