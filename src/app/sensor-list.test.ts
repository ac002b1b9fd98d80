import { describe, expect, it } from 'vitest'
import { layerOf } from '../../test/layer-in-hand.ts'
import { disparity, givesOtherAt, othersAt, rowAt, shortName, shownValue } from './sensor-list.ts'

const N = Number.NaN
const LAYER = layerOf([
  { name: 'Rua de Camões', value: 68 },
  { name: 'Foz 10', value: N, freshness: 3, observedAtMs: 10 },
  { name: '', id: 'urn:ngsi-ld:T:foz:2', value: 55, hasPosition: false },
])

describe('the list of sensors', () => {
  it('says of a row what the map draws of it', () => {
    expect(rowAt(LAYER, 1)).toMatchObject({ id: 'id:1', name: 'Foz 10', row: 1, freshness: 'lost', observedAtMs: 10, hasPosition: true })
    expect(rowAt(LAYER, 2)).toMatchObject({ name: '2', value: 55, hasPosition: false })
  })
  it('tells what is missing or too many', () => {
    expect(disparity(['id:0', 'gone', 'urn:ngsi-ld:T:foz:2'], LAYER)).toEqual({ missing: ['id:1'], surplus: ['gone'] })
  })
  it('shows the last reading when the window is empty', () => expect(shownValue({ value: N, latest: 40 })).toBe(40))
  it('names a sensor without a name by the end of its id', () => expect(shortName('urn:ngsi-ld:NoiseLevelObserved:porto:noise:17')).toBe('17'))
  it('tells how many share a place, and that one without a place shares none', () => {
    const layer = layerOf(['a', 'b', 'c', 'd'].map((name, at) => ({ name, value: 1, hasPosition: at < 3 })))
    layer.frame.positions.set([-8.61, 41.15, -8.61, 41.15, -8.62, 41.15])
    expect([0, 1, 2, 3].map((row) => othersAt(layer, row))).toEqual([1, 1, 0, 0])
  })
  it('tells sensors with another measure from silent ones', () => {
    const { frame } = layerOf([
      { name: 'Counter', value: 12 },
      { name: 'Docking station', value: N },
      { name: 'Known by name only', value: N, observedAtMs: N },
    ])
    expect([0, 1, 2].map((row) => givesOtherAt(frame, row))).toEqual([false, true, false])
  })
})
