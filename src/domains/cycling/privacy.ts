/**
 * Rides as cities with See.Sense's kind of lights get them, and what may be said of them.
 *
 * No Smart Data Model has them, so the type is ours: `CyclingRideSegment`, one stretch of one ride (a minute or a few)
 * with the rider's pseudonym in `refRider`, `distance` (MTR), `duration` (SEC), `roughness` (RMS of vertical
 * acceleration, m/s²) or `verticalAcceleration` (its samples), and the counts `brakingEvents`, `swervingEvents` and
 * `nearMissEvents`. A stretch belongs to the cell of its position, the middle of a line.
 *
 * A cell is 300 m from its centre to a corner: rides of an hour then still meet, where See.Sense's 10 m squares
 * took ten weeks. An hour is what UX asks for ("counts per segment-hour"); it is told once, a quarter after its end.
 */
import { createHexGrid, type HexGrid } from '../../core/geo/hex-grid.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { convert, type Quantity } from '../../core/units.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { jsonOf, positionOf, textOf, type Attribute, type Entity, type JsonObject } from '../../ngsi-ld/entity.ts'
import { property } from '../../ngsi-ld/normalized.ts'
import { entityTimes, timeOf } from '../../ngsi-ld/observed-time.ts'
import { contributorsOf, privacyRule, type Part, type Personal, type PrivacyContext } from '../privacy.ts'
import { RIDE_EVENTS, RIDER_FLOOR, roughnessRms, summariseRides, type RideEvent, type RideSegment } from './compute-rides.ts'
import { RIDE_CELL } from './read.ts'

export const RIDE_SEGMENT = 'CyclingRideSegment'

/** From a cell's centre to its corner. */
export const RIDE_CELL_RADIUS_M = 300

/** A bicycle that stands tells where somebody lives and nothing of the street. Nor is one this fast a bicycle. */
const LEAST_METRES = 20
const FASTEST_M_S = 25

export const RIDE_PRIVACY = privacyRule<RideSegment>({
  types: [RIDE_SEGMENT],
  floor: {
    value: RIDER_FLOOR.public,
    least: RIDER_FLOOR.officials,
    of: 'riders',
    source: 'See.Sense Antwerp: 3 participants in a square; 5 in public is ours, after the demand for diversity of users of Oksanen et al. 2015',
  },
  windowMs: HOUR_MS,
  graceMs: 15 * MINUTE_MS,
  existence: 'earned',
  passes: [],
  read: readSegment,
  identify(group, _parts, context) {
    const [lon, lat] = gridOf(context).centreOf(Number(group))
    return {
      id: `urn:ngsi-ld:${RIDE_CELL}:${context.cityId}:rides:${group}`,
      type: RIDE_CELL,
      name: `Rides around ${lat.toFixed(4)}, ${lon.toFixed(4)}`,
      position: [lon, lat],
      add: { cellRadius: property(RIDE_CELL_RADIUS_M, { unitCode: 'MTR' }) },
    }
  },
  values(parts, { endMs, floor }) {
    const { km, kmh } = summariseRides(parts.map(({ value }) => value))
    const at = { observedAtMs: endMs }
    const felt = parts.filter(({ value }) => value.roughness !== undefined)
    const roughness = contributorsOf(felt) < floor ? undefined : summariseRides(felt.map(({ value }) => value)).roughness
    return {
      // Half kilometres: the last hundred metres would tell one ride from another.
      kilometres: property(Math.round(km * 2) / 2, at),
      ...(kmh === undefined ? {} : { averageSpeed: property(Math.round(kmh), { ...at, unitCode: 'KMH' }) }),
      ...(roughness === undefined ? {} : { roughness: property(Math.round(roughness * 10) / 10, at) }),
      ...Object.fromEntries(RIDE_EVENTS.flatMap((event) => ratesOf(event, parts, floor).map(([name, value]) => [name, property(value, at)]))),
    } satisfies JsonObject
  },
})

/** Over the kilometres of those whose lights tell such events at all. */
function ratesOf(event: RideEvent, parts: readonly Part<RideSegment>[], floor: number): readonly (readonly [name: string, value: number])[] {
  const telling = parts.filter(({ value }) => value.events[event] !== undefined)
  const rate = contributorsOf(telling) < floor ? undefined : summariseRides(telling.map(({ value }) => value)).rates[event]
  if (rate === undefined) return []
  const name = `${event}Per1000Km`
  return [[name, twoDigits(rate.rate)], [`${name}Lower`, twoDigits(rate.lower)], [`${name}Upper`, twoDigits(rate.upper)]]
}

function readSegment(entity: Entity, context: PrivacyContext): Personal<RideSegment> {
  const rider = riderOf(entity)
  const position = positionOf(entity)
  const metres = quantityOf(findAttribute(entity, ['distance']), 'length', 'MTR')
  const seconds = quantityOf(findAttribute(entity, ['duration']), 'duration', 'SEC')
  const time = timeOf(entityTimes(entity, context.timeZone), findAttribute(entity, ['distance']), 'distance', context.timeZone)
  if (rider === undefined) return withheld('no rider')
  if (position === undefined) return withheld('no position')
  if (metres === undefined || seconds === undefined) return withheld('no distance or duration')
  if (time === undefined) return withheld('no time')
  if (metres < LEAST_METRES) return withheld('stood still')
  if (seconds <= 0 || metres / seconds > FASTEST_M_S) return withheld('impossible speed')
  const roughness = roughnessOf(entity)
  return {
    kind: 'part',
    group: String(gridOf(context).cellOf(position)),
    contributor: rider,
    // The middle of the stretch says to which hour it belongs.
    atMs: (time.fromMs + time.toMs) / 2,
    value: {
      metres,
      seconds,
      ...(roughness === undefined ? {} : { roughness }),
      events: eventsOf(entity),
    },
  }
}

function withheld(reason: string): Personal<RideSegment> {
  return { kind: 'withheld', reason }
}

function riderOf(entity: Entity): string | undefined {
  const instance = findAttribute(entity, ['refrider', 'rider'])
  const id = instance?.kind === 'Relationship' ? instance.objects[0] : (jsonOf(instance) ?? textOf(instance))
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : undefined
}

function roughnessOf(entity: Entity): number | undefined {
  const told = jsonOf(findAttribute(entity, ['roughness']))
  if (typeof told === 'number' && told >= 0 && Number.isFinite(told)) return told
  const samples = jsonOf(findAttribute(entity, ['verticalacceleration']))
  return Array.isArray(samples) ? roughnessRms((samples as unknown[]).filter((one): one is number => typeof one === 'number' && Number.isFinite(one))) : undefined
}

/** What was not told is not none. */
function eventsOf(entity: Entity): RideSegment['events'] {
  return Object.fromEntries(
    RIDE_EVENTS.flatMap((event) => {
      const count = jsonOf(findAttribute(entity, [`${event.toLowerCase()}events`]))
      return typeof count === 'number' && count >= 0 && Number.isFinite(count) ? [[event, Math.floor(count)] as const] : []
    }),
  )
}

function quantityOf(instance: Attribute | undefined, quantity: Quantity, unitWhenAbsent: string): number | undefined {
  const value = jsonOf(instance)
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  const converted = convert(value, instance?.unitCode ?? unitWhenAbsent, quantity)
  return converted.ok ? converted.value : undefined
}

const grids = new Map<string, HexGrid>()
const MOST_GRIDS = 1_000

function gridOf({ anchor }: { readonly anchor: LonLat }): HexGrid {
  const key = anchor.join(',')
  let grid = grids.get(key)
  if (grid === undefined) {
    if (grids.size >= MOST_GRIDS) grids.clear()
    grids.set(key, (grid = createHexGrid(anchor, RIDE_CELL_RADIUS_M)))
  }
  return grid
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2))
}
