/** The rules of a city: those that it writes, and unless it says otherwise those that its layers bring. A rule of its own takes the place of one of the same id. */
import type { RuleConfiguration } from '../../configuration/incidents.ts'
import type { CityConfiguration } from '../../configuration/schema.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { defaultRules } from '../../incidents/default-rules.ts'
import type { Condition, Rule } from '../../incidents/rule.ts'

/** `models`: of the layers that the city shows. */
export function rulesOf(city: CityConfiguration, models: readonly DomainModel[]): readonly Rule[] {
  const given = city.incidents
  if (given === undefined) return []
  const own = given.rules.filter(({ layer }) => layer === undefined || models.some(({ id }) => id === layer)).map(ruleOf)
  const brought = given.defaultRules ? defaultRules(models, city.contact).filter(({ id }) => !own.some((rule) => rule.id === id)) : []
  return [...brought, ...own]
}

function ruleOf({ id, layer, measure, when, onDelayS, offDelayS, severity, cause, consequence, action, owner, source }: RuleConfiguration): Rule {
  return {
    id,
    condition: conditionOf(when),
    onDelayMs: onDelayS * SECOND_MS,
    offDelayMs: offDelayS * SECOND_MS,
    severity,
    response: { ...(cause !== undefined && { cause }), ...(consequence !== undefined && { consequence }), ...(action !== undefined && { action }), ...(owner !== undefined && { owner }) },
    ...(layer !== undefined && { layer }),
    ...(measure !== undefined && { measure }),
    ...(source !== undefined && { source }),
  }
}

function conditionOf(when: RuleConfiguration['when']): Condition {
  switch (when.kind) {
    case 'limit':
      return { kind: 'limit', side: when.above === undefined ? 'below' : 'above', limit: when.above ?? when.below ?? NaN, deadBand: when.deadBand }
    case 'rate':
      return { kind: 'rate', side: when.rises === undefined ? 'fall' : 'rise', by: when.rises ?? when.falls ?? NaN, overMs: when.overS * SECOND_MS, deadBand: when.deadBand }
    case 'usual':
    case 'silent':
    case 'down':
      return when
  }
}
