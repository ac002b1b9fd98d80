/** Are common data models used, with units, times and values as they ask? The domains have judged each entity of the sample. */
import { isObject, own } from '../ngsi-ld/decode-run.ts'
import { evidenceOf, fail, pass, unanswered, unknown, type Check, type Verdict } from './check.ts'
import { attributesOf, entitiesIn, sampleOf, type Answers, type JsonEntity } from './exchange.ts'

const mim = 'representing'
const SMART_DATA_MODELS = /^https?:\/\/(www\.)?(smartdatamodels\.org|smart-data-models\.github\.io|schema\.org|uri\.fiware\.org|saref\.etsi\.org)\//i
const DEFAULT_CONTEXT = /^https?:\/\/uri\.etsi\.org\/ngsi-ld\/default-context\//i

export const MODEL_CHECKS: readonly Check[] = [
  {
    id: 'representing/types', mim, requirement: 'R1.2a', title: 'Types are those of Smart Data Models',
    remedy: 'Write and read with the @context of the data model, so that the type becomes its IRI',
    judge({ exchanges }) {
      const exchange = exchanges.get('bare')
      const off = unanswered(exchange)
      if (off !== undefined) return off
      const [entity] = entitiesIn(exchange)
      const type = own(entity ?? {}, 'type')
      const value: unknown = Array.isArray(type) ? type[0] : type
      if (typeof value !== 'string') return unknown('the broker showed no type', evidenceOf(exchange))
      if (SMART_DATA_MODELS.test(value)) return pass('the type is the IRI of a model', evidenceOf(exchange, { value }))
      if (DEFAULT_CONTEXT.test(value)) return fail('the type belongs to no model', evidenceOf(exchange, { value, payload: entity }))
      return unknown(/:\/\//.test(value) ? 'the type is an IRI of another vocabulary' : 'the broker gives short names even without an @context', evidenceOf(exchange, { value }))
    },
  },
  {
    id: 'representing/schema', mim, requirement: 'R1', title: 'Valid by the JSON schema of its model',
    remedy: 'Validate with the schema that the data model publishes',
    judge: () => unknown('schemas are on another host, which is not asked'),
  },
  {
    id: 'representing/readable', mim, requirement: 'R2.1', title: 'Has the attributes that its model names',
    remedy: 'See the example: the attribute named there is missing or cannot be read',
    judge: (answers) => doubted(answers, ['no-value', 'malformed', 'notANumber', 'no-time', 'wrong-quantity'], 'read as their model says'),
  },
  {
    id: 'representing/units', mim, requirement: 'R1', title: 'Units are UN/CEFACT codes (Rec. 20)',
    remedy: 'Send unitCode with each quantity: GQ for µg/m³, 2N for dB, KWT for kW',
    judge: (answers) => doubted(answers, ['assumedUnit', 'unknownUnitCode', 'unknown-unit', 'unitContradiction'], 'say their unit, or their model does'),
  },
  {
    id: 'representing/time', mim, requirement: 'R1', title: 'Times carry their zone',
    remedy: 'Write times as 2026-11-20T08:00:00Z or with an offset',
    judge(answers) {
      const sample = sampleOf(answers)
      for (const { entity, exchange } of sample) {
        const wrong = zoneless(entity)
        if (wrong !== undefined) return fail('a time without a zone', evidenceOf(exchange, { value: wrong, payload: entity }))
      }
      return sample.length === 0 ? unknown('the broker showed no entity') : pass(`all times of ${sample.length} entities`, evidenceOf(sample[0]!.exchange))
    },
  },
  {
    id: 'representing/range', mim, requirement: 'R1', title: 'Values are physically possible',
    remedy: 'Look at the sensor, and at the unit it sends',
    judge: (answers) => doubted(answers, ['implausible', 'out-of-range', 'rangeContradiction'], 'in range'),
  },
]

function doubted(answers: Answers, kinds: readonly string[], words: string): Verdict {
  const { doubts, judged } = answers
  if (judged === 0) return unknown('the sample has no entity of a type that a layer reads')
  const found = doubts.filter(({ kind }) => kinds.includes(kind))
  const [first] = found
  if (first === undefined) return pass(`${judged} of ${judged} ${words}`)
  const of = sampleOf(answers).find(({ entity }) => entity.id === first.entityId)
  const wrong = new Set(found.map(({ entityId }) => entityId)).size
  return fail(`${wrong} of ${judged} do not`, evidenceOf(of?.exchange, { value: `${first.entityId} ${first.detail}`, payload: of?.entity }))
}

const STAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

function zoneless(entity: JsonEntity): string | undefined {
  for (const [name, attribute] of attributesOf(entity)) {
    const value = own(attribute, 'value')
    const stamped = isObject(value) && own(value, '@type') === 'DateTime' ? own(value, '@value') : undefined
    for (const [where, text] of [[`${name}.observedAt`, own(attribute, 'observedAt')], [name, stamped]] as const) {
      if (typeof text === 'string' && STAMP.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/i.test(text)) return `${where}: ${text}`
    }
  }
  return undefined
}
