/** Is the data reached by standard means, in forms that machines read, and found by what it says? */
import { isObject, own } from '../ngsi-ld/decode-run.ts'
import { evidenceOf, fail, pass, unanswered, unknown, type Check, type Verdict } from './check.ts'
import { attributesOf, entitiesIn, exchangesOf, isSuccess, type Answers, type Exchange } from './exchange.ts'

const mim = 'accessing'

export const ACCESS_CHECKS: readonly Check[] = [
  {
    id: 'accessing/web', mim, requirement: 'R1.2', title: 'Answers over standard HTTP',
    remedy: 'Ask the operator of the broker whether it serves NGSI-LD at this address',
    judge(answers) {
      const exchange = anySample(answers) ?? answers.exchanges.get('types')
      return unanswered(exchange) ?? (isSuccess(exchange) ? pass('a plain read is answered', evidenceOf(exchange)) : fail('a plain read is refused', evidenceOf(exchange, { payload: exchange?.json })))
    },
  },
  {
    id: 'accessing/format', mim, requirement: 'R1.1', title: 'Says that its answers are JSON',
    remedy: 'The broker, or the gateway before it, must send Content-Type: application/json or application/ld+json',
    judge(answers) {
      const exchange = anySample(answers)
      const off = unanswered(exchange)
      if (off !== undefined || exchange === undefined) return off ?? unknown('nothing was read')
      const value = exchange.headers['content-type'] ?? 'none'
      if (!/^application\/(ld\+|geo\+|problem\+)?json\b/i.test(value)) return fail('the media type is not JSON', evidenceOf(exchange, { value: `Content-Type: ${value}` }))
      return exchange.json === undefined ? fail('it is called JSON and is none', evidenceOf(exchange, { value: exchange.failure ?? value })) : pass('JSON by media type and content', evidenceOf(exchange, { value }))
    },
  },
  {
    id: 'accessing/errors', mim, requirement: 'R1.2', title: 'Words its errors as RFC 7807 problems',
    remedy: 'An unknown entity must be answered with 404 and a problem with type and title (CIM 009, 5.5.2)',
    judge({ exchanges }) {
      const exchange = exchanges.get('nobody')
      const off = unanswered(exchange)
      if (off !== undefined || exchange === undefined) return off ?? unknown('nothing was asked')
      if (exchange.status !== 404) return fail('an entity that nobody has is not answered with 404', evidenceOf(exchange, { value: String(exchange.status), payload: exchange.json }))
      const { json } = exchange
      const isProblem = isObject(json) && typeof own(json, 'type') === 'string' && typeof own(json, 'title') === 'string'
      return isProblem ? pass('404 with type and title', evidenceOf(exchange)) : fail('404 without type and title', evidenceOf(exchange, { payload: json ?? exchange.failure ?? '' }))
    },
  },
  {
    id: 'accessing/described', mim, requirement: 'R1.3', title: 'Links to its formal description (OpenAPI)',
    remedy: 'Link to an OpenAPI document with rel="service-desc" (RFC 8631), or declare where it is',
    judge(answers) {
      const linking = [...answers.exchanges.values()].find(({ headers }) => /rel="?service-desc/i.test(headers['link'] ?? ''))
      return linking === undefined ? unknown('no answer links to one; it may be published elsewhere') : pass('an answer links to it', evidenceOf(linking, { value: linking.headers['link'] }))
    },
  },
  {
    id: 'accessing/version', mim, requirement: 'R1.3', title: 'Says which broker it is',
    remedy: 'Not needed; its version helps whoever looks for a fault',
    judge: ({ facts }) => (facts.broker === undefined ? unknown('nothing says which broker it is') : pass(facts.broker)),
  },
  {
    id: 'accessing/cors', mim, requirement: 'R1.2', title: 'Lets pages of other hosts read it (CORS)',
    remedy: 'Only needed where pages ask the broker directly',
    judge(answers) {
      const exchange = anySample(answers)
      const value = exchange?.headers['access-control-allow-origin']
      return value === undefined ? unknown('no answer names an origin; others may be allowed', exchange === undefined ? undefined : evidenceOf(exchange)) : pass('it names who may', evidenceOf(exchange, { value }))
    },
  },
  {
    id: 'accessing/attrs', mim, requirement: 'R2.2', title: 'Gives the attributes that are asked for, no others',
    remedy: 'The parameter attrs is not honoured (CIM 009, 6.4.3.2): ask the maker of the broker',
    judge: (answers) => judged(answers, 'attrs', (exchange) => {
      const wanted = parameterOf(exchange, 'attrs')
      const wrong = entitiesIn(exchange).find((entity) => attributesOf(entity).some(([name]) => name !== wanted))
      if (entitiesIn(exchange).length === 0) return fail('nothing came, though the sample has the attribute', evidenceOf(exchange))
      return wrong === undefined ? pass(`only ${wanted} came`, evidenceOf(exchange)) : fail('other attributes came too', evidenceOf(exchange, { value: attributesOf(wrong).map(([name]) => name).join(', '), payload: wrong }))
    }),
  },
  {
    id: 'accessing/q', mim, requirement: 'R2.2', title: 'Filters by value (q)',
    remedy: 'The parameter q is not honoured (CIM 009, 4.9): ask the maker of the broker',
    judge: (answers) => judged(answers, 'q', nothingMatches),
  },
  {
    id: 'accessing/geo', mim, requirement: 'R2.2', title: 'Filters by place (geo-query)',
    remedy: 'The geo-query is not honoured (CIM 009, 4.10): ask the maker of the broker',
    judge: (answers) => judged(answers, 'geo', nothingMatches),
  },
  {
    id: 'accessing/temporal', mim, requirement: 'R2.2', title: 'Answers for the past (temporal API)',
    remedy: 'Without it there are no windows, no usual and no look back: switch history on, or name temporalUrl in the configuration',
    judge: (answers) => judged(answers, 'temporal', (exchange) => (isSuccess(exchange) ? pass('history is answered', evidenceOf(exchange)) : fail('history is refused', evidenceOf(exchange, { value: String(exchange.status), payload: exchange.json })))),
  },
]

function anySample(answers: Answers): Exchange | undefined {
  const samples = exchangesOf(answers, 'sample:')
  return samples.find(isSuccess) ?? samples[0]
}

function judged({ exchanges }: Answers, id: string, judge: (exchange: Exchange) => Verdict): Verdict {
  const exchange = exchanges.get(id)
  // 501 is a plain word: it cannot do it.
  const off = exchange?.status === 501 ? undefined : unanswered(exchange)
  return off ?? (exchange === undefined ? unknown('nothing was asked') : judge(exchange))
}

/** Asked for what cannot be. A broker that passes over the filter gives everything. */
function nothingMatches(exchange: Exchange): Verdict {
  const found = entitiesIn(exchange)
  if (found.length > 0) return fail('entities came that do not match', evidenceOf(exchange, { value: found[0]!.id, payload: found[0] }))
  // 404 is how some say that there is nothing.
  return isSuccess(exchange) || exchange.status === 404 ? pass('what matches nothing brings nothing', evidenceOf(exchange)) : fail('the filter is refused', evidenceOf(exchange, { value: String(exchange.status), payload: exchange.json }))
}

function parameterOf({ request }: Exchange, name: string): string {
  return new RegExp(`[?&]${name}=([^&\\s]*)`).exec(request)?.[1] ?? ''
}
