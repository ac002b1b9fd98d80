/** One thing that is abnormal now, after causes were rolled up: what an incident is about, as facts and never as sentences. */
import type { LonLat } from '../core/geo/position.ts'
import type { Condition, IncidentKind, Response, Severity } from './rule.ts'

/** `group`: many sensors of one rule; `layer`: most of a layer at once. */
export interface Subject {
  readonly kind: 'broker' | 'layer' | 'group' | 'sensor'
  readonly id: string
  readonly name: string
}

export interface Finding {
  /** Names the incident: what raises the same again raises this one. */
  readonly id: string
  readonly rule: string
  readonly kind: IncidentKind
  readonly severity: Severity
  readonly subject: Subject
  readonly condition: Condition
  readonly layer?: string
  readonly measure?: string
  /** Of the sensor when it was raised, of the worst of a group. */
  readonly value?: number
  /** Sensors that it stands for. */
  readonly sensors: number
  readonly position?: LonLat
  readonly response?: Response
  readonly source?: string
}
