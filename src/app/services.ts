/** What the page stands on, made once at start and handed down: the live store and the domains' views. */
import { createContext, use } from 'react'
import type { PublicConfiguration } from '../configuration/city-plan.ts'
import type { DomainView } from '../domains/domain-view.ts'
import type { LiveStore } from './live-store.ts'

export interface Services {
  readonly live: LiveStore
  readonly views: readonly DomainView[]
  fetchConfiguration(signal: AbortSignal): Promise<PublicConfiguration>
}

export const ServicesContext = createContext<Services | undefined>(undefined)

export function useServices(): Services {
  const services = use(ServicesContext)
  if (services === undefined) throw new Error('ServicesContext is missing: mountApp provides it')
  return services
}
