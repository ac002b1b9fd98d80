/** A probe's findings as people read them: totals first, then each type, then reasons with an example. */
import type { ProbeReading, ProbeReport } from './examine.ts'

const EXAMPLES = 12

export function formatReport(report: ProbeReport): string {
  const { broker, entities, readings, rejected, types, skipped } = report
  const lines = [
    `${report.source}: ${plural(entities, 'entity', 'entities')}, ${plural(readings.length, 'reading', 'readings')}, ${rejected.length} rejected`,
    ...(broker === undefined ? [] : [`  ${broker}`]),
    ...skipped.map(({ kind, count }) => `  skipped, no entities: ${count} × ${kind}`),
  ]
  if (types.length > 0) {
    const width = Math.max(4, ...types.map(({ type }) => type.length))
    lines.push('', `  ${'type'.padEnd(width)}  entities  read  readings  rejected`)
    for (const type of types) {
      lines.push(`  ${type.type.padEnd(width)}  ${pad(type.entities, 8)}  ${pad(type.read, 4)}  ${pad(type.readings, 8)}  ${pad(type.rejected, 8)}`)
    }
  }
  if (readings.length > 0) lines.push('', 'Readings', ...measureLines(readings))
  if (rejected.length > 0) lines.push('', 'Rejected', ...reasonLines(rejected))
  return lines.join('\n')
}

/** One line a measure: how many, the range, the newest, and its warnings. */
function measureLines(readings: readonly ProbeReading[]): string[] {
  return [...grouped(readings, ({ domain, measure }) => `${domain} ${measure}`)].flatMap(([name, group]) => {
    const values = group.map(({ value }) => value)
    const newest = group.map(({ observedAt }) => observedAt).reduce((a, b) => (a > b ? a : b))
    const least = values.reduce((a, b) => Math.min(a, b))
    const greatest = values.reduce((a, b) => Math.max(a, b))
    const unit = group[0]!.unit === '' ? '' : ` ${group[0]!.unit}`
    const warned = [...grouped(group.flatMap(({ id, warnings }) => warnings.map((warning) => ({ id, warning }))), ({ warning }) => warning.split(':')[0]!)]
    return [
      `  ${name}: ${group.length} × ${short(least)} to ${short(greatest)}${unit}, newest ${newest}`,
      ...warned.map(([kind, list]) => `    warning ${kind}: ${list.length} ×, such as ${list[0]!.id}: ${list[0]!.warning}`),
    ]
  })
}

/** One line a kind of reason, most frequent first: what differs between entities is shown once. */
function reasonLines(rejected: ProbeReport['rejected']): string[] {
  const groups = [...grouped(rejected, ({ reason }) => reason.replaceAll(/got .*/g, 'got …'))].toSorted(([, a], [, b]) => b.length - a.length)
  const shown = groups.slice(0, EXAMPLES).map(([, list]) => `  ${list.length} × ${list[0]!.reason} (${list[0]!.id || 'no id'})`)
  const rest = groups.slice(EXAMPLES).reduce((sum, [, list]) => sum + list.length, 0)
  return rest > 0 ? [...shown, `  ${rest} × other reasons: see --json`] : shown
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const name = key(item)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [item])
    else group.push(item)
  }
  return groups
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width)
}

function short(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}
