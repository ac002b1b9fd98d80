/** One run as a table for people, as JSON for programs, and as the table of `docs/performance.md`. */
import { verdictOf, type Figure } from './figure.ts'
import type { Machine } from './machine.ts'

export interface Measured {
  readonly suite: string
  readonly figures: readonly Figure[]
  /** Why there are no figures, when there are none. */
  readonly failure?: string
}

const VERDICTS = { moonshot: 'moonshot reached', must: 'must reached', missed: 'MISSED' } as const

export function asText({ suite, figures, failure }: Measured): string {
  if (failure !== undefined) return `${suite}: ${failure}`
  const width = Math.max(...figures.map(({ name }) => name.length))
  const lines = figures.map((figure) => {
    const { name, unit, against, target } = figure
    const verdict = verdictOf(figure)
    return [
      `  ${name.padEnd(width)}  ${numberText(figure.value).padStart(9)} ${unit}`,
      against === undefined ? '' : `  against ${against}`,
      target === undefined ? '' : `  [must ${targetText(target.must, target.better)}${target.moonshot === undefined ? '' : ` · moonshot ${numberText(target.moonshot)}`} · here ${numberText(figure.value)}: ${VERDICTS[verdict!]}]`,
    ].join('')
  })
  return [suite, ...lines].join('\n')
}

export function asJson(measured: readonly Measured[], machine: Machine): unknown {
  return {
    machine,
    figures: measured.flatMap(({ suite, figures }) =>
      figures.map((figure) => {
        const verdict = verdictOf(figure)
        return { suite, ...figure, ...(verdict !== undefined && { verdict, met: verdict !== 'missed' }) }
      }),
    ),
    failures: measured.flatMap(({ suite, failure }) => (failure === undefined ? [] : [{ suite, failure }])),
  }
}

/** The document with the tables of the suites that were measured replaced: each stands between two markers. */
export function asMarkdown(document: string, measured: readonly Measured[], machine: Machine): string {
  const given = measured.filter(({ failure }) => failure === undefined)
  const withTables = given.reduce((text, { suite, figures }) => between(text, suite, tableOf(figures)), document)
  return between(withTables, 'machine', `${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, Node ${machine.node.slice(1)}, ${machine.measuredAt}, load ${machine.loadBefore} before the run.`)
}

function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, against = '', target } = figure
    const verdict = verdictOf(figure)
    return `| ${name} | ${numberText(value)} ${unit} | ${against} | ${target === undefined ? '' : targetText(target.must, target.better)} | ${target?.moonshot === undefined ? '' : numberText(target.moonshot)} | ${verdict === 'missed' ? '**missed**' : (verdict ?? '')} |`
  })
  return ['| what | here | against, or under | must | moonshot | reached |', '|---|---|---|---|---|---|', ...rows].join('\n')
}

function between(document: string, name: string, text: string): string {
  const [start, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const from = document.indexOf(start)
  const to = document.indexOf(end)
  if (from < 0 || to < from) return document
  return `${document.slice(0, from + start.length)}\n${text}\n${document.slice(to)}`
}

function targetText(must: number, better: 'less' | 'more'): string {
  return `${better === 'less' ? '≤' : '≥'} ${numberText(must)}`
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'not measured'
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}
