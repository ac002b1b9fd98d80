/** A graphics device that only holds buffers: what is written can be read back, and what is left over counted. */
import type { Buffer, BufferProps, Device } from '@luma.gl/core'

export interface FakeDevice extends Pick<Device, 'createBuffer'> {
  /** Buffers made and not destroyed. */
  alive(): number
}

const bytesOf = new WeakMap<object, Uint8Array>()

export function fakeDevice(): FakeDevice {
  const alive = new Set<object>()
  const createBuffer = ({ data }: BufferProps): Buffer => {
    const bytes = Uint8Array.from(asBytes(data as ArrayBufferView))
    const buffer = {
      write(source: ArrayBufferView, byteOffset = 0) {
        if (!alive.has(buffer)) throw new Error('written after it was destroyed')
        bytes.set(asBytes(source), byteOffset)
      },
      destroy: () => void alive.delete(buffer),
    }
    alive.add(buffer)
    bytesOf.set(buffer, bytes)
    return buffer as unknown as Buffer // the part of a buffer that ours use
  }
  return { createBuffer: createBuffer as Device['createBuffer'], alive: () => alive.size }
}

/** The content of a buffer, as an array of the kind of `like`. */
export function heldBy<T extends Float32Array | Uint8Array>(buffer: Buffer, like: T): T {
  const Kind = like.constructor as new (buffer: ArrayBufferLike) => T
  return new Kind(bytesOf.get(buffer)!.buffer)
}

function asBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
