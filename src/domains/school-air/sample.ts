/**
 * Simulated schools: most publish one sensor's worth of air, as a city does that keeps rooms to itself; a few tell of
 * their rooms one by one, with the people in them, which no page gets to see.
 *
 * A room is a mass balance. Between two bells nothing changes, so over each stretch CO₂ runs exponentially to
 * what breathing and ventilation settle at, and a day is a dozen such stretches from the morning on: any
 * instant is computed alone, without its past.
 */
import { createPlacer } from '../../core/geo/placement.ts'
import { createRandom, hashText, noiseAt } from '../../core/random.ts'
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import { dayTypeAt, localHourOfDay, localTime } from '../../core/time/zone.ts'
import { normalAt, smoothNoiseAt, spreadPhaseMs } from '../../core/variation.ts'
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { dateTime, pointLocation, property, relationship } from '../../ngsi-ld/normalized.ts'
import type { Sampler, SampleSite, World } from '../sample-world.ts'

interface SchoolSite extends SampleSite {
  readonly seed: number
  /** Air changes an hour with closed windows, or with the plant on. */
  readonly airChanges: number
  /** Has a plant: its pupils need not open windows. */
  readonly isVentilated: boolean
  /** Id of the school of a room. */
  readonly school?: string
}

const OUTDOOR_PPM = 422
/** m³ of a class room: 60 m² and 3 m high. */
const ROOM_M3 = 180
/** L of CO₂ an hour of a child at its desk. */
const CHILD_L_PER_H = 16

const INTERVAL_MS = 5 * MINUTE_MS

/** Hours after the first bell: of lessons, with breaks and a long lunch between them. */
const LESSONS: readonly (readonly [fromHour: number, toHour: number])[] = [
  [0, 1.5],
  [1.75, 3.25],
  [3.5, 4.25],
  [5.25, 6.75],
]

/** First bell, local hours: as schools there begin, about. */
const FIRST_BELL: Readonly<Record<string, number>> = { porto: 8.5, antwerp: 8.5, manchester: 8.75, milan: 8.25, helsinki: 8.25, muenster: 7.75 }

/** Days without school, by month and day; every country has its own, these are the common part. */
const HOLIDAYS: readonly (readonly [from: number, to: number])[] = [
  [101, 106],
  [701, 831],
  [1223, 1231],
]

export const SCHOOL_AIR_SAMPLER: Sampler = {
  share: 0.6,
  canBreakUnit: true,
  sites: schoolSites,
  people: roomSites,
  entityAt: (site, world, atMs) => schoolEntity(site as SchoolSite, world, atMs),
}

function schoolSites(world: World, count: number): readonly SampleSite[] {
  const { city } = world
  const seed = hashText(`${city.id} schools ${world.seed}`)
  const random = createRandom(seed)
  const placer = createPlacer({ isAllowed: (position) => city.isLand(position), random, apartM: 220 })
  // Where people live: nobody builds a school in a park or a harbour.
  const lived = city.districts.filter(({ kind }) => kind === 'residential' || kind === 'centre' || kind === 'campus')
  const districts = lived.length === 0 ? city.districts : lived
  const sites: SchoolSite[] = []
  for (let attempt = 0; sites.length < count && attempt < count * 6; attempt++) {
    const district = districts[attempt % Math.max(1, districts.length)]
    // Late attempts look further out: a crowded quarter has no room left.
    const reach = 1 + attempt / (count * 2)
    const position = placer.around(district?.centre ?? city.anchor, (district?.radiusM ?? 1_500) * reach)
    if (position === undefined) continue
    const index = sites.length + 1
    const label = String(index).padStart(4, '0')
    const where = district?.name ?? city.name
    const own = hashText(`${seed} ${label}`)
    const isVentilated = noiseAt(own, 1) < 0.35
    sites.push({
      entityId: `urn:ngsi-ld:IndoorEnvironmentObserved:${city.id}:school-air:${label}`,
      name: `School ${index}, ${where}`,
      position,
      district: where,
      intervalMs: INTERVAL_MS,
      phaseMs: spreadPhaseMs(index, INTERVAL_MS),
      seed: own,
      isVentilated,
      airChanges: isVentilated ? 2.6 + 2 * noiseAt(own, 2) : 0.35 + 0.9 * noiseAt(own, 2),
    })
  }
  return sites
}

/** Rooms of each school that tells of them, in turn: one school is below any floor, one just on it. */
const ROOMS_OF_SCHOOLS = [2, 5, 1, 3, 4]
const SCHOOLS_WITH_ROOMS = 0.12

function roomSites(world: World, count: number): readonly SampleSite[] {
  // Elsewhere than the schools that tell of themselves: another seed draws other places.
  const schools = schoolSites({ ...world, seed: world.seed + 7_919 }, Math.max(2, Math.round(count * SCHOOLS_WITH_ROOMS))) as readonly SchoolSite[]
  return schools.flatMap((school, index) => {
    const label = `r${String(index + 1).padStart(3, '0')}`
    const rooms = ROOMS_OF_SCHOOLS[index % ROOMS_OF_SCHOOLS.length]!
    return Array.from({ length: rooms }, (_, room): SchoolSite => {
      const seed = hashText(`${school.seed} room ${room}`)
      return {
        ...school,
        entityId: `urn:ngsi-ld:IndoorEnvironmentObserved:${world.city.id}:school-air:${label}-room${room + 1}`,
        name: `Class ${room + 1}${'abc'[room % 3]!}, ${school.name}`,
        phaseMs: spreadPhaseMs(index * 7 + room, INTERVAL_MS),
        school: `urn:ngsi-ld:School:${world.city.id}:${label}`,
        seed,
        airChanges: school.airChanges * (0.8 + 0.4 * noiseAt(seed, 2)),
      }
    })
  })
}

function schoolEntity(site: SchoolSite, world: World, atMs: EpochMs): JsonObject {
  const room = roomAt(site, world, atMs)
  const meta = (unitCode: string): { readonly observedAtMs: number; readonly unitCode: string } => ({ observedAtMs: atMs, unitCode })
  return {
    id: site.entityId,
    type: 'IndoorEnvironmentObserved',
    name: property(site.name),
    location: pointLocation(site.position),
    areaServed: property(site.district),
    dataProvider: property('simulated'),
    source: property('Belvedere simulation'),
    dateObserved: dateTime(atMs, { observedAtMs: atMs }),
    co2: property(Math.round(room.co2Ppm), meta(site.fault === 'broken-unit' ? 'ppm' : '59')),
    temperature: property(Math.round(room.temperatureC * 10) / 10, meta('CEL')),
    relativeHumidity: property(Math.round(room.relativeHumidity * 100) / 100, meta('C62')),
    illuminance: property(Math.round(room.illuminanceLx), meta('LUX')),
    ...(site.school === undefined
      ? {}
      : { refPointOfInterest: relationship(site.school), peopleCount: property(Math.round(room.people), { observedAtMs: atMs, unitCode: 'C62' }) }),
  }
}

interface Room {
  readonly co2Ppm: number
  readonly temperatureC: number
  /** 0 to 1. */
  readonly relativeHumidity: number
  readonly illuminanceLx: number
  readonly people: number
}

function roomAt(site: SchoolSite, world: World, atMs: EpochMs): Room {
  const { seed } = site
  const { timeZone } = world.city
  const weather = world.weatherAt(atMs)
  const hour = localHourOfDay(atMs, timeZone)
  const bell = firstBell(site, world)
  const isSchoolDay = hasSchool(atMs, timeZone)
  const sinceBell = hour - bell
  const isUsed = isSchoolDay && sinceBell >= -0.5 && sinceBell <= LESSONS.at(-1)![1] + 1
  const tick = Math.floor(atMs / INTERVAL_MS)

  const aboveOutdoor = isSchoolDay ? excessPpm(site, world, atMs, sinceBell) : 0
  const outdoor = OUTDOOR_PPM + 8 * smoothNoiseAt(atMs / (5 * HOUR_MS), seed, 5)
  const people = (aboveOutdoor / 1_000) * 0.6
  const setPointC = (isUsed ? 20.8 : 18.4) + 1.4 * (noiseAt(seed, 6) - 0.5)
  // In summer a room follows the day outside, a little late and a little warmer.
  const temperatureC = Math.max(setPointC + people, weather.temperatureC * 0.75 + 5.5) + 0.25 * smoothNoiseAt(atMs / (50 * MINUTE_MS), seed, 7)
  // Outdoor moisture warmed up is dry air: what winter class rooms are known for.
  const moisture = weather.relativeHumidity * saturation(weather.temperatureC) + aboveOutdoor * 0.0016
  const daylight = Math.max(0, Math.sin(((hour - 6.5) / 12.5) * Math.PI)) * 350
  const isLesson = isSchoolDay && LESSONS.some(([from, to]) => sinceBell >= from && sinceBell < to)
  return {
    people: isLesson ? childrenOf(seed, dayOf(atMs, sinceBell)) : 0,
    co2Ppm: Math.max(390, outdoor + aboveOutdoor + 9 * normalAt(seed, tick, 8)),
    temperatureC,
    relativeHumidity: Math.min(0.95, Math.max(0.12, moisture / saturation(temperatureC))),
    illuminanceLx: daylight * (0.6 + 0.4 * noiseAt(seed, 9)) + (isUsed ? 380 + 60 * noiseAt(seed, tick, 10) : 0),
  }
}

/** ppm above outdoors, from stretch to stretch since the first bell of the day. */
function excessPpm(site: SchoolSite, world: World, atMs: EpochMs, sinceBell: number): number {
  if (sinceBell <= 0) return 0
  const { seed, isVentilated, airChanges } = site
  const day = dayOf(atMs, sinceBell)
  const { temperatureC } = world.weatherAt((atMs - sinceBell * HOUR_MS) as EpochMs)
  // Windows stay open in warm months, and nobody opens one into the frost.
  const openness = isVentilated ? 0 : Math.min(1, Math.max(0.1, (temperatureC - 2) / 18))
  const lessonChanges = airChanges + 2.2 * openness ** 2 * (0.6 + 0.8 * noiseAt(seed, day, 11))
  const breakChanges = airChanges + 5 * (0.25 + openness) * noiseAt(seed, day, 12)
  const children = childrenOf(seed, day)
  const sourcePpmPerH = ((children * CHILD_L_PER_H) / 1_000 / ROOM_M3) * 1e6
  let ppm = 0
  let hour = 0
  const run = (untilHour: number, changes: number, source: number): void => {
    const hours = Math.min(untilHour, sinceBell) - hour
    if (hours <= 0) return
    const settled = source / changes
    ppm = settled + (ppm - settled) * Math.exp(-changes * hours)
    hour += hours
  }
  for (const [fromHour, toHour] of LESSONS) {
    run(fromHour, breakChanges, 0)
    run(toHour, lessonChanges, sourcePpmPerH)
  }
  run(Infinity, airChanges, 0)
  return ppm
}

function dayOf(atMs: EpochMs, sinceBell: number): number {
  return Math.floor((atMs - sinceBell * HOUR_MS) / (24 * HOUR_MS))
}

/** In class that day. */
function childrenOf(seed: number, day: number): number {
  return 17 + 11 * noiseAt(seed, day, 13)
}

function firstBell(site: SchoolSite, { city }: World): number {
  const usual = Object.hasOwn(FIRST_BELL, city.id) ? FIRST_BELL[city.id]! : 8.5
  return usual + Math.round(2 * noiseAt(site.seed, 3)) / 4 - 0.25
}

function hasSchool(atMs: EpochMs, timeZone: string): boolean {
  if (dayTypeAt(atMs, timeZone) !== 'workday') return false
  const { month, day } = localTime(atMs, timeZone)
  const date = month * 100 + day
  return !HOLIDAYS.some(([from, to]) => from <= date && date <= to)
}

/** Water that air can hold, g/m³, about (Magnus; the change of its volume left out). */
function saturation(temperatureC: number): number {
  return 4.85 * Math.exp((17.62 * temperatureC) / (243.12 + temperatureC))
}
