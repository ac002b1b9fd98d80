/**
 * The map's camera in the link. It is written when the camera rests somewhere of its own; what frames a city or
 * a district is told by those already. Who reads a link, or goes back to one, gets the camera that it says.
 */
import { useEffect, useEffectEvent, useState } from 'react'
import { placeParameter, readPlace, type MapPlace } from './map-place.ts'

/** Turning a wheel rests for moments: browsers refuse a page that writes its address oftener than some times a second. */
const REST_MS = 500

export interface MapPlaceLink {
  /** The camera rests there; undefined where it was framed. */
  rested(place: MapPlace | undefined): void
  /** What the link says that the map does not know yet: a place, or that it is to be framed. */
  news(at: string | undefined): MapPlace | 'framed' | undefined
}

export function useMapPlace(cityId: string, onPlace: (at: string | undefined) => void): MapPlaceLink {
  const write = useEffectEvent(onPlace)
  const [link] = useState(() => createMapPlaceLink((at) => write(at), { after: (run) => setTimeout(run, REST_MS), cancel: clearTimeout }))
  // A camera that rested in the city before is not this one's.
  useEffect(() => {
    link.enter(cityId)
    return () => link.enter(undefined)
  }, [link, cityId])
  return link
}

export interface PlaceTimers<Timer> {
  after(run: () => void): Timer
  cancel(timer: Timer | undefined): void
}

export function createMapPlaceLink<Timer>(write: (at: string | undefined) => void, { after, cancel }: PlaceTimers<Timer>): MapPlaceLink & { enter(cityId: string | undefined): void } {
  /** What map and link agree on. */
  let agreed: string | undefined
  let timer: Timer | undefined
  let city: string | undefined
  return {
    rested(place) {
      cancel(timer)
      const text = place === undefined ? undefined : placeParameter(place)
      if (text === agreed) return
      timer = after(() => {
        agreed = text
        write(text)
      })
    },
    news(at) {
      if (at === agreed) return undefined
      agreed = at
      return (at === undefined ? undefined : readPlace(at)) ?? 'framed'
    },
    enter(cityId) {
      if (cityId !== city) cancel(timer)
      city = cityId
    },
  }
}
