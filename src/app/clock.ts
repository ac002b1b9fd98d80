/** One clock for all ages on the screen: it ticks once a second, and only while somebody looks at it. */
import { useSyncExternalStore } from 'react'
import { SECOND_MS } from '../core/time/instant.ts'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let nowMs = Date.now()

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    nowMs = Date.now()
    timer = setInterval(tick, SECOND_MS)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** This machine's clock; add `clockOffsetMs` to judge ages by the broker's. */
export function useMachineNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}
