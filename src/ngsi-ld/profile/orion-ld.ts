/** FIWARE/context.Orion-LD, alone or with Mintaka beside it. Facts of commit 36a8d17 and of its issues. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const ORION_LD: BrokerProfile = {
  ...GENERIC,
  id: 'orion-ld',
  name: 'Orion-LD',
  page: { kind: 'pages', maxLimit: 1_000 },
  query: { hasPostQuery: true, counts: true, selects: 'all', hasTypes: true },
  subscription: {
    kind: 'owned',
    triggers: undefined,
    selectsIdBy: 'id',
    formats: ['normalized', 'concise', 'simplified'],
    leavesOut: ['timeIntervalS', 'throttlingS', 'scopeQ', 'cooldown', 'timeout', 'sysAttrs with simplified'],
    schemes: ['http', 'https', 'mqtt'],
  },
  temporalElsewhere: { kind: 'some', forms: ['temporalValues', 'normalized'], paging: 'anchor', maxLimit: 100 },
  tenant: { kind: 'header', lowerCase: true },
  maxBodyBytes: 1_000_000,
  transports: ['relay', 'mqtt', 'orion-ws', 'poll'],
  advice: [
    { status: 400, when: /tenants? not supported/i, says: 'Orion-LD runs without -multiservice: start it with that, or take the tenant out of the configuration.' },
    { status: 413, says: 'Orion-LD takes bodies of 1 MB: raise -inReqPayloadMaxSize.' },
  ],
  verified: { page: 'source', query: 'source', subscription: 'source', temporal: 'source', tenant: 'source', deletes: 'source' },
  quirks: [
    { id: 'orion-ld/limit-1000', says: 'Pages of up to 1000 are given, more is 400: 1000 are asked for.', source: 'Orion-LD 36a8d17, parameter limit', verified: 'source' },
    { id: 'orion-ld/no-trigger', says: 'notificationTrigger is refused with 501: it is not sent. The default tells of deleted entities too.', source: 'Orion-LD src/lib/orionld/payloadCheck/pCheckSubscription.cpp', verified: 'source' },
    { id: 'orion-ld/no-scope-q', says: 'scopeQ of a subscription is refused with 501: it is not sent.', source: 'Orion-LD src/lib/orionld/payloadCheck/pCheckSubscription.cpp', verified: 'source' },
    { id: 'orion-ld/no-cooldown', says: 'cooldown and timeout of an endpoint are refused with 400: they are not sent.', source: 'Orion-LD src/lib/orionld/payloadCheck/pcheckEndpoint.cpp', verified: 'source' },
    { id: 'orion-ld/no-empty-lists', says: 'An empty list such as attributes: [] is refused with 400: it is left out.', source: 'Orion-LD src/lib/orionld/payloadCheck/pCheckSubscription.cpp', verified: 'source' },
    { id: 'orion-ld/sys-attrs-with-key-values', says: 'sysAttrs beside simplified is refused with 400: sysAttrs is left out then.', source: 'Orion-LD 36a8d17, subscriptions', verified: 'source' },
    { id: 'orion-ld/throttling-loses', says: 'throttling drops what other sensors say meanwhile: it is never sent.', source: 'Orion-LD #1650', verified: 'source' },
    { id: 'orion-ld/time-interval-needs-pernot', says: 'timeInterval works only with -pernot: it is not sent.', source: 'Orion-LD option -pernot', verified: 'source' },
    { id: 'orion-ld/no-mqtts', says: 'An mqtts endpoint is refused with 501: it is not offered.', source: 'Orion-LD src/lib/orionld/payloadCheck/pcheckEndpoint.cpp', verified: 'source' },
    { id: 'orion-ld/pauses', says: 'After three failed posts in a row the subscription is paused for good: it is set active again.', source: 'Orion-LD src/lib/orionld/notifications/notificationFailure.cpp', verified: 'source' },
    { id: 'orion-ld/expires-by-its-clock', says: 'expiresAt must be ahead by its own clock: it is reckoned by that.', source: 'Orion-LD src/lib/orionld/payloadCheck/pCheckSubscription.cpp', verified: 'source' },
    { id: 'orion-ld/attribute-left-out', says: 'A deleted attribute is missing from the next whole state: what is not there is gone.', source: 'Orion-LD test ngsild_patch_entity2-delete-attr-and-notification', verified: 'source' },
    { id: 'orion-ld/tenant-lower-case', says: 'Tenants are lower-cased: we send them so, and meet the same one everywhere.', source: 'Orion-LD mhdConnectionInit.cpp', verified: 'source' },
    { id: 'orion-ld/tenant-needs-multiservice', says: 'Any tenant is 400 unless it runs with -multiservice: the operator is told which of the two to change.', source: 'Orion-LD mhdConnectionInit.cpp', verified: 'source' },
    { id: 'orion-ld/body-1mb', says: 'A body above 1 MB is 413: long lists of ids are asked for in parts.', source: 'Orion-LD option -inReqPayloadMaxSize', verified: 'source' },
    { id: 'orion-ld/mintaka-no-aggregation', says: 'Mintaka does not aggregate: its values are read and put together here.', source: 'Orion-LD #1784', verified: 'source' },
    { id: 'orion-ld/mintaka-anchors', says: 'Mintaka pages by pageSize and pageAnchor, and names the next anchor in Next-Page.', source: 'Mintaka README.md', verified: 'source' },
  ],
}
