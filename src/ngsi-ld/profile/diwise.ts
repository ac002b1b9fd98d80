/** diwise/context-broker. Facts of commit 658649c. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const DIWISE: BrokerProfile = {
  ...GENERIC,
  id: 'diwise',
  name: 'diwise',
  query: { hasPostQuery: false, counts: true, selects: 'all', hasTypes: true, formats: ['normalized', 'simplified'], combinesOptions: false },
  subscription: { kind: 'none', why: 'diwise has no subscriptions: who is notified stands in its own configuration' },
  temporal: { kind: 'some', forms: ['normalized', 'aggregatedValues'], paging: 'offset', maxLimit: 100 },
  transports: ['poll'],
  verified: { page: 'source', query: 'source', subscription: 'source', temporal: 'source', tenant: 'source', deletes: 'source' },
  quirks: [
    { id: 'diwise/no-subscriptions', says: 'There is no API for subscriptions: none is made, its entities are read again and again.', source: 'diwise internal/pkg/presentation/api/ngsi-ld/handlers.go', verified: 'source' },
    { id: 'diwise/no-post-query', says: 'There is no query by POST: long lists of ids are cut into addresses.', source: 'diwise internal/pkg/presentation/api/ngsi-ld/handlers.go', verified: 'source' },
    { id: 'diwise/options-alone', says: 'keyValues beside another option is 400: it is sent alone.', source: 'diwise internal/pkg/presentation/api/ngsi-ld/entities.go', verified: 'source' },
    { id: 'diwise/no-temporal-values', says: 'There is no temporalValues: history is asked for normalized.', source: 'diwise internal/pkg/presentation/api/ngsi-ld/temporal.go', verified: 'source' },
    { id: 'diwise/type-list-property', says: 'typeList of /types is a Property: its value is the list.', source: 'diwise internal/pkg/presentation/api/ngsi-ld/types.go', verified: 'source' },
    { id: 'diwise/subscription-not-implemented', says: 'What it posts by its own configuration names a subscription "notimplemented": it is read all the same.', source: 'diwise internal/pkg/application/subscriptions/notifier.go', verified: 'source' },
  ],
}
