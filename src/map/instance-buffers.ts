/**
 * GPU buffers that follow columns by writing only the rows that changed.
 *
 * deck.gl uploads a binary attribute whole whenever it is another object. Here the attribute stays the
 * same object around a buffer of our own, so deck has nothing to upload and only draws again.
 */
import { Buffer, type Device } from '@luma.gl/core'
import type { InstanceColumn, InstanceRows } from './instance-rows.ts'

/** deck.gl's binary data: the same object while its buffers and the number of rows are. */
export interface InstanceData {
  readonly length: number
  readonly attributes: Readonly<Record<string, InstanceAttribute>>
}

export interface InstanceAttribute {
  readonly buffer: Buffer
  readonly size: number
  /** Bytes a row. deck.gl would take that of its own positions, which are doubles. */
  readonly stride: number
}

export interface InstanceBuffers {
  /** Brings the buffers to the state of the rows. */
  sync(rows: InstanceRows): InstanceData
  destroy(): void
}

interface Held {
  readonly attribute: InstanceAttribute
  /** The array the buffer was made for: a grown column is another one. */
  readonly values: InstanceColumn['values']
}

export function createInstanceBuffers(device: Pick<Device, 'createBuffer'>): InstanceBuffers {
  const held = new Map<string, Held>()
  let revision = Number.NaN
  let data: InstanceData = { length: 0, attributes: {} }

  /** True when the buffer is a new one. */
  function syncColumn(column: InstanceColumn, isNext: boolean): boolean {
    const before = held.get(column.accessor)
    if (before?.values === column.values) {
      if (isNext) writeSpans(before.attribute.buffer, column)
      else before.attribute.buffer.write(column.values)
      return false
    }
    before?.attribute.buffer.destroy()
    const buffer = device.createBuffer({ id: column.accessor, usage: Buffer.VERTEX | Buffer.COPY_DST, data: column.values })
    const { accessor, size, values } = column
    held.set(accessor, { attribute: { buffer, size, stride: size * values.BYTES_PER_ELEMENT }, values })
    return true
  }

  return {
    sync(rows) {
      if (rows.revision === revision) return data
      const isNext = rows.revision === revision + 1
      let isOther = rows.length !== data.length
      for (const column of rows.columns) if (syncColumn(column, isNext)) isOther = true
      revision = rows.revision
      if (isOther) data = { length: rows.length, attributes: Object.fromEntries(Array.from(held, ([accessor, { attribute }]) => [accessor, attribute])) }
      return data
    },
    destroy() {
      for (const { attribute } of held.values()) attribute.buffer.destroy()
      held.clear()
    },
  }
}

function writeSpans(buffer: Buffer, { values, size, changed }: InstanceColumn): void {
  const rowBytes = size * values.BYTES_PER_ELEMENT
  for (let span = 0; span < changed.length; span += 2) {
    const from = changed[span]!
    const to = changed[span + 1]!
    buffer.write(values.subarray(from * size, to * size), from * rowBytes)
  }
}
