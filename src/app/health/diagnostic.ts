/** All of Health as plain text, for an e-mail to whoever can mend it. No address, no key: the page knows none. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { countOf, type ConformanceReport } from '../../conformance/report.ts'
import { formatDuration } from '../../ui/words/age.ts'
import type { CityStatus } from '../../workers/city.messages.ts'
import type { DataFact } from './data-facts.ts'
import type { CityHealth } from './read-health.ts'
import { feedState, sensorsOf, type Feed, type Incident } from './troubles.ts'

export function diagnosticText(given: {
  readonly plan: CityPlan
  readonly version: string
  readonly nowMs: number
  readonly incidents: readonly Incident[]
  readonly feeds: readonly Feed[]
  readonly facts: readonly DataFact[]
  readonly status: CityStatus | undefined
  readonly health: CityHealth | undefined
  readonly reports: readonly ConformanceReport[]
}): string {
  const { plan, version, nowMs, incidents, feeds, facts, status, health, reports } = given
  const lines = [
    `Belvedere ${version}: health of ${plan.name}, ${new Date(nowMs).toISOString()}`,
    '',
    'Incidents',
    ...(incidents.length === 0 ? ['  none'] : incidents.map(({ what, todo }) => `  ${what} ${todo}`)),
    '',
    'Feeds',
    ...feeds.map((feed) => {
      const { name, summary, expectedMs, oldestMs, medianMs } = feed
      const ages = medianMs === undefined || oldestMs === undefined ? '' : `, median ${formatDuration(medianMs)}, oldest ${formatDuration(oldestMs)}`
      return `  ${name}: ${summary.fresh} of ${sensorsOf(summary)} on time, ${summary.late} late, ${summary.lost} lost, expected every ${formatDuration(expectedMs)}${ages} (${feedState(feed, health?.brokers)})`
    }),
    '',
    'Brokers',
    ...(health?.brokers ?? []).map(({ broker, state, known, line, subscriptions, heard, clockOffsetMs, isClockUnknown, detail, lastFailure, intake }) =>
      [
        `  ${broker}: ${state}`,
        known === undefined ? undefined : `${known.profile} ${known.version ?? ''}`.trim(),
        line?.latency.p95Ms === undefined ? undefined : `latency p50 ${line.latency.p50Ms ?? '–'} ms p95 ${line.latency.p95Ms} ms`,
        subscriptions === undefined ? undefined : `subscriptions ${subscriptions.held} of ${subscriptions.wanted}`,
        heard === undefined ? undefined : `${heard.notificationsPerS} notifications/s`,
        isClockUnknown === true ? 'clock not told' : `clock ${clockOffsetMs} ms`,
        line === undefined ? undefined : `access ${line.access.kind} ${line.access.state ?? ''}, circuit ${line.circuit.state}`.replace(' ,', ','),
        `notifications ${intake.notifications}, malformed ${intake.malformed}, lost ${intake.lost}`,
        detail,
        lastFailure === undefined ? undefined : `last failure ${new Date(lastFailure.atMs).toISOString()}: ${lastFailure.words}`,
      ]
        .filter((part) => part !== undefined)
        .join('; '),
    ),
    ...(health === undefined ? ['  the server does not answer'] : []),
    '',
    'Data',
    ...facts.filter(({ count }) => count > 0).map(({ name, count }) => `  ${name}: ${count}`),
    ...(status?.counters.rejected ?? []).map(({ reason, count, example }) => `  not read, ${count} × ${reason}, such as ${example}`),
    ...reports.flatMap((report) => [
      '',
      `Conformance of ${report.of}: ${countOf(report.results, 'pass')} pass, ${countOf(report.results, 'fail')} fail, ${countOf(report.results, 'not checkable')} not checkable from here`,
      ...report.results.filter(({ outcome }) => outcome === 'fail').map(({ mim, title, words, evidence }) => `  ${mim.number} ${mim.name}: ${title}: ${words}${evidence?.value === undefined ? '' : ` (${evidence.value})`}`),
    ]),
  ]
  // What a broker wrote must not become lines of its own.
  return lines.map((line) => line.replaceAll(/\p{Cc}+/gu, ' ')).join('\n')
}
