/**
 * A server-sent event of the relay, checked before the feed believes it: a proxy's error page or a relay
 * of another version is no event, not a crash.
 */
import type { Json } from '../ngsi-ld/entity.ts'
import { TRANSPORTS } from '../ngsi-ld/profile/profile.ts'
import type { RelayBrokerState, RelayEvent } from './relay-events.ts'

export function readRelayEvent({ event, data }: { readonly event: string; readonly data: string }): RelayEvent | undefined {
  const value = parseJson(data)
  switch (event) {
    case 'hello':
      if (!isRecord(value) || typeof value['epoch'] !== 'string' || !isCount(value['seq']) || !isNumber(value['serverTimeMs'])) return undefined
      return { event, data: { epoch: value['epoch'], seq: value['seq'], serverTimeMs: value['serverTimeMs'], brokers: readBrokers(value['brokers']) } }
    case 'notification': {
      if (!isRecord(value) || typeof value['broker'] !== 'string' || !isCount(value['seq']) || value['notification'] === undefined) return undefined
      const { seq, broker, notification, receivedAtMs, coalesced } = value
      return {
        event,
        data: { seq, broker, notification: notification as Json, receivedAtMs: isNumber(receivedAtMs) ? receivedAtMs : 0, ...(isCount(coalesced) && { coalesced }) },
      }
    }
    case 'brokers':
      return Array.isArray(value) ? { event, data: readBrokers(value) } : undefined
    case 'resync': {
      if (!isRecord(value)) return undefined
      const { reason, broker } = value
      if (reason !== 'gap' && reason !== 'epoch' && reason !== 'broker-recovered') return undefined
      return { event, data: { reason, ...(typeof broker === 'string' && { broker }) } }
    }
    case 'tick':
      if (!isRecord(value) || !isCount(value['seq']) || !isNumber(value['serverTimeMs'])) return undefined
      return { event, data: { serverTimeMs: value['serverTimeMs'], seq: value['seq'] } }
    default:
      return undefined
  }
}

function readBrokers(value: unknown): RelayBrokerState[] {
  return Array.isArray(value) ? value.filter(isBrokerState).map(withKnown).map(withWays) : []
}

/** Which ways there are is kept as far as it can be read. */
function withWays({ by, cannot, ...state }: RelayBrokerState): RelayBrokerState {
  const said: unknown = cannot
  const reasons = isRecord(said) ? TRANSPORTS.flatMap((way) => (typeof said[way] === 'string' ? [[way, said[way]] as const] : [])) : []
  return {
    ...state,
    ...(by !== undefined && TRANSPORTS.includes(by) && { by }),
    ...(reasons.length > 0 && { cannot: Object.fromEntries(reasons) }),
  }
}

/** What is said of its kind is kept only when it can be read. */
function withKnown({ known, ...state }: RelayBrokerState): RelayBrokerState {
  const said: unknown = known
  if (!isRecord(said) || typeof said['profile'] !== 'string') return state
  const { profile, version, evidence, temporalElsewhere } = said
  return { ...state, known: { profile, evidence: typeof evidence === 'string' ? evidence : '', ...(typeof version === 'string' && { version }), ...(temporalElsewhere === true && { temporalElsewhere }) } }
}

function isBrokerState(value: unknown): value is RelayBrokerState {
  if (!isRecord(value)) return false
  const { broker, state, sinceMs, clockOffsetMs } = value
  return typeof broker === 'string' && (state === 'connecting' || state === 'live' || state === 'down') && isNumber(sinceMs) && isNumber(clockOffsetMs)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // Not JSON: the caller sees no event, and the feed notices the missing number.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
