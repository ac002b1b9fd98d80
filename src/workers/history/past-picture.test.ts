import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createAreaIndex } from '../../core/geo/areas.ts'
import type { LonLat } from '../../core/geo/position.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../core/time/instant.ts'
import type { DomainModel, Reading } from '../../domains/domain-model.ts'
import { TOO_FEW_KIND } from '../../domains/privacy.ts'
import { MODELS } from '../../domains/models.ts'
import { ANCHOR } from '../../../test/aggregator-in-hand.ts'
import { createDomainState } from '../aggregator/domain-state.ts'
import { createFrameBufferPool } from '../aggregator/frame-buffers.ts'
import { createDomainHistory } from './domain-history.ts'
import { createPastPicture, lookBackMsOf, type Drawable } from './past-picture.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
// Dyadic places are exact in a Float32Array.
const PLACES: readonly LonLat[] = [[-8.5, 41.125], [-8.625, 41.125], [-8.625, 41.25]]

const AREAS = createAreaIndex([{ name: 'west', polygons: [[[[-8.75, 41], [-8.5625, 41], [-8.5625, 41.1875], [-8.75, 41.1875], [-8.75, 41]]]] }, { name: 'east', polygons: [[[[-8.5625, 41], [-8.25, 41], [-8.25, 41.5], [-8.5625, 41.5], [-8.5625, 41]]]] }])

/** Known now, each where it stands; of another only its readings are known, which name its place. */
const PRESENT = [0, 1, 2, 3].map((sensor) => ({ id: `s${sensor}`, name: `Sensor ${sensor}`, type: 'Sensor', position: PLACES[sensor % 2]! }))
const UNKNOWN = 4

interface Given {
  readonly sensor: number
  readonly agoS: number
  readonly tenths: readonly (number | undefined)[]
  readonly periodMin: number | undefined
  readonly place: number | undefined
  readonly lagS: number
  readonly odd: boolean
}

const arbitraryGiven: fc.Arbitrary<Given> = fc.record({
  sensor: fc.nat(UNKNOWN),
  agoS: fc.oneof(fc.integer({ min: 0, max: 3_600 }), fc.integer({ min: 0, max: 4 * 3_600 })),
  tenths: fc.array(fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined, freq: 5 }), { minLength: 6, maxLength: 6 }),
  periodMin: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  place: fc.option(fc.nat(PLACES.length - 1), { nil: undefined }),
  lagS: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3_600 })),
  odd: fc.boolean(),
})

function readingOf(model: DomainModel, given: Given): Reading {
  const measures = model.measures.slice(0, 6)
  const values = Object.fromEntries(measures.flatMap(({ id }, index) => (given.tenths[index] === undefined ? [] : [[id, given.tenths[index] / 10]])))
  const last = Object.keys(values).at(-1)
  return {
    entityId: `s${given.sensor}`,
    entityType: 'Sensor',
    observedAtMs: (NOON - given.agoS * SECOND_MS) as EpochMs,
    values,
    ...(given.periodMin === undefined ? {} : { periodMs: given.periodMin * MINUTE_MS }),
    ...(given.place === undefined && given.sensor !== UNKNOWN ? {} : { position: PLACES[given.place ?? 0]! }),
    ...(given.lagS === 0 || last === undefined ? {} : { lagMs: { [last]: given.lagS * SECOND_MS } }),
    ...(given.odd && last !== undefined ? { implausible: [last] } : {}),
    warnings: given.odd ? [{ kind: given.sensor % 2 === 0 ? TOO_FEW_KIND : 'odd', detail: `sensor ${given.sensor}` }] : [],
  }
}

/** What a look back showed before there was a history: a state fed with the readings of the look-back, in their order. */
function fromScratch(model: DomainModel, readings: readonly Reading[], atMs: number, windowMs = model.windowMs): Drawable {
  const state = createDomainState({ model, anchor: ANCHOR, cellRadiusM: 500, districts: AREAS })
  state.setWindow(windowMs)
  for (const sensor of PRESENT) state.introduce(sensor)
  const fromMs = atMs - lookBackMsOf(windowMs, model.expectedIntervalMs)
  const inside = readings.filter(({ observedAtMs }) => observedAtMs >= fromMs && observedAtMs <= atMs)
  for (const reading of inside.toSorted((a, b) => a.observedAtMs - b.observedAtMs)) state.apply(reading, atMs)
  state.refresh(atMs)
  return state
}

// Sums of fractions depend on their order in the last digits.
const near = (value: number): number => Number(value.toPrecision(5))

function pictureOf(state: Drawable) {
  const frame = state.frame(createFrameBufferPool().take(state.count, state.cellCount, state.view), 1)
  const roster = state.roster(1)
  const { value, ...counts } = frame.total
  return {
    atMs: frame.atMs,
    window: [frame.windowStartMs, frame.windowEndMs],
    sensors: roster.ids
      .map((id, row) => ({
        id,
        value: near(frame.values[row]!),
        latest: frame.latest[row]!,
        observedAtMs: frame.observedAtMs[row]!,
        freshness: frame.freshness[row]!,
        district: frame.districtOf[row]!,
        position: [...frame.positions.subarray(row * 2, row * 2 + 2)],
        warnings: roster.warnings[row]!.map(({ kind, detail }) => `${kind} ${detail}`),
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    cells: Array.from({ length: frame.cells.count }, (_, cell) => ({
      centre: [...frame.cells.centres.subarray(cell * 2, cell * 2 + 2)],
      value: near(frame.cells.values[cell]!),
      sensors: frame.cells.sensors[cell]!,
    })).toSorted((a, b) => (JSON.stringify(a.centre) < JSON.stringify(b.centre) ? -1 : 1)),
    total: { ...counts, value: value === undefined ? undefined : near(value) },
    districts: frame.districts.map((district) => ({ ...district, value: district.value === undefined ? undefined : near(district.value) })),
  }
}

/** One reading a sensor and instant: which of two holds is another matter. */
function distinct(list: readonly Given[]): Given[] {
  return [...new Map(list.map((given) => [`${given.sensor} ${given.agoS}`, given])).values()]
}

describe.each(MODELS.map((model) => [model.id, model] as const))('a past picture of %s', (_, model) => {
  const historyOf = () => {
    const history = createDomainHistory(model)
    history.setPresent(PRESENT)
    return { history, picture: createPastPicture({ history, anchor: ANCHOR, cellRadiusM: 500, expectedIntervalMs: model.expectedIntervalMs, areas: AREAS }) }
  }

  test.prop([fc.array(arbitraryGiven, { maxLength: 60 }), fc.array(fc.integer({ min: -600, max: 4 * 3_600 }), { minLength: 1, maxLength: 12 }), fc.array(fc.nat(2))], { numRuns: 60, seed: 1 })(
    'is what the readings of its window and look-back make, whatever came when and wherever the hand was before',
    (list, seeksAgoS, ways) => {
      const { history, picture } = historyOf()
      const known: Reading[] = []
      const readings = distinct(list).map((given) => readingOf(model, given))
      seeksAgoS.forEach((agoS, turn) => {
        // Some come live, one by one and late; some are loaded, an hour at a time.
        const share = readings.slice(known.length, Math.ceil(((turn + 1) * readings.length) / seeksAgoS.length))
        if (ways[turn] === 1) for (let hour = -1; hour < 4; hour++) history.load({ fromMs: NOON - (hour + 1) * HOUR_MS + 1, toMs: NOON - hour * HOUR_MS }, share)
        else for (const reading of share) history.add(reading)
        known.push(...share)
        const atMs = NOON - agoS * SECOND_MS
        picture.refresh(atMs)
        // A load replaces what came live of its sensors; here the history knows all that was live.
        if (ways.includes(1)) return
        expect(pictureOf(picture)).toEqual(pictureOf(fromScratch(model, known, atMs)))
      })
      if (!ways.includes(1)) return
      history.load({ fromMs: NOON - 5 * HOUR_MS, toMs: NOON }, known)
      for (const agoS of seeksAgoS) {
        picture.refresh(NOON - agoS * SECOND_MS)
        expect(pictureOf(picture)).toEqual(pictureOf(fromScratch(model, known, NOON - agoS * SECOND_MS)))
      }
    },
  )

  test.prop([fc.array(arbitraryGiven, { maxLength: 40 }), fc.nat(3_600), fc.constantFrom(MINUTE_MS, HOUR_MS, 3 * HOUR_MS)], { numRuns: 30, seed: 1 })('folds over any window', (list, agoS, windowMs) => {
    const { history, picture } = historyOf()
    const readings = distinct(list).map((given) => readingOf(model, given))
    for (const reading of readings) history.add(reading)
    picture.refresh(NOON - agoS * SECOND_MS)
    picture.setWindow(windowMs)
    picture.refresh(NOON - agoS * SECOND_MS)
    expect(pictureOf(picture)).toEqual(pictureOf(fromScratch(model, readings, NOON - agoS * SECOND_MS, windowMs)))
  })

  it('finds nothing to do when nothing changed', () => {
    const { history, picture } = historyOf()
    history.add(readingOf(model, { sensor: 1, agoS: 60, tenths: [500, 500, 500, 500, 500, 500], periodMin: 15, place: 0, lagS: 0, odd: false }))
    expect(picture.refresh(NOON)).toBe(true)
    expect(picture.refresh(NOON)).toBe(false)
    expect(picture.refresh(NOON - 1)).toBe(true)
  })
})
