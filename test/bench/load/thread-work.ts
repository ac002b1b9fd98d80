/**
 * What the page's thread worked on, by kind of task: from a trace of Chromium's own, in the thread's processor
 * time. What the compositing thread and the graphics process do is not in it: on a machine without a graphics
 * card that is the greater part of drawing, and no matter of the page's.
 */
import type { OpenPage } from './chromium-page.ts'

export const WORK_KINDS = ['script', 'style and layout', 'paint', 'collection', 'other'] as const
export type WorkKind = (typeof WORK_KINDS)[number]

/** The part of a trace event that is read. */
export interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number // µs
  readonly dur?: number // µs
  /** In the thread's processor time, µs. */
  readonly tdur?: number
}

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-v8.gc']

const KINDS: readonly (readonly [RegExp, WorkKind])[] = [
  [/^(FunctionCall|EvaluateScript|TimerFire|FireAnimationFrame|EventDispatch|RunMicrotasks|HandlePostMessage|XHR.*|v8\..*|V8\.(?!GC).*)$/, 'script'],
  [/^(UpdateLayoutTree|RecalculateStyles|Layout|IntersectionObserverController::computeIntersections|HitTest)$/, 'style and layout'],
  [/^(PrePaint|Paint|Layerize|UpdateLayer|Commit|CompositeLayers|UpdateLayerTree)$/, 'paint'],
  [/^(MinorGC|MajorGC|V8\.GC.*|BlinkGC.*|CppGC.*)$/, 'collection'],
]

/** Shares of a core by kind, while `wait` waits. Tracing itself costs a little: the sum is no figure to promise. */
export async function traceWork({ browser, page, rendererPid }: OpenPage, wait: () => Promise<void>): Promise<Readonly<Record<WorkKind, number>>> {
  await browser.startTracing(page, { categories: CATEGORIES })
  const beganAt = performance.now()
  await wait()
  const wallUs = (performance.now() - beganAt) * 1_000
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] }
  const us = workByKind(traceEvents.filter(({ pid, tid }) => pid === rendererPid && tid === rendererPid))
  return Object.fromEntries(WORK_KINDS.map((kind) => [kind, us[kind] / wallUs])) as Record<WorkKind, number>
}

/** Microseconds by kind, of one thread: an event without a kind of its own is of the one it stands in. */
export function workByKind(events: readonly TraceEvent[]): Record<WorkKind, number> {
  const spent: Record<WorkKind, number> = { script: 0, 'style and layout': 0, paint: 0, collection: 0, other: 0 }
  const whole = events.filter(({ ph, dur }) => ph === 'X' && dur !== undefined).toSorted((a, b) => a.ts - b.ts || b.dur! - a.dur!)
  const open: { readonly endUs: number; readonly kind: WorkKind }[] = []
  for (const { name, ts, dur, tdur } of whole) {
    while (open.length > 0 && open.at(-1)!.endUs <= ts) open.pop()
    const around = open.at(-1)
    const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? around?.kind ?? 'other'
    const us = tdur ?? dur!
    spent[kind] += us
    if (around !== undefined) spent[around.kind] -= us
    open.push({ endUs: ts + dur!, kind })
  }
  return spent
}
