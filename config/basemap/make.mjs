/**
 * Makes `public/basemap/<city>.json`: the offline ground under the sensors, without a tile server.
 *
 *   npm install --no-save @geo-maps/earth-lands-10m     # 135 MB, only for this script
 *   node --max-old-space-size=8000 config/basemap/make.mjs [--preview DIR]
 *
 * The coast comes from OpenStreetMap through `@geo-maps` (ODbL), clipped to the city's box. Its inland
 * waters are reduced to triangles, so the holes are left out and rivers, canals, docks, parks and
 * names are drawn by hand in `cities/*.mjs`. `--preview` writes an SVG of each city, to be looked at.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const here = import.meta.dirname
const target = join(here, '../../public/basemap')
const HAND = 'drawn by hand, approximate'
const METRES_PER_DEGREE = 111_195 // of latitude, on the mean sphere
// Land and sea reach this far beyond the city's box, so that a wide screen shows a coast and not a border.
const MARGIN_DEGREES = { lon: 0.55, lat: 0.3 }

const previewAt = process.argv.indexOf('--preview')
const preview = previewAt > 0 ? process.argv[previewAt + 1] : undefined

const files = readdirSync(join(here, 'cities')).filter((file) => file.endsWith('.mjs'))
const cities = await Promise.all(files.map(async (file) => (await import(join(here, 'cities', file))).default))
const lands = cities.some((city) => city.land.from === 'geo-maps') ? readLands() : []

mkdirSync(target, { recursive: true })
let total = 0
for (const city of cities) {
  const collection = collectionOf(city)
  const text = `${JSON.stringify(collection)}\n`
  total += text.length
  writeFileSync(join(target, `${city.id}.json`), text)
  if (preview !== undefined) writeFileSync(join(preview, `${city.id}.svg`), svgOf(city, collection))
  console.log(`${city.id}: ${collection.features.length} features, ${(text.length / 1024).toFixed(1)} KB`)
}
console.log(`together ${(total / 1024).toFixed(1)} KB`)

function collectionOf(city) {
  const hand = { drawn: HAND }
  const features = [
    ...landOf(city),
    feature('Polygon', [closed(city.outline.ring)], { kind: 'outline', drawn: city.outline.source }),
    ...city.parks.map(({ name, ring, hole }) => feature('Polygon', hole === undefined ? [closed(ring)] : [closed(ring), closed(hole.toReversed())], { kind: 'park', name, ...hand })),
    ...city.bands.map(({ name, path }) => feature('Polygon', [closed(bandOf(path))], { kind: 'river', name, ...hand })),
    ...city.waters.map(({ name, ring }) => feature('Polygon', [closed(ring)], { kind: 'water', name, ...hand })),
    ...city.lines.map(({ name, widthM, path }) => feature('LineString', smooth(path, 2), { kind: 'river', name, widthM, ...hand })),
    ...city.roads.map(([name, path]) => feature('LineString', smooth(path, 1), { kind: 'road', name, ...(city.motorways?.includes(name) ? { motorway: true } : {}), ...hand })),
    ...city.districts.map(([name, lon, lat]) => feature('Point', [lon, lat], { kind: 'district', name, ...(city.uses[name] === undefined ? {} : { use: city.uses[name] }), ...hand })),
    ...city.landmarks.map(([name, lon, lat, rank]) => feature('Point', [lon, lat], { kind: 'landmark', name, rank, ...hand })),
  ]
  return { type: 'FeatureCollection', attribution: attributionOf(city), bbox: groundOf(city), features: features.map(rounded) }
}

function attributionOf(city) {
  return [
    ...(city.land.from === 'geo-maps' ? ['Coast © OpenStreetMap contributors (ODbL)'] : []),
    ...(city.outline.source === HAND ? [] : [`city boundary ${city.outline.source}`]),
    `${city.outline.source === HAND ? 'city boundary, ' : ''}waters, parks and names drawn by hand, approximate`,
  ].join('; ')
}

function landOf(city) {
  if (city.land.from === 'box') {
    const [west, south, east, north] = groundOf(city)
    return [feature('Polygon', [[[west, south], [east, south], [east, north], [west, north], [west, south]]], { kind: 'land' })]
  }
  // Around the city every islet counts; further out only islands that show at the zoom that shows them.
  const isKept = (ring) => ring.length >= 3 && areaM2(ring) > (touches(ring, city.box) ? 8_000 : 150_000)
  const clipped = lands.map((ring) => clip(ring, groundOf(city))).filter(isKept)
  return [
    ...clipped.map((ring) => feature('Polygon', [closed(ring)], { kind: 'land' })),
    ...city.land.patches.map((ring) => feature('Polygon', [closed(ring)], { kind: 'land', drawn: HAND })),
  ]
}

/** The city's box with what lies around it: west, south, east, north. */
function groundOf({ box: [west, south, east, north] }) {
  const { lon, lat } = MARGIN_DEGREES
  return [west - lon, south - lat, east + lon, north + lat]
}

/** Outer rings of all land polygons that touch the box of a city that needs a coast. */
function readLands() {
  const require = createRequire(join(process.cwd(), 'package.json'))
  let path
  try {
    path = require.resolve('@geo-maps/earth-lands-10m/map.geo.json')
  } catch {
    console.error('@geo-maps/earth-lands-10m is not installed. Run: npm install --no-save @geo-maps/earth-lands-10m')
    process.exit(2)
  }
  const boxes = cities.filter((city) => city.land.from === 'geo-maps').map(groundOf)
  return polygonsOf(JSON.parse(readFileSync(path, 'utf8')))
    .map((polygon) => polygon[0].slice(0, -1))
    .filter((ring) => boxes.some((box) => touches(ring, box)))
}

function polygonsOf(geo) {
  switch (geo?.type) {
    case 'Polygon':
      return [geo.coordinates]
    case 'MultiPolygon':
      return geo.coordinates
    case 'GeometryCollection':
      return geo.geometries.flatMap(polygonsOf)
    case 'FeatureCollection':
      return geo.features.flatMap((one) => polygonsOf(one.geometry))
    default:
      return []
  }
}

function touches(ring, [west, south, east, north]) {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of ring) {
    w = Math.min(w, lon)
    e = Math.max(e, lon)
    s = Math.min(s, lat)
    n = Math.max(n, lat)
  }
  return !(e < west || w > east || n < south || s > north)
}

/** Sutherland and Hodgman's clipping, edge by edge; good enough for a box. */
function clip(ring, [west, south, east, north]) {
  const edges = [[0, west, 1], [0, east, -1], [1, south, 1], [1, north, -1]]
  let points = ring
  for (const [axis, at, side] of edges) {
    const kept = []
    for (let i = 0; i < points.length; i++) {
      const a = points[i]
      const b = points[(i + 1) % points.length]
      const aIn = (a[axis] - at) * side >= 0
      const bIn = (b[axis] - at) * side >= 0
      if (aIn) kept.push(a)
      if (aIn !== bIn) {
        const t = (at - a[axis]) / (b[axis] - a[axis])
        kept.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])])
      }
    }
    points = kept
  }
  return points
}

/** A centre line with its width at each point, as a ring: out along the left bank, back along the right. */
function bandOf(path) {
  const line = smooth(path, path.length > 2 ? 2 : 0)
  const left = []
  const right = []
  for (let i = 0; i < line.length; i++) {
    const [lon, lat, widthM] = line[i]
    const before = line[Math.max(0, i - 1)]
    const after = line[Math.min(line.length - 1, i + 1)]
    const k = Math.cos((lat * Math.PI) / 180)
    const dx = (after[0] - before[0]) * k
    const dy = after[1] - before[1]
    const half = widthM / 2 / METRES_PER_DEGREE / Math.hypot(dx, dy)
    left.push([lon - (dy * half) / k, lat + dx * half])
    right.push([lon + (dy * half) / k, lat - dx * half])
  }
  return [...left, ...right.toReversed()]
}

/** Chaikin's corner cutting: ends stay, corners become curves. */
function smooth(path, times) {
  if (times === 0) return path
  const out = [path[0]]
  for (let i = 0; i < path.length - 1; i++) {
    if (i > 0) out.push(mix(path[i], path[i + 1], 0.25))
    if (i < path.length - 2) out.push(mix(path[i], path[i + 1], 0.75))
  }
  out.push(path.at(-1))
  return smooth(out, times - 1)
}

function mix(a, b, t) {
  return a.map((value, i) => value + (b[i] - value) * t)
}

function closed(ring) {
  const [first, last] = [ring[0], ring.at(-1)]
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first]
}

function areaM2(ring) {
  const k = Math.cos((ring[0][1] * Math.PI) / 180)
  let twice = 0
  for (let i = 0; i < ring.length; i++) {
    const [ax, ay] = ring[i]
    const [bx, by] = ring[(i + 1) % ring.length]
    twice += (ax * by - bx * ay) * k
  }
  return Math.abs(twice / 2) * METRES_PER_DEGREE ** 2
}

function feature(type, coordinates, properties) {
  return { type: 'Feature', properties, geometry: { type, coordinates } }
}

/** Four digits are 11 m at most: finer than what is drawn by hand. */
function rounded(one) {
  const round = (value) => (typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value.map(round))
  return { ...one, geometry: { ...one.geometry, coordinates: round(one.geometry.coordinates) } }
}

function svgOf(city, { features }) {
  const [west, south, east, north] = city.box
  const k = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const width = 1000
  const scale = width / ((east - west) * k)
  const height = Math.round((north - south) * scale)
  const at = ([lon, lat]) => `${((lon - west) * k * scale).toFixed(1)},${((north - lat) * scale).toFixed(1)}`
  const style = {
    land: 'fill="#f2efe9" stroke="none"',
    outline: 'fill="none" stroke="#b66" stroke-width="1.5"',
    park: 'fill="#cfe3c4" stroke="none"',
    river: 'fill="#9cc3e0" stroke="none"',
    water: 'fill="#9cc3e0" stroke="none"',
  }
  const shapes = features.map(({ properties: { kind, name, widthM, rank }, geometry: { type, coordinates } }) => {
    if (type === 'Polygon') return `<path fill-rule="evenodd" ${style[kind]} d="${coordinates.map((ring) => `M${ring.map(at).join('L')}Z`).join('')}"/>`
    if (kind === 'road') return `<path fill="none" stroke="#c96" stroke-width="1.5" d="M${coordinates.map(at).join('L')}"/>`
    if (type === 'LineString') return `<path fill="none" stroke="#9cc3e0" stroke-width="${Math.max(1.2, (widthM / METRES_PER_DEGREE) * scale)}" d="M${coordinates.map(at).join('L')}"/>`
    const [x, y] = at(coordinates).split(',')
    return `<circle cx="${x}" cy="${y}" r="2" fill="${kind === 'landmark' ? '#a00' : '#555'}"/><text x="${x}" y="${Number(y) - 4}" font-size="${kind === 'landmark' ? 9 : 12}" font-family="sans-serif" text-anchor="middle" fill="${kind === 'landmark' ? '#a00' : '#333'}">${name}${rank === undefined ? '' : ` ${rank}`}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#9cc3e0"/>${shapes.join('')}</svg>`
}
