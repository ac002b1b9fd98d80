/** Are places given in open forms, in degrees WGS 84, longitude first? */
import { isObject, own } from '../ngsi-ld/decode-run.ts'
import { evidenceOf, fail, pass, unknown, type Check } from './check.ts'
import { attributesOf, sampleOf, type Answers } from './exchange.ts'

const mim = 'places'
const SHAPES = new Set(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'])

export const PLACE_CHECKS: readonly Check[] = [
  {
    id: 'places/geometry', mim, requirement: 'R2.1', title: 'Places are GeoJSON geometries',
    remedy: 'A GeoProperty has { "type": "Point", "coordinates": [longitude, latitude] }',
    judge(answers) {
      const places = placesOf(answers)
      if (places.length === 0) return unknown('the sample has no place')
      const wrong = places.find(({ value }) => !isGeometry(value))
      return wrong === undefined ? pass(`${places.length} of ${places.length}`, evidenceOf(places[0]!.exchange)) : fail('a place is no geometry', evidenceOf(wrong.exchange, { value: `${wrong.entity.id} ${wrong.name}: ${JSON.stringify(wrong.value)}`, payload: wrong.entity }))
    },
  },
  {
    id: 'places/in-city', mim, requirement: 'R5.1', title: 'Longitude comes first, and leads into the city',
    remedy: 'Look at the entity: its coordinates are swapped, zero or of another city',
    judge(answers) {
      const { bounds } = answers.facts
      const points = placesOf(answers).flatMap(({ value, ...of }) => (pointOf(value) === undefined ? [] : [{ ...of, point: pointOf(value)! }]))
      if (points.length === 0) return unknown('the sample has no point')
      const impossible = points.find(({ point: [lon, lat] }) => Math.abs(lon) > 180 || Math.abs(lat) > 90)
      if (impossible !== undefined) return fail('no place on Earth', evidenceOf(impossible.exchange, { value: `${impossible.entity.id} ${impossible.point.join(', ')}`, payload: impossible.entity }))
      if (bounds === undefined) return unknown('the box of the city is not known')
      const [west, south, east, north] = bounds
      const isIn = (lon: number, lat: number): boolean => lon >= west && lon <= east && lat >= south && lat <= north
      const outside = points.filter(({ point: [lon, lat] }) => !isIn(lon, lat))
      const [first] = outside
      if (first === undefined) return pass(`${points.length} of ${points.length} lie in the city`, evidenceOf(points[0]!.exchange))
      const isSwapped = isIn(first.point[1], first.point[0])
      return fail(`${outside.length} of ${points.length} lie outside${isSwapped ? ': longitude and latitude are swapped' : ''}`, evidenceOf(first.exchange, { value: `${first.entity.id} ${first.point.join(', ')}`, payload: first.entity }))
    },
  },
  {
    id: 'places/crs', mim, requirement: 'R5.1', title: 'Coordinates are WGS 84',
    remedy: 'GeoJSON is WGS 84 (RFC 7946, 4): convert the coordinates and leave crs out',
    judge(answers) {
      const places = placesOf(answers)
      if (places.length === 0) return unknown('the sample has no place')
      const other = places.find(({ value }) => isObject(value) && own(value, 'crs') !== undefined)
      return other === undefined ? pass('no other is named', evidenceOf(places[0]!.exchange)) : fail('another reference system is named', evidenceOf(other.exchange, { value: JSON.stringify(isObject(other.value) ? own(other.value, 'crs') : undefined), payload: other.entity }))
    },
  },
  {
    id: 'places/service', mim, requirement: 'R1.1', title: 'Is also an OGC API service',
    remedy: 'Declare the address of its conformance page',
    judge: () => unknown('no address of one is known'),
  },
]

function placesOf(answers: Answers) {
  return sampleOf(answers).flatMap(({ entity, exchange }) => attributesOf(entity).flatMap(([name, attribute]) => (own(attribute, 'type') === 'GeoProperty' ? [{ entity, exchange, name, value: own(attribute, 'value') }] : [])))
}

function isGeometry(value: unknown): boolean {
  return isObject(value) && SHAPES.has(String(own(value, 'type'))) && Array.isArray(own(value, 'coordinates')) && (own(value, 'type') !== 'Point' || pointOf(value) !== undefined)
}

function pointOf(value: unknown): readonly [number, number] | undefined {
  if (!isObject(value) || own(value, 'type') !== 'Point') return undefined
  const at = own(value, 'coordinates')
  return Array.isArray(at) && at.length >= 2 && at.every((one) => typeof one === 'number' && Number.isFinite(one)) ? [at[0] as number, at[1] as number] : undefined
}
