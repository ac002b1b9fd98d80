/**
 * The city worker: network, parsing and arithmetic off the page's thread. This is only the shell; what
 * it does is in `session/` and `aggregator/`, which run without a worker.
 */
import { MODELS } from '../domains/models.ts'
import type { ToCityWorker } from './city.messages.ts'
import { createPlatformEffects } from './effects/platform.ts'
import { createCitySession } from './session/city-session.ts'

declare const self: DedicatedWorkerGlobalScope

/** Finer than a frame's interval, so that none is late by a whole one. */
const TICK_MS = 100

const session = createCitySession({
  models: MODELS,
  effectsOf: createPlatformEffects,
  now: Date.now,
  post: (message, transfer = []) => self.postMessage(message, [...transfer]),
})

self.addEventListener('message', ({ data }: MessageEvent<ToCityWorker>) => session.handle(data))
self.setInterval(() => session.tick(), TICK_MS)

// A broken assumption in a promise would pass unseen: as an error it reaches the page, which starts a new worker.
self.addEventListener('unhandledrejection', ({ reason }) => {
  self.setTimeout(() => {
    throw reason
  })
})
