/** The brokers of a city by name, with which broker each turned out to be and by which way it is heard, and that data is made up where it is. */
import type { CityPlan } from '../configuration/city-plan.ts'
import { defineMessage, say, type Message } from '../language/say.ts'
import { ownName } from './broker-name.ts'
import { useStatus } from './live-hooks.ts'

/** The relay is the usual way and needs no word. */
const BY: Readonly<Record<string, Message | undefined>> = {
  mqtt: defineMessage({ id: 'footer.byMqtt', defaultMessage: 'by MQTT' }),
  'orion-ws': defineMessage({ id: 'footer.byWebSocket', defaultMessage: 'by WebSocket' }),
  'obelisk-events': defineMessage({ id: 'footer.byEvents', defaultMessage: 'by its event stream' }),
  poll: defineMessage({ id: 'footer.polled', defaultMessage: 'polled' }),
}

export function BrokerNames({ brokers }: { readonly brokers: CityPlan['brokers'] }) {
  const status = useStatus()
  const words = brokers.map(({ id, name, simulated }) => {
    const told = status?.brokers.find((broker) => broker.id === id)
    const by = told?.by === undefined ? undefined : BY[told.by]
    const notes = [told?.kind, by && say(by), simulated ? say({ id: 'city.simulated', defaultMessage: 'simulated' }) : undefined].filter((note) => note !== undefined)
    return notes.length === 0 ? ownName(name) : `${ownName(name)} (${notes.join(', ')})`
  })
  return words.join(', ')
}
