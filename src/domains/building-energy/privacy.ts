/**
 * Flats, and what may be said of them: the mean power of their building over a quarter of an hour.
 *
 * A meter is a flat's when it refers to a unit of a building (`refUnit`, `refFlat`, …), and a smart meter is taken
 * for a household's unless it refers to a building and to no unit of it. Four units are the floor and 15 minutes the shortest
 * time. A building's own meter passes as a whole, without what its appliances draw: that is the owner's to see.
 */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { isOfType, jsonOf, textOf, type Entity } from '../../ngsi-ld/entity.ts'
import { property } from '../../ngsi-ld/normalized.ts'
import { privacyRule, urnEnd, type Personal } from '../privacy.ts'
import { POWER_FOLD } from './compute.ts'
import { readEnergy } from './read.ts'

const BUILDING = ['refbuilding']
const UNIT = ['refunit', 'refflat', 'refapartment', 'refdwelling', 'refhousehold', 'refhome', 'reftenant', 'refroom']

/** Fewest units of a building that are told together. */
export const UNIT_FLOOR = 4

export const FLAT_PRIVACY = privacyRule<Float64Array>({
  types: ['ThreePhaseAcMeasurement', 'ACMeasurement', 'ThreePhaseMultiCircuitAcMeasurement', 'SmartMeteringObservation'],
  floor: { value: UNIT_FLOOR, least: UNIT_FLOOR, of: 'flats', source: 'ours: energy of 4 units and more, or a building’s total, over 15 min' },
  windowMs: 15 * MINUTE_MS,
  graceMs: 2 * MINUTE_MS,
  existence: 'public',
  passes: [
    'totalActivePower', 'activePower', 'totalActiveEnergyImport', 'activeEnergyImport', 'totalConsumption',
    'dateObserved', 'dateObservedFrom', 'dateObservedTo', 'dateLastReported', 'dateEnergyMeteringStarted',
    'name', 'alternateName', 'location', 'address', 'areaServed', 'dataProvider', 'source', 'buildingUse', 'refBuilding', 'refDevice',
  ],
  read(entity, context) {
    const building = referenceOf(entity, BUILDING)
    const unit = referenceOf(entity, UNIT)
    const isHousehold = unit !== undefined || (isOfType(entity, 'SmartMeteringObservation') && building === undefined)
    if (!isHousehold) return wholeOf(entity)
    if (building === undefined) return { kind: 'withheld', reason: 'a meter of a home in no building' }
    const read = readEnergy(entity, context)
    if (!read.ok) return { kind: 'withheld', reason: `a meter of a home that cannot be read: ${read.error.kind}` }
    const { observedAtMs, position, values, implausible } = read.value
    // Each part is told once, however old its power is: what is older is not left out.
    const sum = POWER_FOLD.add(POWER_FOLD.empty, { observedAtMs, values, implausible })
    // Two meters of one home are one home.
    return { kind: 'part', group: building, contributor: unit ?? entity.id, atMs: observedAtMs, ...(position === undefined ? {} : { position }), value: sum }
  },
  identify(building, parts, { cityId }) {
    const position = middleOf(parts.flatMap(({ position: own }) => (own === undefined ? [] : [own])))
    return {
      id: `urn:ngsi-ld:ACMeasurement:${cityId}:building:${urnEnd(building)}`,
      type: 'ACMeasurement',
      name: `Homes of building ${building.split(':').at(-1)!}`,
      ...(position === undefined ? {} : { position }),
    }
  },
  values(parts, { endMs, floor }) {
    const homes = new Map<string, Float64Array>()
    for (const { contributor, value } of parts) homes.set(contributor, POWER_FOLD.merge(homes.get(contributor) ?? POWER_FOLD.empty, value))
    const powers = [...homes.values()].flatMap((sum) => POWER_FOLD.value(sum) ?? [])
    // Homes that told no power are not in the sum: it may be of fewer than the floor.
    if (powers.length < floor) return {}
    const kW = powers.reduce((sum, power) => sum + power, 0)
    return { totalActivePower: property(Math.round(kW * 10) * 100, { observedAtMs: endMs, unitCode: 'WTT' }) }
  },
})

/** What several circuits draw is told as their sum only. */
function wholeOf(entity: Entity): Personal<Float64Array> {
  const hasCircuits = findAttribute(entity, ['currentcircuit']) !== undefined
  if (!hasCircuits || findAttribute(entity, ['totalactivepower', 'activepower']) !== undefined) return { kind: 'whole' }
  const read = readEnergy(entity, { timeZone: 'UTC' })
  const kW = read.ok ? read.value.values['activePower'] : undefined
  if (!read.ok || kW === undefined) return { kind: 'whole' }
  return { kind: 'whole', add: { totalActivePower: property(kW * 1_000, { observedAtMs: read.value.observedAtMs, unitCode: 'WTT' }) } }
}

function referenceOf(entity: Entity, names: readonly string[]): string | undefined {
  const instance = findAttribute(entity, names)
  const id = instance?.kind === 'Relationship' ? instance.objects[0] : (jsonOf(instance) ?? textOf(instance))
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : typeof id === 'number' ? String(id) : undefined
}

function middleOf(positions: readonly LonLat[]): LonLat | undefined {
  if (positions.length === 0) return undefined
  const mean = (axis: 0 | 1): number => Number((positions.reduce((sum, position) => sum + position[axis], 0) / positions.length).toFixed(4))
  return [mean(0), mean(1)]
}
