/** The brokers of a city by name, with which broker each turned out to be and by which way it is heard, and that data is made up where it is. */
import type { CityPlan } from '../configuration/city-plan.ts'
import { useStatus } from './live-hooks.ts'

/** The relay is the usual way and needs no word. */
const BY: Readonly<Record<string, string | undefined>> = { mqtt: 'by MQTT', 'orion-ws': 'by WebSocket', 'obelisk-events': 'by its event stream', poll: 'polled' }

export function BrokerNames({ brokers }: { readonly brokers: CityPlan['brokers'] }) {
  const status = useStatus()
  const words = brokers.map(({ id, name, simulated }) => {
    const told = status?.brokers.find((broker) => broker.id === id)
    const notes = [told?.kind, told?.by === undefined ? undefined : BY[told.by], simulated ? 'simulated' : undefined].filter((note) => note !== undefined)
    return notes.length === 0 ? name : `${name} (${notes.join(', ')})`
  })
  return words.join(', ')
}
