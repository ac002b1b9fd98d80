/** The entities of one notification as they came: the plain ones as numbers, the others as JSON. Used again for the next one. */
import type { EntityShape } from './entity-shape.ts'

export class Batch {
  bytes: Uint8Array = new Uint8Array(0)
  count = 0
  /** Undefined: not plain, and `json` has it. */
  readonly shapes: (EntityShape | undefined)[] = []
  readonly json: unknown[] = []
  /** Where the entity, its id and its name lie: six numbers each. */
  spans = new Int32Array(6 * 64)
  /** Where the entity's values begin. */
  starts = new Int32Array(64)
  values = new Float64Array(1_024)
  private used = 0

  clear(bytes: Uint8Array): void {
    this.bytes = bytes
    this.count = 0
    this.used = 0
    this.shapes.length = 0
    this.json.length = 0
  }

  /** Makes room for `width` values and says where they go; they stay when `add` follows. */
  room(width: number): number {
    if (this.used + width > this.values.length) this.values = grown(this.values, new Float64Array((this.used + width) * 2))
    return this.used
  }

  addPlain(shape: EntityShape, from: number, to: number): number {
    this.starts[this.add(shape, undefined, from, to)] = this.used
    this.used += shape.width
    return (this.count - 1) * 6
  }

  addJson(json: unknown, from: number, to: number): void {
    this.add(undefined, json, from, to)
  }

  private add(shape: EntityShape | undefined, json: unknown, from: number, to: number): number {
    const index = this.count++
    if (index === this.starts.length) {
      this.starts = grown(this.starts, new Int32Array(index * 2))
      this.spans = grown(this.spans, new Int32Array(index * 12))
    }
    this.shapes.push(shape)
    this.json.push(json)
    this.spans[index * 6] = from
    this.spans[index * 6 + 1] = to
    return index
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
