/**
 * A day's line and its usual band as paths of an SVG of 1000 by 100, stretched to whatever room there is.
 *
 * The line goes from quarter to quarter and stops where one is missing: a bridge would draw what nobody measured. A point
 * without neighbours is a dot. Both share one scale, so that a value beyond usual lies outside the band.
 */
export interface DayPicture {
  readonly fromMs: number
  readonly toMs: number
  /** Ascending; those that have a value. */
  readonly points: readonly { readonly ms: number; readonly value: number }[]
  /** Points further apart are not joined. */
  readonly maxGapMs: number
  /** What is usual, stretch by stretch. */
  readonly bands: readonly { readonly fromMs: number; readonly toMs: number; readonly low: number; readonly middle: number; readonly high: number }[]
}

export interface DayShape {
  readonly line: string
  readonly band: string
  readonly middle: string
  /** 0 to 1000, clipped to the day. */
  x(ms: number): number
  /** 0 (top) to 100, clipped; a value beyond what is drawn stays in sight at the edge. */
  y(value: number): number
}

export const DAY_WIDTH = 1_000
export const DAY_HEIGHT = 100
/** Room above and below, so that the stroke is not cut. */
const MARGIN = 8

export function dayShape({ fromMs, toMs, points, maxGapMs, bands }: DayPicture): DayShape {
  const inside = points.filter(({ ms }) => ms >= fromMs && ms <= toMs)
  const shown = bands.filter((band) => band.toMs > fromMs && band.fromMs < toMs)
  let low = Infinity
  let high = -Infinity
  for (const { value } of inside) [low, high] = [Math.min(low, value), Math.max(high, value)]
  for (const band of shown) [low, high] = [Math.min(low, band.low), Math.max(high, band.high)]
  const x = (ms: number): number => round(clip(((ms - fromMs) / (toMs - fromMs)) * DAY_WIDTH, DAY_WIDTH))
  // A day that is the same throughout lies in the middle.
  const y = (value: number): number => round(clip(high > low ? MARGIN + ((high - value) / (high - low)) * (DAY_HEIGHT - 2 * MARGIN) : DAY_HEIGHT / 2, DAY_HEIGHT))
  let line = ''
  inside.forEach(({ ms, value }, index) => {
    const before = inside[index - 1]
    const after = inside[index + 1]
    const isJoined = before !== undefined && ms - before.ms <= maxGapMs
    const isAlone = !isJoined && (after === undefined || after.ms - ms > maxGapMs)
    line += `${isJoined ? 'L' : 'M'}${x(ms)} ${y(value)}${isAlone ? 'h0' : ''}`
  })
  const band = shown.map((one) => `M${x(one.fromMs)} ${y(one.high)}H${x(one.toMs)}V${y(one.low)}H${x(one.fromMs)}Z`).join('')
  const middle = shown.map((one) => `M${x(one.fromMs)} ${y(one.middle)}H${x(one.toMs)}`).join('')
  return { line, band, middle, x, y }
}

function clip(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
