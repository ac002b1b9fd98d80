/** Refreshing many sensors of which few changed: this project against deck.gl and supercluster. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { atLeast, atMost, type Figure } from './figure.ts'

const CHANGED = 50_000

interface Timed {
  readonly ms: number
  readonly cells: number
}

export async function measurePeers(): Promise<Figure[]> {
  const small = await timeAll(100_000)
  const large = await timeAll(1_000_000)
  const figures = (sensors: string, { ours, byId, deckFull, deckWeights, supercluster }: Awaited<ReturnType<typeof timeAll>>, isTarget: boolean): Figure[] => [
    { name: `refresh of ${sensors} sensors, 50,000 changed`, value: ours.ms, unit: 'ms', against: `${ours.cells} cells` },
    { name: `  the same from objects, looked up by id`, value: byId.ms, unit: 'ms' },
    { name: `  deck.gl CPU aggregation, new data`, value: deckFull.ms, unit: 'ms', against: `${deckFull.cells} cells` },
    { name: `  deck.gl CPU aggregation, weights only`, value: deckWeights.ms, unit: 'ms' },
    { name: `  supercluster.load, map and reduce`, value: supercluster.ms, unit: 'ms' },
    { name: `times faster than deck.gl with new data, ${sensors}`, value: deckFull.ms / ours.ms, unit: '×', ...(isTarget && { target: atLeast(200, 500) }) },
    { name: `times faster than deck.gl, weights only, ${sensors}`, value: deckWeights.ms / ours.ms, unit: '×', ...(isTarget && { target: atLeast(15, 40) }) },
    { name: `times faster than supercluster.load, ${sensors}`, value: supercluster.ms / ours.ms, unit: '×', ...(isTarget && { target: atLeast(1_000, 3_000) }) },
  ]
  return [
    ...figures('100,000', small, false),
    ...figures('1,000,000', large, true),
    { name: 'growth of the refresh, 100,000 to 1,000,000 sensors', value: large.ours.ms / small.ours.ms, unit: '×', against: '10 × the sensors', target: atMost(5, 2) },
  ]
}

async function timeAll(sensors: number) {
  return {
    ours: await time('belvedere', sensors),
    byId: await time('belvedere-by-id', sensors),
    deckFull: await time('deck-full', sensors),
    deckWeights: await time('deck-weights', sensors),
    supercluster: await time('supercluster', sensors),
  }
}

function time(way: string, sensors: number): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'way.js'), [way, String(sensors), String(CHANGED)], { serialization: 'advanced', execArgv: ['--max-old-space-size=8192'] })
    child.once('message', (timed) => resolve(timed as Timed))
    child.once('exit', (status) => reject(new Error(`${way} ended with ${status} before it had measured`)))
  })
}
