/** Small distances on the ground as degrees: exact enough for what fits into a screen. */

const METRES_PER_DEGREE = 40_075_016.69 / 360

/** Degrees of longitude and latitude for metres east and north at that latitude. */
export function offsetMetres(lat: number, eastM: number, northM: number): readonly [lon: number, lat: number] {
  return [eastM / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180)), northM / METRES_PER_DEGREE]
}

/** Metres between two positions that are near each other. */
export function metresBetween([lon, lat]: readonly [number, number], [otherLon, otherLat]: readonly [number, number]): number {
  const east = (otherLon - lon) * METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180)
  return Math.hypot(east, (otherLat - lat) * METRES_PER_DEGREE)
}

/** Direction from one to the other, clockwise from north, 0 to 360. */
export function bearingDeg([lon, lat]: readonly [number, number], [otherLon, otherLat]: readonly [number, number]): number {
  const east = (otherLon - lon) * Math.cos((lat * Math.PI) / 180)
  return ((Math.atan2(east, otherLat - lat) * 180) / Math.PI + 360) % 360
}
