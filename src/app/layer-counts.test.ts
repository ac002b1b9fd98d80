import { describe, expect, it } from 'vitest'
import { layerOf } from '../../test/layer-in-hand.ts'
import { TOO_FEW_KIND } from '../domains/privacy.ts'
import { countLayer, createPacedCount } from './layer-counts.ts'
import type { LiveLayer } from './live-store.ts'

const N = Number.NaN

describe('what is counted over a layer', () => {
  it('is how many sensors are in each state, and how many give another measure', () => {
    const layer = layerOf([{ name: 'a', value: 1 }, { name: 'b', value: 1 }, { name: 'c', value: 1, freshness: 1 }, { name: 'd', value: N, freshness: 2 }, { name: 'e', value: N, freshness: 3, observedAtMs: N }])
    expect(countLayer(layer)).toEqual({ freshness: { fresh: 2, ageing: 1, stale: 1, lost: 1, 'clock-error': 0 }, other: 1 })
  })
  it('leaves out what the privacy floor holds back: no more are fresh than are known', () => {
    const layer = layerOf([{ name: 'a', value: 1 }, { name: 'b', value: N }, { name: 'c', value: N, freshness: 2 }])
    const held = [{ kind: TOO_FEW_KIND, detail: '' }]
    expect(countLayer({ ...layer, roster: { ...layer.roster, warnings: [[], held, held] } })).toEqual({ freshness: { fresh: 1, ageing: 0, stale: 0, lost: 0, 'clock-error': 0 }, other: 0 })
  })
  it('is counted once for a frame, and again when a hundred times its cost has passed', () => {
    const { counted, count, clock } = stage({ costMs: 5 })
    const first = layerOf([{ name: 'a', value: 1 }])
    count(first)
    count(first)
    expect(counted).toHaveLength(1)
    const next = { ...first, frame: { ...first.frame, atMs: 1 } }
    clock.nowMs += 400
    count(next)
    expect(counted).toHaveLength(1)
    clock.nowMs += 100
    count(next)
    expect(counted).toHaveLength(2)
  })
  it('is of now where counting costs nothing', () => {
    const { counted, count } = stage({ costMs: 0 })
    const first = layerOf([{ name: 'a', value: 1 }])
    count(first)
    count({ ...first, frame: { ...first.frame, atMs: 1 } })
    expect(counted).toHaveLength(2)
  })
  it('is never of other sensors, nor of another view', () => {
    const { counted, count } = stage({ costMs: 5 })
    const first = layerOf([{ name: 'a', value: 1 }])
    count(first)
    count(layerOf([{ name: 'b', value: 2 }]))
    expect(counted).toHaveLength(2)
    count({ ...counted[1]!, frame: { ...counted[1]!.frame, view: 'limit' } })
    expect(counted).toHaveLength(3)
  })
})

function stage({ costMs }: { readonly costMs: number }) {
  const clock = { nowMs: 0 }
  const counted: LiveLayer[] = []
  const count = createPacedCount(
    (layer) => {
      counted.push(layer)
      clock.nowMs += costMs
    },
    () => clock.nowMs,
  )
  return { counted, count, clock }
}
