/**
 * `npm run bench`: what the hot paths cost, as ratios measured in one run where ratios exist: machines
 * differ by a factor of two from hour to hour, ratios hardly. Inputs are made from seeds.
 *
 * A missed target is said in the table and is no failure of the program: this measures, tests decide.
 */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { machine } from './machine.ts'
import { asJson, asMarkdown, asText, type Measured } from './report.ts'
import { SUITES } from './suites.ts'

const USAGE = `usage: npm run bench [-- [--only NAME]... [--json FILE] [--write-docs] [--profile]], NAME one of ${Object.keys(SUITES).join(', ')}`
const DOCUMENT = 'docs/performance.md'
const HEAP_MB = 8_192

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, json: { type: 'string' }, 'write-docs': { type: 'boolean' }, profile: { type: 'boolean' }, suite: { type: 'string' } },
})

if (values.suite === undefined) process.exitCode = await measureAll(values.only ?? Object.keys(SUITES))
else await measureHere(values.suite)

async function measureAll(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(SUITES, name))
  if (unknown.length > 0) {
    console.error(`bench: there is no ${unknown.join(', ')}. ${USAGE}`)
    return 2
  }
  const before = machine()
  if (before.loadBefore > before.cores / 2) console.log(`other programs use this machine (load ${before.loadBefore} on ${before.cores} cores): believe ratios, not times`)
  const measured: Measured[] = []
  for (const suite of names) {
    const one = await measureApart(suite)
    measured.push(one)
    console.log(asText(one))
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(asJson(measured, before), undefined, 2)}\n`)
  if (values['write-docs'] === true) writeFileSync(DOCUMENT, asMarkdown(readFileSync(DOCUMENT, 'utf8'), measured, before))
  return measured.some(({ failure }) => failure !== undefined) ? 1 : 0
}

function measureApart(suite: string): Promise<Measured> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), ['--suite', suite, ...(values.profile === true ? ['--profile'] : [])], {
      // JSON, the other way of messages, has no NaN: what was not measured would arrive as null, which is less than any target.
      serialization: 'advanced',
      execArgv: ['--expose-gc', `--max-old-space-size=${HEAP_MB}`],
    })
    let figures: readonly Figure[] | undefined
    child.on('message', (message) => (figures = message as readonly Figure[]))
    child.once('exit', (status) => resolve(figures === undefined ? { suite, figures: [], failure: `ended with ${status} before it had measured` } : { suite, figures }))
  })
}

async function measureHere(suite: string): Promise<void> {
  process.on('disconnect', () => process.exit(1))
  const measure = await SUITES[suite]!()
  const figures = await measure({ isProfiled: values.profile === true })
  await new Promise((resolve) => process.send?.(figures, resolve))
  process.exit(0)
}
