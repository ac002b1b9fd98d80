/** The operations of the shared cases on comparing cities, each as the product's own function. */
import { overlap } from '../src/core/stats/limits.ts'
import { energeticLimits, meanDifference, meanLimits } from '../src/core/stats/mean-limits.ts'
import { completeness, perPopulation, perSquareKm } from '../src/core/stats/normalise.ts'
import { poissonRate } from '../src/core/stats/poisson.ts'
import { shareLimits } from '../src/core/stats/share-limits.ts'
import { MINUTE_MS, parseInstant } from '../src/core/time/instant.ts'
import { expectedIntervals, localDay } from '../src/core/time/local-day.ts'
import { localHourAt } from '../src/core/time/local-hour.ts'

/* oxlint-disable-next-line typescript/no-explicit-any -- the cases are JSON without a schema; what they are is told by their op */
type Input = any

const numbers = (list: readonly (number | null)[]): readonly (number | undefined)[] => list.map((value) => value ?? undefined)
const limitsOf = ([lower, upper]: readonly (number | null)[]) => ({ lower: lower ?? undefined, upper: upper ?? undefined })

export const CITY_COMPARISON: Readonly<Record<string, (input: Input) => unknown>> = {
  perCapita: ({ value, population, per }: Input) => ({ rate: perPopulation(value, population ?? undefined, per ?? undefined) }),
  perArea: ({ value, areaKm2 }: Input) => ({ perKm2: perSquareKm(value, areaKm2 ?? undefined) }),
  meanCi: ({ values }: Input) => meanLimits(numbers(values)),
  wilson({ successes, n }: Input) {
    const { share, lower, upper } = shareLimits(successes, n)
    return { p: share, lower, upper }
  },
  poissonRate: ({ events, exposure, per }: Input) => poissonRate(events, exposure ?? 0, per) ?? {},
  completeness({ received, expected, threshold }: Input) {
    const { ratio, isEnough } = completeness(received, expected, threshold ?? undefined)
    return { ratio, ok: isEnough }
  },
  localHour({ instant, timeZone }: Input) {
    const { localDate, hour, offsetMinutes } = localHourAt(parseInstant(instant)!, timeZone)
    return { localDate, localHour: hour, offsetMinutes }
  },
  expectedIntervals: ({ localDate, timeZone, intervalMinutes }: Input) => ({
    expected: expectedIntervals(localDay(localDate, timeZone)!, intervalMinutes * MINUTE_MS),
  }),
  welch: ({ a, b }: Input) => meanDifference(numbers(a), numbers(b)),
  energeticCi({ levels }: Input) {
    const { level, lower, upper, n } = energeticLimits(numbers(levels))
    return { L: level, lower, upper, n }
  },
  rangeOverlap: ({ a, b }: Input) => ({ overlap: overlap(limitsOf(a), limitsOf(b)) }),
}
