/**
 * Electricity as cities publish it: ACMeasurement, ThreePhaseAcMeasurement, the circuit-by-circuit model
 * of SynchroniCity's LINC pilot, and smart meters.
 *
 * Power without a unit is watts and energy kWh, as the models say. `totalActiveEnergyImport` and
 * `totalConsumption` are registers that count since installation: they are kept as read, and only a
 * difference of two means consumption.
 */
import { ok, type Result } from '../../core/result.ts'
import { jsonOf, type Entity, type Json } from '../../ngsi-ld/entity.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { createObserver, type AttributeSpec } from '../../ngsi-ld/observed.ts'
import { memberOf, type ObservedWarning } from '../../ngsi-ld/observed-time.ts'
import type { ReadContext, Reading, ReadError } from '../domain-model.ts'
import { readTooFew } from '../privacy.ts'

export interface EnergyReading extends Reading {
  /** kW by circuit or appliance, where the meter tells them apart. */
  readonly circuitsKW?: ReadonlyMap<string, number>
}

/** Largest power of a building that is believed, kW: the supply of a large hospital campus. Ours. */
const HIGHEST_KW = 20_000

export const ENERGY_ATTRIBUTES: readonly AttributeSpec[] = [
  {
    measure: 'activePower',
    names: ['totalActivePower', 'activePower', 'currentCircuit'],
    quantity: 'power',
    unitWhenAbsent: 'WTT',
    // A building with panels can feed in: negative power is real.
    plausible: [-HIGHEST_KW, HIGHEST_KW],
    reduce: reducePower,
  },
  {
    measure: 'energyImport',
    names: ['totalActiveEnergyImport', 'activeEnergyImport', 'totalConsumption'],
    quantity: 'energy',
    unitWhenAbsent: 'KWH',
    plausible: [0, 1e10],
    reduce: (json) => sumPhases(json, 'energyImport'),
  },
]

export const observeEnergy = createObserver(ENERGY_ATTRIBUTES)

export function readEnergy(entity: Entity, context: ReadContext): Result<EnergyReading, ReadError> {
  const tooFew = readTooFew(entity, context)
  if (tooFew !== undefined) return tooFew
  const observed = observeEnergy(entity, context)
  if (!observed.ok) return observed
  const { observations: _, ...reading } = observed.value
  const circuitsKW = readCircuits(jsonOf(findAttribute(entity, ['currentcircuit'])))
  return ok({ ...reading, ...(circuitsKW.size === 0 ? {} : { circuitsKW }) })
}

function reducePower(json: Json): { value: Json; warning?: ObservedWarning } | undefined {
  const circuits = readCircuits(json)
  if (circuits.size === 0) return sumPhases(json, 'activePower')
  let sumKW = 0
  for (const kW of circuits.values()) sumKW += kW
  const detail = `currentCircuit: no total came; the sum of ${circuits.size} circuits is shown`
  return { value: sumKW * 1_000, warning: { kind: 'summed', attribute: 'currentCircuit', detail } }
}

/** One number of an object by phase, {L1, L2, L3}: the sum, when all three are there. */
function sumPhases(json: Json, name: string): { value: Json; warning?: ObservedWarning } | undefined {
  let sum = 0
  for (const phase of ['L1', 'L2', 'L3']) {
    const value = memberOf(json, phase)
    if (typeof value !== 'number') return undefined
    sum += value
  }
  return { value: sum, warning: { kind: 'summed', attribute: name, detail: `${name}: no total came; the sum of L1, L2 and L3 is shown` } }
}

/** Watts of `currentCircuit[]`, in kW by label; circuits without a label or a number are left out. */
function readCircuits(json: Json | undefined): ReadonlyMap<string, number> {
  const circuits = new Map<string, number>()
  if (!Array.isArray(json)) return circuits
  for (const circuit of json as readonly Json[]) {
    const label = memberOf(circuit, 'circuitLabel')
    const watts = memberOf(circuit, 'activePower')
    if (typeof label === 'string' && typeof watts === 'number' && Number.isFinite(watts)) {
      circuits.set(label, (circuits.get(label) ?? 0) + watts / 1_000)
    }
  }
  return circuits
}
