/** stellio-hub/stellio-context-broker. Facts of commit 6bfcae9 and of its issues. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const STELLIO: BrokerProfile = {
  ...GENERIC,
  id: 'stellio',
  name: 'Stellio',
  page: { kind: 'pages', maxLimit: 100 },
  query: { hasPostQuery: true, counts: true, selects: 'all', hasTypes: true },
  subscription: {
    kind: 'owned',
    triggers: ['entityCreated', 'attributeCreated', 'attributeUpdated', 'attributeDeleted', 'entityDeleted'],
    selectsIdBy: 'id',
    formats: ['normalized', 'concise', 'simplified'],
    leavesOut: ['timeIntervalS', 'throttlingS', 'cooldown', 'geo+json'],
    schemes: ['http', 'https', 'mqtt', 'mqtts'],
  },
  tenant: { kind: 'header', lowerCase: false },
  maxBodyBytes: 2_000_000,
  repeats: true,
  advice: [{ status: 404, when: /tenant/i, says: 'Stellio knows only tenants that its own configuration declares: add this one there.' }],
  verified: { page: 'source', query: 'source', subscription: 'source', temporal: 'recorded', tenant: 'source', deletes: 'source' },
  quirks: [
    { id: 'stellio/limit-100', says: 'More than 100 entities are 403 TooManyResults: 100 are asked for at a time.', source: 'Stellio shared.properties application.pagination', verified: 'source' },
    { id: 'stellio/bursts', says: 'One change of n attributes is n notifications of the same entity: repeats within two seconds are left out.', source: 'Stellio EntityEventListenerService.kt', verified: 'source' },
    { id: 'stellio/triggers', says: 'Deletes are told only when asked for: entityDeleted and attributeDeleted are named.', source: 'Stellio 6bfcae9, subscription-service', verified: 'source' },
    { id: 'stellio/no-cooldown', says: 'A subscription with a cooldown never fires: it is not sent.', source: 'Stellio SubscriptionService.kt', verified: 'source' },
    { id: 'stellio/no-geojson', says: 'A geo+json endpoint makes it throw before it posts: application/json is named.', source: 'Stellio NotificationService.kt', verified: 'source' },
    { id: 'stellio/time-interval', says: 'timeInterval posts every entity by itself: it is not sent.', source: 'Stellio TimeIntervalNotificationJob.kt', verified: 'source' },
    { id: 'stellio/body-2mb', says: 'A body above 2 MB is refused: long lists of ids are asked for in parts.', source: 'Stellio 6bfcae9, limit of bodies', verified: 'source' },
    { id: 'stellio/tenant-declared', says: 'A tenant that it was not told of is 404: the operator is told where to declare it.', source: 'Stellio 6bfcae9, tenants of its configuration', verified: 'source' },
    { id: 'stellio/success-is-200', says: 'Only 200 is a success to it, 204 is none: notifications are answered with 200.', source: 'Stellio NotificationService.kt', verified: 'source' },
    { id: 'stellio/numbers-as-text', says: 'Aggregated numbers may come as texts: they are read as numbers.', source: 'Stellio search-service tests', verified: 'recorded' },
    { id: 'stellio/single-instances', says: 'A history of one instance is an object, not a list: it is read as one.', source: 'Stellio #1143', verified: 'source' },
  ],
}
