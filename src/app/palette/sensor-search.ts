/**
 * Sensors of all layers of a city, by name and id. What is found in the time of one frame is there at once; where there are more
 * sensors than that, the rest is looked through in turns between which the page goes on.
 */
import { useEffect, useMemo, useState } from 'react'
import type { DomainView } from '../../domains/domain-view.ts'
import type { Roster } from '../../domains/frame.ts'
import type { LiveStore } from '../live-store.ts'
import { shortName } from '../sensor-list.ts'
import { createSearch, findable, type Findable, type Search } from './find.ts'

export interface SensorHit {
  readonly id: string
  readonly name: string
  readonly layer: DomainView
}

export interface SensorHits {
  readonly hits: readonly SensorHit[]
  readonly count: number
  readonly isDone: boolean
}

const STEP = 2_000
/** Of one turn: half a frame, the other half is the page's. */
const TURN_MS = 8
const NOTHING: SensorHits = { hits: [], count: 0, isDone: true }

// A roster is never changed: folded once, it serves until the next one comes.
const folded = new WeakMap<Roster, Findable>()

function findableOf(roster: Roster): Findable {
  let list = folded.get(roster)
  if (list === undefined) {
    const { names, ids } = roster
    folded.set(roster, (list = findable(names.map((name, row) => (name === '' ? shortName(ids[row] ?? '') : name)), ids.map((id) => id.replace(/^urn:ngsi-ld:/i, '')))))
  }
  return list
}

interface LayerSearch {
  readonly layer: DomainView
  readonly roster: Roster
  readonly search: Search
}

export function useSensorHits(live: LiveStore, views: readonly DomainView[], words: readonly string[], most: number): SensorHits {
  const key = words.join(' ')
  // The rosters of the moment in which something was typed: a list that moves under the eye cannot be chosen from.
  const searches = useMemo(
    () =>
      words.length === 0
        ? []
        : views.flatMap((layer): LayerSearch[] => {
            const roster = live.picture(layer.model.id)?.roster
            return roster === undefined ? [] : [{ layer, roster, search: createSearch(findableOf(roster), words, most) }]
          }),
    // The words, not the array that holds them.
    // oxlint-disable-next-line react/exhaustive-deps
    [live, views, key, most],
  )
  const first = useMemo(() => turn(searches, most), [searches, most])
  const [later, setLater] = useState<{ readonly of: readonly LayerSearch[]; readonly hits: SensorHits } | undefined>(undefined)
  useEffect(() => {
    if (first.isDone) return
    let timer = setTimeout(function next() {
      const hits = turn(searches, most)
      setLater({ of: searches, hits })
      if (!hits.isDone) timer = setTimeout(next)
    })
    return () => clearTimeout(timer)
  }, [searches, first, most])
  return later?.of === searches ? later.hits : first
}

function turn(searches: readonly LayerSearch[], most: number): SensorHits {
  if (searches.length === 0) return NOTHING
  const untilMs = performance.now() + TURN_MS
  let isDone = true
  for (const { search } of searches) {
    while (search.step(STEP)) {
      if (performance.now() < untilMs) continue
      isDone = false
      break
    }
  }
  const found = searches.map(({ layer, roster, search }) => ({ layer, roster, found: search.found() }))
  // Each layer in turn, so that the first does not hide the others.
  const hits: SensorHit[] = []
  for (let at = 0; hits.length < most && found.some((one) => at < one.found.places.length); at++) {
    for (const { layer, roster, found: { places } } of found) {
      const row = places[at]
      const id = row === undefined ? undefined : roster.ids[row]
      if (id === undefined || hits.length >= most) continue
      const name = roster.names[row!] ?? ''
      hits.push({ id, name: name === '' ? shortName(id) : name, layer })
    }
  }
  return { hits, count: found.reduce((sum, one) => sum + one.found.count, 0), isDone }
}
