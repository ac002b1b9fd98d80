/**
 * How colours stand to each other: contrast (WCAG 2.2), difference (CIEDE2000), and how they look with another colour vision.
 * The page has no use for it: its palettes are checked with it.
 */

/** sRGB, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]
export type Vision = 'normal' | 'protan' | 'deutan' | 'tritan'
type Lab = readonly [l: number, a: number, b: number]
type Matrix = readonly [Rgb, Rgb, Rgb]

/** Full dichromacy, on linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0. */
const SEEN: Readonly<Record<Exclude<Vision, 'normal'>, Matrix>> = {
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

/** sRGB to XYZ by D65, IEC 61966-2-1. */
const XYZ: Matrix = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
const WHITE: Rgb = [0.95047, 1, 1.08883]

export function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)]
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

export function seenBy(colour: Rgb, vision: Vision): Rgb {
  if (vision === 'normal') return colour
  const [r, g, b] = times(SEEN[vision], linear(colour))
  return [coded(r), coded(g), coded(b)]
}

/** Sharma, Wu and Dalal 2005. */
export function deltaE2000(one: Rgb, other: Rgb): number {
  const [l1, a1, b1] = lab(one)
  const [l2, a2, b2] = lab(other)
  return deltaELab([l1, a1, b1], [l2, a2, b2])
}

export function deltaELab([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const meanC7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7
  const g = 1.5 - 0.5 * Math.sqrt(meanC7 / (meanC7 + 25 ** 7))
  const [c1, c2] = [Math.hypot(a1 * g, b1), Math.hypot(a2 * g, b2)]
  const [h1, h2] = [hue(a1 * g, b1), hue(a2 * g, b2)]
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180
  const dl = l2 - l1
  const dc = c2 - c1
  const dh = 2 * Math.sqrt(c1 * c2) * sin(turn / 2)
  const l = (l1 + l2) / 2
  const c = (c1 + c2) / 2
  const h = c1 * c2 === 0 ? h1 + h2 : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2)
  const sc = 1 + 0.045 * c
  const sh = 1 + 0.015 * c * t
  const rt = -sin(60 * Math.exp(-(((h - 275) / 25) ** 2))) * 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7))
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))
}

function lab(colour: Rgb): Lab {
  const xyz = times(XYZ, linear(colour))
  const [x, y, z] = [0, 1, 2].map((at) => root(xyz[at]! / WHITE[at]!)) as [number, number, number]
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function root(ratio: number): number {
  return ratio > 216 / 24389 ? Math.cbrt(ratio) : ((24389 / 27) * ratio + 16) / 116
}

function luminance(colour: Rgb): number {
  const [r, g, b] = linear(colour)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function linear([r, g, b]: Rgb): Rgb {
  return [lit(r), lit(g), lit(b)]
}

function lit(channel: number): number {
  const share = channel / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function coded(light: number): number {
  const share = Math.min(1, Math.max(0, light))
  return 255 * (share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055)
}

function times(matrix: Matrix, [x, y, z]: Rgb): Rgb {
  return [matrix[0][0] * x + matrix[0][1] * y + matrix[0][2] * z, matrix[1][0] * x + matrix[1][1] * y + matrix[1][2] * z, matrix[2][0] * x + matrix[2][1] * y + matrix[2][2] * z]
}

function hue(a: number, b: number): number {
  return a === 0 && b === 0 ? 0 : (Math.atan2(b, a) * 180 / Math.PI + 360) % 360
}

function sin(degrees: number): number {
  return Math.sin((degrees * Math.PI) / 180)
}

function cos(degrees: number): number {
  return Math.cos((degrees * Math.PI) / 180)
}
