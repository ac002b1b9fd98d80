/**
 * Quantities with their unit, and the only conversions.
 *
 * Codes are UN/CEFACT Recommendation 20 (revision 17), as NGSI-LD's `unitCode` wants them.
 * A value is converted once, when it comes in; everything behind the door is in one unit.
 */
import { err, ok, type Result } from './result.ts'

declare const unit: unique symbol
type Brand<Name extends string> = number & { readonly [unit]: Name }

/** A-weighted sound pressure level, dB re 20 µPa. */
export type DbA = Brand<'dB(A)'>
/** Mass concentration in air, µg/m³. */
export type UgM3 = Brand<'µg/m³'>
export type KW = Brand<'kW'>
export type KWh = Brand<'kWh'>

/** A quantity our models measure; its values are kept in the unit named beside it. */
export type Quantity =
  | 'sound-level' // dB(A)
  | 'mass-concentration' // µg/m³
  | 'mole-fraction' // ppm
  | 'temperature' // °C
  | 'fraction' // 0 to 1
  | 'count' // pieces
  | 'power' // kW
  | 'energy' // kWh
  | 'speed' // km/h
  | 'length' // m
  | 'precipitation' // mm
  | 'precipitation-rate' // mm/h
  | 'pressure' // hPa
  | 'illuminance' // lx
  | 'duration' // s
  | 'angle' // degree
  | 'area' // m²
  | 'irradiance' // W/m²

/** The unit in which a quantity is kept and shown. */
export const UNIT_OF: Readonly<Record<Quantity, string>> = {
  'sound-level': 'dB(A)',
  'mass-concentration': 'µg/m³',
  'mole-fraction': 'ppm',
  temperature: '°C',
  fraction: '',
  count: '',
  power: 'kW',
  energy: 'kWh',
  speed: 'km/h',
  length: 'm',
  precipitation: 'mm',
  'precipitation-rate': 'mm/h',
  pressure: 'hPa',
  illuminance: 'lx',
  duration: 's',
  angle: '°',
  area: 'm²',
  irradiance: 'W/m²',
}

interface UnitRule {
  readonly quantity: Quantity
  /** kept = factor · value + offset */
  readonly factor: number
  readonly offset?: number
}

// UN/CEFACT Rec. 20 Rev. 17e. A code may serve two quantities (C62, P1): the caller says which it expects.
const RULES: Readonly<Record<string, readonly UnitRule[]>> = {
  '2N': [{ quantity: 'sound-level', factor: 1 }],
  GQ: [{ quantity: 'mass-concentration', factor: 1 }],
  GP: [{ quantity: 'mass-concentration', factor: 1_000 }],
  M1: [{ quantity: 'mass-concentration', factor: 1_000_000 }], // mg/L
  '59': [{ quantity: 'mole-fraction', factor: 1 }],
  '61': [{ quantity: 'mole-fraction', factor: 1e-3 }],
  CEL: [{ quantity: 'temperature', factor: 1 }],
  KEL: [{ quantity: 'temperature', factor: 1, offset: -273.15 }],
  FAH: [{ quantity: 'temperature', factor: 5 / 9, offset: -160 / 9 }],
  P1: [{ quantity: 'fraction', factor: 0.01 }],
  C62: [
    { quantity: 'count', factor: 1 },
    { quantity: 'fraction', factor: 1 },
  ],
  KWT: [{ quantity: 'power', factor: 1 }],
  WTT: [{ quantity: 'power', factor: 1e-3 }],
  MAW: [{ quantity: 'power', factor: 1_000 }],
  KWH: [{ quantity: 'energy', factor: 1 }],
  WHR: [{ quantity: 'energy', factor: 1e-3 }],
  MWH: [{ quantity: 'energy', factor: 1_000 }],
  KMH: [{ quantity: 'speed', factor: 1 }],
  MTS: [{ quantity: 'speed', factor: 3.6 }],
  HM: [{ quantity: 'speed', factor: 1.609_344 }],
  MTR: [{ quantity: 'length', factor: 1 }],
  MMT: [
    { quantity: 'length', factor: 1e-3 },
    { quantity: 'precipitation', factor: 1 },
  ],
  KMT: [{ quantity: 'length', factor: 1_000 }],
  H67: [{ quantity: 'precipitation-rate', factor: 1 }],
  A97: [{ quantity: 'pressure', factor: 1 }],
  MBR: [{ quantity: 'pressure', factor: 1 }],
  PAL: [{ quantity: 'pressure', factor: 0.01 }],
  LUX: [{ quantity: 'illuminance', factor: 1 }],
  SEC: [{ quantity: 'duration', factor: 1 }],
  MIN: [{ quantity: 'duration', factor: 60 }],
  HUR: [{ quantity: 'duration', factor: 3_600 }],
  DD: [{ quantity: 'angle', factor: 1 }],
  MTK: [{ quantity: 'area', factor: 1 }],
  KMK: [{ quantity: 'area', factor: 1_000_000 }],
  D54: [{ quantity: 'irradiance', factor: 1 }],
}

// What cities write instead of a code. Each was seen in public data or is the unit's own symbol, so its
// meaning is known and not guessed; the reader warns all the same. LX was a length-by-weight code,
// 2N1 never existed (UN/CEFACT Rec. 20 Rev. 17e).
const STAND_INS: Readonly<Record<string, string>> = {
  UG_M3: 'GQ',
  'ug/m3': 'GQ',
  'µg/m3': 'GQ',
  'µg/m³': 'GQ',
  MG_M3: 'GP',
  'mg/m3': 'GP',
  'mg/m³': 'GP',
  ppm: '59',
  PPM: '59',
  ppb: '61',
  PPB: '61',
  '2N1': '2N',
  dB: '2N',
  dBA: '2N',
  'dB(A)': '2N',
  LX: 'LUX',
  lx: 'LUX',
  '°C': 'CEL',
  '%': 'P1',
  W: 'WTT',
  kW: 'KWT',
  Wh: 'WHR',
  kWh: 'KWH',
  'km/h': 'KMH',
  'm/s': 'MTS',
  mm: 'MMT',
  'L/m2': 'MMT', // one litre on a square metre is one millimetre
  'l/m2': 'MMT',
  'L/m²': 'MMT',
  'l/m²': 'MMT',
  'mm/h': 'H67',
}

/** The Rec. 20 code that is meant by a known misspelling or unit symbol; undefined for anything else. */
export function meantUnitCode(text: string): string | undefined {
  return Object.hasOwn(STAND_INS, text) ? STAND_INS[text] : undefined
}

export interface UnitError {
  readonly kind: 'unknown-unit' | 'wrong-quantity'
  readonly unitCode: string
  readonly expected: Quantity
}

/**
 * A value in `unitCode`, as the unit kept for `quantity` (see `UNIT_OF`).
 * A code we do not know, or one of another quantity, is an error: never a guess.
 */
export function convert(value: number, unitCode: string, quantity: Quantity): Result<number, UnitError> {
  const rule = ruleOf(unitCode, quantity)
  if (typeof rule === 'string') return err({ kind: rule, unitCode, expected: quantity })
  return ok(value * rule.factor + (rule.offset ?? 0))
}

/** How `convert` converts, for those who do it often: `value * factor + offset`. Undefined where it gives an error. */
export function conversionOf(unitCode: string, quantity: Quantity): { readonly factor: number; readonly offset: number } | undefined {
  const rule = ruleOf(unitCode, quantity)
  return typeof rule === 'string' ? undefined : { factor: rule.factor, offset: rule.offset ?? 0 }
}

function ruleOf(unitCode: string, quantity: Quantity): UnitRule | UnitError['kind'] {
  const rules = Object.hasOwn(RULES, unitCode) ? RULES[unitCode] : undefined
  if (rules === undefined) return 'unknown-unit'
  return rules.find((candidate) => candidate.quantity === quantity) ?? 'wrong-quantity'
}
