/** The brokers of a city by name, with which broker each turned out to be, and that data is made up where it is. */
import type { CityPlan } from '../configuration/city-plan.ts'
import { useStatus } from './live-hooks.ts'

export function BrokerNames({ brokers }: { readonly brokers: CityPlan['brokers'] }) {
  const status = useStatus()
  const words = brokers.map(({ id, name, simulated }) => {
    const kind = status?.brokers.find((broker) => broker.id === id)?.kind
    const notes = [kind, simulated ? 'simulated' : undefined].filter((note) => note !== undefined)
    return notes.length === 0 ? name : `${name} (${notes.join(', ')})`
  })
  return words.join(', ')
}
