/**
 * What is remembered of one domain in one city: who its sensors are, and their readings in chunks of a
 * quarter of an hour.
 *
 * Live readings are added as they come and wait in a log until their chunk is looked at, or until they
 * are many. What the temporal API says of a span takes the place of what came live from the same sensors
 * in it: a stream may have lost or put together what the history still knows apart.
 */
import type { LonLat } from '../../core/geo/position.ts'
import { MINUTE_MS } from '../../core/time/instant.ts'
import type { DomainModel, Reading, Warning } from '../../domains/domain-model.ts'
import { buildChunk, unpackChunk, type Chunk } from './chunk.ts'
import { createReadingLog, type ReadingLog } from './reading-log.ts'
import { createReadingShapes, type ReadingShapes } from './reading-shape.ts'
import { createWarningTable } from './warning-table.ts'

export const CHUNK_MS = 15 * MINUTE_MS

/** Readings that wait in a log take ten times the room of packed ones; packing copies the whole chunk. */
const MIN_WAITING = 20_000
const WAITING_SHARE = 0.25

export interface SensorIdentity {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly position?: LonLat
}

export interface DomainHistory {
  readonly model: DomainModel
  readonly shapes: ReadingShapes
  /** Sensors ever heard of; rows are never given to another. */
  readonly rows: number
  readonly ids: readonly string[]
  readonly names: readonly string[]
  readonly types: readonly string[]
  /** [lon, lat] where each row was first seen; NaN = not yet. */
  readonly homes: Float32Array
  /** Is the row a sensor that is known now? It is then shown at any time, with or without a reading. */
  isPresent(row: number): boolean
  /** Grows when a sensor is known, forgotten, renamed or found: what any instant may show. */
  readonly identityChanges: number
  readonly readings: number
  readonly bytes: number
  /** Who is known now, in place of who was before. */
  setPresent(sensors: Iterable<SensorIdentity>): void
  /** A reading that came live. `known`: the sensor's row, for who was told it before; else it is found by the id. Returns the row. */
  add(reading: Reading, known?: number): number
  /** What the temporal API holds of [fromMs, toMs]. */
  load(span: { readonly fromMs: number; readonly toMs: number }, readings: readonly Reading[]): void
  /** Chunks that reach into [fromMs, toMs], newest first. */
  chunks(fromMs: number, toMs: number): readonly Chunk[]
  /** Forgets the chunks that begin in [fromMs, toMs). */
  forget(fromMs: number, toMs: number): void
  /** Beginnings of the oldest and the newest chunk; undefined when there is none. */
  extent(): readonly [oldestMs: number, newestMs: number] | undefined
  warningsOf(number: number): readonly Warning[]
}

export function createDomainHistory(model: DomainModel): DomainHistory {
  const shapes = createReadingShapes(model)
  const warningTable = createWarningTable()
  const rows = new Map<string, number>()
  const ids: string[] = []
  const names: string[] = []
  const types: string[] = []
  const chunks = new Map<number, Chunk>()
  const waiting = new Map<number, ReadingLog>()
  let homes = new Float32Array(128).fill(NaN)
  let present = new Uint8Array(64)
  let identityChanges = 0
  let readings = 0
  let bytes = 0

  function rowOf(id: string): number {
    const known = rows.get(id)
    if (known !== undefined) return known
    const row = ids.length
    if (row === present.length) {
      const [fewHomes, fewPresent] = [homes, present]
      homes = new Float32Array(row * 4).fill(NaN)
      homes.set(fewHomes)
      present = new Uint8Array(row * 2)
      present.set(fewPresent)
    }
    rows.set(id, row)
    ids.push(id)
    names.push(id)
    types.push('')
    return row
  }

  function describe(row: number, name: string | undefined, type: string, position: LonLat | undefined): void {
    if (name !== undefined && name !== names[row]) {
      names[row] = name
      identityChanges++
    }
    if (type !== '' && type !== types[row]) {
      types[row] = type
      identityChanges++
    }
    if (position === undefined || !Number.isNaN(homes[row * 2]!)) return
    homes[row * 2] = position[0]
    homes[row * 2 + 1] = position[1]
    identityChanges++
  }

  function logOf(index: number): ReadingLog {
    let log = waiting.get(index)
    if (log === undefined) waiting.set(index, (log = createReadingLog(shapes)))
    return log
  }

  function append(log: ReadingLog, reading: Reading, isLive: boolean, known = -1): number {
    const row = known >= 0 ? known : rowOf(reading.entityId)
    describe(row, reading.name, reading.entityType, reading.position)
    log.append(row, reading, { isLive, warnings: warningTable.numberOf(reading.warnings) })
    return row
  }

  function put(index: number, log: ReadingLog): void {
    drop(index)
    if (log.count === 0) return
    const chunk = buildChunk(log, { startMs: index * CHUNK_MS, rows: ids.length, homes, shapes })
    chunks.set(index, chunk)
    readings += chunk.readings
    bytes += chunk.bytes
  }

  function drop(index: number): void {
    const chunk = chunks.get(index)
    if (chunk === undefined) return
    chunks.delete(index)
    readings -= chunk.readings
    bytes -= chunk.bytes
  }

  /** The chunk's readings that `keep` keeps, those that wait, then those that `more` adds: of one instant the last holds. */
  function rebuild(index: number, keep: (row: number, atMs: number, isLive: boolean) => boolean, more: (log: ReadingLog) => void): void {
    const log = createReadingLog(shapes)
    const chunk = chunks.get(index)
    if (chunk !== undefined) unpackChunk(chunk, log, { homes, shapes, keep })
    more(log)
    put(index, log)
  }

  /** Packs what waits of a chunk. */
  function settle(index: number): void {
    const log = waiting.get(index)
    if (log === undefined) return
    waiting.delete(index)
    if (!chunks.has(index)) put(index, log)
    else {
      rebuild(index, () => true, (into) => {
        for (let record = 0; record < log.count; record++) {
          const start = log.starts[record]!
          const end = record + 1 < log.count ? log.starts[record + 1]! : log.end
          into.appendRecord(end - start, (words, at) => words.set(log.words.subarray(start, end), at))
        }
      })
    }
  }

  return {
    model,
    shapes,
    get rows() {
      return ids.length
    },
    ids,
    names,
    types,
    get homes() {
      return homes
    },
    isPresent: (row) => present[row] === 1,
    get identityChanges() {
      return identityChanges
    },
    get readings() {
      return [...waiting.values()].reduce((sum, log) => sum + log.count, readings)
    },
    get bytes() {
      return [...waiting.values()].reduce((sum, log) => sum + log.bytes, bytes) + homes.byteLength + present.byteLength
    },
    setPresent(sensors) {
      present.fill(0)
      for (const { id, name, type, position } of sensors) {
        const row = rowOf(id)
        present[row] = 1
        describe(row, name === id ? undefined : name, type, position)
      }
      identityChanges++
    },
    add(reading, known) {
      const index = Math.floor(reading.observedAtMs / CHUNK_MS)
      const log = logOf(index)
      const row = append(log, reading, true, known)
      if (log.count > Math.max(MIN_WAITING, (chunks.get(index)?.readings ?? 0) * WAITING_SHARE)) settle(index)
      return row
    },
    load({ fromMs, toMs }, loaded) {
      const byChunk = new Map<number, Reading[]>()
      const told = new Set<number>()
      for (const reading of loaded) {
        if (reading.observedAtMs < fromMs || reading.observedAtMs > toMs) continue
        const index = Math.floor(reading.observedAtMs / CHUNK_MS)
        const list = byChunk.get(index)
        if (list === undefined) byChunk.set(index, [reading])
        else list.push(reading)
        told.add(rowOf(reading.entityId))
      }
      const isKept = (row: number, atMs: number, isLive: boolean): boolean => !isLive || atMs < fromMs || atMs > toMs || !told.has(row)
      for (let index = Math.floor(fromMs / CHUNK_MS); index <= Math.floor(toMs / CHUNK_MS); index++) {
        const list = byChunk.get(index) ?? []
        settle(index)
        if (list.length === 0 && !chunks.has(index)) continue
        rebuild(index, isKept, (log) => {
          for (const reading of list) append(log, reading, false)
        })
      }
    },
    chunks(fromMs, toMs) {
      const found: Chunk[] = []
      for (let index = Math.floor(toMs / CHUNK_MS); index >= Math.floor(fromMs / CHUNK_MS); index--) {
        settle(index)
        const chunk = chunks.get(index)
        if (chunk !== undefined) found.push(chunk)
      }
      return found
    },
    forget(fromMs, toMs) {
      for (const index of [...chunks.keys(), ...waiting.keys()]) {
        if (index * CHUNK_MS < fromMs || index * CHUNK_MS >= toMs) continue
        drop(index)
        waiting.delete(index)
      }
    },
    extent() {
      const indices = [...chunks.keys(), ...waiting.keys()]
      return indices.length === 0 ? undefined : [Math.min(...indices) * CHUNK_MS, Math.max(...indices) * CHUNK_MS]
    },
    warningsOf: warningTable.get,
  }
}
