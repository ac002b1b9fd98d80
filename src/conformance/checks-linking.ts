/** Does everything have a name that lasts, and does what it points to exist? */
import { isObject, own } from '../ngsi-ld/decode-run.ts'
import { evidenceOf, fail, pass, unanswered, unknown, type Check } from './check.ts'
import { entitiesIn, exchangesOf, isSuccess, sampleOf } from './exchange.ts'
import { typesIn } from './questions.ts'

const mim = 'interlinking'
const NOTHING = 'the broker showed no entity'

export const LINKING_CHECKS: readonly Check[] = [
  {
    id: 'interlinking/ids', mim, requirement: 'R1.1', title: 'Names every entity by a URI',
    remedy: 'Give these entities an id such as urn:ngsi-ld:NoiseLevelObserved:17',
    judge(answers) {
      const sample = sampleOf(answers)
      if (sample.length === 0) return unknown(NOTHING)
      const wrong = sample.find(({ entity }) => !/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(entity.id))
      return wrong === undefined ? pass(`${sample.length} of ${sample.length} are URIs`, evidenceOf(sample[0]!.exchange, { value: sample[0]!.entity.id })) : fail('an id is no URI', evidenceOf(wrong.exchange, { value: wrong.entity.id, payload: wrong.entity }))
    },
  },
  {
    id: 'interlinking/lookup', mim, requirement: 'R1.2', title: 'Finds an entity by its name',
    remedy: 'What a query lists must be there under its id: ask the operator of the broker',
    judge({ exchanges }) {
      const exchange = exchanges.get('again')
      const off = unanswered(exchange)
      if (off !== undefined || exchange === undefined) return off ?? unknown(NOTHING)
      const [entity] = entitiesIn(exchange)
      return entity !== undefined && exchange.request.endsWith(encodeURIComponent(entity.id)) ? pass('found under its id', evidenceOf(exchange)) : fail('what a query listed is not found under its id', evidenceOf(exchange, { payload: exchange.json }))
    },
  },
  {
    id: 'interlinking/persistent', mim, requirement: 'R1.5', title: 'Keeps its names over a day',
    remedy: 'Ids must not change when entities are written anew: ask whoever writes them',
    judge(answers) {
      const { earlier } = answers.facts
      const asked = exchangesOf(answers, 'earlier:')
      if (earlier === undefined || asked.length === 0) return unknown('no id is known from a day ago: check again tomorrow')
      const gone = asked.find(({ status }) => status === 404)
      if (gone !== undefined) return fail(`an id of ${earlier.hoursAgo} h ago is gone`, evidenceOf(gone))
      return asked.every(isSuccess) ? pass(`ids of ${earlier.hoursAgo} h ago are there`, evidenceOf(asked[0])) : (unanswered(asked.find((one) => !isSuccess(one))) ?? unknown('the broker does not say'))
    },
  },
  {
    id: 'interlinking/types', mim, requirement: 'R2.1', title: 'Lists its entity types',
    remedy: 'GET /types (CIM 009, 5.7.5) is not answered: layers must be configured by hand',
    judge({ exchanges }) {
      const exchange = exchanges.get('types')
      const off = unanswered(exchange)
      if (off !== undefined) return off
      const types = typesIn(exchange)
      return types.length > 0 ? pass(`${types.length} types`, evidenceOf(exchange, { value: types.slice(0, 10).join(', ') })) : fail('no list of types', evidenceOf(exchange, { payload: exchange?.json }))
    },
  },
  {
    id: 'interlinking/context', mim, requirement: 'R2.1', title: 'Says what its names mean (@context)',
    remedy: 'JSON-LD answers need an @context in the body or in a Link header',
    judge({ exchanges }) {
      const exchange = exchanges.get('linked')
      const off = unanswered(exchange)
      if (off !== undefined || exchange === undefined) return off ?? unknown(NOTHING)
      const inBody = isObject(exchange.json) ? own(exchange.json, '@context') : undefined
      const link = /json-ld#context/.test(exchange.headers['link'] ?? '') ? exchange.headers['link'] : undefined
      if (inBody === undefined && link === undefined) return fail('JSON-LD without an @context', evidenceOf(exchange, { payload: exchange.json }))
      return pass(inBody === undefined ? 'in the Link header' : 'in the body', evidenceOf(exchange, { value: inBody === undefined ? link : JSON.stringify(inBody) }))
    },
  },
  {
    id: 'interlinking/dereference', mim, requirement: 'C3', title: 'Its @context can be fetched',
    remedy: 'Open the address of the @context in a browser',
    judge: () => unknown('it is on another host, which is not asked'),
  },
  {
    id: 'interlinking/relationships', mim, requirement: 'R1.2', title: 'Relationships lead somewhere',
    remedy: 'Create the entity that is pointed to, or leave the relationship out',
    judge({ exchanges }) {
      const exchange = exchanges.get('related')
      if (exchange === undefined) return unknown('the sample has no relationship')
      return unanswered(exchange) ?? (isSuccess(exchange) ? pass('one was followed', evidenceOf(exchange)) : fail('one leads to nothing', evidenceOf(exchange)))
    },
  },
]
