/** The same checks as the screen Health runs, on one address and with what a caller knows of it. */
import { err, ok, type Result } from '../../core/result.ts'
import { conformanceOf, byMim, countOf, type ConformanceReport, type ConformanceResult } from '../../conformance/report.ts'
import { MODELS } from '../../domains/models.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import { gatherAnswers } from '../conformance/gather.ts'
import { meetBroker } from '../relay/meet-broker.ts'
import { brokerOf, type ProbeOptions } from './source.ts'

const QUESTION_MS = 10_000

/** The error is why the broker could not be reached. */
export async function checkBroker(options: ProbeOptions): Promise<Result<ConformanceReport, string>> {
  const broker = brokerOf(options)
  if (!broker.ok) return broker
  const { apiUrl, headers } = broker.value
  const recognition = await meetBroker({ apiUrl, headers, fetch: (url, init) => fetch(url, init) })
  const nowMs = Date.now()
  const link: Readonly<Record<string, string>> = options.context === undefined ? {} : { link: `<${options.context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"` }
  const personal = new Set(MODELS.flatMap(({ privacy }) => privacy?.types ?? []))
  const answers = await gatherAnswers({
    context: { timeZone: options.timeZone },
    scope: { types: MODELS.flatMap(({ watches }) => watches.map(({ type }) => type)), isPersonal: (type) => personal.has(type), nowMs },
    facts: {
      apiUrl,
      isAnonymous: headers['authorization'] === undefined,
      ...(recognition.profile !== 'generic' && { broker: `${nameOfBroker(recognition)}: ${recognition.evidence}` }),
    },
    // A redirect is followed by nobody: the token would go where it leads.
    ask: ({ target, accept, isBare }, signal) =>
      fetch(`${apiUrl}${target}`, { headers: { ...headers, accept, ...(isBare !== true && link) }, redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(QUESTION_MS)]) }),
  })
  const report = conformanceOf(answers, { of: apiUrl, atMs: nowMs })
  return report.isReached ? ok(report) : err(`${apiUrl}: expected an NGSI-LD broker, got ${report.failure ?? 'no answer'}`)
}

const MARKS: Readonly<Record<ConformanceResult['outcome'], string>> = { pass: 'pass', fail: 'FAIL', 'not checkable': 'n/c ' }

export function formatConformance(report: ConformanceReport): string {
  const { of, results } = report
  const lines = byMim(report).flatMap(({ mim, results: own }) => [
    '',
    `${mim.number} ${mim.name} (${mim.version}, ${mim.url}): ${countOf(own, 'pass')} of ${own.length - countOf(own, 'not checkable')} checked`,
    ...own.flatMap(({ outcome, requirement, title, words, remedy, evidence }) => [
      `  ${MARKS[outcome]}  ${title} [${requirement}]: ${words}`,
      ...(outcome === 'fail' ? [evidenceLine(evidence), `        do: ${remedy ?? ''}`].filter((line) => line !== undefined) : []),
    ]),
  ])
  const summary = `${of}: ${countOf(results, 'pass')} pass, ${countOf(results, 'fail')} fail, ${countOf(results, 'not checkable')} not checkable from here (n/c)`
  return [summary, ...lines].join('\n')
}

function evidenceLine(evidence: ConformanceResult['evidence']): string | undefined {
  if (evidence === undefined) return undefined
  const { request, status, value } = evidence
  const parts = [request, status === undefined ? undefined : String(status), value].filter((part) => part !== undefined)
  // A broker's text must not steer the terminal.
  return parts.length === 0 ? undefined : `        ${parts.join(' → ').replaceAll(/\p{Cc}+/gu, ' ')}`
}
