/** Where nothing came: stretches between instants that are longer than allowed. */
export interface Silence {
  readonly fromMs: number
  readonly toMs: number
}

/** Of [fromMs, toMs): the time before the first and after the last instant counts. In any order; what lies outside is left out. */
export function silencesIn(times: Iterable<number>, { fromMs, toMs, maxGapMs }: { readonly fromMs: number; readonly toMs: number; readonly maxGapMs: number }): readonly Silence[] {
  const inside = Float64Array.from([...times].filter((ms) => ms >= fromMs && ms < toMs)).sort()
  const bounds = [fromMs, ...inside, toMs]
  return bounds.slice(1).flatMap((ms, index) => (ms - bounds[index]! > maxGapMs ? [{ fromMs: bounds[index]!, toMs: ms }] : []))
}
