/**
 * The same question asked of several programs: so many of the sensors on the map have a new value, make the
 * means of the hexagons (1 km from centre to corner) ready to draw.
 *
 * Peers run their own published code, set up as their own layers set it up, and generously: what they would
 * do before (reading objects through accessors) and after (scales, buffers) is not counted.
 */
import { HexagonLayer, type CPUAggregator } from '@deck.gl/aggregation-layers'
import { WebMercatorViewport } from '@deck.gl/core'
import Supercluster, { type PointFeature } from 'supercluster'
import { createRandom } from '../../src/core/random.ts'
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../src/core/time/instant.ts'
import type { LonLat } from '../../src/core/geo/position.ts'
import type { Reading } from '../../src/domains/domain-model.ts'
import { NOISE } from '../../src/domains/noise/model.ts'
import { createDomainState, type DomainState } from '../../src/workers/aggregator/domain-state.ts'
import { AT, MEASURES, PERIOD, ReadingList } from '../../src/workers/aggregator/plain-readings.ts'

export interface Sensors {
  readonly count: number
  /** [lon, lat, 0] of each, as deck.gl keeps them. */
  readonly positions: Float64Array
  readonly values: Float32Array
}

/** Which sensors changed, and what they say now. */
export interface Changes {
  readonly rows: Uint32Array
  readonly values: Float32Array
}

/** One program with the sensors loaded. What is called in a round is what is timed. */
export interface Refreshing {
  /** Before a round, untimed: what a program's caller would have in hand. */
  prepare?(changes: Changes, round: number): void
  refresh(changes: Changes): void
  /** How many cells have a value: the check that the ways answer the same question. */
  cells(): number
}

export interface RefreshWay {
  readonly rounds: number
  start(sensors: Sensors): Refreshing
}

const SEED = 20_261_122
export const RADIUS_M = 1_000
export const MIDDLE: LonLat = [-8.61, 41.15]
/** About 20,000 hexagons of 1 km: a region with its towns, not one city. */
const SPAN: LonLat = [2.75, 2.05]

export function makeSensors(count: number): Sensors {
  const random = createRandom(SEED)
  const positions = new Float64Array(count * 3)
  const values = new Float32Array(count)
  for (let row = 0; row < count; row++) {
    positions[row * 3] = MIDDLE[0] + (random() - 0.5) * SPAN[0]
    positions[row * 3 + 1] = MIDDLE[1] + (random() - 0.5) * SPAN[1]
    values[row] = 45 + Math.round(random() * 300) / 10
  }
  return { count, positions, values }
}

/** Different rows in each round; none twice. */
export function makeChanges(sensors: number, changed: number, round: number): Changes {
  const random = createRandom(SEED + 1 + round)
  const rows = new Set<number>()
  while (rows.size < Math.min(changed, sensors)) rows.add(Math.floor(random() * sensors))
  return { rows: Uint32Array.from(rows), values: Float32Array.from(rows, () => 45 + Math.round(random() * 300) / 10) }
}

/** A new `data` of deck.gl's HexagonLayer: every point is put into its bin again, and colour and height are added up. */
const deckFull: RefreshWay = {
  rounds: 4,
  start: (sensors) => startDeck(sensors, (aggregator) => aggregator.setNeedsUpdate()),
}

/** Only the colour's weights of HexagonLayer changed: bins are kept, every point is added up again. */
const deckWeights: RefreshWay = {
  rounds: 8,
  start: (sensors) => startDeck(sensors, (aggregator) => aggregator.setNeedsUpdate(0)),
}

const supercluster: RefreshWay = {
  rounds: 2,
  start({ count, positions, values }) {
    interface Sum {
      sum: number
      count: number
    }
    const features = Array.from({ length: count }, (_, row): PointFeature<{ value: number }> => ({
      type: 'Feature',
      properties: { value: values[row]! },
      geometry: { type: 'Point', coordinates: [positions[row * 3]!, positions[row * 3 + 1]!] },
    }))
    const load = (): Supercluster<{ value: number }, Sum> =>
      new Supercluster<{ value: number }, Sum>({
        map: ({ value }) => ({ sum: value, count: 1 }),
        reduce: (into, { sum, count: more }) => {
          into.sum += sum
          into.count += more
        },
      }).load(features)
    let index = load()
    return {
      refresh({ rows, values: fresh }) {
        for (let i = 0; i < rows.length; i++) features[rows[i]!]!.properties.value = fresh[i]!
        index = load()
      },
      // Its clusters are not hexagons: that all points are in them is what can be checked.
      cells: () => index.getClusters([-180, -85, 180, 85], 0).length,
    }
  },
}

/**
 * The store, the windows and the cells of this project, as the worker drives them: readings as numbers with their rows
 * known, as the peers know theirs. The sensors of a living city have reported before, so each has two readings in its window.
 */
const belvedere: RefreshWay = {
  rounds: 8,
  start(sensors) {
    const state = startedState(sensors)
    const list = new ReadingList(NOISE.measures.length)
    let nowMs = START
    return {
      prepare({ rows, values }, round) {
        nowMs = START + (round + 1) * SECOND_MS
        list.clear()
        for (let i = 0; i < rows.length; i++) {
          const from = list.add(rows[i]!, ABOUT)
          list.numbers[from + AT] = nowMs
          list.numbers[from + PERIOD] = MINUTE_MS
          list.numbers[from + MEASURES + LAEQ] = values[i]!
        }
      },
      refresh() {
        state.applyAll(list, nowMs)
        state.refresh(nowMs)
      },
      cells: () => state.cellCount,
    }
  },
}

/** The same from readings that are objects, each sensor looked up by its id: how entities come that are not plain. */
const belvedereById: RefreshWay = {
  rounds: 8,
  start(sensors) {
    const state = startedState(sensors)
    let readings: Reading[] = []
    let nowMs = START
    return {
      prepare({ rows, values }, round) {
        nowMs = START + (round + 1) * SECOND_MS
        readings = Array.from(rows, (row, i) => readingOf(sensors, row, values[i]!, nowMs))
      },
      refresh() {
        for (const reading of readings) state.apply(reading, nowMs)
        state.refresh(nowMs)
      },
      cells: () => state.cellCount,
    }
  },
}

const START = Date.UTC(2026, 10, 20, 12)
const LAEQ = NOISE.measures.findIndex(({ id }) => id === NOISE.headline)
const ABOUT = { entityType: 'NoiseLevelObserved', warnings: [] }

function readingOf({ positions }: Sensors, row: number, value: number, atMs: number): Reading {
  return {
    entityId: `urn:ngsi-ld:NoiseLevelObserved:bench:${row}`,
    entityType: ABOUT.entityType,
    position: [positions[row * 3]!, positions[row * 3 + 1]!],
    observedAtMs: atMs as EpochMs,
    periodMs: MINUTE_MS,
    values: { [NOISE.headline]: value },
    warnings: [],
  }
}

function startedState(sensors: Sensors): DomainState {
  const state = createDomainState({ model: NOISE, anchor: MIDDLE, cellRadiusM: RADIUS_M })
  for (const atMs of [START - MINUTE_MS, START]) {
    for (let row = 0; row < sensors.count; row++) state.apply(readingOf(sensors, row, sensors.values[row]!, atMs), atMs)
    state.refresh(atMs)
  }
  return state
}

export const WAYS: Readonly<Record<string, RefreshWay>> = { 'deck-full': deckFull, 'deck-weights': deckWeights, supercluster, belvedere, 'belvedere-by-id': belvedereById }

/**
 * deck.gl's aggregator as HexagonLayer itself makes it, binning by the layer's own code included; only the
 * layer around it, which would need a screen, is left out. It projects to common space around the data's middle.
 */
function startDeck({ count, positions, values: given }: Sensors, markStale: (aggregator: CPUAggregator) => void): Refreshing {
  const viewport = new WebMercatorViewport({ longitude: MIDDLE[0], latitude: MIDDLE[1], zoom: 12 })
  const binOptions = { radiusCommon: viewport.getDistanceScales([...MIDDLE]).unitsPerMeter[0]! * RADIUS_M, hexOriginCommon: viewport.projectFlat([...MIDDLE]) }
  const values = Float32Array.from(given)
  // What the method reads of its layer.
  const layer = { props: { radius: RADIUS_M }, state: { aggregatorViewport: viewport } } as unknown as HexagonLayer
  const aggregator = HexagonLayer.prototype.createAggregator.call(layer, 'cpu') as CPUAggregator
  aggregator.setProps({
    pointCount: count,
    operations: ['MEAN', 'SUM'],
    binOptions,
    // The part of an attribute that the aggregator reads: its array and how it lies.
    attributes: { positions: attributeOf(positions, 3), colorWeights: attributeOf(values, 1), elevationWeights: { ...attributeOf(Float32Array.of(1), 1), isConstant: true } } as never,
  })
  aggregator.update()
  return {
    refresh({ rows, values: fresh }) {
      for (let i = 0; i < rows.length; i++) values[rows[i]!] = fresh[i]!
      markStale(aggregator)
      aggregator.update()
    },
    cells: () => aggregator.binCount,
  }
}

function attributeOf(value: Float64Array | Float32Array, size: number) {
  return { value, isConstant: false, getAccessor: () => ({ size }) }
}
