/**
 * A city worker: network, parsing and arithmetic of one or several cities, off the page's thread. This is only the
 * shell; what it does is in `session/` and `aggregator/`, which run without a worker.
 */
import { MODELS } from '../domains/models.ts'
import type { ToCityWorker } from './city.messages.ts'
import { createLater } from './effects/later.ts'
import { createPlatformEffects } from './effects/platform.ts'
import { createCitySessions } from './session/city-sessions.ts'

declare const self: DedicatedWorkerGlobalScope

/** Finer than a frame's interval, so that none is late by a whole one. */
const TICK_MS = 100

const sessions = createCitySessions({
  models: MODELS,
  effectsOf: createPlatformEffects,
  now: Date.now,
  later: createLater(),
  post: (message, transfer = []) => self.postMessage(message, [...transfer]),
})

self.addEventListener('message', ({ data }: MessageEvent<ToCityWorker>) => sessions.handle(data))
self.setInterval(() => sessions.tick(), TICK_MS)

// A broken assumption in a promise would pass unseen: as an error it reaches the page, which starts a new worker.
self.addEventListener('unhandledrejection', ({ reason }) => {
  self.setTimeout(() => {
    throw reason
  })
})
