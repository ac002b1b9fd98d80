/**
 * Live frames, outside React.
 *
 * The worker sends one frame of a domain at a time and waits. A frame is taken on the next animation
 * frame, the map draws it, and only then is it acknowledged: a slow screen slows the worker, and nothing
 * queues. Panels are told a few times a second. In a hidden tab nothing is drawn, so nothing is acknowledged
 * and no further frame is made; when it is shown, the frame that waits is drawn at once and the newest follows.
 */
import type { DomainId } from '../domains/domain-model.ts'
import type { Frame, Roster } from '../domains/frame.ts'
import { applyRosterChange } from '../domains/roster-change.ts'
import type { CityClient } from '../workers/city.client.ts'
import type { Answer, CityPlan, CityStatus, Look, Question } from '../workers/city.messages.ts'
import { type Behind, createPace } from './pace.ts'

/** Panels follow at 2.5 Hz: fast enough to feel live, slow enough to read. */
export const PANEL_INTERVAL_MS = 400
/** A hand that has not moved for so long rests: longer than a frame takes, shorter than it takes to read a number. */
export const MOVING_MS = 300
/** A page that is shown but gets no animation frames, as on a screen that sleeps, takes so long over a frame. */
export const STILL_INTERVAL_MS = 2_000

/** What the store needs of the browser; tests bring their own. */
export interface LiveEffects {
  requestFrame(callback: () => void): number
  cancelFrame(handle: number): void
  setTimer(callback: () => void, delayMs: number): number
  clearTimer(handle: number): void
  isHidden(): boolean
  /** Called when a hidden page is shown. Returns the way to stop. */
  onShown(callback: () => void): () => void
  /** This machine's clock. */
  now(): number
}

/** A frame with the roster its rows follow. */
export interface LiveLayer {
  readonly frame: Frame
  readonly roster: Roster
}

export interface LiveStore {
  open(plan: CityPlan, view: { readonly atMs?: number; readonly cellRadiusM: number; readonly look?: Look }): void
  /** `isMoving`: a hand drags the time; the next instant is a moment away. */
  setTime(atMs: number | undefined, options?: { readonly isMoving?: boolean }): void
  setLook(look: Look): void
  setPaused(paused: boolean): void
  setCellRadius(radiusM: number): void
  ask(question: Question): Promise<Answer>
  status(): CityStatus | undefined
  /**
   * The newest drawn state of the time that was asked for, once it is complete; undefined until that has come, so that
   * no value of now is read as one of the past. While the time moves, the place of the hand a moment ago will do.
   * Its buffers go back to the worker soon after: read, do not keep.
   */
  layer(domain: DomainId): LiveLayer | undefined
  /** The newest drawn state, of whatever time: what the map keeps while another time is read. */
  picture(domain: DomainId): LiveLayer | undefined
  /** Whether the live picture keeps up, and if not, by how much it is behind. */
  behind(): Behind | undefined
  /** Called on the animation frame in which layers changed; what is drawn in it counts as drawn. */
  onDraw(listener: (changed: ReadonlySet<DomainId>) => void): () => void
  /** Called at panel speed after anything changed. */
  subscribe(listener: () => void): () => void
  /** Grows with every call of the panel listeners: the snapshot that React compares. */
  version(): number
  close(): void
}

export function createLiveStore(client: CityClient, effects: LiveEffects): LiveStore {
  let status: CityStatus | undefined
  let version = 0
  const rosters = new Map<DomainId, Roster>()
  const layers = new Map<DomainId, LiveLayer>()
  /** Arrived, not yet drawn. */
  const waiting = new Map<DomainId, Frame>()
  /** Drawn once and replaced; the map may still read it until it has drawn its successor. */
  const resting = new Map<DomainId, Frame>()
  const drawListeners = new Set<(changed: ReadonlySet<DomainId>) => void>()
  const panelListeners = new Set<() => void>()
  let drawing: { readonly frame: number; readonly timer: number } | undefined
  let panelTimer: number | undefined
  /** The past instant that is asked for; undefined is now. */
  let wantedMs: number | undefined
  /** Runs while a hand moves the time. */
  let movingTimer: number | undefined
  let cellRadiusM: number | undefined
  const pace = createPace()

  const unsubscribe = [
    client.onStatus((next) => {
      const changedMode = status?.mode !== next.mode
      status = next
      if (next.mode !== 'live') pace.forget()
      else pace.waited(next.waitedMs, effects.now())
      // A lost connection is said at once; everything else can wait for the panels' turn.
      if (changedMode) tellPanels()
      else tellPanelsSoon()
    }),
    client.onRoster((roster) => {
      rosters.set(roster.domain, roster)
    }),
    client.onRosterChange((change) => {
      const before = rosters.get(change.domain)
      const after = before === undefined ? undefined : applyRosterChange(before, change)
      // Of a roster that this page has not: its frames are not shown, as no name of theirs would be right.
      if (after !== undefined) rosters.set(change.domain, after)
    }),
    client.onFrame((frame) => {
      // The newest wins; one that was waiting (a restarted worker's) is dropped, one answer counts for both.
      waiting.set(frame.domain, frame)
      drawSoon()
    }),
    effects.onShown(() => {
      pace.forget()
      if (waiting.size > 0) draw()
      tellPanels()
    }),
  ]

  function drawSoon(): void {
    if (drawing !== undefined || effects.isHidden()) return
    drawing = { frame: effects.requestFrame(draw), timer: effects.setTimer(draw, STILL_INTERVAL_MS) }
  }

  function stopDrawing(): void {
    if (drawing === undefined) return
    effects.cancelFrame(drawing.frame)
    effects.clearTimer(drawing.timer)
    drawing = undefined
  }

  function draw(): void {
    stopDrawing()
    if (effects.isHidden()) return
    const taken = [...waiting.values()]
    waiting.clear()
    const changed = new Set<DomainId>()
    const free = new Map<DomainId, Frame>()
    for (const frame of taken) {
      const roster = rosters.get(frame.domain)
      if (roster === undefined || roster.version !== frame.rosterVersion) {
        free.set(frame.domain, frame) // rows without names: its roster was replaced on the way
        continue
      }
      const before = layers.get(frame.domain)?.frame
      const rested = resting.get(frame.domain)
      if (rested !== undefined) free.set(frame.domain, rested)
      if (before === undefined) resting.delete(frame.domain)
      else resting.set(frame.domain, before)
      layers.set(frame.domain, { frame, roster })
      changed.add(frame.domain)
    }
    try {
      if (changed.size > 0) for (const listener of drawListeners) listener(changed)
    } finally {
      // Acknowledged even when a listener fails: a broken map must not silence the list.
      for (const { domain } of taken) client.drawn(domain, free.get(domain))
      if (changed.size > 0) tellPanelsSoon()
    }
    if (status?.mode !== 'live') return
    for (const domain of changed) {
      const frame = layers.get(domain)?.frame
      if (frame !== undefined && frame.past === undefined) pace.drawn(domain, frame.atMs - status.clockOffsetMs, effects.now())
    }
  }

  function tellPanelsSoon(): void {
    // Nobody reads panels that are hidden: they are told when they are shown.
    if (effects.isHidden()) return
    panelTimer ??= effects.setTimer(tellPanels, PANEL_INTERVAL_MS)
  }

  function tellPanels(): void {
    if (panelTimer !== undefined) effects.clearTimer(panelTimer)
    panelTimer = undefined
    version++
    for (const listener of panelListeners) listener()
  }

  function want(atMs: number | undefined, isMoving: boolean): void {
    wantedMs = atMs
    if (movingTimer !== undefined) effects.clearTimer(movingTimer)
    movingTimer = isMoving && atMs !== undefined ? effects.setTimer(rest, MOVING_MS) : undefined
  }

  /** The hand rests: from here on only its own instant will do. */
  function rest(): void {
    movingTimer = undefined
    tellPanels()
  }

  function isWanted({ frame }: LiveLayer): boolean {
    if (wantedMs === undefined || frame.past === undefined) return wantedMs === undefined && frame.past === undefined
    return frame.past.isComplete && (frame.atMs === wantedMs || movingTimer !== undefined)
  }

  /** Forgets what belongs to the city before. */
  function forget(): void {
    stopDrawing()
    pace.forget()
    status = undefined
    for (const map of [rosters, layers, waiting, resting]) map.clear()
    tellPanels()
  }

  return {
    open(plan, view) {
      forget()
      want(view.atMs, false)
      cellRadiusM = view.cellRadiusM
      client.open(plan, view)
    },
    setTime(atMs, { isMoving = false } = {}) {
      want(atMs, isMoving)
      pace.forget()
      client.setTime(atMs)
      if (isMoving) tellPanelsSoon()
      else tellPanels()
    },
    setLook: (look) => client.setLook(look),
    setPaused: (paused) => client.setPaused(paused),
    setCellRadius(radiusM) {
      // Asked with every move of the camera; the worker makes all frames anew for it.
      if (radiusM === cellRadiusM) return
      cellRadiusM = radiusM
      client.setCellRadius(radiusM)
    },
    ask: (question) => client.ask(question),
    status: () => status,
    layer(domain) {
      const layer = layers.get(domain)
      return layer !== undefined && isWanted(layer) ? layer : undefined
    },
    picture: (domain) => layers.get(domain),
    behind: () => (status?.mode === 'live' && wantedMs === undefined && !effects.isHidden() ? pace.behind(effects.now()) : undefined),
    onDraw(listener) {
      drawListeners.add(listener)
      return () => drawListeners.delete(listener)
    },
    subscribe(listener) {
      panelListeners.add(listener)
      return () => panelListeners.delete(listener)
    },
    version: () => version,
    close() {
      stopDrawing()
      if (movingTimer !== undefined) effects.clearTimer(movingTimer)
      if (panelTimer !== undefined) effects.clearTimer(panelTimer)
      for (const stop of unsubscribe) stop()
      client.close()
    },
  }
}
