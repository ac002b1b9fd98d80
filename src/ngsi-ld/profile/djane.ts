/** Djane (Sensinov), as its open source of 2020 has it: commit 7a3952b. The product of today may differ. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const DJANE: BrokerProfile = {
  ...GENERIC,
  id: 'djane',
  name: 'Djane',
  page: { kind: 'whole' },
  query: { hasPostQuery: false, counts: false, selects: 'one type', hasTypes: false, formats: ['normalized'] },
  subscription: { kind: 'none', why: 'Djane notifies of new entities only, never of updates' },
  temporal: { kind: 'none', forms: [], paging: 'offset', maxLimit: 1 },
  tenant: { kind: 'none' },
  transports: ['poll'],
  verified: { page: 'source', query: 'source', subscription: 'source', temporal: 'source', tenant: 'source', deletes: 'source' },
  quirks: [
    { id: 'djane/parameters-are-filters', says: 'Every parameter is a filter, limit and offset as well: only type is sent, and the answer is whole.', source: 'Djane routes/entities.js', verified: 'source' },
    { id: 'djane/one-type-at-a-time', says: 'A list of types equals no type: each is asked for by itself.', source: 'Djane routes/entities.js', verified: 'source' },
    { id: 'djane/no-selection', says: 'A query by id, q or place gives nothing in silence: it is refused here.', source: 'Djane routes/entities.js', verified: 'source' },
    { id: 'djane/no-types', says: 'There is no /types: it is not asked for.', source: 'Djane routes/', verified: 'source' },
    { id: 'djane/no-history', says: 'History is 422: it is not asked for.', source: 'Djane routes/temporal.js', verified: 'source' },
    { id: 'djane/notifies-creations-only', says: 'Subscriptions tell of new entities only: none is made, its entities are read again and again.', source: 'Djane notify/subscription.js', verified: 'source' },
    { id: 'djane/errors-in-200', says: 'A failed login is 200 with success: false: it is read as an error.', source: 'Djane auth/auth.js', verified: 'source' },
    { id: 'djane/no-tenant', says: 'There are no tenants: the header is not sent.', source: 'Djane routes/', verified: 'source' },
    { id: 'djane/notified-at', says: 'notifiedAt is what JavaScript prints of a Date: it is read.', source: 'Djane notify/subscription.js', verified: 'source' },
    { id: 'djane/type-left-out', says: 'Entities of a notification have no type: it is taken from the id.', source: 'Djane doc/tutorials/REST API.md', verified: 'recorded' },
  ],
}
