/** Building energy: mean power of meters, from power or from registers. Gathers the pure half. */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../domain-model.ts'
import { createFold, plausibleValue } from '../fold.ts'
import { isBefore, meanPowerKW } from './compute.ts'
import { LEGEND } from './legend.ts'
import { readEnergy, type EnergyReading } from './read.ts'
import { BUILDING_ENERGY_SAMPLER } from './sample.ts'

// Power: sum and samples. Register: instant and reading of the first and of the last.
const FIRST = 2
const LAST = 4

const FOLD = createFold({
  width: 6,
  reads: ['activePower', 'energyImport'],
  clear(acc, at) {
    acc[at] = acc[at + 1] = 0
    for (let i = FIRST; i < LAST + 2; i++) acc[at + i] = NaN
  },
  add(acc, at, reading) {
    const activePower = plausibleValue(reading, 'activePower')
    // Power that is older than the reading was counted when it came.
    if (activePower !== undefined && reading.lagMs?.['activePower'] === undefined) {
      acc[at]! += activePower
      acc[at + 1]!++
    }
    const kWh = plausibleValue(reading, 'energyImport')
    if (kWh !== undefined) addRegister(acc, at, reading.observedAtMs - (reading.lagMs?.['energyImport'] ?? 0), kWh)
  },
  merge(acc, at, other, otherAt) {
    acc[at]! += other[otherAt]!
    acc[at + 1]! += other[otherAt + 1]!
    for (const end of [FIRST, LAST]) {
      const ms = other[otherAt + end]!
      if (!Number.isNaN(ms)) addRegister(acc, at, ms, other[otherAt + end + 1]!)
    }
  },
  value: (acc, at) =>
    meanPowerKW({ sumKW: acc[at]!, samples: acc[at + 1]!, firstMs: acc[at + FIRST]!, firstKWh: acc[at + FIRST + 1]!, lastMs: acc[at + LAST]!, lastKWh: acc[at + LAST + 1]! }),
})

function addRegister(acc: Float64Array, at: number, ms: number, kWh: number): void {
  if (Number.isNaN(acc[at + FIRST]!) || isBefore(ms, kWh, acc[at + FIRST]!, acc[at + FIRST + 1]!)) {
    acc[at + FIRST] = ms
    acc[at + FIRST + 1] = kWh
  }
  if (Number.isNaN(acc[at + LAST]!) || isBefore(acc[at + LAST]!, acc[at + LAST + 1]!, ms, kWh)) {
    acc[at + LAST] = ms
    acc[at + LAST + 1] = kWh
  }
}

export const BUILDING_ENERGY: DomainModel<EnergyReading> = {
  id: 'building-energy',
  name: 'Building energy',
  watches: [
    { type: 'ThreePhaseAcMeasurement', attributes: ['totalActivePower', 'activePower', 'totalActiveEnergyImport'] },
    { type: 'ACMeasurement', attributes: ['totalActivePower', 'activePower', 'totalActiveEnergyImport', 'activeEnergyImport'] },
    { type: 'ThreePhaseMultiCircuitAcMeasurement', attributes: ['currentCircuit', 'totalActivePower', 'totalActiveEnergyImport'] },
    { type: 'SmartMeteringObservation', attributes: ['totalConsumption'] },
  ],
  measures: [
    { id: 'activePower', name: 'Power', unit: 'kW', decimals: 1 },
    { id: 'energyImport', name: 'Meter reading', unit: 'kWh', decimals: 1, isRegister: true },
  ],
  headline: 'activePower',
  windowMs: 15 * MINUTE_MS,
  expectedIntervalMs: 5 * MINUTE_MS,
  across: { cell: 'sum', city: 'sum' },
  legend: LEGEND,
  worse: 'higher',
  read: readEnergy,
  fold: FOLD,
  sampler: BUILDING_ENERGY_SAMPLER,
}
