/** The broker in this server: the standard as it is written, so that nothing has to be left out. */
import { NOTIFICATION_TRIGGERS } from '../subscription.ts'
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const EMBEDDED: BrokerProfile = {
  ...GENERIC,
  id: 'embedded',
  name: 'embedded broker',
  page: { kind: 'pages', maxLimit: 1_000 },
  query: { hasPostQuery: true, counts: true, selects: 'all', hasTypes: true },
  subscription: {
    kind: 'owned',
    triggers: NOTIFICATION_TRIGGERS,
    selectsIdBy: 'id',
    formats: ['normalized', 'concise', 'simplified'],
    leavesOut: [],
    schemes: ['http', 'https', 'mqtt', 'mqtts'],
  },
  maxBodyBytes: 8 * 1024 * 1024,
  verified: { page: 'live', query: 'live', subscription: 'live', temporal: 'live', tenant: 'live', deletes: 'live' },
  quirks: [
    { id: 'embedded/all-triggers', says: 'It knows every trigger, and tells of nothing that was not asked for: all are named.', source: 'server/broker/subscriptions.ts', verified: 'live' },
  ],
}
