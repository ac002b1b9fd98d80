/** The operations of the shared cases on indoor air, each as the product's own function. */
import { EU_REFERENCE, MOLAR_MASS, ugM3ToPpb } from '../src/core/gas.ts'
import { parseInstant } from '../src/core/time/instant.ts'
import { dewPointC, humidityCategory, temperatureCategory, type Season } from '../src/domains/school-air/compute-comfort.ts'
import { fractionAbove } from '../src/domains/school-air/compute-occupied.ts'
import { airChangesPerHour, co2Category, ventilationPerPerson } from '../src/domains/school-air/compute.ts'
import { observeSchool } from '../src/domains/school-air/read.ts'
import { entityOf, property } from './entity-of.ts'

/* oxlint-disable-next-line typescript/no-explicit-any -- the cases are JSON without a schema; what they are is told by their op */
type Input = any

const instant = (text: string): number => parseInstant(text)!
const SUSPECT = new Set(['unitContradiction', 'rangeContradiction'])

export const INDOOR_AIR: Readonly<Record<string, (input: Input) => unknown>> = {
  co2Category: ({ indoorPpm, outdoorPpm }: Input) => (indoorPpm === null ? {} : co2Category(indoorPpm, outdoorPpm ?? undefined)),
  ventilationPerPerson: ({ indoorPpm, outdoorPpm, emissionLitresPerHour }: Input) => ({
    litresPerSecondPerPerson: ventilationPerPerson(indoorPpm, outdoorPpm ?? undefined, emissionLitresPerHour ?? undefined),
  }),
  co2MgPerLToPpm: ({ mgPerL, temperatureC, pressurePa }: Input) => ({
    ppm: ugM3ToPpb(mgPerL * 1e6, MOLAR_MASS.co2, { temperatureC: temperatureC ?? EU_REFERENCE.temperatureC, pressurePa: pressurePa ?? EU_REFERENCE.pressurePa }) / 1_000,
  }),
  airChangeFromDecay: ({ c0, ct, outdoor, hours }: Input) => ({ ach: airChangesPerHour({ startPpm: c0, endPpm: ct, outdoorPpm: outdoor ?? undefined, hours }) }),
  fractionAbove({ samples, end, threshold, occupied }: Input) {
    const { occupiedS, aboveS, fraction } = fractionAbove(
      samples.map(({ t, ppm }: Input) => ({ atMs: instant(t), ppm: ppm ?? undefined })),
      { thresholdPpm: threshold, endMs: instant(end), occupied: occupied.map(([from, to]: Input) => ({ fromMs: instant(from), toMs: instant(to) })) },
    )
    return { occupiedSeconds: occupiedS, secondsAbove: aboveS, fraction }
  },
  temperatureCategory: ({ temperatureC, season }: Input) => ({ category: temperatureCategory(temperatureC, season as Season)?.category }),
  humidityCategory: ({ relativeHumidityPercent }: Input) => ({ category: humidityCategory(relativeHumidityPercent)?.category }),
  // Through the reader itself: it is there that a fraction is told from a percentage.
  humidityNormalise({ value, unitCode }: Input) {
    const entity = entityOf('IndoorEnvironmentObserved', {
      relativeHumidity: property(value, { observedAt: '2024-11-05T08:00:00Z', ...(unitCode === undefined || unitCode === null ? {} : { unitCode }) }),
    })
    const observed = observeSchool(entity, { timeZone: 'UTC' })
    if (!observed.ok) return { suspect: false }
    const { values, warnings } = observed.value
    return { percent: values['relativeHumidity'], suspect: warnings.some(({ kind }) => SUSPECT.has(kind)) }
  },
  dewPoint: ({ temperatureC, relativeHumidityPercent }: Input) => ({ dewPointC: dewPointC(temperatureC, relativeHumidityPercent) }),
}
