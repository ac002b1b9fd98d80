/**
 * `npm run probe -- <broker URL | file.json | file.jsonl> [--json]`: does the data arrive, in the right
 * models and units? Says for each entity which domain and measure it gives, in which unit and at what
 * time, and why the rest was rejected.
 *
 * With --conformance a broker is checked against the Minimal Interoperability Mechanisms instead.
 *
 * Exit code 0 when the source could be read, whatever its entities are worth; 2 when it could not. Of the checks: 1 when
 * one fails, 0 when all pass or cannot be checked from here, 2 when nobody answers.
 */
import { parseArgs } from 'node:util'
import { isTimeZone } from '../core/time/zone.ts'
import { countOf } from '../conformance/report.ts'
import { checkBroker, formatConformance } from './probe/conformance.ts'
import { examine, type ProbeReport } from './probe/examine.ts'
import { formatReport } from './probe/report.ts'
import { readSource, type ProbeOptions } from './probe/source.ts'

const USAGE = 'usage: npm run probe -- <broker URL | file.json | file.jsonl> [--json] [--conformance] [--tenant NAME] [--context URL] [--time-zone ZONE] [--limit N]'

/** Exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') return fail(options)
  if (options.conformance) return check(options)
  const source = await readSource(options)
  if (!source.ok) return fail(source.error)
  const report = examine(source.value, options.timeZone)
  console.log(options.json ? JSON.stringify(toPlain(report)) : formatReport(report))
  return 0
}

async function check(options: Options): Promise<number> {
  const report = await checkBroker(options)
  if (!report.ok) return fail(report.error)
  console.log(options.json ? JSON.stringify(report.value) : formatConformance(report.value))
  return countOf(report.value.results, 'fail') > 0 ? 1 : 0
}

/** What programs read: the shape the README promises. */
function toPlain({ entities, readings, rejected }: ProbeReport): Pick<ProbeReport, 'entities' | 'readings' | 'rejected'> {
  return { entities, readings, rejected }
}

type Options = ProbeOptions & { readonly conformance: boolean }

function readOptions(args: readonly string[]): Options | string {
  let parsed
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        conformance: { type: 'boolean', default: false },
        tenant: { type: 'string' },
        context: { type: 'string' },
        'time-zone': { type: 'string', default: 'UTC' },
        limit: { type: 'string', default: '10000' },
      },
    })
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} ${USAGE}`
  }
  const { values, positionals } = parsed
  const [source] = positionals
  if (source === undefined || positionals.length > 1) return `expected one broker URL or file, got ${positionals.length}. ${USAGE}`
  const limit = Number(values.limit)
  if (!Number.isInteger(limit) || limit < 1) return `--limit: expected a whole number above 0, got "${values.limit}"`
  if (!isTimeZone(values['time-zone'])) return `--time-zone: expected an IANA time zone, got "${values['time-zone']}"`
  return {
    source,
    json: values.json,
    conformance: values.conformance,
    timeZone: values['time-zone'],
    limit,
    ...(values.tenant === undefined ? {} : { tenant: values.tenant }),
    ...(values.context === undefined ? {} : { context: values.context }),
  }
}

function fail(message: string): number {
  console.error(`probe: ${message.replaceAll(/\s*\n\s*/g, ' ')}`)
  return 2
}
