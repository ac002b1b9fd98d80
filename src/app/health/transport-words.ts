/**
 * By which way a broker is heard, in words: the one in use, the order that the configuration or the kind of broker gives,
 * and why a better one is not in use. This page knows its own way; what the server reads in place of pages, the server says.
 */
import type { BrokerPlan, Transport } from '../../configuration/city-plan.ts'
import { waysOf } from '../../feed/ways.ts'
import { say } from '../../language/say.ts'
import type { CityStatus } from '../../workers/city.messages.ts'
import { failureWords } from '../failure-words.ts'
import type { BrokerHealth } from './read-health.ts'

export interface TransportFacts {
  readonly inUse: string
  /** Absent for a part of this server, which has one way. */
  readonly order?: string
  readonly fellBack?: string
}

/** A lane names the way that it left; here it is the first of the order, which stands beside it. */
const LANE_PREFIX = /^(relay|mqtt|poll): /

export function transportFacts(plan: BrokerPlan | undefined, broker: BrokerHealth, own: CityStatus['brokers'][number] | undefined): TransportFacts {
  const { by, cannot, known, line } = broker
  const way = own?.by ?? by ?? (cannot?.relay === undefined ? 'relay' : 'poll')
  const inUse = own?.state === 'connecting' ? say({ id: 'transport.connecting', defaultMessage: '{transport}, connecting' }, { transport: nameOf(way) }) : nameOf(way)
  if (line === undefined) return { inUse }
  const order: readonly Transport[] = plan?.transports ?? waysOf(known, true)
  const list = order.map(nameOf).join(' → ')
  const [first] = order
  const reason = own?.left ?? (first === undefined ? undefined : (cannot?.[first] ?? (first === 'orion-ws' || first === 'obelisk-events' ? cannot?.relay : undefined)))
  return {
    inUse,
    order: plan?.transports === undefined ? say({ id: 'transport.orderOfKind', defaultMessage: 'Ways to hear it, as its kind allows: {list}.' }, { list }) : say({ id: 'transport.orderConfigured', defaultMessage: 'Ways to hear it, as configured: {list}.' }, { list }),
    ...(first !== undefined && first !== way && reason !== undefined && { fellBack: say({ id: 'transport.fellBack', defaultMessage: 'Not heard by the first way: {reason}' }, { reason: failureWords(reason.replace(LANE_PREFIX, '')) }) }),
  }
}

function nameOf(way: Transport): string {
  switch (way) {
    case 'relay':
      return say({ id: 'transport.relay', defaultMessage: 'subscription, relayed as server-sent events' })
    case 'mqtt':
      return say({ id: 'transport.mqtt', defaultMessage: 'MQTT over WebSocket' })
    case 'orion-ws':
      return say({ id: 'transport.orionWs', defaultMessage: 'Orion-LD’s WebSocket, read by this server' })
    case 'obelisk-events':
      return say({ id: 'transport.obeliskEvents', defaultMessage: 'Obelisk’s event stream, read by this server' })
    case 'poll':
      return say({ id: 'transport.poll', defaultMessage: 'polling' })
  }
}
