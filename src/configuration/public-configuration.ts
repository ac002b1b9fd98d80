/** What of the configuration the page may see: no broker's address, header, tenant or context leaves the server. */
import type { BasemapPlan, CityPlan, PublicConfiguration } from './city-plan.ts'
import type { CityConfiguration, Configuration } from './schema.ts'

export function toPublicConfiguration(
  configuration: Configuration,
  program: { readonly version: string; readonly domains: readonly string[] },
): PublicConfiguration {
  return {
    title: configuration.title,
    version: program.version,
    cities: configuration.cities.map((city) => toCityPlan(city, program.domains)),
  }
}

/** Layers of the city: those it names, else all there are. */
export function layersOf(city: CityConfiguration, domains: readonly string[]): readonly string[] {
  return city.layers ?? domains
}

function toCityPlan(city: CityConfiguration, domains: readonly string[]): CityPlan {
  const { id, name, country, timeZone, anchor, bounds, expectedIntervalS, population, areaKm2, attribution, licence, contact } = city
  return {
    id,
    name,
    country,
    timeZone,
    anchor,
    bounds,
    layers: layersOf(city, domains),
    expectedIntervalS,
    brokers: city.brokers.map((broker) => ({
      id: broker.id,
      name: broker.name ?? broker.id,
      simulated: broker.embedded?.simulate !== undefined,
    })),
    basemap: toBasemapPlan(city),
    ...(population !== undefined && { population }),
    ...(areaKm2 !== undefined && { areaKm2 }),
    ...(attribution !== undefined && { attribution }),
    ...(licence !== undefined && { licence }),
    ...(contact !== undefined && { contact }),
  }
}

function toBasemapPlan({ id, basemap }: CityConfiguration): BasemapPlan {
  if (basemap === undefined) return { kind: 'outline', url: `/basemap/${id}.json` }
  if (basemap.kind !== 'outline') return basemap
  return basemap.url === undefined ? { kind: 'outline' } : { kind: 'outline', url: basemap.url }
}
