/** Conformance with the interoperability mechanisms: each check with what it stands on, to be run, read and saved. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { Outcome } from '../../conformance/check.ts'
import { conformanceCsv } from '../../conformance/export.ts'
import { byMim, countOf, type ConformanceReport, type ConformanceResult } from '../../conformance/report.ts'
import { defineMessage, say, type Message } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { formatDuration } from '../../ui/words/age.ts'
import { formatFull } from '../../ui/words/clock.ts'
import { brokerName } from '../broker-name.ts'
import { useMachineNow } from '../clock.ts'
import { Pre } from './data.tsx'
import styles from './health.module.css'
import { Mark, type MarkKind } from './mark.tsx'
import { fetchConformance } from './read-health.ts'
import { contactWords } from './troubles.ts'
import { conformanceQuery } from './use-health.ts'

export function Conformance({ plan }: { readonly plan: CityPlan }) {
  const client = useQueryClient()
  const { data } = useQuery(conformanceQuery(plan.id))
  const run = useMutation({
    mutationFn: () => fetchConformance(plan.id, { run: true }),
    onSuccess: (state) => client.setQueryData(conformanceQuery(plan.id).queryKey, state),
  })
  const reports = data?.reports ?? []
  return (
    <section className={styles.section} aria-labelledby="health-conformance">
      <h2 id="health-conformance" className={styles.heading}>
        {say({ id: 'conformance.title', defaultMessage: 'Conformance' })}
      </h2>
      <div className={styles.actions}>
        <button type="button" className={controls.button} disabled={run.isPending} onClick={() => run.mutate()}>
          {run.isPending ? say({ id: 'conformance.checking', defaultMessage: 'Checking…' }) : say({ id: 'conformance.check', defaultMessage: 'Check now' })}
        </button>
        <button type="button" className={controls.button} disabled={reports.length === 0} onClick={() => save(plan, 'json', reports)}>
          {say({ id: 'export.saveAs', defaultMessage: 'Save as {format}' }, { format: 'JSON' })}
        </button>
        <button type="button" className={controls.button} disabled={reports.length === 0} onClick={() => save(plan, 'csv', reports)}>
          {say({ id: 'export.saveAs', defaultMessage: 'Save as {format}' }, { format: 'CSV' })}
        </button>
        <output className={styles.quiet}>{run.isError ? say({ id: 'data.noAnswer', defaultMessage: 'The server does not answer.' }) : <Wait againAtMs={data?.againAtMs ?? 0} />}</output>
      </div>
      {reports.length === 0 && <p className={styles.quiet}>{say({ id: 'conformance.notYet', defaultMessage: 'Not checked since the server started. A check asks each broker about twenty short questions.' })}</p>}
      {reports.map((report) => (
        <Report key={report.of} {...{ plan, report }} />
      ))}
    </section>
  )
}

/** A check is run at most once a minute: until then the last one is shown. */
function Wait({ againAtMs }: { readonly againAtMs: number }) {
  const leftMs = againAtMs - useMachineNow()
  return leftMs > 0 ? say({ id: 'conformance.again', defaultMessage: 'Can be run again in {wait}.' }, { wait: formatDuration(leftMs + 999) }) : ''
}

function Report({ plan, report }: { readonly plan: CityPlan; readonly report: ConformanceReport }) {
  const { of, atMs, isReached, failure, results } = report
  const name = brokerName(plan, of)
  return (
    <article aria-label={say({ id: 'conformance.of', defaultMessage: 'Conformance of {broker}' }, { broker: name })} className={styles.report}>
      <p className={styles.caption}>
        {say(
          { id: 'conformance.summary', defaultMessage: '{broker}, {when}: {pass} pass, {fail} fail, {not} not checkable from here.' },
          { broker: name, when: formatFull(atMs, plan.timeZone), pass: countOf(results, 'pass'), fail: countOf(results, 'fail'), not: countOf(results, 'not checkable') },
        )}
        {!isReached && ` ${failure === undefined ? say({ id: 'conformance.noAnswer', defaultMessage: 'The broker did not answer.' }) : say({ id: 'conformance.noAnswerBecause', defaultMessage: 'The broker did not answer: {reason}.' }, { reason: failure })} ${contactWords(plan)}`}
      </p>
      {byMim(report).map(({ mim, results: own }) => (
        <details key={`${mim.number} ${mim.name}`} className={styles.mim} open={countOf(own, 'fail') > 0}>
          <summary>
            <Mark kind={countOf(own, 'fail') > 0 ? 'warning' : countOf(own, 'pass') > 0 ? 'ok' : 'unknown'} />
            <span className={styles.mimName}>
              {mim.number} {mim.name}
            </span>
            <span className={styles.quiet}>{summaryOf(own)}</span>
          </summary>
          <p className={styles.caption}>
            {mim.version}, <a href={mim.url} rel="noreferrer" target="_blank">{mim.url}</a>
          </p>
          <ul className={styles.checks}>
            {own.map((result) => (
              <Check key={result.check} {...{ plan, result }} />
            ))}
          </ul>
        </details>
      ))}
    </article>
  )
}

const MARKS: Readonly<Record<Outcome, MarkKind>> = { pass: 'ok', fail: 'warning', 'not checkable': 'unknown' }
const WORDS: Readonly<Record<Outcome, Message>> = {
  pass: defineMessage({ id: 'conformance.pass', defaultMessage: 'pass' }),
  fail: defineMessage({ id: 'conformance.fail', defaultMessage: 'fail' }),
  'not checkable': defineMessage({ id: 'conformance.notCheckable', defaultMessage: 'not checkable from here' }),
}

function Check({ plan, result }: { readonly plan: CityPlan; readonly result: ConformanceResult }) {
  const { outcome, title, requirement, words, remedy, declaration, evidence } = result
  const asked = [evidence?.request, evidence?.status === undefined ? undefined : `→ ${evidence.status}`, evidence?.value].filter((part) => part !== undefined)
  return (
    <li className={styles.check}>
      <Mark kind={MARKS[outcome]} />
      <div>
        <p lang="en">
          {title} <span className={styles.quiet}>{requirement}</span>
        </p>
        <p className={styles.caption}>
          {say(WORDS[outcome])}:{' '}
          <span lang="en">
            {words}.{outcome === 'fail' && ` ${remedy ?? ''}.`}
          </span>
          {outcome === 'fail' && ` ${contactWords(plan)}`}
          {declaration !== undefined && (
            <>
              {' '}
              {say({ id: 'conformance.declared', defaultMessage: 'Declared at:' })} <a href={declaration} rel="noreferrer" target="_blank">{declaration}</a>
            </>
          )}
        </p>
        {asked.length > 0 && <p className={styles.example}>{asked.join(' ')}</p>}
        {outcome === 'fail' && evidence?.payload !== undefined && (
          <details>
            <summary>{say({ id: 'conformance.answered', defaultMessage: 'What it answered' })}</summary>
            <Pre label={say({ id: 'conformance.failing', defaultMessage: 'Answer that fails: {check}' }, { check: title })} text={evidence.payload} />
          </details>
        )}
      </div>
    </li>
  )
}

function summaryOf(results: readonly ConformanceResult[]): string {
  const [pass, fail, not] = [countOf(results, 'pass'), countOf(results, 'fail'), countOf(results, 'not checkable')]
  const checked = pass + fail === 0 ? say({ id: 'conformance.nothing', defaultMessage: 'nothing checkable from here' }) : say({ id: 'conformance.passed', defaultMessage: '{part} of {whole} pass' }, { part: pass, whole: pass + fail })
  return not === 0 || pass + fail === 0 ? checked : say({ id: 'conformance.andNot', defaultMessage: '{passed}, {count} not checkable' }, { passed: checked, count: not })
}

function save({ id }: CityPlan, format: 'json' | 'csv', reports: readonly ConformanceReport[]): void {
  const text = format === 'csv' ? conformanceCsv(reports) : JSON.stringify(reports, undefined, 2)
  const at = new Date(Math.max(...reports.map(({ atMs }) => atMs))).toISOString().slice(0, 16).replaceAll(':', '')
  const url = URL.createObjectURL(new Blob([text], { type: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${id}-conformance-${at}.${format}`
  link.click()
  URL.revokeObjectURL(url)
}
