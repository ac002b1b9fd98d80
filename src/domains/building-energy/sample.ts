/**
 * Simulated meters of public and private buildings, and of the flats of a few: those no page gets to see.
 *
 * The register is the model and power its difference: R(t) is written down as an integral, so the power
 * published for an interval is (R(t) − R(t − interval)) / interval, and no sum of powers can disagree
 * with the register.
 *
 * R has two parts: days, each the integral of the week's rhythm times that day's weather factor, summed
 * up from the start of metering; and a bounded smooth wave, whose slope is the flicker of the power.
 */
import { createPlacer } from '../../core/geo/placement.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { localHourOfWeek, rhythmIntegral, rhythmSums, weekRhythm, type WeekRhythm } from '../../core/time/rhythm.ts'
import { instantOfWall } from '../../core/time/zone.ts'
import { smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property, relationship } from '../../ngsi-ld/normalized.ts'
import type { Sampler, SampleSite, World } from '../sample-world.ts'

type Use = 'office' | 'school' | 'shop' | 'hospital' | 'homes' | 'sports hall' | 'workshop'

interface EnergySite extends SampleSite {
  readonly use: Use
  readonly seed: number
  /** Power in a busy hour of a mild day. */
  readonly peakKW: number
  /** Id of the building that a flat is in. */
  readonly building?: string
}

interface UseProfile {
  readonly rhythm: WeekRhythm
  readonly sums: readonly number[]
  readonly fromKW: number
  readonly toKW: number
  /** More power for each degree below 15 and above 23 °C. */
  readonly perColdDegree: number
  readonly perHotDegree: number
}

const flat = (value: number): number[] => Array.from({ length: 24 }, () => value)
const day = (base: number, levels: Readonly<Record<number, number>>): number[] => flat(base).map((value, hour) => levels[hour] ?? value)
const span = (from: number, to: number, value: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [from + i, value]))

const OFFICE_DAY = day(0.27, { 6: 0.35, 7: 0.6, 8: 0.85, ...span(9, 17, 1), 12: 0.92, 17: 0.85, 18: 0.6, 19: 0.42, 20: 0.33 })
const SCHOOL_DAY = day(0.2, { 6: 0.4, 7: 0.75, ...span(8, 15, 1), 15: 0.8, 16: 0.6, 17: 0.45, 18: 0.35 })
const SHOP_DAY = day(0.3, { 7: 0.5, 8: 0.75, ...span(9, 20, 1), 20: 0.75, 21: 0.45 })
const HOSPITAL_DAY = day(0.62, { 6: 0.7, 7: 0.85, ...span(8, 17, 1), 17: 0.9, 18: 0.82, 19: 0.78, 20: 0.74, 21: 0.7 })
const HOMES_DAY = day(0.35, { 6: 0.55, 7: 0.75, 8: 0.65, ...span(9, 17, 0.5), 17: 0.7, 18: 0.9, 19: 1, 20: 1, 21: 0.9, 22: 0.7, 23: 0.5 })
const HOMES_FREE_DAY = day(0.36, { 7: 0.45, 8: 0.6, ...span(9, 17, 0.72), 17: 0.78, 18: 0.9, 19: 1, 20: 0.97, 21: 0.88, 22: 0.7, 23: 0.52 })
const SPORTS_DAY = day(0.18, { ...span(8, 16, 0.5), 16: 0.7, ...span(17, 22, 1), 22: 0.5 })
const WORKSHOP_DAY = day(0.22, { 5: 0.4, ...span(6, 12, 1), 12: 0.75, ...span(13, 17, 1), 17: 0.6, 18: 0.35 })

const USES: Readonly<Record<Use, UseProfile>> = {
  office: profile([OFFICE_DAY, flat(0.25), flat(0.24)], 60, 320, 0.012, 0.03),
  school: profile([SCHOOL_DAY, flat(0.18), flat(0.17)], 30, 140, 0.015, 0.005),
  shop: profile([SHOP_DAY, SHOP_DAY, day(0.3, span(10, 18, 0.55))], 40, 220, 0.006, 0.02),
  hospital: profile([HOSPITAL_DAY, HOSPITAL_DAY.map((value) => value * 0.9), HOSPITAL_DAY.map((value) => value * 0.87)], 180, 400, 0.008, 0.015),
  homes: profile([HOMES_DAY, HOMES_FREE_DAY, HOMES_FREE_DAY], 20, 90, 0.025, 0.012),
  'sports hall': profile([SPORTS_DAY, day(0.2, span(9, 20, 0.9)), day(0.2, span(9, 18, 0.8))], 30, 110, 0.012, 0.008),
  workshop: profile([WORKSHOP_DAY, flat(0.2), flat(0.18)], 80, 380, 0.006, 0.006),
}
const USE_NAMES = Object.keys(USES) as Use[]

/** Day 0 of all registers, counted in city-local days: 2025-01-01. */
const FIRST_DAY = Date.UTC(2025, 0, 1) / DAY_MS

const FLICKER_MS = 25 * MINUTE_MS

export const BUILDING_ENERGY_SAMPLER: Sampler = {
  share: 1.1,
  sites: energySites,
  people: flatSites,
  entityAt: (site, world, atMs) => energyEntity(site as EnergySite, world, atMs),
}

/** kWh since the start of metering. Exported for the test of the law above. */
export function registerKWh(site: SampleSite, world: World, atMs: number): number {
  const own = site as EnergySite
  const { timeZone } = world.city
  const { rhythm, sums } = USES[own.use]
  const dayIndex = localDay(atMs, world) - FIRST_DAY
  if (dayIndex < 0) return 0
  const { untilDay, factors } = daysOf(own, world, dayIndex)
  const startMs = instantOfWall((FIRST_DAY + dayIndex) * DAY_MS, timeZone)
  const today = factors[dayIndex]! * integralKWhPerKW(rhythm, sums, startMs, atMs, timeZone)
  const flicker = (own.peakKW * 0.035 * FLICKER_MS) / HOUR_MS
  return own.peakKW * (untilDay[dayIndex]! + today) + flicker * (1 + smoothNoiseAt(atMs / FLICKER_MS, own.seed, 5)) + 10_000 * noiseAt(own.seed, 6)
}

function energySites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} energy ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 50 })
  const sites: EnergySite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 4; attempt++) {
    const district = city.districts[Math.floor(random() * city.districts.length)]
    const position = placer.around(district?.centre ?? city.anchor, district?.radiusM ?? 1_500)
    if (position === undefined) continue
    const use = useIn(district?.kind, random())
    const { fromKW, toKW } = USES[use]
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    const where = district?.name ?? city.name
    const own = hashText(`${seed} ${label}`)
    sites.push({
      entityId: `urn:ngsi-ld:ThreePhaseAcMeasurement:${city.id}:energy:${label}`,
      name: `${use.charAt(0).toUpperCase()}${use.slice(1)} ${index}, ${where}`,
      position,
      district: where,
      intervalMs: 5 * MINUTE_MS,
      phaseMs: spreadPhaseMs(index, 5 * MINUTE_MS),
      use,
      seed: own,
      // More small ones than large ones.
      peakKW: fromKW + (toKW - fromKW) * noiseAt(own, 1) ** 1.7,
    })
  }
  return sites
}

/** Flats of each house that meters them, in turn: one is below the floor, one just on it. */
const FLATS_OF_HOUSES = [3, 9, 4, 6]
const HOUSES_WITH_FLATS = 0.08

function flatSites(world: World, count: number): readonly SampleSite[] {
  // Elsewhere than the buildings that tell of themselves: another seed draws other places.
  const houses = energySites({ ...world, seed: world.seed + 7_919 }, Math.max(2, Math.round(count * HOUSES_WITH_FLATS))) as readonly EnergySite[]
  return houses.flatMap((house, index) => {
    const label = `h${String(index + 1).padStart(3, '0')}`
    return Array.from({ length: FLATS_OF_HOUSES[index % FLATS_OF_HOUSES.length]! }, (_, flat): EnergySite => {
      const seed = hashText(`${house.seed} flat ${flat}`)
      return {
        ...house,
        entityId: `urn:ngsi-ld:ACMeasurement:${world.city.id}:energy:${label}-flat${flat + 1}`,
        name: `Flat ${flat + 1}, house ${index + 1}, ${house.district}`,
        phaseMs: spreadPhaseMs(index * 11 + flat, house.intervalMs),
        building: `urn:ngsi-ld:Building:${world.city.id}:${label}`,
        use: 'homes',
        seed,
        peakKW: 0.8 + 2.4 * noiseAt(seed, 1),
      }
    })
  })
}

function useIn(kind: string | undefined, draw: number): Use {
  if (kind === 'industrial' && draw < 0.6) return 'workshop'
  if (kind === 'centre' && draw < 0.7) return draw < 0.4 ? 'office' : 'shop'
  if (kind === 'campus' && draw < 0.5) return draw < 0.15 ? 'hospital' : 'office'
  // Spread what is left of the draw over all uses but the workshop; most buildings are homes or schools.
  const others: readonly Use[] = ['homes', 'homes', 'school', 'school', 'office', 'shop', 'sports hall', 'hospital']
  return others[Math.floor(draw * 997) % others.length] ?? USE_NAMES[0]!
}

function energyEntity(site: EnergySite, world: World, atMs: EpochMs): JsonObject {
  const register = registerKWh(site, world, atMs)
  const before = registerKWh(site, world, atMs - site.intervalMs)
  const powerW = ((register - before) * 3_600_000 * 1_000) / site.intervalMs
  return {
    id: site.entityId,
    type: site.building === undefined ? 'ThreePhaseAcMeasurement' : 'ACMeasurement',
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    buildingUse: property(site.use),
    refBuilding: relationship(site.building ?? site.entityId.replace('ThreePhaseAcMeasurement', 'Building')),
    ...(site.building === undefined ? {} : { refUnit: property(site.entityId.split('-').at(-1)!) }),
    refDevice: relationship(site.entityId.replace('ThreePhaseAcMeasurement', 'Device')),
    dateEnergyMeteringStarted: dateTime(instantOfWall(FIRST_DAY * DAY_MS, world.city.timeZone)),
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    totalActivePower: property(Math.round(powerW), { observedAtMs: atMs, unitCode: 'WTT' }),
    totalActiveEnergyImport: property(Math.round(register * 1_000) / 1_000, { observedAtMs: atMs, unitCode: 'KWH' }),
  }
}

interface Days {
  /** Integral of the rhythm times the factor over all days before the index, hours at peak. */
  readonly untilDay: number[]
  readonly factors: number[]
}

/** What all buildings of one use share on one day. */
interface UseDay {
  readonly weather: number
  /** Integral of the rhythm over the local day of 23, 24 or 25 hours. */
  readonly hoursAtPeak: number
}

/** A memory of pure functions: sums over the days before, which grow by one entry a day. */
interface Memory {
  readonly sites: Map<string, Days>
  readonly uses: Map<Use, UseDay[]>
}

const memories = new WeakMap<World, Memory>()

function daysOf(site: EnergySite, world: World, dayIndex: number): Days {
  const { sites, uses } = memoryOf(world)
  let days = sites.get(site.entityId)
  if (days === undefined) sites.set(site.entityId, (days = { untilDay: [0], factors: [] }))
  let useDays = uses.get(site.use)
  if (useDays === undefined) uses.set(site.use, (useDays = []))
  const { untilDay, factors } = days
  for (let index = factors.length; index <= dayIndex; index++) {
    const { weather, hoursAtPeak } = (useDays[index] ??= useDayOf(site.use, world, index))
    const factor = weather * (0.94 + 0.12 * noiseAt(site.seed, index, 7))
    factors.push(factor)
    untilDay.push(untilDay[index]! + factor * hoursAtPeak)
  }
  return days
}

function memoryOf(world: World): Memory {
  let memory = memories.get(world)
  if (memory === undefined) memories.set(world, (memory = { sites: new Map(), uses: new Map() }))
  return memory
}

function useDayOf(use: Use, world: World, index: number): UseDay {
  const { rhythm, sums, perColdDegree, perHotDegree } = USES[use]
  const { timeZone } = world.city
  const startMs = instantOfWall((FIRST_DAY + index) * DAY_MS, timeZone)
  const endMs = instantOfWall((FIRST_DAY + index + 1) * DAY_MS, timeZone)
  const { temperatureC } = world.weatherAt((startMs + 15 * HOUR_MS) as EpochMs)
  return {
    weather: 1 + perColdDegree * Math.max(0, 15 - temperatureC) + perHotDegree * Math.max(0, temperatureC - 23),
    hoursAtPeak: integralKWhPerKW(rhythm, sums, startMs, endMs, timeZone),
  }
}

/**
 * Integral of the rhythm between two instants of one local day. Where the clock changes in between, the
 * hours before and after it are taken as the clock showed them: 23 or 25 of them.
 */
function integralKWhPerKW(rhythm: WeekRhythm, sums: readonly number[], fromMs: number, toMs: number, timeZone: string): number {
  const from = localHourOfWeek(fromMs, timeZone)
  const to = localHourOfWeek(toMs, timeZone)
  const passedHours = (toMs - fromMs) / HOUR_MS
  const shownHours = (to - from + 168) % 168
  if (Math.abs(passedHours - shownHours) < 1e-6) return between(rhythm, sums, from, to)
  const changeMs = clockChange(fromMs, toMs, timeZone)
  const changeFrom = from + (changeMs - fromMs) / HOUR_MS
  const changeTo = localHourOfWeek(changeMs, timeZone)
  return between(rhythm, sums, from, changeFrom) + between(rhythm, sums, changeTo, to)
}

function between(rhythm: WeekRhythm, sums: readonly number[], from: number, to: number): number {
  const week = to < from - 1e-9 ? sums.at(-1)! : 0
  return week + rhythmIntegral(rhythm, sums, to) - rhythmIntegral(rhythm, sums, from)
}

/** The instant at which the offset changes, to a minute: by halving. */
function clockChange(fromMs: number, toMs: number, timeZone: string): number {
  const shift = (ms: number): number => (localHourOfWeek(ms, timeZone) - ms / HOUR_MS + 1e6 * 168) % 168
  const before = shift(fromMs)
  let low = fromMs
  let high = toMs
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS
    if (Math.abs(shift(middle) - before) < 0.01) low = middle
    else high = middle
  }
  return high
}

function localDay(ms: number, world: World): number {
  const guess = Math.floor(ms / DAY_MS)
  // A zone is at most 14 hours off: the local day is the day of UTC or a neighbour.
  for (const candidate of [guess + 1, guess]) {
    if (instantOfWall(candidate * DAY_MS, world.city.timeZone) <= ms) return candidate
  }
  return guess - 1
}

function profile(days: readonly [readonly number[], readonly number[], readonly number[]], fromKW: number, toKW: number, perColdDegree: number, perHotDegree: number): UseProfile {
  const rhythm = weekRhythm(...days)
  return { rhythm, sums: rhythmSums(rhythm), fromKW, toKW, perColdDegree, perHotDegree }
}
