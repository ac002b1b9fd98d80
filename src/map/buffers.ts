/**
 * Buffers of a layer that live as long as the layer.
 *
 * A frame's own arrays go back to the worker, while the GPU may ask for them again after a lost
 * context; so the layer keeps copies, grown now and then and never made anew for a frame.
 */

type Numbers = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** The same array if it holds `length` values, otherwise a larger one: without the old content. */
export function atLeast<T extends Numbers>(array: T, length: number): T {
  if (array.length >= length) return array
  const Kind = array.constructor as new (length: number) => T
  return new Kind(Math.max(length, 2 * array.length, 64))
}

/** Copies and says whether anything changed: what is equal need not be sent to the GPU again. */
export function copyChanged(target: Float32Array, source: Float32Array, length: number): boolean {
  let changed = false
  for (let i = 0; i < length; i++) {
    const value = source[i]!
    if (target[i] !== value) {
      target[i] = value
      changed = true
    }
  }
  return changed
}
