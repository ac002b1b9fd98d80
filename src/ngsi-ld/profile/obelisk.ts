/** imec Obelisk: its NGSI-LD extension ("partial 1.2.2"). Facts of commit 793c8ec, most of them of its documents. */
import { GENERIC } from './generic.ts'
import type { BrokerProfile } from './profile.ts'

export const OBELISK: BrokerProfile = {
  ...GENERIC,
  id: 'obelisk',
  name: 'Obelisk',
  query: {
    hasPostQuery: true,
    counts: true,
    selects: 'all',
    hasTypes: true,
    formats: ['normalized', 'simplified'],
    canSearch: ({ geometry, georel }) => (geometry === 'Point' && (georel.kind === 'equals' || georel.kind === 'near')) || (geometry === 'Polygon' && (georel.kind === 'within' || georel.kind === 'disjoint')),
  },
  temporal: { kind: 'some', forms: ['temporalValues', 'normalized'], timeproperties: ['observedAt'], paging: 'offset', maxLimit: 100 },
  tenant: { kind: 'none' },
  transports: ['obelisk-events', 'relay', 'poll'],
  verified: { page: 'source', query: 'source', subscription: 'source', temporal: 'source', tenant: 'source', deletes: 'source' },
  quirks: [
    { id: 'obelisk/dataset-in-path', says: 'The data set stands in the address: no tenant is sent.', source: 'Obelisk standards_compatibility.md', verified: 'source' },
    { id: 'obelisk/few-geometries', says: 'Only points (equals, near) and polygons (within, disjoint) can be searched by: another search is refused here.', source: 'Obelisk standards_compatibility.md', verified: 'source' },
    { id: 'obelisk/observed-at-only', says: 'History is by observedAt only: another time is refused here.', source: 'Obelisk standards_compatibility.md', verified: 'source' },
    { id: 'obelisk/no-aggregation', says: 'NGSI-LD history is not aggregated: its values are read and put together here.', source: 'Obelisk standards_compatibility.md', verified: 'source' },
  ],
}
