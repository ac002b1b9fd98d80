/**
 * The operations of the shared numeric cases, each as the product's own function.
 *
 * A case's input and output are JSON of no type; here they are given to functions and turned back:
 * `null` is "not available" on that side and `undefined` on ours.
 */
import { EU_REFERENCE, ppbToUgM3, ugM3ToPpb } from '../src/core/gas.ts'
import { poissonRate } from '../src/core/stats/poisson.ts'
import { registerIncrease } from '../src/core/stats/register.ts'
import { eaqiBand, eaqiIndex, eaqiLegacyBand, EAQI_COLOURS, EAQI_LABELS, isEaqiPollutant, type EaqiBand, type FractionRule } from '../src/domains/air-quality/compute-eaqi.ts'
import { exceedanceDays, maxDaily8h, runningMean } from '../src/domains/air-quality/compute-running.ts'
import { ukDaqi, type DaqiPollutant } from '../src/domains/air-quality/compute-uk-daqi.ts'
import { nowCast, usAqi, type UsAqiPollutant } from '../src/domains/air-quality/compute-us-aqi.ts'
import { gapAllowanceMs, integratePower } from '../src/domains/building-energy/compute-energy.ts'
import { applianceShares, emissions, loadStats, setback } from '../src/domains/building-energy/compute-load.ts'
import { degreeDays, energyUseIntensity, heatingDegreeDays, weatherNormalised } from '../src/domains/building-energy/compute-weather.ts'
import { annualAverage, countsByLocalDay, sharesAtCounter } from '../src/domains/cycling/compute-days.ts'
import { dockAvailability, timeInState } from '../src/domains/cycling/compute-docks.ts'
import { riderFloor, rideSpeed, roughnessRms, trimTrip } from '../src/domains/cycling/compute-rides.ts'
import { exceedanceLevels } from '../src/domains/noise/compute-exceedance.ts'
import { whoExcess, WHO_GUIDELINES, type NoiseSource } from '../src/domains/noise/compute-guideline.ts'
import { addToPeriod, EMPTY_PERIODS, lden, ldenFromHourly, periodLevels, periodOfHour, type LegalHours, type Period, type PeriodSums } from '../src/domains/noise/compute-lden.ts'
import { addLevel, arithmeticMean, EMPTY, laeq, laeqOfEqual, sumOfLevels } from '../src/domains/noise/compute.ts'
import { accumulate, accumulateRate, largestRollingSum, tippedRain } from '../src/domains/rain/compute-depth.ts'
import { intensityClass, type IntensityScheme } from '../src/domains/rain/compute-intensity.ts'
import { flowWeightedSpeed, spotSpeeds, vehiclesPerHour, vehiclesPerKm } from '../src/domains/traffic/compute-flow.ts'
import { reliability, travelTimeIndex } from '../src/domains/traffic/compute-travel-time.ts'
import { readTraffic } from '../src/domains/traffic/read.ts'
import { parseInstant } from '../src/core/time/instant.ts'
import { localTime } from '../src/core/time/zone.ts'
import type { DbA } from '../src/core/units.ts'
import { CITY_COMPARISON } from './city-comparison-cases.ts'
import { INDOOR_AIR } from './indoor-air-cases.ts'
import { entityOf, property } from './entity-of.ts'

/* oxlint-disable-next-line typescript/no-explicit-any -- the cases are JSON without a schema; what they are is told by their op */
type Input = any
type Operation = (input: Input) => unknown
type Numbers = readonly (number | undefined)[]

const numbers = (list: readonly (number | null)[]): Numbers => list.map((value) => value ?? undefined)
const optional = <T>(value: T | null | undefined): T | undefined => value ?? undefined
const instant = (text: string): number => parseInstant(text)!

const noise: Readonly<Record<string, Operation>> = {
  laeqUniform({ levels }: Input) {
    const present = numbers(levels)
    return { LAeq: laeqOfEqual(present), n: present.filter((one) => one !== undefined).length, arithmeticMean: arithmeticMean(present) }
  },
  laeqWeighted({ segments }: Input) {
    let sum = EMPTY
    for (const { level, seconds } of segments) if (level !== null) sum = addLevel(sum, level as DbA, seconds)
    return { LAeq: laeq(sum), totalSeconds: sum.durationS }
  },
  energySum: ({ levels }: Input) => ({ L: sumOfLevels(numbers(levels)) }),
  exceedance({ levels }: Input) {
    const { l10, l50, l90 } = exceedanceLevels(numbers(levels))
    return { L10: l10, L50: l50, L90: l90 }
  },
  lden: ({ Lday, Levening, Lnight, hours }: Input) => ({
    Lden: lden({ lday: optional(Lday), levening: optional(Levening), lnight: optional(Lnight) }, optional(hours)),
  }),
  ldenFromHourly({ hourly, periods }: Input) {
    const { lday, levening, lnight, lden: all, laeq24 } = ldenFromHourly(numbers(hourly), optional(periods))
    return { Lday: lday, Levening: levening, Lnight: lnight, Lden: all, LAeq24: laeq24 }
  },
  ldenFromSeries({ timeZone, periods, startUtc, stepSeconds, levels }: Input) {
    const scheme = { timeZone: timeZone as string, hours: periods as LegalHours }
    const samples: Record<Period, number> = { day: 0, evening: 0, night: 0 }
    let sums: PeriodSums = EMPTY_PERIODS
    numbers(levels).forEach((level, index) => {
      if (level === undefined) return
      const startMs = instant(startUtc) + index * stepSeconds * 1_000
      samples[periodOfHour(localTime(startMs, scheme.timeZone).hour, scheme.hours)]++
      sums = addToPeriod(sums, { startMs, level: level as DbA, durationS: stepSeconds }, scheme)
    })
    const { lday, levening, lnight, lden: all } = periodLevels(sums, scheme.hours)
    return { Lday: lday, Levening: levening, Lnight: lnight, Lden: all, samples }
  },
  whoExceedance({ source, Lden, Lnight }: Input) {
    const { lden: ldenGuideline, lnight: lnightGuideline } = WHO_GUIDELINES[source as NoiseSource]
    const excess = whoExcess(source, { lden: optional(Lden), lnight: optional(Lnight) })
    return { LdenGuideline: ldenGuideline, LnightGuideline: lnightGuideline, LdenExcess: excess.lden, LnightExcess: excess.lnight }
  },
}

const banded = (band: EaqiBand | undefined): object =>
  band === undefined ? {} : { band, label: EAQI_LABELS[band - 1], color: EAQI_COLOURS[band - 1] }

const airQuality: Readonly<Record<string, Operation>> = {
  eaqi2024Band: ({ pollutant, value, rule }: Input) =>
    banded(isEaqiPollutant(pollutant) && value !== null ? eaqiBand(pollutant, value, optional<FractionRule>(rule)) : undefined),
  eaqi2024Index({ values, stationType, rule }: Input) {
    const present = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, optional(value as number | null)]))
    const { band, drivers, minimumSetMet } = eaqiIndex(present, { stationType, rule })
    return { ...banded(band), drivers: minimumSetMet ? drivers : [], minimumSetMet }
  },
  eaqiLegacyBand: ({ pollutant, value }: Input) => banded(isEaqiPollutant(pollutant) ? eaqiLegacyBand(pollutant, value) : undefined),
  runningMean: ({ values, window, minValid }: Input) => runningMean(numbers(values), window, minValid),
  usAqi({ pollutant, value }: Input) {
    const found = usAqi(pollutant as UsAqiPollutant, value)
    return { ...found, color: found?.colour }
  },
  nowcastPm({ hourlyMostRecentFirst, decimals }: Input) {
    const found = nowCast(numbers(hourlyMostRecentFirst), optional(decimals))
    return { ...found, nowcast: found?.valueUgM3 }
  },
  ukDaqi: ({ pollutant, value }: Input) => ukDaqi(pollutant as DaqiPollutant, value) ?? {},
  ppbToUgm3: ({ ppb, molarMass, temperatureC, pressurePa }: Input) => ({
    ugm3: ppbToUgM3(ppb, molarMass, { temperatureC, pressurePa: pressurePa ?? EU_REFERENCE.pressurePa }),
  }),
  ugm3ToPpb: ({ ugm3, molarMass, temperatureC, pressurePa }: Input) => ({
    ppb: ugM3ToPpb(ugm3, molarMass, { temperatureC, pressurePa: pressurePa ?? EU_REFERENCE.pressurePa }),
  }),
  exceedanceDays: ({ dailyMeans, limit, permitted }: Input) => exceedanceDays(numbers(dailyMeans), limit, permitted),
  maxDaily8h({ previousDayLast7, day24 }: Input) {
    const { maxUgM3, validMeans } = maxDaily8h(numbers(previousDayLast7), numbers(day24))
    return { mda8: maxUgM3, valid8hMeans: validMeans }
  },
}

const cycling: Readonly<Record<string, Operation>> = {
  aggregateLocalDay: ({ timeZone, startUtc, intervalMinutes, counts }: Input) => ({
    days: countsByLocalDay(numbers(counts), { startMs: instant(startUtc), intervalMinutes, timeZone }),
  }),
  aadb({ days }: Input) {
    const { aadb, simpleMean, days: count } = annualAverage(days)
    return { aadbAashto: aadb, simpleMean, days: count }
  },
  modalShare({ counts }: Input) {
    const { total, shares } = sharesAtCounter(new Map(Object.entries(counts)))
    return { total, shares: Object.fromEntries(shares) }
  },
  dockAvailability({ availableBikeNumber, freeSlotNumber, totalSlotNumber, outOfServiceSlotNumber }: Input) {
    const counts = { bikes: availableBikeNumber, freeDocks: freeSlotNumber, totalDocks: optional(totalSlotNumber), outOfService: optional(outOfServiceSlotNumber) }
    const { unaccounted, ...rest } = dockAvailability(counts)
    return { ...rest, unaccountedSlots: unaccounted }
  },
  timeInState: ({ samples, end, equals }: Input) =>
    timeInState(
      samples.map(({ t, value }: Input) => ({ atMs: instant(t), value: optional(value) })),
      { endMs: instant(end), equals },
    ),
  spaceMeanSpeedSegments: ({ segments }: Input) => rideSpeed(segments),
  roughnessRms: ({ accel }: Input) => ({ rms: roughnessRms(accel) }),
  kAnonymise: ({ cells, k }: Input) => riderFloor(cells, k),
  trimTrip({ cumulativeMetres, trimMetres }: Input) {
    const kept = trimTrip(cumulativeMetres, trimMetres)
    return { kept: kept === undefined ? undefined : [kept.first, kept.last], keptMetres: kept?.keptMetres ?? 0 }
  },
  eventRate: ({ events, exposure, per }: Input) => poissonRate(events, exposure, per) ?? {},
}

const buildingEnergy: Readonly<Record<string, Operation>> = {
  integratePower({ samples, method, end, maxGapSeconds, maxGapFactor }: Input) {
    const read = samples.map(({ t, kW }: Input) => ({ atMs: instant(t), kW: optional(kW) }))
    const maxGapMs = maxGapSeconds !== undefined ? maxGapSeconds * 1_000 : maxGapFactor === undefined ? undefined : gapAllowanceMs(read, maxGapFactor)
    const { kWh, coveredS, gapS } = integratePower(read, { method, maxGapMs, endMs: end === undefined ? undefined : instant(end) })
    return { kWh, coveredSeconds: coveredS, gapSeconds: gapS }
  },
  counterEnergy({ readings, rollover }: Input) {
    const { total, resets } = registerIncrease(numbers(readings), optional(rollover))
    return { kWh: total, resets }
  },
  eui: ({ kWh, areaM2, days }: Input) => ({ kWhPerM2Year: energyUseIntensity(kWh, optional(areaM2), days)?.kWhPerM2Year }),
  degreeDaysEurostat: ({ dailyMeanC }: Input) => degreeDays(numbers(dailyMeanC)),
  hddBase: ({ dailyMeanC, baseC }: Input) => ({ hdd: heatingDegreeDays(numbers(dailyMeanC), baseC) }),
  weatherNormalise: (input: Input) => ({ normalisedKWh: weatherNormalised(input) }),
  loadStats({ kW }: Input) {
    const { baseLoadKW, ...rest } = loadStats(numbers(kW))
    return { ...rest, baseLoadP05KW: baseLoadKW }
  },
  co2Weighted({ kWh, gPerKWh }: Input) {
    const { kgCO2, intensityGPerKWh } = emissions(numbers(kWh), numbers(gPerKWh))
    return { kgCO2, averageIntensityGPerKWh: intensityGPerKWh }
  },
  setback: ({ kW, occupied }: Input) => setback(numbers(kW), occupied),
  applianceShares({ totalKWh, appliances }: Input) {
    const { shares, isInconsistent, ...rest } = applianceShares(totalKWh, new Map(Object.entries(appliances)))
    return { ...rest, shares: Object.fromEntries(shares), inconsistent: isInconsistent }
  },
}

/** What our own reader makes of one attribute of a detector. */
function readDetector(attribute: string, value: number, meta: Readonly<Record<string, string>> = {}): ReturnType<typeof readTraffic> {
  return readTraffic(entityOf('TrafficFlowObserved', { [attribute]: property(value, meta), dateObserved: property('2024-05-06T08:00:00Z') }), { timeZone: 'UTC' })
}

const traffic: Readonly<Record<string, Operation>> = {
  flowRate: ({ count, seconds }: Input) => ({ vehPerHour: vehiclesPerHour(count, seconds) }),
  density: ({ vehPerHour, kmh }: Input) => ({ vehPerKm: vehiclesPerKm(vehPerHour, optional(kmh)) }),
  spotSpeeds: ({ kmh }: Input) => spotSpeeds(numbers(kmh)),
  flowWeightedSpeed: ({ lanes }: Input) =>
    flowWeightedSpeed(lanes.map(({ intensity, averageVehicleSpeed }: Input) => ({ vehicles: optional(intensity), kmh: optional(averageVehicleSpeed) }))),
  travelTimeIndex({ segments }: Input) {
    const { index, congestionPercent } = travelTimeIndex(
      segments.map(({ km, kmh, freeFlowKmh, veh }: Input) => ({ km, kmh: optional(kmh), freeFlowKmh: optional(freeFlowKmh), vehicles: optional(veh) })),
    )
    return { tti: index, congestionPercent }
  },
  reliability({ travelTimes, freeFlow }: Input) {
    const { travelTimeIndex: tti, planningTimeIndex: pti, bufferIndex, p95 } = reliability(numbers(travelTimes), optional(freeFlow))
    return { tti, pti, bufferIndex, p95 }
  },
  occupancyNormalise({ value, unitCode }: Input) {
    const read = readDetector('occupancy', value, unitCode === undefined ? {} : { unitCode })
    return read.ok ? { fraction: read.value.values['occupancy'], suspect: read.value.warnings.some(({ kind }) => kind === 'rangeContradiction') } : {}
  },
  speedUnit({ value, unitCode }: Input) {
    const read = readDetector('averageVehicleSpeed', value, unitCode === undefined ? {} : { unitCode })
    return read.ok ? { kmh: read.value.values['speed'] } : {}
  },
}

const rain: Readonly<Record<string, Operation>> = {
  accumulate: ({ mm }: Input) => accumulate(numbers(mm)),
  accumulateRate: ({ samples, end }: Input) =>
    accumulateRate(
      samples.map(({ t, mmPerHour }: Input) => ({ atMs: instant(t), mmPerHour: optional(mmPerHour) })),
      end === undefined ? undefined : instant(end),
    ),
  counterRain({ readings }: Input) {
    const { total, resets } = registerIncrease(numbers(readings))
    return { totalMm: total, resets }
  },
  intensityClass: ({ mmPerHour, scheme }: Input) => ({ class: mmPerHour === null ? undefined : intensityClass(mmPerHour, optional<IntensityScheme>(scheme)) }),
  maxRolling: ({ intervalMinutes, windowMinutes, mm }: Input) =>
    largestRollingSum(numbers(mm), { intervalMs: intervalMinutes * 60_000, ...(windowMinutes === undefined ? {} : { windowMs: windowMinutes * 60_000 }) }),
  tipping: ({ tips, mmPerTip, seconds }: Input) => tippedRain(tips, { mmPerTip, periodS: seconds }),
}

/** By file name, then by op. */
export const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  noise,
  'air-quality': airQuality,
  cycling,
  'building-energy': buildingEnergy,
  traffic,
  rain,
  'city-comparison': CITY_COMPARISON,
  'indoor-air': INDOOR_AIR,
}
