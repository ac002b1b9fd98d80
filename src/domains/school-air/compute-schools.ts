/**
 * One point for a school: what its rooms say together.
 *
 * A class room is thirty children. Where a city publishes rooms, the relay is the place to put them together before
 * anything reaches a browser; how many people are in a room is left out altogether.
 */
import { across } from '../../core/stats/across.ts'
import { HOUR_MS } from '../../core/time/instant.ts'
import type { Warning } from '../domain-model.ts'

/** How many people a room held may be told over this time or longer, never for a moment. */
export const OCCUPANCY_FLOOR_MS = HOUR_MS

export const OCCUPANCY_MEASURE = 'people'

export function mayShowOccupancy(periodMs: number | undefined): boolean {
  return periodMs !== undefined && periodMs >= OCCUPANCY_FLOOR_MS
}

/** A room's reading as far as a school's is made of it. */
export interface RoomReading {
  readonly entityId: string
  /** Undefined: the entity stands for the school itself. */
  readonly schoolId?: string | undefined
  readonly observedAtMs: number
  readonly values: Readonly<Record<string, number>>
  readonly implausible?: readonly string[] | undefined
  readonly warnings: readonly Warning[]
}

export interface SchoolSummary {
  readonly schoolId: string
  readonly rooms: number
  /** Of the newest room. */
  readonly observedAtMs: number
  /** Median over rooms, by measure; without occupancy. */
  readonly values: Readonly<Record<string, number>>
  readonly warnings: readonly Warning[]
}

/** By school, of one reading a room: its newest. */
export function bySchool(rooms: Iterable<RoomReading>): readonly SchoolSummary[] {
  const newest = new Map<string, RoomReading>()
  for (const room of rooms) {
    const known = newest.get(room.entityId)
    if (known === undefined || known.observedAtMs < room.observedAtMs) newest.set(room.entityId, room)
  }
  const schools = new Map<string, RoomReading[]>()
  for (const room of newest.values()) {
    const id = room.schoolId ?? room.entityId
    const known = schools.get(id)
    if (known === undefined) schools.set(id, [room])
    else known.push(room)
  }
  return [...schools].map(([schoolId, own]) => ({
    schoolId,
    rooms: own.length,
    observedAtMs: own.reduce((latest, { observedAtMs }) => Math.max(latest, observedAtMs), -Infinity),
    values: medians(own),
    warnings: distinctKinds(own),
  }))
}

function medians(rooms: readonly RoomReading[]): Readonly<Record<string, number>> {
  const byMeasure = new Map<string, number[]>()
  for (const { values, implausible } of rooms) {
    for (const [measure, value] of Object.entries(values)) {
      if (measure === OCCUPANCY_MEASURE || implausible?.includes(measure) === true) continue
      const known = byMeasure.get(measure)
      if (known === undefined) byMeasure.set(measure, [value])
      else known.push(value)
    }
  }
  return Object.fromEntries([...byMeasure].map(([measure, values]) => [measure, across('median', values)!]))
}

/** A warning's detail may name its room: only its kind is passed on. */
function distinctKinds(rooms: readonly RoomReading[]): readonly Warning[] {
  const kinds = new Set(rooms.flatMap(({ warnings }) => warnings.map(({ kind }) => kind)))
  return [...kinds].map((kind) => ({ kind, detail: 'in at least one room' }))
}
