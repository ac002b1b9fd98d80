/** ScorpioBroker/ScorpioBroker 5. Facts of commit c42c5aa, run against PostgreSQL 15 (5.0.3-SNAPSHOT, all in one), and of its issues. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const SCORPIO: BrokerProfile = {
  ...GENERIC,
  id: 'scorpio',
  name: 'Scorpio',
  page: { kind: 'pages', maxLimit: 1_000 },
  query: { hasPostQuery: true, counts: true, selects: 'all', hasTypes: true, formats: ['normalized', 'simplified'] },
  subscription: {
    kind: 'owned',
    triggers: ['entityCreated', 'entityUpdated', 'entityDeleted'],
    selectsIdBy: 'pattern',
    formats: ['normalized'],
    leavesOut: ['throttlingS', 'timeIntervalS', 'cooldown', 'geo+json'],
    schemes: ['http', 'https', 'mqtt'],
  },
  temporal: { ...GENERIC.temporal, forms: ['normalized', 'aggregatedValues'], newest: 10_000, closedPeriods: true },
  tenant: { kind: 'header', lowerCase: false },
  verified: { page: 'live', query: 'live', subscription: 'live', temporal: 'live', tenant: 'live', deletes: 'live', endpoints: 'source', body: 'source' },
  quirks: [
    { id: 'scorpio/limit-1000', says: 'More than 1000 entities are 403 TooManyResults: 1000 are asked for at a time.', source: 'Scorpio application.properties scorpio.entity.max-limit', verified: 'live' },
    { id: 'scorpio/local-only', says: 'The flag for what it holds itself is localOnly, and ends in a 500 of its database: local is sent, which it passes over.', source: 'Scorpio 5.0.3, QueryController.java', verified: 'live' },
    { id: 'scorpio/no-concise', says: 'Concise polygons and lines lose their type: normalized is asked for.', source: 'Scorpio Commons makeConcise', verified: 'source' },
    { id: 'scorpio/id-by-pattern', says: 'An id of a subscription never matches: it is sent as a pattern.', source: 'Scorpio SubscriptionRequest.java', verified: 'live' },
    { id: 'scorpio/pattern-covers-the-id', says: 'A pattern must cover the whole id: .* is put around it.', source: 'Scorpio SubscriptionRequest.java', verified: 'live' },
    { id: 'scorpio/triggers', says: 'By default it tells of no deleted entities: entityDeleted is asked for.', source: 'Scorpio c42c5aa, subscriptions', verified: 'live' },
    { id: 'scorpio/no-simplified', says: 'A subscription that wants simplified gets normalized in silence: normalized is what we ask for.', source: 'Scorpio Subscription.java', verified: 'live' },
    { id: 'scorpio/accept-json', says: 'Notifications are ld+json unless the endpoint says otherwise: application/json is always named.', source: 'Scorpio SubscriptionTools.java', verified: 'live' },
    { id: 'scorpio/throttling-in-ms', says: 'throttling is taken for milliseconds: it is never sent.', source: 'Scorpio SubscriptionService.java', verified: 'source' },
    { id: 'scorpio/deleted-whole', says: 'A deleted entity comes whole, with deletedAt: it is gone all the same.', source: 'Scorpio SubscriptionTools.java', verified: 'live' },
    { id: 'scorpio/notification-id', says: 'The id of a notification is no URN: any text is read.', source: 'Scorpio docs, subscription examples', verified: 'live' },
    { id: 'scorpio/no-echo', says: 'It refuses to be told what it said itself: a renewal names only what changes.', source: 'Scorpio c42c5aa, subscriptions', verified: 'source' },
    { id: 'scorpio/newest-50', says: 'Of history it gives the newest 50 instances of each attribute, and says nothing of the rest: 10 000 are asked for by lastN, and then those before them.', source: 'Scorpio 5.0.3, GET /temporal/entities', verified: 'live' },
    { id: 'scorpio/closed-periods', says: 'What is observed on the border of two periods is counted in both: they are asked for a millisecond earlier, where nothing is observed.', source: 'Scorpio 5.0.3, aggregatedValues', verified: 'live' },
    { id: 'scorpio/no-temporal-values', says: 'temporalValues is passed over in silence: history is asked for normalized.', source: 'Scorpio 5.0.3, GET /temporal/entities', verified: 'live' },
    { id: 'scorpio/silent-is-404', says: 'The history of an entity that was silent in the span is 404: that is an empty one.', source: 'Scorpio 5.0.3, GET /temporal/entities/{id}', verified: 'live' },
    { id: 'scorpio/deleted-times', says: 'In history deletedAt is a list, and a deleted attribute an instance without type and value: the newest counts, the other is left out.', source: 'Scorpio 5.0.3, GET /temporal/entities', verified: 'live' },
    { id: 'scorpio/prefixed-list', says: 'An empty list of types is called ngsi-ld:typeList: it is read as an empty list.', source: 'Scorpio 5.0.3, GET /types', verified: 'live' },
    { id: 'scorpio/names-of-errors', says: 'Its error TooManyResults ends with a space, and a tenant that is not there is TenantNotFound: both are known.', source: 'Scorpio 5.0.3', verified: 'live' },
  ],
}
