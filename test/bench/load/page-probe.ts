/**
 * What is noted inside the page while it runs: how old a change is when the animation frame that draws it
 * comes, which animation frames were missed, which tasks were long. It listens beside the page at its
 * workers' messages; nothing of the product knows of it.
 */
import type { Page } from '@playwright/test'
import type { Frame } from '../../../src/domains/frame.ts'

export interface Noted {
  readonly frames: number
  readonly rows: number
  /** One for each change that a frame brought: from its `observedAt`, set as it was posted, to the animation frame. */
  readonly delaysMs: readonly number[]
  /** For each frame, age of the newest change in it as it is drawn: how far the screen is behind. */
  readonly behindMs: readonly number[]
  /** Animation frames that a 60 Hz screen would have had, and this page had not. */
  readonly missed: number
  readonly animationFrames: number
  readonly longestGapMs: number
  readonly longTasks: number
  readonly longestTaskMs: number
  readonly sinceMs: number
}

interface ProbeState {
  isWatching: boolean
  isDelaying: boolean
  noted: { -readonly [K in keyof Noted]: Noted[K] extends readonly number[] ? number[] : Noted[K] }
}

declare global {
  interface Window {
    benchProbe: ProbeState
  }
}

/** Before the page's own scripts. */
export async function installProbe(page: Page): Promise<void> {
  await page.addInitScript(probe)
}

/** Forgets what was noted. `delays` looks into every row of every frame, and `gaps` keeps animation frames coming: both cost the page something. */
export async function beginNoting(page: Page, { delays, gaps }: { readonly delays: boolean; readonly gaps: boolean }): Promise<void> {
  await page.evaluate(
    ([isDelaying, isWatching]) => {
      const { benchProbe } = window
      benchProbe.isDelaying = isDelaying
      benchProbe.noted = { ...benchProbe.noted, frames: 0, delaysMs: [], behindMs: [], missed: 0, animationFrames: 0, longestGapMs: 0, longTasks: 0, longestTaskMs: 0, sinceMs: Date.now() }
      if (isWatching && !benchProbe.isWatching) {
        let beforeMs = performance.now()
        const turn = (nowMs: number): void => {
          const gapMs = nowMs - beforeMs
          beforeMs = nowMs
          benchProbe.noted.animationFrames += 1
          benchProbe.noted.missed += Math.max(0, Math.round(gapMs / (1_000 / 60)) - 1)
          benchProbe.noted.longestGapMs = Math.max(benchProbe.noted.longestGapMs, gapMs)
          if (benchProbe.isWatching) requestAnimationFrame(turn)
        }
        requestAnimationFrame(turn)
      }
      benchProbe.isWatching = isWatching
    },
    [delays, gaps] as const,
  )
}

export function noted(page: Page): Promise<Noted> {
  return page.evaluate(() => window.benchProbe.noted)
}

// Sent to the page as text: it can use nothing from outside of itself.
function probe(): void {
  const state: ProbeState = {
    isWatching: false,
    isDelaying: false,
    noted: { frames: 0, rows: 0, delaysMs: [], behindMs: [], missed: 0, animationFrames: 0, longestGapMs: 0, longTasks: 0, longestTaskMs: 0, sinceMs: Date.now() },
  }
  window.benchProbe = state
  let seen = new Float64Array(0)
  // Enough for any percentile, and no memory of its own that grows.
  const MAX_SAMPLES = 200_000
  const hear = ({ data }: MessageEvent): void => {
    if ((data as { readonly type?: string } | null)?.type !== 'frame') return
    const frame = (data as { readonly frame: Frame }).frame
    state.noted.frames += 1
    state.noted.rows = frame.count
    if (!state.isDelaying) return
    if (seen.length < frame.count) {
      const grown = new Float64Array(frame.count)
      grown.set(seen)
      seen = grown
    }
    const stamps: number[] = []
    let newestMs = -Infinity
    for (let row = 0; row < frame.count; row++) {
      const atMs = frame.observedAtMs[row]!
      if (atMs > newestMs) newestMs = atMs
      if (atMs === seen[row]) continue
      // What was there before the noting began is no change.
      if (atMs > state.noted.sinceMs) stamps.push(atMs)
      seen[row] = atMs
    }
    requestAnimationFrame(() => {
      const nowMs = Date.now()
      const { delaysMs, behindMs } = state.noted
      if (Number.isFinite(newestMs)) behindMs.push(nowMs - newestMs)
      for (const atMs of stamps) if (delaysMs.length < MAX_SAMPLES) delaysMs.push(nowMs - atMs)
    })
  }
  const NativeWorker = Worker
  window.Worker = class extends NativeWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      this.addEventListener('message', hear)
    }
  }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      state.noted.longTasks += 1
      state.noted.longestTaskMs = Math.max(state.noted.longestTaskMs, duration)
    }
  }).observe({ type: 'longtask' })
}
