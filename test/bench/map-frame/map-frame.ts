/** The map and frames in which five in a hundred rows changed; `test/bench/map-frame.ts` drives it and measures. */
import { createRandom } from '../../../src/core/random.ts'
import { createFrameLayers, type FrameRows } from '../../../src/map/frame-layers.ts'
import { createMapHost } from '../../../src/map/map-host.ts'

const SCALE = { boundary: 'lower-inclusive', classes: [-Infinity, 55, 58, 61, 64].map((from, index) => ({ from, day: `#20406${index}`, night: `#c0d06${index}` })) } as const
const ROSTER = {}
const SHARE = 0.05

export interface MapBench {
  /** So many sensors, drawn once. `named`: frames tell which rows changed. */
  start(count: number, named: boolean): void
  /** Draws so many frames, one on each animation frame. */
  draw(frames: number): Promise<void>
}

declare global {
  interface Window {
    bench: MapBench
  }
}

const host = createMapHost(document.querySelector<HTMLElement>('#map')!, { title: 'Bench', theme: 'day', reduceMotion: true })
// Beside the sensors: filling a million marks by software would take the time, and none of it is script.
host.jumpTo({ centre: [-9.6, 41.15], zoom: 14 })
const layersOf = createFrameLayers({ id: 'noise', scale: SCALE })
const random = createRandom(20_261_122)
let frames: FrameRows[] = []
let next = 0

function show(): void {
  const frame = frames[next % frames.length]!
  // Each of the prepared frames differs from the one before, also the first from the last.
  const numbered = frame.changedRows === undefined ? frame : { ...frame, sequence: next, changedRows: { ...frame.changedRows, sinceSequence: next - 1 } }
  next++
  host.setLayers(layersOf(numbered, { theme: 'day', zoom: 14, ownsColour: true, selectedRow: -1, roster: ROSTER }))
}

window.bench = {
  start(count, named) {
    const positions = Float32Array.from({ length: 2 * count }, (_, index) => (index % 2 === 0 ? -8.61 + (random() - 0.5) * 0.2 : 41.15 + (random() - 0.5) * 0.1))
    const values = Float32Array.from({ length: count }, () => 50 + 20 * random())
    const turn = values.slice()
    const spans: number[] = []
    for (let row = 0; row < count; row++) {
      if (random() >= SHARE) continue
      turn[row] = 50 + 20 * random()
      if (spans.at(-1) === row) spans[spans.length - 1] = row + 1
      else spans.push(row, row + 1)
    }
    const common = { count, positions, freshness: new Uint8Array(count), cells: { radiusM: 500, count: 0, centres: new Float32Array(0), values: new Float32Array(0) } }
    const changedRows = { sinceSequence: 0, spans: Uint32Array.from(spans) }
    frames = [values, turn].map((values) => ({ ...common, values, ...(named ? { changedRows } : {}) }))
    next = 0
    show()
  },
  draw: (count) =>
    new Promise((done) => {
      let left = count
      const step = (): void => {
        if (left-- === 0) return done()
        show()
        requestAnimationFrame(step)
      }
      requestAnimationFrame(step)
    }),
}
