/** A layer as the page has it, of sensors told in a line each. */
import type { LiveLayer } from '../src/app/live-store.ts'
import type { View } from '../src/domains/standing.ts'

export interface GivenSensor {
  readonly name: string
  readonly id?: string
  readonly value: number
  /** Its own value where `value` is what a view makes of it. */
  readonly plain?: number
  readonly latest?: number
  readonly freshness?: number
  readonly observedAtMs?: number
  readonly hasPosition?: boolean
  readonly district?: number
}

const N = Number.NaN

export function layerOf(sensors: readonly GivenSensor[], view: View = 'value'): LiveLayer {
  const values = Float32Array.from(sensors, ({ value }) => value)
  return {
    roster: { domain: 'noise', version: 1, ids: sensors.map(({ id }, index) => id ?? `id:${index}`), names: sensors.map(({ name }) => name), types: sensors.map(() => 'T'), warnings: sensors.map(() => []) },
    frame: {
      domain: 'noise',
      rosterVersion: 1,
      atMs: 0,
      windowStartMs: 0,
      windowEndMs: 0,
      coveredFromMs: 0,
      view,
      plain: Float32Array.from(view === 'value' ? [] : sensors, ({ plain = N }) => plain),
      medians: new Float32Array(0),
      districtOf: Uint8Array.from(sensors, ({ district = 0 }) => district),
      districts: [],
      count: sensors.length,
      positions: Float32Array.from(sensors.flatMap(({ hasPosition = true }) => (hasPosition ? [0, 0] : [N, N]))),
      values,
      latest: Float32Array.from(sensors, ({ value, latest = value }) => latest),
      observedAtMs: Float64Array.from(sensors, ({ observedAtMs = 100 }) => observedAtMs),
      freshness: Uint8Array.from(sensors, ({ freshness = 0 }) => freshness),
      cells: { radiusM: 500, count: 0, centres: new Float32Array(0), values: new Float32Array(0), sensors: new Uint16Array(0) },
      total: { reporting: 0, known: sensors.length },
    },
  }
}
