/** What a city wants to be told of: its own rules beside those that the layers bring, who may answer, and where alerts are kept. */
import * as v from 'valibot'
import { show, type Problem } from './problem.ts'
import { object, text } from './shapes.ts'

const seconds = (what: string, least: number) => v.pipe(v.number(what), v.minValue(least, what), v.maxValue(86_400, 'at most 86400 seconds'))
const number = v.number('a number')
const deadBand = v.optional(v.pipe(v.number('a number from 0'), v.minValue(0, 'a number from 0'), v.description('How much better than the limit it must be before it is over, in the unit of the measure.')), 0)

const when = v.variant(
  'kind',
  [
    object({ kind: v.literal('limit'), above: v.optional(number), below: v.optional(number), deadBand }),
    object({ kind: v.literal('usual'), side: v.optional(v.picklist(['above', 'below', 'either'], 'one of above, below, either'), 'either'), deadBand }),
    object({ kind: v.literal('rate'), rises: v.optional(number), falls: v.optional(number), overS: seconds('seconds, at least 60', 60), deadBand }),
    object({ kind: v.literal('silent'), of: v.optional(v.picklist(['sensor', 'layer'], 'one of sensor, layer'), 'sensor') }),
    object({ kind: v.literal('down') }),
  ],
  'a condition whose kind is limit, usual, rate, silent or down',
)

const rule = object({
  id: v.pipe(v.string('an id'), v.regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, 'an id of lower-case letters, digits and hyphens')),
  layer: v.optional(v.pipe(text, v.description('Sensor domain that it watches; none for `down`, which watches brokers.'))),
  measure: v.optional(v.pipe(text, v.description('Measure of the layer; what its map shows when left out.'))),
  when: v.pipe(when, v.description('When it is met.')),
  onDelayS: v.optional(v.pipe(seconds('seconds from 0', 0), v.description('How long it must last before it is raised.')), 0),
  offDelayS: v.optional(v.pipe(seconds('seconds from 0', 0), v.description('How long it must be over before it is called over.')), 300),
  severity: v.optional(v.picklist(['high', 'medium', 'low'], 'one of high, medium, low'), 'medium'),
  cause: v.optional(v.pipe(text, v.description('What is behind it most often. A rule with cause, consequence, action and owner raises alarms, any other raises notices.'))),
  consequence: v.optional(v.pipe(text, v.description('What follows if nobody does anything.'))),
  action: v.optional(v.pipe(text, v.description('What the operator does: "call civil protection".'))),
  owner: v.optional(v.pipe(text, v.description('Who answers for it.'))),
  source: v.optional(v.pipe(text, v.description('Document that the limit is from.'))),
})

export const incidents = object({
  defaultRules: v.optional(v.pipe(v.boolean('true or false'), v.description('Rules that every layer brings: brokers that do not answer, layers that are lost, limits of its own documents.')), true),
  rules: v.optional(v.array(rule, 'a list of rules'), []),
  mayAct: v.optional(v.pipe(v.boolean('true or false'), v.description('May whoever reaches this page acknowledge and shelve? There is no login, so nobody may unless this says so.')), false),
  alertsTo: v.optional(v.pipe(text, v.description('Id of a broker of this city that alerts may be written to. The embedded one when left out, where there is one; else alerts stay in this server.'))),
  everyS: v.optional(v.pipe(seconds('seconds, at least 10', 10), v.description('How often the rules are asked.')), 30),
})

export type IncidentsConfiguration = v.InferOutput<typeof incidents>
export type RuleConfiguration = IncidentsConfiguration['rules'][number]

interface City {
  readonly incidents?: IncidentsConfiguration | undefined
  readonly brokers: readonly { readonly id: string }[]
}

export function checkIncidents({ incidents: given, brokers }: City, path: string, domains: readonly string[]): Problem[] {
  if (given === undefined) return []
  const ids = brokers.map(({ id }) => id)
  return [
    ...(given.alertsTo === undefined || ids.includes(given.alertsTo) ? [] : [{ path: `${path}.alertsTo`, expected: `one of ${ids.join(', ')}`, got: show(given.alertsTo) }]),
    ...given.rules.flatMap((one, index, all): Problem[] => [
      ...(all.findIndex(({ id }) => id === one.id) === index ? [] : [{ path: `${path}.rules[${index}].id`, expected: 'an id that no other has', got: show(one.id) }]),
      ...checkRule(one, `${path}.rules[${index}]`, domains),
    ]),
  ]
}

function checkRule({ layer, measure, when: condition }: RuleConfiguration, path: string, domains: readonly string[]): Problem[] {
  const problems: Problem[] = []
  if (condition.kind === 'down') {
    if (layer !== undefined) problems.push({ path: `${path}.layer`, expected: 'nothing: this rule watches brokers', got: show(layer) })
  } else if (layer === undefined || !domains.includes(layer)) {
    problems.push({ path: `${path}.layer`, expected: `one of ${domains.join(', ')}`, got: layer === undefined ? 'nothing' : show(layer) })
  }
  if (measure !== undefined && (condition.kind === 'down' || condition.kind === 'silent')) problems.push({ path: `${path}.measure`, expected: 'nothing: silence is of the whole sensor', got: show(measure) })
  if (measure !== undefined && condition.kind === 'usual') problems.push({ path: `${path}.measure`, expected: 'nothing: what is usual is known of what the map shows', got: show(measure) })
  if (condition.kind === 'limit' && (condition.above === undefined) === (condition.below === undefined)) problems.push({ path: `${path}.when`, expected: 'either "above" or "below"', got: condition.above === undefined ? 'neither' : 'both' })
  if (condition.kind === 'rate' && (condition.rises === undefined) === (condition.falls === undefined)) problems.push({ path: `${path}.when`, expected: 'either "rises" or "falls"', got: condition.rises === undefined ? 'neither' : 'both' })
  return problems
}
