/**
 * Energy beside weather and floor area, so that buildings and years can stand side by side.
 *
 * Daily means are means: (maximum + minimum) / 2 where only these are known. Only the part that
 * depends on weather is normalised.
 */

export interface DegreeDays {
  readonly hdd: number
  readonly cdd: number
  readonly validDays: number
}

/**
 * Eurostat (nrg_chdd): HDD = Σ(18 − Tm) over days with Tm ≤ 15 °C, CDD = Σ(Tm − 21) over days with Tm ≥ 24 °C.
 * The jump of 3 at 15.0 °C is in the definition. Undefined days are left out: with them missing, the sum is too low.
 */
export function degreeDays(dailyMeanC: readonly (number | undefined)[]): DegreeDays {
  let hdd = 0
  let cdd = 0
  let validDays = 0
  for (const meanC of dailyMeanC) {
    if (meanC === undefined) continue
    validDays++
    if (meanC <= 15) hdd += 18 - meanC
    if (meanC >= 24) cdd += meanC - 21
  }
  return { hdd, cdd, validDays }
}

/** Heating degree days below a base temperature, Σ max(0, base − Tm): 15.5 °C in the UK. */
export function heatingDegreeDays(dailyMeanC: readonly (number | undefined)[], baseC: number): number {
  return dailyMeanC.reduce<number>((sum, meanC) => sum + (meanC === undefined ? 0 : Math.max(0, baseC - meanC)), 0)
}

/** Energy as it would be in a reference year: base load + heating · reference / actual degree days. Undefined without heating days. */
export function weatherNormalised(energy: {
  readonly totalKWh: number
  readonly baseKWh: number
  readonly hddActual: number
  readonly hddReference: number
}): number | undefined {
  if (!(energy.hddActual > 0)) return undefined
  return energy.baseKWh + ((energy.totalKWh - energy.baseKWh) * energy.hddReference) / energy.hddActual
}

export interface EnergyUse {
  /** kWh per m² and year (ISO 52000-1). */
  readonly kWhPerM2Year: number
  /** True for less than a year: the season is then extrapolated too. */
  readonly isExtrapolated: boolean
}

/** Undefined without a floor area: the model Building has none, so the operator must give it. */
export function energyUseIntensity(kWh: number, areaM2: number | undefined, days: number): EnergyUse | undefined {
  if (areaM2 === undefined || !(areaM2 > 0) || !(days > 0)) return undefined
  return { kWhPerM2Year: ((kWh / areaM2) * 365) / days, isExtrapolated: days < 365 }
}
