/** Which of a configuration's cities have something about people to hold, with which floors, and what no page is to ask their brokers. */
import { layersOf } from '../../configuration/public-configuration.ts'
import type { CityConfiguration } from '../../configuration/schema.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import type { BrokerAddress } from '../broker-address.ts'
import { createCityFloor, type CityFloor, type DomainRule } from './city-floor.ts'
import { createGuard, type Guard } from './guard.ts'

/** Of all domains, shown in this city or not: a type is no less personal where its layer is off. */
export function guardOf(city: CityConfiguration, models: readonly DomainModel[]): Guard {
  const layers = layersOf(city, models.map(({ id }) => id))
  return createGuard(
    models.flatMap(({ privacy }) => privacy?.types ?? []),
    models.filter(({ id }) => layers.includes(id)).flatMap(({ watches }) => watches.map(({ type }) => type)),
  )
}

export function rulesOf(city: CityConfiguration, models: readonly DomainModel[]): readonly DomainRule[] {
  const layers = layersOf(city, models.map(({ id }) => id))
  return models.flatMap(({ id, privacy }) => {
    if (privacy === undefined || !layers.includes(id)) return []
    const configured = Object.hasOwn(city.privacyFloor, id) ? city.privacyFloor[id]! : privacy.floor.value
    return [{ domain: id, rule: privacy, floor: Math.max(configured, privacy.floor.least) }]
  })
}

/** Undefined when no layer of the city is about people. */
export function floorOf(city: CityConfiguration, models: readonly DomainModel[]): CityFloor | undefined {
  const rules = rulesOf(city, models)
  if (rules.length === 0) return undefined
  return createCityFloor({
    rules,
    context: { cityId: city.id, anchor: city.anchor, timeZone: city.timeZone, bounds: city.bounds },
    isSimulated: city.brokers.every(({ embedded }) => embedded?.simulate !== undefined),
  })
}

/** Types that the pages of the city read from the floor: those of the domains that are about people. */
export function floorTypes(city: CityConfiguration, models: readonly DomainModel[]): readonly string[] {
  const domains = new Set(rulesOf(city, models).map(({ domain }) => domain))
  return [...new Set(models.filter(({ id }) => domains.has(id)).flatMap(({ watches }) => watches.map(({ type }) => type)))]
}

/** What the city holds back and from how many on it shows it, in words; undefined when no layer is about people. */
export function floorWords(city: CityConfiguration, models: readonly DomainModel[]): string | undefined {
  const words = rulesOf(city, models).map(({ domain, rule, floor }) => `${domain}: ${floor} ${rule.floor.of}`)
  return words.length === 0 ? undefined : words.join(', ')
}

/** The same address, as pages may use it. */
export function guarded(address: BrokerAddress, guard: Guard): BrokerAddress {
  return { ...address, guard }
}
