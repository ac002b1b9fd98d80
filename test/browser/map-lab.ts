/**
 * A page with nothing but the map and made-up frames: for the map's own browser tests and for looking at it.
 * `?theme=night&city=porto&zoom=13&rows=300&seed=1` choose; `window.lab` is what tests drive.
 */
import '@fontsource-variable/inter/index.css'
import type { Layer } from '@deck.gl/core'
import { createHexGrid } from '../../src/core/geo/hex-grid.ts'
import type { Bounds, LonLat } from '../../src/core/geo/position.ts'
import { createCellLayers } from '../../src/map/cell-layers.ts'
import { FILL } from '../../src/map/cell-tile-layer.ts'
import type { CellRows } from '../../src/map/cell-tiles.ts'
import { pixelsOf } from '../../src/map/cross-fade.ts'
import { createFrameLayers, type FrameRows } from '../../src/map/frame-layers.ts'
import type { MapArea } from '../../src/map/map-area.ts'
import type { MapCamera, MapPick } from '../../src/map/map-camera.ts'
import { createMapHost, type Lost } from '../../src/map/map-host.ts'
import type { MapTheme } from '../../src/map/map-palette.ts'

const ask = new URLSearchParams(location.search)
const theme = (ask.get('theme') ?? 'day') as MapTheme

const ANCHORS: Readonly<Record<string, LonLat>> = {
  porto: [-8.611, 41.1496],
  antwerp: [4.4025, 51.2194],
  manchester: [-2.2426, 53.4808],
  milan: [9.19, 45.4642],
  helsinki: [24.9384, 60.1699],
}
const city = ask.get('city') ?? 'porto'
const anchor = ANCHORS[city]!
const bounds: Bounds = [anchor[0] - 0.085, anchor[1] - 0.045, anchor[0] + 0.085, anchor[1] + 0.045]
const area: MapArea = {
  anchor,
  bounds,
  basemap: { kind: 'outline', url: `${ask.get('basemap') ?? '/basemap'}/${city}.json` },
  attribution: 'Simulated <img src=x onerror="window.lab.xss = true"> data',
}

/** Cividis as the design trims it for each theme; `?ramp=pale` has the classes of DIN 18005-2, which are pale by day. */
const RAMPS: Readonly<Record<string, { readonly day: readonly string[]; readonly night: readonly string[] }>> = {
  cividis: { day: ['#837F76', '#66676F', '#404F6E', '#13376D', '#002051'], night: ['#696970', '#8A8577', '#ADA476', '#DAC561', '#FDEA45'] },
  pale: { day: ['#E2F2BF', '#F3C683', '#E87E4D', '#CD463E', '#A11A4D'], night: ['#E2F2BF', '#F3C683', '#E87E4D', '#CD463E', '#AF3C68'] },
}
const ramp = RAMPS[ask.get('ramp') ?? 'cividis']!
const scale = {
  classes: [-Infinity, 55, 58, 61, 64].map((from, index) => ({ from, day: ramp.day[index]!, night: ramp.night[index]! })),
  boundary: 'lower-inclusive' as const,
}

/** mulberry32: the lab is the same each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function makeFrame(rows: number, seed: number, radiusM = 500): FrameRows {
  const next = random(seed)
  const grid = createHexGrid(anchor, radiusM)
  const positions = new Float32Array(2 * rows)
  const values = new Float32Array(rows)
  const freshness = new Uint8Array(rows)
  const cells = new Map<number, { sum: number; count: number }>()
  for (let row = 0; row < rows; row++) {
    const spread = 0.25 + 0.75 * next()
    const position: LonLat = [anchor[0] + 0.07 * (next() - 0.5) * 2 * spread, anchor[1] + 0.033 * (next() - 0.5) * 2 * spread]
    positions.set(row === 7 ? [Number.NaN, Number.NaN] : position, 2 * row)
    values[row] = row % 11 === 3 ? Number.NaN : 45 + 25 * next() * (1.3 - spread)  + 8
    const age = next()
    freshness[row] = age < 0.7 ? 0 : age < 0.8 ? 1 : age < 0.9 ? 2 : age < 0.97 ? 3 : 4
    const cell = cells.get(grid.cellOf(position)) ?? { sum: 0, count: 0 }
    const value = values[row]!
    cells.set(grid.cellOf(position), Number.isNaN(value) ? cell : { sum: cell.sum + value, count: cell.count + 1 })
  }
  const entries = [...cells]
  return {
    count: rows,
    positions,
    values,
    freshness,
    cells: {
      radiusM: grid.radiusM,
      count: entries.length,
      centres: Float32Array.from(entries.flatMap(([cell]) => grid.centreOf(cell))),
      values: Float32Array.from(entries, ([, { sum, count }]) => (count === 0 ? Number.NaN : sum / count)),
    },
  }
}

export interface Lab {
  host: ReturnType<typeof createMapHost>
  frame: FrameRows
  picks: (MapPick | undefined)[]
  rows: unknown[]
  hovers: (MapPick | undefined)[]
  problems: string[]
  unavailable: string[]
  /** What was told of lost contexts, in order. */
  healing: (Lost | undefined)[]
  /** Stands for the roster of the frame. */
  roster: object
  xss?: boolean
  theme: MapTheme
  selectedRow: number
  ghost: boolean
  empty: boolean
  draw(): void
  /** How much of cells and of sensors is drawn. */
  shares(): { cells: number; sensors: number }
  renew(seed: number): void
  /** The same sensors in cells of another size. */
  setCells(radiusM: number): void
  setTheme(theme: MapTheme): void
  /** One cell, close up, which the cross-fade would hide. */
  showCellsAlone(): { x: number; y: number; pixelsPerM: number }
}

declare global {
  interface Window {
    lab: Lab
  }
}

const layersOf = createFrameLayers({ id: 'noise', scale, ...(ask.has('sized') ? { radiusPx: (value: number) => 2 + (value - 40) / 4 } : {}) })
const ghostsOf = createFrameLayers({ id: 'other', scale })
const other = makeFrame(40, 99)
let shown: readonly Layer[] = []
const container = document.querySelector<HTMLElement>('#map')!
const picks: Lab['picks'] = []
const hovers: Lab['hovers'] = []
const problems: string[] = []
const unavailable: string[] = []
const healing: Lab['healing'] = []
const host = createMapHost(container, {
  title: 'Map of the lab',
  theme,
  reduceMotion: true,
  onUnavailable: (reason) => unavailable.push(reason),
  onProblem: (problem) => problems.push(problem),
  onHealing: (lost) => healing.push(lost),
  onPick: (pick) => picks.push(pick),
  onHover: (pick) => hovers.push(pick),
  onCamera: (camera: MapCamera) => {
    void camera
    lab.draw()
  },
})

const lab: Lab = {
  host,
  frame: makeFrame(Number(ask.get('rows') ?? 120), Number(ask.get('seed') ?? 1)),
  picks,
  hovers,
  problems,
  unavailable,
  healing,
  roster: { name: 'first' },
  rows: [],
  theme,
  selectedRow: Number(ask.get('selected') ?? -1),
  ghost: false,
  empty: false,
  draw() {
    const zoom = host.camera()?.zoom ?? 12
    const shared = { theme: lab.theme, zoom, onPick: (pick: unknown) => lab.rows.push(pick), ...(ask.has('motion') ? { motion: { nowMs: performance.now(), again: () => requestAnimationFrame(() => lab.draw()) } } : {}) }
    const layers = lab.empty
      ? []
      : [
          ...(ask.has('ghosts') ? ghostsOf(other, { ...shared, selectedRow: -1, ownsColour: false }) : []),
          ...layersOf(lab.frame, { ...shared, selectedRow: lab.selectedRow, ownsColour: !lab.ghost, roster: lab.roster, highlightedRow: Number(ask.get('highlighted') ?? -1) }),
        ]
    shown = layers
    host.setLayers(layers)
  },
  shares() {
    // What two tiles over each other let through of the ground, in tiles.
    const share = (part: string): number => (1 - shown.filter(({ id, props }) => id.startsWith(`noise-${part}`) && props.visible).reduce((through, { props }) => through * (1 - FILL * props.opacity), 1)) / FILL
    return { cells: share('cells'), sensors: share('sensors') }
  },
  renew(seed) {
    lab.frame = makeFrame(lab.frame.count, seed)
    lab.draw()
  },
  setCells(radiusM) {
    lab.frame = makeFrame(lab.frame.count, Number(ask.get('seed') ?? 1), radiusM)
    lab.draw()
  },
  showCellsAlone() {
    const centre: LonLat = [anchor[0], anchor[1]]
    const cells: CellRows = { radiusM: 500, count: 1, centres: Float32Array.from(centre), values: Float32Array.of(70) }
    host.setLayers(createCellLayers({ id: 'alone', scale })(cells, { theme: lab.theme, ownsColour: true, opacity: 1 }))
    return { ...host.project(centre)!, pixelsPerM: pixelsOf(1, centre, host.camera()!.zoom) }
  },
  setTheme(next) {
    lab.theme = next
    host.setBasemap(area, next)
    lab.draw()
  },
}
window.lab = lab

host.setBasemap(area, theme)
host.jumpTo(ask.has('zoom') ? { centre: anchor, zoom: Number(ask.get('zoom')) } : { bounds })
lab.draw()
