/** What the rules are asked about: a city's brokers and sensors as a page would see them. What is held back is not in it. */
import type { LonLat } from '../core/geo/position.ts'
import type { Facts } from './signal.ts'
import type { Rule } from './rule.ts'

export interface BrokerSeen {
  readonly id: string
  readonly name: string
  readonly isDown: boolean
}

export interface SensorSeen {
  readonly id: string
  readonly name: string
  /** That it was read from. */
  readonly broker: string
  readonly position?: LonLat | undefined
  readonly isLost: boolean
  facts(rule: Rule): Facts
}

export interface World {
  readonly atMs: number
  readonly brokers: readonly BrokerSeen[]
  sensors(layer: string): Iterable<SensorSeen>
}
