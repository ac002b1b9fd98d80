/**
 * Noise as cities publish it: NoiseLevelObserved, the older NoisePollution, and their spellings.
 *
 * Neither model has a unitCode, so a bare number is dB(A). `loudness` was seen for levels, but is also
 * a psychoacoustic quantity in sone: it counts only with the unit of a level.
 */
import { ok, type Result } from '../../core/result.ts'
import { jsonOf, type Entity } from '../../ngsi-ld/entity.ts'
import { findAttribute } from '../../ngsi-ld/attribute-names.ts'
import { createObserver, type AttributeSpec } from '../../ngsi-ld/observed.ts'
import type { ReadContext, Reading, ReadError, Warning } from '../domain-model.ts'

export interface NoiseReading extends Reading {
  /** IEC 61672-1 accuracy class of the instrument, when it is given. */
  readonly sonometerClass?: '0' | '1' | '2'
}

const level = { quantity: 'sound-level', unitWhenAbsent: '2N', plausible: [0, 140] } as const

export const NOISE_ATTRIBUTES: readonly AttributeSpec[] = [
  {
    ...level,
    measure: 'laeq',
    names: ['LAeq', 'Laeq2', 'LAeq2'],
    onlyWithUnit: ['loudness'],
    needsPeriod: true,
  },
  { ...level, measure: 'lamax', names: ['LAmax', 'Lamax2', 'LAmax2', 'LAFmax'] },
  { ...level, measure: 'lamin', names: ['LAmin', 'LAFmin'] },
  { ...level, measure: 'las', names: ['LAS'] },
  { ...level, measure: 'la10', names: ['LA10'], legacy: ['L10'] },
  { ...level, measure: 'la50', names: ['LA50'], legacy: ['L50'] },
  { ...level, measure: 'la90', names: ['LA90'], legacy: ['L90'] },
  { ...level, measure: 'laeqDay', names: ['LAeq_d', 'LAeq,d'] },
]

export const observeNoise = createObserver(NOISE_ATTRIBUTES)

export function readNoise(entity: Entity, context: ReadContext): Result<NoiseReading, ReadError> {
  const observed = observeNoise(entity, context)
  if (!observed.ok) return observed
  const { observations: _, ...reading } = observed.value
  const sonometer = readSonometerClass(entity)
  return ok({ ...reading, ...sonometer, warnings: [...reading.warnings, ...(sonometer.warnings ?? [])] })
}

function readSonometerClass(entity: Entity): { sonometerClass?: '0' | '1' | '2'; warnings?: readonly Warning[] } {
  const json = jsonOf(findAttribute(entity, ['sonometerclass']))
  if (typeof json !== 'string' && typeof json !== 'number') return {}
  const text = String(json).trim()
  const digit = /^(?:class[\s_-]*)?([012])$/i.exec(text)?.[1] as '0' | '1' | '2' | undefined
  if (digit !== undefined && digit === json) return { sonometerClass: digit }
  const detail = `sonometerClass: expected "0", "1" or "2", got ${JSON.stringify(json)}`
  const warnings = [{ kind: 'enumVariant', attribute: 'sonometerClass', detail }]
  return digit === undefined ? { warnings } : { sonometerClass: digit, warnings }
}
