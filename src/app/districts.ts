/** What table, list and map know of a city's districts: which is chosen, and the rows of the table, worst first. */
import type { CityPlan, DistrictsPlan } from '../configuration/city-plan.ts'
import type { Area } from '../core/geo/areas.ts'
import { SECTOR_NAMES } from '../core/geo/sectors.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { DistrictTotal } from '../domains/frame.ts'
import { defineMessage, say, type Message } from '../language/say.ts'
import { createPacedCount } from './layer-counts.ts'
import type { LiveLayer } from './live-store.ts'
import { nameCollator } from './name-order.ts'
import { givesOtherAt, tooFewRowsOf } from './sensor-list.ts'

export interface ChosenDistrict {
  /** As links have it. */
  readonly name: string
  /** As it is read. */
  readonly label: string
  /** Place in the frame's districts, which begin with those in none. */
  readonly place: number
  readonly area: Area
}

/** Undefined for a name that the city does not have: a link is read kindly. */
export function chosenDistrict({ districts }: CityPlan, name: string | undefined): ChosenDistrict | undefined {
  const index = name === undefined || districts === undefined ? -1 : districts.areas.findIndex((area) => area.name === name)
  const area = districts?.areas[index]
  return area === undefined || districts === undefined ? undefined : { name: area.name, label: districtLabel(districts, area.name), place: index + 1, area }
}

const SECTORS: Readonly<Record<(typeof SECTOR_NAMES)[number], Message>> = {
  Centre: defineMessage({ id: 'district.centre', defaultMessage: 'Centre' }),
  North: defineMessage({ id: 'district.north', defaultMessage: 'North' }),
  East: defineMessage({ id: 'district.east', defaultMessage: 'East' }),
  South: defineMessage({ id: 'district.south', defaultMessage: 'South' }),
  West: defineMessage({ id: 'district.west', defaultMessage: 'West' }),
}

/** A district has the name its city gave it; a sector is ours, and said. */
export function districtLabel({ kind }: DistrictsPlan, name: string): string {
  const sector = kind === 'sectors' ? SECTOR_NAMES.find((one) => one === name) : undefined
  return sector === undefined ? name : say(SECTORS[sector])
}

/** Whose boundaries they are, or how the sectors are cut. */
export function districtSource({ kind, source }: DistrictsPlan): string {
  const radius = kind === 'sectors' ? /a circle of ([\d.]+) km/.exec(source)?.[1] : undefined
  return radius === undefined
    ? source
    : say({ id: 'district.sectorsSource', defaultMessage: 'Sectors cut by geometry, not official districts: a circle of {radius, number} km around the middle, and what lies north, east, south and west of it' }, { radius: Number(radius) })
}

export interface DistrictRow {
  /** Undefined for the sensors in no district. */
  readonly name: string | undefined
  readonly label: string | undefined
  readonly place: number
  readonly total: DistrictTotal
  /** Sensors that give another measure than the layer's: no silent ones. */
  readonly other: number
}

/** Those with a value first, the worst at the top; those in no district last, and only if there are any. */
export function districtRows({ districts }: CityPlan, layer: LiveLayer, worse: DomainModel['worse']): readonly DistrictRow[] {
  const { frame } = layer
  if (districts === undefined || frame.districts.length !== districts.areas.length + 1) return []
  const others = othersOf(layer)
  const rows = frame.districts.map((total, place): DistrictRow => {
    const name = districts.areas[place - 1]?.name
    return { name, label: name && districtLabel(districts, name), place, total, other: others[place] ?? 0 }
  })
  const [outside, ...inside] = rows
  const sign = worse === 'lower' ? -1 : 1
  const rank = ({ total: { value } }: DistrictRow): number => (value === undefined ? -Infinity : sign * value)
  const sorted = inside.toSorted((a, b) => {
    const [one, other] = [rank(a), rank(b)]
    return one === other ? nameCollator().compare(a.label ?? '', b.label ?? '') : other - one
  })
  return outside !== undefined && outside.total.known + outside.total.tooFew > 0 ? [...sorted, outside] : sorted
}

/** By district. A pass over all rows, so it is paced as the layer's own count is. */
const othersOf = createPacedCount(countOthers, () => performance.now())

export function countOthers({ frame, roster }: LiveLayer): Uint32Array {
  const others = new Uint32Array(frame.districts.length)
  for (let row = 0; row < frame.count; row++) if (givesOtherAt(frame, row)) others[frame.districtOf[row]!]!++
  // What is held back has reported, and gives no other measure.
  for (const row of tooFewRowsOf(roster)) if (row < frame.count && givesOtherAt(frame, row)) others[frame.districtOf[row]!]!--
  return others
}

/** In place of a value: why there is none. */
export function noDistrictValue({ total: { known, tooFew }, other }: Pick<DistrictRow, 'total' | 'other'>): string {
  if (known === 0) return tooFew > 0 ? say({ id: 'district.tooFew', defaultMessage: 'too few to show' }) : say({ id: 'district.noSensors', defaultMessage: 'no sensors' })
  return known === other ? say({ id: 'district.otherMeasure', defaultMessage: 'another measure' }) : say({ id: 'district.noValue', defaultMessage: 'no value' })
}
