/** ScorpioBroker/ScorpioBroker 5. Facts of commit c42c5aa and of its issues. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const SCORPIO: BrokerProfile = {
  ...GENERIC,
  id: 'scorpio',
  name: 'Scorpio',
  page: { kind: 'pages', maxLimit: 1_000 },
  query: { localFlag: 'localOnly', hasPostQuery: true, counts: true, selects: 'all', hasTypes: true, formats: ['normalized', 'simplified'] },
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
  verified: { page: 'source', query: 'source', subscription: 'source', temporal: 'source', tenant: 'source', deletes: 'source' },
  quirks: [
    { id: 'scorpio/limit-1000', says: 'More than 1000 entities are 403 TooManyResults: 1000 are asked for at a time.', source: 'Scorpio application.properties scorpio.entity.max-limit', verified: 'source' },
    { id: 'scorpio/local-only', says: 'The flag for what it holds itself is localOnly.', source: 'Scorpio QueryController.java', verified: 'source' },
    { id: 'scorpio/no-concise', says: 'Concise polygons and lines lose their type: normalized is asked for.', source: 'Scorpio Commons makeConcise', verified: 'source' },
    { id: 'scorpio/id-by-pattern', says: 'An id of a subscription never matches: it is sent as a pattern.', source: 'Scorpio SubscriptionRequest.java', verified: 'source' },
    { id: 'scorpio/pattern-covers-the-id', says: 'A pattern must cover the whole id: .* is put around it.', source: 'Scorpio SubscriptionRequest.java', verified: 'source' },
    { id: 'scorpio/triggers', says: 'By default it tells of no deleted entities: entityDeleted is asked for.', source: 'Scorpio c42c5aa, subscriptions', verified: 'source' },
    { id: 'scorpio/no-simplified', says: 'A subscription that wants simplified gets normalized in silence: normalized is what we ask for.', source: 'Scorpio Subscription.java', verified: 'source' },
    { id: 'scorpio/accept-json', says: 'Notifications are ld+json unless the endpoint says otherwise: application/json is always named.', source: 'Scorpio SubscriptionTools.java', verified: 'source' },
    { id: 'scorpio/throttling-in-ms', says: 'throttling is taken for milliseconds: it is never sent.', source: 'Scorpio SubscriptionService.java', verified: 'source' },
    { id: 'scorpio/deleted-whole', says: 'A deleted entity comes whole, with deletedAt: it is gone all the same.', source: 'Scorpio SubscriptionTools.java', verified: 'source' },
    { id: 'scorpio/notification-id', says: 'The id of a notification is no URN: any text is read.', source: 'Scorpio docs, subscription examples', verified: 'recorded' },
    { id: 'scorpio/no-echo', says: 'It refuses to be told what it said itself: a renewal names only what changes.', source: 'Scorpio c42c5aa, subscriptions', verified: 'source' },
  ],
}
