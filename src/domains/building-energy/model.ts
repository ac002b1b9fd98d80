/** Building energy: mean power of meters, from power or from registers. Gathers the pure half. */
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../domain-model.ts'
import { POWER_FOLD } from './compute.ts'
import { ENERGY_DIRECT } from './direct.ts'
import { LEGEND } from './legend.ts'
import { FLAT_PRIVACY } from './privacy.ts'
import { readEnergy, type EnergyReading } from './read.ts'
import { BUILDING_ENERGY_SAMPLER } from './sample.ts'

export const BUILDING_ENERGY: DomainModel<EnergyReading> = {
  id: 'building-energy',
  name: 'Building energy',
  quantity: 'Electric power',
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
  method: {
    name: 'mean power',
    formula: '(1/n) Σ Pᵢ, or (E₂ − E₁) / (t₂ − t₁)',
    where: 'Pᵢ are the readings of power; where only a register comes, E₁ and E₂ are its first and last reading in the window',
    source: { document: 'Belvedere, by the definition of mean power', confirmed: true },
  },
  expectedIntervalMs: 5 * MINUTE_MS,
  across: { cell: 'sum', city: 'sum' },
  legend: LEGEND,
  worse: 'higher',
  read: readEnergy,
  direct: ENERGY_DIRECT,
  fold: POWER_FOLD,
  sampler: BUILDING_ENERGY_SAMPLER,
  privacy: FLAT_PRIVACY,
}
