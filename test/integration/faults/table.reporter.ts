/**
 * After a run of the faults: the table of `docs/faults.md`, with the times that were measured.
 * `npx vitest run test/integration/faults --reporter default --reporter ./test/integration/faults/table.reporter.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { FAULTS, type FaultRow } from './fault-rows.ts'

const FILE = join(import.meta.dirname, '../../../docs/faults.md')
const START = '<!-- measured: start -->'
const END = '<!-- measured: end -->'

export default class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const times = new Map<string, number>()
    for (const module of modules) {
      for (const test of module.children.allTests('passed')) {
        // The worst, where one fault is tried in several ways.
        for (const [fault, ms] of Object.entries(test.meta().healed ?? {})) times.set(fault, Math.max(ms, times.get(fault) ?? 0))
      }
    }
    const rows = Object.entries<FaultRow>(FAULTS)
    const missing = rows.filter(([id]) => !times.has(id)).map(([id]) => id)
    if (missing.length > 0) return console.error(`The table stays as it was: no time to heal of ${missing.join(', ')}`)
    const table = ['| Fault | What the operator sees | What is lost | Healed here | In life |', '|---|---|---|---|---|', ...rows.map(([id, { fault, sees, lost, inLife }]) => `| ${fault} | ${sees} | ${lost} | ${said(times.get(id)!)} | ${inLife} |`)]
    const text = readFileSync(FILE, 'utf8')
    writeFileSync(FILE, `${text.slice(0, text.indexOf(START) + START.length)}\n${table.join('\n')}\n${text.slice(text.indexOf(END))}`)
  }
}

/** Two digits: what is beyond them is the machine's mood. */
function said(ms: number): string {
  return `${Number((ms / 1_000).toPrecision(2))} s`
}
