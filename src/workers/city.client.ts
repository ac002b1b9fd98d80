/**
 * A city as the page has it: what is shown of it, what the worker says of it, and what is asked.
 *
 * Where it is computed, and that it comes back when its worker dies, is the pool's business; here it is told what the
 * page shows now, so that it goes on where it stopped. The operator is told, and every restart is counted.
 */
import type { CityPool, Place } from './city-pool.client.ts'
import type { Answer, CityPlan, CityStatus, CityView, DomainId, Frame, FromCity, Look, Question, Roster, RosterChange } from './city.messages.ts'

export interface CityClient {
  /** Opens a city in place of the one before. `atMs`: that past instant instead of now. */
  open(plan: CityPlan, view: CityView): void
  /** Undefined is now. */
  setTime(atMs: number | undefined): void
  /** Which layer is looked at, over which window and against what. */
  setLook(look: Look): void
  setPaused(paused: boolean): void
  setCellRadius(radiusM: number): void
  ask(question: Question): Promise<Answer>
  /** The newest frame of the domain is on the screen; `spare` is an older one whose buffers are free. */
  drawn(domain: DomainId, spare?: Frame): void
  onStatus(listener: (status: CityStatus) => void): () => void
  onRoster(listener: (roster: Roster) => void): () => void
  onRosterChange(listener: (change: RosterChange) => void): () => void
  onFrame(listener: (frame: Frame) => void): () => void
  close(): void
}

export function createCityClient(pool: CityPool): CityClient {
  const statusListeners = new Set<(status: CityStatus) => void>()
  const rosterListeners = new Set<(roster: Roster) => void>()
  const rosterChangeListeners = new Set<(change: RosterChange) => void>()
  const frameListeners = new Set<(frame: Frame) => void>()
  const asks = new Map<number, (answer: Answer) => void>()
  /** Domains with a frame that the city waits to hear of. */
  const undrawn = new Set<DomainId>()
  let shown: CityView = { cellRadiusM: 0 }
  let isPaused = false
  let place: Place | undefined
  let lastStatus: CityStatus | undefined
  let askId = 0
  let restarts = 0

  function hear(message: FromCity): void {
    switch (message.type) {
      case 'answer':
        asks.get(message.askId)?.(message.answer)
        asks.delete(message.askId)
        return
      case 'status':
        tell(message.status)
        return
      case 'roster':
        for (const listener of rosterListeners) listener(message.roster)
        return
      case 'roster-change':
        for (const listener of rosterChangeListeners) listener(message.change)
        return
      case 'frame':
        undrawn.add(message.frame.domain)
        for (const listener of frameListeners) listener(message.frame)
        return
      case 'failed':
        // The pool has told us already, with what it does about it.
        return
    }
  }

  function tell(status: CityStatus): void {
    lastStatus = { ...status, counters: { ...status.counters, restarts } }
    for (const listener of statusListeners) listener(lastStatus)
  }

  /** Nobody answers any more what was asked, nor waits for what was sent. */
  function letGo(message: string): void {
    undrawn.clear()
    for (const settle of asks.values()) settle({ ok: false, message })
    asks.clear()
  }

  /** One for each opening: what is still said of the last city has no ear. */
  function guestOf(): Parameters<CityPool['open']>[1] {
    return {
      view: () => ({ ...shown, isPaused }),
      hear,
      fell({ what, reason, atMs, retryAtMs }) {
        const who = what === 'worker' ? 'The data worker' : 'The data of this city'
        letGo(`${who} stopped: ${reason}.`)
        restarts++
        tell({ ...(lastStatus ?? UNKNOWN), mode: 'retrying', sinceMs: atMs, retryAtMs, detail: `${who} stopped (${reason}); it is being started again.` })
      },
    }
  }

  return {
    open(plan, { atMs, cellRadiusM, look }) {
      letGo('Another city was opened.')
      shown = { cellRadiusM, ...(atMs === undefined ? {} : { atMs }), ...(look === undefined ? {} : { look }) }
      isPaused = false
      lastStatus = undefined
      place = place === undefined ? pool.open(plan, guestOf()) : place.next(plan, guestOf())
    },
    setTime(atMs) {
      const { atMs: _, ...rest } = shown
      shown = { ...rest, ...(atMs === undefined ? {} : { atMs }) }
      place?.send({ type: 'at', ...(atMs === undefined ? {} : { atMs }) })
    },
    setLook(look) {
      shown = { ...shown, look }
      place?.send({ type: 'look', look })
    },
    setPaused(paused) {
      isPaused = paused
      place?.send({ type: 'pause', paused })
    },
    setCellRadius(cellRadiusM) {
      shown = { ...shown, cellRadiusM }
      place?.send({ type: 'cells', radiusM: cellRadiusM })
    },
    ask(question) {
      if (place?.isUp !== true) return Promise.resolve({ ok: false, message: 'The data worker is not running.' })
      const id = ++askId
      return new Promise((resolve) => {
        asks.set(id, resolve)
        place?.send({ type: 'ask', askId: id, question })
      })
    },
    drawn(domain, spare) {
      // A frame of a worker or city that is gone: nobody waits for it.
      if (!undrawn.delete(domain)) return
      if (spare === undefined) place?.send({ type: 'drawn', domain })
      else place?.send({ type: 'drawn', domain, spare }, transfersOf(spare))
    },
    onStatus: (listener) => listen(statusListeners, listener),
    onRoster: (listener) => listen(rosterListeners, listener),
    onRosterChange: (listener) => listen(rosterChangeListeners, listener),
    onFrame: (listener) => listen(frameListeners, listener),
    close() {
      letGo('The page closed the city.')
      place?.leave()
      place = undefined
    },
  }
}

const UNKNOWN: CityStatus = {
  mode: 'connecting',
  sinceMs: 0,
  clockOffsetMs: 0,
  brokers: [],
  counters: { notifications: 0, entities: 0, readings: 0, rejected: [], duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0, mended: 0, restarts: 0 },
}

// The client may import only the messages, so the list of a frame's buffers stands here again;
// `city.client.test.ts` holds it to the worker's.
export function transfersOf(frame: Frame): ArrayBuffer[] {
  const { positions, values, plain, medians, latest, observedAtMs, freshness, cells } = frame
  return [positions, values, plain, medians, latest, observedAtMs, freshness, cells.centres, cells.values, cells.sensors].map((array) => array.buffer)
}

function listen<T>(listeners: Set<(value: T) => void>, listener: (value: T) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
