/**
 * Asks every rule about every sensor of its layer, and says what is abnormal now. Between two askings it keeps only the
 * signals that are on or on their way: memory grows with what is abnormal, not with the city.
 */
import type { Finding } from './finding.ts'
import { findingId, findingOf, rollUp, type Met } from './roll-up.ts'
import type { Rule } from './rule.ts'
import { isMet, OFF, stepSignal, type Signal } from './signal.ts'
import type { World } from './world.ts'

export interface Evaluation {
  readonly findings: readonly Finding[]
  readonly folded: ReadonlyMap<string, string>
}

export interface Evaluator {
  evaluate(world: World, asked: { readonly isOpen: (id: string) => boolean; readonly isFlood: boolean }): Evaluation
  /** Signals that are kept. */
  readonly size: number
}

export function createEvaluator({ rules, nameOf }: { readonly rules: readonly Rule[]; readonly nameOf: (layer: string) => string }): Evaluator {
  let isFirst = true
  const signals = new Map(rules.map(({ id }) => [id, new Map<string, Signal>()]))

  /** By its key; is it on? `wasOpen`: an evaluator before this one had raised it, whose delays and dead-bands must not begin anew. */
  function step(rule: Rule, next: Map<string, Signal>, key: string, met: (wasMet: boolean) => boolean | undefined, atMs: number, wasOpen: () => boolean): boolean {
    const before = signals.get(rule.id)!.get(key) ?? (isFirst && wasOpen() && met(true) === true ? { isOn: true } : OFF)
    const signal = stepSignal(before, met(before.isOn), atMs, rule)
    if (signal.isOn || signal.pendingSinceMs !== undefined) next.set(key, signal)
    return signal.isOn
  }

  return {
    evaluate(world, { isOpen, isFlood }) {
      const { atMs, brokers } = world
      const findings: Finding[] = []
      const folded = new Map<string, string>()
      const down = new Map<string, string>()
      const downNow = new Set(brokers.filter(({ isDown }) => isDown).map(({ id }) => id))
      const silentOn = new Map<string, number>()
      // Brokers first: what their sensors say depends on them.
      for (const rule of rules) {
        if (rule.condition.kind !== 'down') continue
        const next = new Map<string, Signal>()
        for (const { id, isDown } of brokers) if (step(rule, next, id, () => isDown, atMs, () => isOpen(findingId(rule, 'broker', id)))) down.set(id, findingId(rule, 'broker', id))
        signals.set(rule.id, next)
      }
      for (const rule of rules) {
        const { layer, condition } = rule
        if (layer === undefined || condition.kind === 'down') continue
        const next = new Map<string, Signal>()
        const met: Met[] = []
        let known = 0
        for (const sensor of world.sensors(layer)) {
          const isBehindDead = down.has(sensor.broker)
          if (!isBehindDead) known += 1
          const facts = sensor.facts(rule)
          // Behind a broker that has just gone, silence is told with the broker, once that is sure, and not before.
          const isSettling = condition.kind === 'silent' && downNow.has(sensor.broker) && !isBehindDead
          const wasOpen = (): boolean => isOpen(findingId(rule, 'sensor', sensor.id)) || isOpen(findingId(rule, 'group', layer)) || isOpen(findingId(rule, 'layer', layer))
          if (!step(rule, next, sensor.id, (wasMet) => (isSettling ? undefined : isMet(condition, facts, wasMet)), atMs, wasOpen)) continue
          met.push({ sensor, value: facts.value })
          if (condition.kind === 'silent' && isBehindDead) silentOn.set(sensor.broker, (silentOn.get(sensor.broker) ?? 0) + 1)
        }
        signals.set(rule.id, next)
        const rolled = rollUp({ rule, met, known, down, layerName: nameOf(layer), isOpen, isFlood })
        findings.push(...rolled.findings)
        for (const [id, into] of rolled.folded) folded.set(id, into)
      }
      for (const rule of rules) {
        if (rule.condition.kind !== 'down') continue
        for (const { id, name } of brokers) {
          if (down.get(id) === findingId(rule, 'broker', id)) findings.unshift(findingOf(rule, [], { kind: 'broker', id, name }, silentOn.get(id) ?? 0))
        }
      }
      isFirst = false
      return { findings, folded }
    },
    get size() {
      let size = 0
      for (const kept of signals.values()) size += kept.size
      return size
    },
  }
}
