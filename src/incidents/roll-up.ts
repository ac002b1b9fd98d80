/**
 * One cause, one incident. A dead broker is one, with the silence of its sensors in it; most of a layer falling silent at once
 * is one; more than a few sensors beyond the same rule are one. What was rolled up stays so until its last sensor is back:
 * otherwise one sensor at the edge would make and unmake the group.
 */
import type { Finding, Subject } from './finding.ts'
import { kindOf, responseOf, type Rule } from './rule.ts'
import type { SensorSeen } from './world.ts'

/** More sensors than these, of one rule, are told as one. */
export const FEW = 3
/** In a flood nobody reads them one by one. */
export const FEW_IN_FLOOD = 1
/** Of a layer's sensors: from here on it is the layer that is lost. */
export const LOST_SHARE = 0.5
const LEAST_LOST = 3

/** A sensor at which a rule is met. */
export interface Met {
  readonly sensor: SensorSeen
  readonly value?: number | undefined
}

export interface RolledUp {
  readonly findings: readonly Finding[]
  /** Ids of incidents that are a part of another now, and of which. */
  readonly folded: ReadonlyMap<string, string>
}

export function findingId(rule: Rule, kind: Subject['kind'], id: string): string {
  return `${rule.id}:${kind}:${id}`
}

export function rollUp(given: {
  readonly rule: Rule
  readonly met: readonly Met[]
  /** Sensors that the layer has on brokers that answer. */
  readonly known: number
  /** Incidents of dead brokers, by broker. */
  readonly down: ReadonlyMap<string, string>
  readonly layerName: string
  readonly isOpen: (id: string) => boolean
  readonly isFlood: boolean
}): RolledUp {
  const { rule, met, known, down, layerName, isOpen, isFlood } = given
  const folded = new Map<string, string>()
  const isSilent = rule.condition.kind === 'silent'
  const own = isSilent ? met.filter(({ sensor }) => !down.has(sensor.broker)) : met
  if (isSilent) for (const { sensor } of met) if (down.has(sensor.broker)) folded.set(findingId(rule, 'sensor', sensor.id), down.get(sensor.broker)!)
  const layerId = findingId(rule, 'layer', rule.layer ?? '')
  const groupId = findingId(rule, 'group', rule.layer ?? '')
  const foldInto = (into: string): void => {
    for (const { sensor } of own) folded.set(findingId(rule, 'sensor', sensor.id), into)
  }
  if (isSilent && own.length < met.length) {
    // Whatever of the layer is still there on other brokers, what was lost is told with the broker.
    const [first] = [...new Set(met.filter(({ sensor }) => down.has(sensor.broker)).map(({ sensor }) => down.get(sensor.broker)!))]
    if (own.length === 0) for (const id of [layerId, groupId]) folded.set(id, first!)
  }
  if (own.length === 0) return { findings: [], folded }
  const isLayer = isSilent && ((own.length >= LEAST_LOST && own.length >= LOST_SHARE * known) || isOpen(layerId))
  if (isLayer) {
    foldInto(layerId)
    folded.set(groupId, layerId)
    return { findings: [findingOf(rule, own, { kind: 'layer', id: rule.layer ?? '', name: layerName })], folded }
  }
  // A rule for layers is silent about a single sensor.
  if (rule.condition.kind === 'silent' && rule.condition.of === 'layer') return { findings: [], folded }
  if (own.length > (isFlood ? FEW_IN_FLOOD : FEW) || isOpen(groupId)) {
    foldInto(groupId)
    return { findings: [findingOf(rule, own, { kind: 'group', id: rule.layer ?? '', name: layerName })], folded }
  }
  return { findings: own.map((one) => findingOf(rule, [one], { kind: 'sensor', id: one.sensor.id, name: one.sensor.name })), folded }
}

/** `met`: the sensors that it stands for; none of a broker that is down, whose sensors are counted by who knows them. */
export function findingOf(rule: Rule, met: readonly Met[], subject: Subject, sensors = met.length): Finding {
  const { condition, layer, measure, severity, source } = rule
  const response = responseOf(rule)
  const worst = worstOf(met, isLowWorse(rule))
  const position = met.length === 1 ? met[0]!.sensor.position : undefined
  return {
    id: findingId(rule, subject.kind, subject.id),
    rule: rule.id,
    kind: kindOf(rule),
    severity,
    subject,
    condition,
    sensors,
    ...(layer !== undefined && { layer }),
    ...(measure !== undefined && { measure }),
    ...(worst !== undefined && { value: worst }),
    ...(position !== undefined && { position }),
    ...(response !== undefined && { response }),
    ...(source !== undefined && { source }),
  }
}

function isLowWorse({ condition }: Rule): boolean {
  return 'side' in condition && (condition.side === 'below' || condition.side === 'fall')
}

function worstOf(met: readonly Met[], isLow: boolean): number | undefined {
  const values = met.flatMap(({ value }) => (value === undefined || Number.isNaN(value) ? [] : [value]))
  return values.length === 0 ? undefined : values.reduce((a, b) => (isLow ? Math.min(a, b) : Math.max(a, b)))
}
