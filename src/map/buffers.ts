/**
 * Columns of a layer that live as long as the layer.
 *
 * A frame's own arrays go back to the worker, while the GPU may ask for them again after a lost
 * context; so the layer keeps copies, grown now and then and never made anew for a frame.
 */

type Numbers = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** The same array if it holds `length` values, otherwise a larger one with the same content. */
export function widened<T extends Numbers>(array: T, length: number): T {
  if (array.length >= length) return array
  const Kind = array.constructor as new (length: number) => T
  // Some room, since rows come one by one; not twice, since a million of them come once.
  const wider = new Kind(Math.max(64, Math.ceil((length * 9) / 8)))
  wider.set(array)
  return wider
}
