/** What of a city's state is worth saying aloud when it changes: connection, pause, history, feeds, layers. Never a value. */
import type { CityPlan } from '../configuration/city-plan.ts'
import { say } from '../language/say.ts'
import type { CityStatus } from '../workers/city.messages.ts'
import { brokerName } from './broker-name.ts'
import type { Fact } from './announce.ts'
import type { LayerSummary } from './sentence.ts'

export interface StateInput {
  readonly plan: CityPlan
  readonly status: CityStatus | undefined
  readonly isHistory: boolean
  readonly layers: readonly (Pick<LayerSummary, 'name' | 'hasCome' | 'reporting' | 'known' | 'other'> & { readonly id: string })[]
}

export function stateFacts(input: StateInput): readonly Fact[] {
  const { status, isHistory } = input
  if (status === undefined) return []
  const isLive = !isHistory && status.mode === 'live'
  // What feeds and layers do is known only while the city is heard: silence of a broken line is one piece of news, not ten.
  return [modeFact(input, status), ...(isLive ? [...feedFacts(input.plan, status), ...layerFacts(input.layers)] : [])]
}

function modeFact({ plan: { name: city }, isHistory }: StateInput, { mode }: CityStatus): Fact {
  if (isHistory) return fact('history', say({ id: 'announce.history', defaultMessage: 'History: what is shown of {city} is past, not live.' }, { city }))
  switch (mode) {
    case 'live':
      return fact('live', say({ id: 'announce.live', defaultMessage: '{city} is live.' }, { city }))
    case 'paused':
      return fact('paused', say({ id: 'announce.paused', defaultMessage: 'Paused: the values of {city} stand still.' }, { city }))
    case 'retrying':
      return fact('away', say({ id: 'announce.away', defaultMessage: 'No connection to {city}; last values shown.' }, { city }), true)
    case 'failed':
      return fact('failed', say({ id: 'announce.failed', defaultMessage: 'The connection to {city} failed.' }, { city }), true)
    case 'connecting':
    case 'history':
      // On the way to somewhere: where that is will be said.
      return fact(mode, '')
  }
}

function fact(state: string, words: string, isUrgent = false): Fact {
  return { topic: 'mode', state, words, isUrgent }
}

function feedFacts(plan: CityPlan, status: CityStatus): readonly Fact[] {
  return status.brokers.flatMap(({ id, state }): Fact[] => {
    if (state === 'connecting') return []
    const feed = brokerName(plan, id)
    const words = state === 'down' ? say({ id: 'announce.feedLost', defaultMessage: 'Feed lost: {feed}.' }, { feed }) : say({ id: 'announce.feedBack', defaultMessage: 'Feed is back: {feed}.' }, { feed })
    return [{ topic: `feed ${id}`, state, words, isUrgent: state === 'down' }]
  })
}

function layerFacts(layers: StateInput['layers']): readonly Fact[] {
  return layers.flatMap(({ id, name: layer, hasCome, reporting, known, other }): Fact[] => {
    if (!hasCome || known === 0 || known === other) return []
    return [
      reporting === 0
        ? { topic: `layer ${id}`, state: 'silent', words: say({ id: 'announce.layerSilent', defaultMessage: '{layer}: no sensor reports any more.' }, { layer }), isUrgent: true }
        : { topic: `layer ${id}`, state: 'reports', words: say({ id: 'announce.layerBack', defaultMessage: '{layer} reports again.' }, { layer }) },
    ]
  })
}
