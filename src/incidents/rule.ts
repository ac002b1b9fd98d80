/**
 * What an operator wants to be told of, and what they are to do then.
 *
 * An alarm is what needs somebody's answer in time (ISA-18.2, EEMUA 191): a rule that does not say what is the cause, what
 * follows, what to do and who does it raises a notice, and nobody is asked to acknowledge it.
 */
export type Severity = 'high' | 'medium' | 'low'
export type IncidentKind = 'alarm' | 'notice'

export type Condition =
  /** A broker does not answer. */
  | { readonly kind: 'down' }
  /** Sensors have not been heard of for so long that they are lost: each on its own, or most of a layer at once. */
  | { readonly kind: 'silent'; readonly of: 'sensor' | 'layer' }
  /** Beyond the limit. Back only when it is better than the limit by the dead-band. */
  | { readonly kind: 'limit'; readonly side: 'above' | 'below'; readonly limit: number; readonly deadBand: number }
  /** Outside the usual band of the hour (its 10th to 90th percentile); the dead-band lies inside the band. */
  | { readonly kind: 'usual'; readonly side: 'above' | 'below' | 'either'; readonly deadBand: number }
  /** Has moved by so much within the time. */
  | { readonly kind: 'rate'; readonly side: 'rise' | 'fall'; readonly by: number; readonly overMs: number; readonly deadBand: number }

export interface Response {
  readonly cause: string
  readonly consequence: string
  readonly action: string
  readonly owner: string
}

export interface Rule {
  readonly id: string
  /** Domain it watches; absent where it watches brokers. */
  readonly layer?: string
  /** Measure of the domain. */
  readonly measure?: string
  readonly condition: Condition
  /** So long it must last before it is raised … */
  readonly onDelayMs: number
  /** … and so long it must be over before it is called over. */
  readonly offDelayMs: number
  readonly severity: Severity
  readonly response?: Partial<Response>
  /** Document that the limit is from. */
  readonly source?: string
}

/** The whole answer, or undefined when a part of it is missing. */
export function responseOf({ response }: Rule): Response | undefined {
  const { cause = '', consequence = '', action = '', owner = '' } = response ?? {}
  return [cause, consequence, action, owner].every((text) => text.trim() !== '') ? { cause, consequence, action, owner } : undefined
}

export function kindOf(rule: Rule): IncidentKind {
  return responseOf(rule) === undefined ? 'notice' : 'alarm'
}
