/** How good the data is that came: figures of the feed, and doubts by their kind over all sensors. */
import type { LiveLayer } from '../live-store.ts'
import type { CityStatus } from '../../workers/city.messages.ts'

export interface DataFact {
  readonly name: string
  readonly count: number
  /** What it means. */
  readonly meaning: string
}

const KINDS: readonly (readonly [name: string, kinds: readonly string[], meaning: string])[] = [
  ['Implausible', ['implausible', 'rangeContradiction'], 'outside what is physically possible: shown, and counted nowhere'],
  ['Outside the city', ['outsideCity'], 'drawn where they say they are'],
  ['Coordinates swapped', ['swappedCoordinates'], 'latitude came before longitude'],
  ['Unknown unit', ['unknownUnitCode', 'unitContradiction'], 'no UN/CEFACT code, or one that contradicts the value'],
  ['Without a unit', ['assumedUnit'], 'read in the unit of the model'],
  ['Times without a zone', ['noTimeZone', 'epochTime'], 'taken as the time of the city'],
]

export function dataFacts(status: CityStatus | undefined, layers: readonly LiveLayer[], futureStamps: number): readonly DataFact[] {
  const doubts = new Map<string, number>()
  for (const { roster } of layers) {
    for (const warnings of roster.warnings) for (const { kind } of warnings) doubts.set(kind, (doubts.get(kind) ?? 0) + 1)
  }
  const refusedUnits = (status?.counters.rejected ?? []).filter(({ reason }) => reason.includes('unknown-unit')).reduce((sum, { count }) => sum + count, 0)
  const of = (kinds: readonly string[]): number => kinds.reduce((sum, kind) => sum + (doubts.get(kind) ?? 0), 0)
  const counters = status?.counters
  return [
    { name: 'Stamped in the future', count: futureStamps, meaning: 'sensors whose clock runs ahead: never taken for fresh' },
    ...KINDS.map(([name, kinds, meaning]) => ({ name, count: of(kinds) + (name === 'Unknown unit' ? refusedUnits : 0), meaning })),
    { name: 'Duplicates', count: counters?.duplicates ?? 0, meaning: 'the same reading once more: passed over' },
    { name: 'Late', count: counters?.late ?? 0, meaning: 'older than what was known: joins its own window' },
    { name: 'Gaps in the feed', count: counters?.gaps ?? 0, meaning: 'numbers that were left out between this page and the server' },
    { name: 'Snapshots taken anew', count: counters?.resyncs ?? 0, meaning: 'after a gap, or when a broker came back' },
    { name: 'Put together', count: counters?.coalesced ?? 0, meaning: 'notifications while this page could not keep up' },
    { name: 'Mended', count: counters?.mended ?? 0, meaning: 'sensors that a check put right, of which no notification had told' },
    { name: 'Worker restarts', count: counters?.restarts ?? 0, meaning: 'of the program in this page that reads the feed' },
  ]
}

/** The entity that an example is about: it begins with its id. */
export function entityIdOf(example: string): string | undefined {
  const [first = ''] = example.split(' ')
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(first) ? first.replace(/:$/, '') : undefined
}

/** Ages of a layer's sensors, ms: the oldest exactly, the median of some thousands. */
export function agesOf({ frame }: LiveLayer, nowMs: number): { readonly oldestMs: number | undefined; readonly medianMs: number | undefined } {
  const { observedAtMs, count } = frame
  let oldestAtMs = Infinity
  const step = Math.max(1, Math.floor(count / 5_000))
  const some: number[] = []
  for (let row = 0; row < count; row++) {
    const atMs = observedAtMs[row]!
    if (Number.isNaN(atMs)) continue
    if (atMs < oldestAtMs) oldestAtMs = atMs
    if (row % step === 0) some.push(atMs)
  }
  if (oldestAtMs === Infinity) return { oldestMs: undefined, medianMs: undefined }
  some.sort((a, b) => a - b)
  const middle = some[Math.floor(some.length / 2)]
  return { oldestMs: nowMs - oldestAtMs, medianMs: middle === undefined ? undefined : nowMs - middle }
}
