/**
 * Where things may stand: positions along lines and around points, taken only where allowed and
 * never closer together than asked.
 */
import { distanceM, EARTH_RADIUS_M, type LonLat } from './position.ts'

const DEGREE_M = (EARTH_RADIUS_M * Math.PI) / 180

/** A position moved by metres. Flat earth: right to a per mille within a city. */
export function moved([lon, lat]: LonLat, eastM: number, northM: number): LonLat {
  return [lon + eastM / (DEGREE_M * Math.cos((lat * Math.PI) / 180)), lat + northM / DEGREE_M]
}

export function pathLengthM(path: readonly LonLat[]): number {
  let lengthM = 0
  for (let i = 1; i < path.length; i++) lengthM += distanceM(path[i - 1]!, path[i]!)
  return lengthM
}

/** The position after a share of the path's length, 0 to 1. */
export function alongPath(path: readonly LonLat[], share: number): LonLat {
  let leftM = pathLengthM(path) * Math.min(1, Math.max(0, share))
  for (let i = 1; i < path.length; i++) {
    const a = path[i - 1]!
    const b = path[i]!
    const lengthM = distanceM(a, b)
    if (leftM <= lengthM && lengthM > 0) {
      const t = leftM / lengthM
      return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
    }
    leftM -= lengthM
  }
  return path.at(-1) ?? [NaN, NaN]
}

/** Distance to the nearest point of the path, metres; Infinity for an empty one. */
export function distanceToPathM(position: LonLat, path: readonly LonLat[]): number {
  if (path.length === 1) return distanceM(position, path[0]!)
  let nearest = Infinity
  const k = Math.cos((position[1] * Math.PI) / 180)
  for (let i = 1; i < path.length; i++) {
    const [ax, ay] = [(path[i - 1]![0] - position[0]) * k, path[i - 1]![1] - position[1]]
    const [bx, by] = [(path[i]![0] - position[0]) * k, path[i]![1] - position[1]]
    const [dx, dy] = [bx - ax, by - ay]
    const squared = dx * dx + dy * dy
    const t = squared === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared))
    nearest = Math.min(nearest, Math.hypot(ax + dx * t, ay + dy * t))
  }
  return nearest * DEGREE_M
}

/** One of the paths by a draw in [0, 1): longer ones more often, by the root of their length. Undefined when there are none. */
export function pickLonger<T extends { readonly path: readonly LonLat[] }>(paths: readonly T[], draw: number): T | undefined {
  const weights = paths.map(({ path }) => Math.sqrt(pathLengthM(path)))
  let left = draw * weights.reduce((a, b) => a + b, 0)
  return paths.find((_, index) => (left -= weights[index]!) < 0) ?? paths.at(-1)
}

export interface Placer {
  /** On the path at about the share, up to `besideM` to its side. Undefined when no place was found. */
  onPath(path: readonly LonLat[], share: number, besideM: number): LonLat | undefined
  /** Within the radius of the centre. Undefined when no place was found. */
  around(centre: LonLat, radiusM: number): LonLat | undefined
}

const TRIES = 24
const DIGITS = 1e5 // five decimals: about a metre, as cities write positions

export function createPlacer(options: { readonly isAllowed: (position: LonLat) => boolean; readonly random: () => number; readonly apartM: number }): Placer {
  const { isAllowed, random, apartM } = options
  const taken: LonLat[] = []

  // Rounded before it is judged: what is published must be what was found to be dry.
  const tryPlaces = (candidate: (attempt: number) => LonLat): LonLat | undefined => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const [lon, lat] = candidate(attempt)
      const place: LonLat = [Math.round(lon * DIGITS) / DIGITS, Math.round(lat * DIGITS) / DIGITS]
      if (!isAllowed(place) || taken.some((other) => distanceM(other, place) < apartM)) continue
      taken.push(place)
      return place
    }
    return undefined
  }

  return {
    onPath(path, share, besideM) {
      return tryPlaces((attempt) => {
        const on = alongPath(path, share + (random() - 0.5) * 0.02 * attempt)
        return moved(on, (random() - 0.5) * 2 * besideM, (random() - 0.5) * 2 * besideM)
      })
    },
    around(centre, radiusM) {
      return tryPlaces(() => {
        const angle = random() * 2 * Math.PI
        const distance = Math.sqrt(random()) * radiusM
        return moved(centre, Math.cos(angle) * distance, Math.sin(angle) * distance)
      })
    },
  }
}
