import { describe, expect, it } from 'vitest'
import { fakeDevice, heldBy } from '../../test/fake-device.ts'
import { createInstanceBuffers } from './instance-buffers.ts'
import type { InstanceRows } from './instance-rows.ts'

function rowsOf(values: Uint8Array<ArrayBuffer>, revision: number, changed: readonly number[], length = values.length / 2): InstanceRows {
  return { length, revision, columns: [{ accessor: 'getFillColor', size: 2, values, changed: Uint32Array.from(changed) }] }
}

describe('buffers of a layer', () => {
  it('get the changed spans and nothing else', () => {
    const buffers = createInstanceBuffers(fakeDevice())
    const values = Uint8Array.of(1, 1, 2, 2, 3, 3, 4, 4)
    const { buffer } = buffers.sync(rowsOf(values, 1, [])).attributes['getFillColor']!
    values.fill(9)
    buffers.sync(rowsOf(values, 2, [0, 1, 2, 3]))
    expect([...heldBy(buffer, values)]).toEqual([9, 9, 2, 2, 9, 9, 4, 4])
  })

  it('get everything when a state was missed', () => {
    const buffers = createInstanceBuffers(fakeDevice())
    const values = Uint8Array.of(1, 1, 2, 2)
    const { buffer } = buffers.sync(rowsOf(values, 1, [])).attributes['getFillColor']!
    values.fill(9)
    buffers.sync(rowsOf(values, 3, [0, 1]))
    expect([...heldBy(buffer, values)]).toEqual([9, 9, 9, 9])
  })

  it('are the same data for deck.gl while only their content changes', () => {
    const buffers = createInstanceBuffers(fakeDevice())
    const values = Uint8Array.of(1, 1, 2, 2)
    const data = buffers.sync(rowsOf(values, 1, []))
    expect(buffers.sync(rowsOf(values, 2, [0, 1]))).toBe(data)
    const fewer = buffers.sync(rowsOf(values, 3, [], 1))
    expect(fewer.length).toBe(1)
    expect(fewer.attributes['getFillColor']).toBe(data.attributes['getFillColor'])
  })

  it('leave none behind when a column grew or the layer went', () => {
    const device = fakeDevice()
    const buffers = createInstanceBuffers(device)
    buffers.sync(rowsOf(Uint8Array.of(1, 1), 1, []))
    buffers.sync(rowsOf(Uint8Array.of(1, 1, 2, 2), 2, []))
    expect(device.alive()).toBe(1)
    buffers.destroy()
    expect(device.alive()).toBe(0)
  })
})
