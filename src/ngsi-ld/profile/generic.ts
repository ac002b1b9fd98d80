/** Any broker: only what all of them take. Whatever is not recognised is met with this. */
import type { BrokerProfile } from './profile.ts'

export const GENERIC: BrokerProfile = {
  id: 'generic',
  name: 'NGSI-LD broker',
  page: { kind: 'pages', maxLimit: 100 },
  query: { hasPostQuery: true, counts: true, selects: 'all', hasTypes: true, formats: ['normalized', 'simplified'] },
  subscription: {
    kind: 'owned',
    triggers: undefined,
    selectsIdBy: 'id',
    formats: ['normalized'],
    leavesOut: ['description', 'isActive', 'geo', 'timeIntervalS', 'throttlingS', 'scopeQ', 'language', 'datasetIds', 'localOnly', 'jsonldContext', 'cooldown', 'timeout', 'sysAttrs with simplified', 'geo+json'],
    schemes: ['http', 'https', 'mqtt'],
  },
  temporal: { kind: 'some', forms: ['temporalValues', 'normalized', 'aggregatedValues'], paging: 'offset', maxLimit: 100 },
  tenant: { kind: 'header', lowerCase: false },
  maxBodyBytes: 1_000_000,
  repeats: false,
  transports: ['relay', 'mqtt', 'poll'],
  advice: [],
  verified: { page: 'live', query: 'live', subscription: 'live', temporal: 'live', tenant: 'live', deletes: 'recorded' },
  quirks: [
    { id: 'generic/limit-100', says: 'The greatest page differs, and more is refused: 100 entities are asked for at a time.', source: 'Stellio shared.properties application.pagination', verified: 'source' },
    { id: 'generic/offset-not-link', says: 'Link is missing (Orion-LD), relative (Stellio) or leads to an internal host (Scorpio): pages are asked for by offset.', source: 'NGSI-LD clause 6.3.10 as each broker does it', verified: 'source' },
    { id: 'generic/pages-overlap', says: 'No order is promised between pages: an id that comes twice is given once.', source: 'CIM 009 clause 5.7.2', verified: 'source' },
    { id: 'generic/lists-of-one', says: 'JSON-LD writes a list of one as its element: both are read, everywhere.', source: 'Orion-LD #310, #1034; Scorpio #575; Stellio #419, #1143', verified: 'recorded' },
    { id: 'generic/conservative-subscription', says: 'Only members that Orion-LD, Scorpio and Stellio all take are sent, the format named as normalized.', source: 'CIM 009 clause 5.2.12 as each broker does it', verified: 'source' },
    { id: 'generic/deletes', says: 'A deleted entity comes as id, type and deletedAt; a deleted attribute as urn:ngsi-ld:null, bare, as a value, an object or in a languageMap.', source: 'CIM 009 clauses 5.2.1, 5.8.6', verified: 'recorded' },
    { id: 'generic/mixed-envelopes', says: 'data of a notification is a list, one entity or a FeatureCollection: all are read.', source: 'CIM 009 clause 5.3.1; Djane notify/subscription.js', verified: 'recorded' },
  ],
}
