/** How good the data is that came: figures of the feed, and doubts by their kind over all sensors. */
import { defineMessage, say, type Message } from '../../language/say.ts'
import type { LiveLayer } from '../live-store.ts'
import type { CityStatus } from '../../workers/city.messages.ts'

export interface DataFact {
  readonly name: string
  readonly count: number
  /** What it means. */
  readonly meaning: string
}

const KINDS: readonly (readonly [name: Message, kinds: readonly string[], meaning: Message])[] = [
  [defineMessage({ id: 'data.implausible', defaultMessage: 'Implausible' }), ['implausible', 'rangeContradiction'], defineMessage({ id: 'data.implausibleMeaning', defaultMessage: 'outside what is physically possible: shown, and counted nowhere' })],
  [defineMessage({ id: 'data.outside', defaultMessage: 'Outside the city' }), ['outsideCity'], defineMessage({ id: 'data.outsideMeaning', defaultMessage: 'drawn where they say they are' })],
  [defineMessage({ id: 'data.swapped', defaultMessage: 'Coordinates swapped' }), ['swappedCoordinates'], defineMessage({ id: 'data.swappedMeaning', defaultMessage: 'latitude came before longitude' })],
  [defineMessage({ id: 'data.unknownUnit', defaultMessage: 'Unknown unit' }), ['unknownUnitCode', 'unitContradiction'], defineMessage({ id: 'data.unknownUnitMeaning', defaultMessage: 'no UN/CEFACT code, or one that contradicts the value' })],
  [defineMessage({ id: 'data.noUnit', defaultMessage: 'Without a unit' }), ['assumedUnit'], defineMessage({ id: 'data.noUnitMeaning', defaultMessage: 'read in the unit of the model' })],
  [defineMessage({ id: 'data.noZone', defaultMessage: 'Times without a zone' }), ['noTimeZone', 'epochTime'], defineMessage({ id: 'data.noZoneMeaning', defaultMessage: 'taken as the time of the city' })],
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
    { name: say({ id: 'data.future', defaultMessage: 'Stamped in the future' }), count: futureStamps, meaning: say({ id: 'data.futureMeaning', defaultMessage: 'sensors whose clock runs ahead: never taken for fresh' }) },
    ...KINDS.map(([name, kinds, meaning]) => ({ name: say(name), count: of(kinds) + (kinds.includes('unknownUnitCode') ? refusedUnits : 0), meaning: say(meaning) })),
    { name: say({ id: 'data.duplicates', defaultMessage: 'Duplicates' }), count: counters?.duplicates ?? 0, meaning: say({ id: 'data.duplicatesMeaning', defaultMessage: 'the same reading once more: passed over' }) },
    { name: say({ id: 'data.late', defaultMessage: 'Late' }), count: counters?.late ?? 0, meaning: say({ id: 'data.lateMeaning', defaultMessage: 'older than what was known: joins its own window' }) },
    { name: say({ id: 'data.gaps', defaultMessage: 'Gaps in the feed' }), count: counters?.gaps ?? 0, meaning: say({ id: 'data.gapsMeaning', defaultMessage: 'numbers that were left out between this page and the server' }) },
    { name: say({ id: 'data.resyncs', defaultMessage: 'Snapshots taken anew' }), count: counters?.resyncs ?? 0, meaning: say({ id: 'data.resyncsMeaning', defaultMessage: 'after a gap, or when a broker came back' }) },
    { name: say({ id: 'data.coalesced', defaultMessage: 'Put together' }), count: counters?.coalesced ?? 0, meaning: say({ id: 'data.coalescedMeaning', defaultMessage: 'notifications while this page could not keep up' }) },
    { name: say({ id: 'data.mended', defaultMessage: 'Mended' }), count: counters?.mended ?? 0, meaning: say({ id: 'data.mendedMeaning', defaultMessage: 'sensors that a check put right, of which no notification had told' }) },
    { name: say({ id: 'data.restarts', defaultMessage: 'Worker restarts' }), count: counters?.restarts ?? 0, meaning: say({ id: 'data.restartsMeaning', defaultMessage: 'of the program in this page that reads the feed' }) },
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
