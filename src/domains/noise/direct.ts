/** Which sound levels can be taken from the bytes of a notification: all that are only levels. */
import type { DirectReading } from '../domain-model.ts'
import { NOISE_ATTRIBUTES } from './read.ts'

export const NOISE_DIRECT: DirectReading = {
  tableOf: () => NOISE_ATTRIBUTES,
  texts: ['sonometerclass'],
}
