/**
 * Seeded randomness: the same seed and key always give the same number, so a simulated city
 * can be asked for any past hour without remembering it.
 */

/** A generator of numbers in [0, 1), repeatable for a seed (mulberry32, public domain, Tommy Ettinger). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** 32-bit hash of a text (FNV-1a), to make a seed out of an id. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A number in [0, 1) that depends only on the keys: noise as a function, not as a stream. */
export function noiseAt(...keys: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const key of keys) {
    hash = Math.imul(hash ^ (Math.floor(key) >>> 0), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  }
  hash ^= hash >>> 16
  return (hash >>> 0) / 4_294_967_296
}
