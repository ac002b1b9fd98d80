/** What of the configuration the page may see: no broker's address, header, tenant or context leaves the server. */
import type { Area } from '../core/geo/areas.ts'
import { createSectors } from '../core/geo/sectors.ts'
import type { BasemapPlan, BrokerPlan, CityPlan, DistrictsPlan, PublicConfiguration, Transport } from './city-plan.ts'
import type { CityConfiguration, Configuration } from './schema.ts'

export interface Program {
  readonly version: string
  readonly domains: readonly string[]
  /** Does the server give out a file at this path? */
  readonly hasFile: (path: string) => boolean
  /** Id of the broker that holds what the privacy floor let through, for a city that has one. */
  readonly floorOf?: (city: string) => string | undefined
  /** Districts of a city whose boundaries were read. */
  readonly boundariesOf?: ((city: string) => readonly Area[] | undefined) | undefined
}

export function toPublicConfiguration(
  configuration: Configuration,
  program: Program,
): PublicConfiguration {
  return {
    title: configuration.title,
    version: program.version,
    cities: configuration.cities.map((city) => toCityPlan(city, program)),
  }
}

/** Layers of the city: those it names, else all there are. */
export function layersOf(city: CityConfiguration, domains: readonly string[]): readonly string[] {
  return city.layers ?? domains
}

function toCityPlan(city: CityConfiguration, { domains, hasFile, floorOf, boundariesOf }: Program): CityPlan {
  const { id, name, country, timeZone, anchor, bounds, expectedIntervalS, population, areaKm2, attribution, licence, contact } = city
  const districts = toDistrictsPlan(city, boundariesOf?.(id))
  return {
    id,
    name,
    country,
    timeZone,
    anchor,
    bounds,
    layers: layersOf(city, domains),
    expectedIntervalS,
    brokers: [...city.brokers.map(toBrokerPlan), ...floorPlan(city, floorOf?.(id))],
    basemap: toBasemapPlan(city, hasFile),
    ...(districts !== undefined && { districts }),
    ...(city.incidents !== undefined && { incidents: { mayAct: city.incidents.mayAct } }),
    ...(city.holidays.length > 0 && { holidays: city.holidays }),
    ...(population !== undefined && { population }),
    ...(areaKm2 !== undefined && { areaKm2 }),
    ...(attribution !== undefined && { attribution }),
    ...(licence !== undefined && { licence }),
    ...(contact !== undefined && { contact }),
  }
}

function toDistrictsPlan({ districts, anchor, bounds }: CityConfiguration, boundaries: readonly Area[] | undefined): DistrictsPlan | undefined {
  if (districts?.sectors !== undefined) {
    const { centreRadiusM } = districts.sectors
    return {
      kind: 'sectors',
      areas: createSectors(anchor, bounds, centreRadiusM),
      source: `Sectors cut by geometry, not official districts: a circle of ${centreRadiusM / 1_000} km around the middle, and what lies north, east, south and west of it`,
    }
  }
  return boundaries === undefined ? undefined : { kind: 'boundaries', areas: boundaries, source: districts?.attribution ?? '' }
}

function toBrokerPlan(broker: CityConfiguration['brokers'][number]): BrokerPlan {
  const { id, name, embedded, pollIntervalS } = broker
  const transports = transportsOf(broker)
  return { id, name: name ?? id, simulated: embedded?.simulate !== undefined, ...(transports !== undefined && { transports }), ...(pollIntervalS !== undefined && { pollIntervalS }) }
}

/** Undefined: as its kind allows. A city that set up MQTT, an event stream or a WebSocket wants it, and else no second stream of the same. */
export function transportsOf({ transports, mqtt, obelisk, orionWs }: CityConfiguration['brokers'][number]): readonly Transport[] | undefined {
  if (transports !== undefined) return transports
  const own: readonly Transport[] = [...(mqtt === undefined ? [] : ['mqtt' as const]), ...(obelisk === undefined ? [] : ['obelisk-events' as const]), ...(orionWs === undefined ? [] : ['orion-ws' as const])]
  return own.length === 0 ? undefined : [...own, 'poll']
}

/** Simulated when anything is that it may have put together. */
function floorPlan({ brokers }: CityConfiguration, id: string | undefined): readonly BrokerPlan[] {
  return id === undefined ? [] : [{ id, name: 'privacy floor', simulated: brokers.some(({ embedded }) => embedded?.simulate !== undefined) }]
}

/** A city that says nothing of a basemap has the file of its name, when there is one: the page asks for no file in vain. */
function toBasemapPlan({ id, basemap }: CityConfiguration, hasFile: Program['hasFile']): BasemapPlan {
  if (basemap === undefined) {
    const url = `/basemap/${id}.json`
    return hasFile(url) ? { kind: 'outline', url } : { kind: 'outline' }
  }
  if (basemap.kind !== 'outline') return basemap
  return basemap.url === undefined ? { kind: 'outline' } : { kind: 'outline', url: basemap.url }
}
