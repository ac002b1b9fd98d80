/**
 * What a reading consists of besides its numbers: which measures it has, which of them are older or
 * implausible, and whether it tells its period. A city has a handful of such shapes and millions of
 * readings, so a reading keeps the number of its shape.
 *
 * Each shape owns one reading object that is laid over one packed reading after the other. Its numbers are
 * unpacked when a fold looks at them: most folds want two of a dozen. A fold keeps numbers, never the object.
 */
import type { EpochMs } from '../../core/time/instant.ts'
import type { DomainModel, Reading } from '../../domains/domain-model.ts'
import { valueAt, type PackedColumn } from './packed-column.ts'

/** Numbers of a reading by place: the period, then the measures, then how much older they are. */
export const PERIOD = 0
export const FIRST_MEASURE = 1

export interface ReadingShape {
  readonly id: number
  /** Places of the numbers it has, ascending. */
  readonly places: readonly number[]
  /** Came with a notification or a snapshot, not from the history. */
  readonly isLive: boolean
  /** The shape's one reading, as it stands in packed columns (by place) at an index. */
  at(numbers: readonly (PackedColumn | undefined)[], index: number, observedAtMs: number): Reading
}

export interface ReadingShapes {
  /** Places there are. */
  readonly places: number
  /** The headline's place; -1 when no measure is the headline. */
  readonly headline: number
  get(id: number): ReadingShape
  of(reading: Reading, isLive: boolean): ReadingShape
  /** The number of the reading at a place; NaN when it has none. */
  numberAt(reading: Reading, place: number): number
}

export function createReadingShapes(model: DomainModel): ReadingShapes {
  const measures = model.measures.map(({ id }) => id)
  const firstLag = FIRST_MEASURE + measures.length
  const shapes: ReadingShape[] = []
  // Almost all readings have no lag and nothing implausible: their key is a small number.
  const byKey = new Map<number | string, ReadingShape>()

  function keyOf(reading: Reading, isLive: boolean): number | string {
    let present = 0
    for (let index = 0; index < measures.length; index++) if (Object.hasOwn(reading.values, measures[index]!)) present += 2 ** index
    const key = present * 4 + (reading.periodMs === undefined ? 0 : 2) + (isLive ? 1 : 0)
    if (reading.lagMs === undefined && reading.implausible === undefined) return key
    const lagging = measures.filter((id) => reading.lagMs !== undefined && Object.hasOwn(reading.lagMs, id))
    return `${key} ${lagging.join()} ${(reading.implausible ?? []).join()}`
  }

  function createShape(id: number, like: Reading, isLive: boolean): ReadingShape {
    let numbers: readonly (PackedColumn | undefined)[] = []
    let index = 0
    const places: number[] = []
    const lookUp = (target: object, name: string, place: number): void => {
      places.push(place)
      Object.defineProperty(target, name, { enumerable: true, get: () => valueAt(numbers[place]!, index) })
    }
    const values: Record<string, number> = {}
    const lagMs: Record<string, number> = {}
    const reading = {
      entityId: '',
      entityType: like.entityType,
      observedAtMs: like.observedAtMs,
      values,
      warnings: [],
      ...(like.lagMs === undefined ? {} : { lagMs }),
      ...(like.implausible === undefined ? {} : { implausible: [...like.implausible] }),
    }
    if (like.periodMs !== undefined) lookUp(reading, 'periodMs', PERIOD)
    for (const [at, measure] of measures.entries()) if (Object.hasOwn(like.values, measure)) lookUp(values, measure, FIRST_MEASURE + at)
    for (const [at, measure] of measures.entries()) if (like.lagMs !== undefined && Object.hasOwn(like.lagMs, measure)) lookUp(lagMs, measure, firstLag + at)
    return {
      id,
      places,
      isLive,
      at(columns, atIndex, observedAtMs) {
        numbers = columns
        index = atIndex
        reading.observedAtMs = observedAtMs as EpochMs
        return reading
      },
    }
  }

  return {
    places: firstLag + measures.length,
    headline: measures.includes(model.headline) ? FIRST_MEASURE + measures.indexOf(model.headline) : -1,
    get: (id) => shapes[id]!,
    of(reading, isLive) {
      const key = keyOf(reading, isLive)
      let shape = byKey.get(key)
      if (shape === undefined) {
        byKey.set(key, (shape = createShape(shapes.length, reading, isLive)))
        shapes.push(shape)
      }
      return shape
    },
    numberAt(reading, place) {
      if (place === PERIOD) return reading.periodMs ?? NaN
      return place < firstLag ? (reading.values[measures[place - FIRST_MEASURE]!] ?? NaN) : (reading.lagMs?.[measures[place - firstLag]!] ?? NaN)
    },
  }
}
