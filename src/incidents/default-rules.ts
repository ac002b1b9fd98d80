/**
 * What is watched for where an operator has written nothing: brokers that do not answer, layers that are lost, and limits
 * that a layer's own documents give for an hour or less. Few on purpose: a limit of a year is nobody's to act on tonight,
 * and a rule that nobody answers for is a notice.
 */
import { MINUTE_MS } from '../core/time/instant.ts'
import type { DomainModel } from '../domains/domain-model.ts'
import type { Rule } from './rule.ts'

export const BROKER_DOWN = 'broker-down'
export const LAYER_LOST = 'layer-lost'

export function defaultRules(models: readonly DomainModel[], contact: string | undefined): readonly Rule[] {
  const owner = contact ?? 'whoever runs the brokers'
  return [
    {
      id: BROKER_DOWN,
      condition: { kind: 'down' },
      onDelayMs: MINUTE_MS,
      offDelayMs: MINUTE_MS,
      severity: 'high',
      response: { cause: 'The broker, or the way to it, is down.', consequence: 'None of its sensors is current.', action: `Open Health and tell ${owner}.`, owner },
    },
    ...models.flatMap((model): readonly Rule[] => [
      {
        id: `${LAYER_LOST}-${model.id}`,
        layer: model.id,
        condition: { kind: 'silent', of: 'layer' },
        onDelayMs: MINUTE_MS,
        offDelayMs: 5 * MINUTE_MS,
        severity: 'medium',
        response: { cause: 'Sensors, their gateway or what forwards them has stopped.', consequence: `${model.name} shows last known values only.`, action: `Open Health and tell ${owner}.`, owner },
      },
      ...(model.incidents?.limits ?? []).map(
        ({ measure, above, deadBand, lastingMs, source }): Rule => ({
          id: `limit-${model.id}-${measure}`,
          layer: model.id,
          measure,
          condition: { kind: 'limit', side: 'above', limit: above, deadBand },
          onDelayMs: lastingMs,
          offDelayMs: lastingMs,
          severity: 'medium',
          source: source.document,
        }),
      ),
    ]),
  ]
}
