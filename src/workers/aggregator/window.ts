/**
 * The window of one sensor: a ring of small buckets, each a fold of the readings observed in it.
 *
 * Folds merge in any order, so a late reading is one addition to its own bucket and the window's
 * value is the merge of the buckets inside. The window moves by whole buckets ("steps").
 *
 * A reading is known by when it was observed: a broker that retries may post one reading twice.
 * The newest reading of a bucket is kept apart from the rest, so that a correction of a sensor's last
 * reading (the same instant with another value, as when a broker posts attribute by attribute) takes
 * its place. Older readings cannot be corrected: a broker holds only the newest, so none is sent.
 */
import { FUTURE_TOLERANCE_MS } from '../../core/time/freshness.ts'
import type { Fold, Reading } from '../../domains/domain-model.ts'

/** A 30th of a window is the error of its edges; a 15 min window moves every 30 s. */
const BUCKETS = 30
/** Instants remembered in a bucket. Past that a repetition of an old reading is counted twice: it needs a sensor ten times faster than its domain. */
const MAX_STAMPS = 64

export interface WindowShape {
  readonly bucketMs: number
  readonly buckets: number
  /** Buckets ahead of now, for clocks that are a little fast. */
  readonly ahead: number
}

export interface Bucket<A> {
  readonly step: number
  /** All readings of the bucket but the newest. */
  rest: A
  newest: A
  newestAtMs: number
  readonly stamps: number[]
}

/** Bucket of step s is at s modulo its length. */
export type Ring<A> = (Bucket<A> | undefined)[]

export type WindowOutcome =
  | 'added'
  /** This instant is in the window already. */
  | 'known'
  /** Older than the window, or too far in the future to be believed. */
  | 'outside'

export function windowShape(windowMs: number): WindowShape {
  const bucketMs = Math.max(1, windowMs / BUCKETS)
  return { bucketMs, buckets: BUCKETS, ahead: Math.ceil(FUTURE_TOLERANCE_MS / bucketMs) }
}

export function stepAt(shape: WindowShape, ms: number): number {
  return Math.floor(ms / shape.bucketMs)
}

export function createRing<A>(shape: WindowShape): Ring<A> {
  return Array.from({ length: shape.buckets + shape.ahead })
}

export function addToWindow<R extends Reading, A>(
  ring: Ring<A>,
  shape: WindowShape,
  fold: Fold<R, A>,
  reading: R,
  nowStep: number,
): WindowOutcome {
  const step = stepAt(shape, reading.observedAtMs)
  if (step <= nowStep - shape.buckets || step > nowStep + shape.ahead) return 'outside'
  const place = modulo(step, ring.length)
  const bucket = ring[place]
  const alone = fold.add(fold.empty, reading)
  if (bucket === undefined || bucket.step !== step) {
    ring[place] = { step, rest: fold.empty, newest: alone, newestAtMs: reading.observedAtMs, stamps: [reading.observedAtMs] }
    return 'added'
  }
  if (bucket.stamps.includes(reading.observedAtMs)) return 'known'
  if (bucket.stamps.length < MAX_STAMPS) bucket.stamps.push(reading.observedAtMs)
  if (reading.observedAtMs > bucket.newestAtMs) {
    bucket.rest = fold.merge(bucket.rest, bucket.newest)
    bucket.newest = alone
    bucket.newestAtMs = reading.observedAtMs
  } else {
    bucket.rest = fold.merge(bucket.rest, alone)
  }
  return 'added'
}

/** A fresh ring that knows the sensor's last reading, of which only the fold is kept. */
export function seedWindow<A>(shape: WindowShape, fold: Pick<Fold<Reading, A>, 'empty'>, newest: A, newestAtMs: number): Ring<A> {
  const ring = createRing<A>(shape)
  const step = stepAt(shape, newestAtMs)
  ring[modulo(step, ring.length)] = { step, rest: fold.empty, newest, newestAtMs, stamps: [newestAtMs] }
  return ring
}

/** Another value for the sensor's last reading. It is the newest of its bucket, if the window holds it at all. */
export function correctInWindow<R extends Reading, A>(ring: Ring<A>, shape: WindowShape, fold: Fold<R, A>, reading: R): void {
  const step = stepAt(shape, reading.observedAtMs)
  const bucket = ring[modulo(step, ring.length)]
  if (bucket?.step === step && bucket.newestAtMs === reading.observedAtMs) bucket.newest = fold.add(fold.empty, reading)
}

export interface WindowState<A> {
  /** Undefined when no bucket of the window holds a reading. */
  readonly acc: A | undefined
  /** Step at which the oldest bucket is no longer inside. */
  readonly expiresAtStep: number
}

export function windowState<R extends Reading, A>(ring: Ring<A>, shape: WindowShape, fold: Fold<R, A>, nowStep: number): WindowState<A> {
  let acc: A | undefined
  let oldest = Infinity
  for (const bucket of ring) {
    // A place still holds the bucket of the turn before until a reading overwrites it.
    if (bucket === undefined || bucket.step <= nowStep - shape.buckets || bucket.step > nowStep + shape.ahead) continue
    const whole = fold.merge(bucket.rest, bucket.newest)
    acc = acc === undefined ? whole : fold.merge(acc, whole)
    oldest = Math.min(oldest, bucket.step)
  }
  return { acc, expiresAtStep: oldest + shape.buckets }
}

function modulo(step: number, length: number): number {
  return ((step % length) + length) % length
}
