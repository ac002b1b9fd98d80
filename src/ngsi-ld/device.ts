/**
 * What a Device says of its own health (Smart Data Models, Device 0.0.9): whatever it measures, it can
 * run out of battery. The model writes 0 to 1 and −1 for unknown; cities also write percent.
 */
import { createObserver, type AttributeSpec } from './observed.ts'

export const DEVICE_ATTRIBUTES: readonly AttributeSpec[] = [
  { measure: 'batteryLevel', names: ['batteryLevel'], quantity: 'fraction', unitWhenAbsent: 'C62', orPercent: true, sentinel: -1, plausible: [0, 1] },
]

export const observeDevice = createObserver(DEVICE_ATTRIBUTES)
