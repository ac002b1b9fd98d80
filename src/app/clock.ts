/**
 * One clock for all ages on the screen: it ticks once a second, and only while somebody looks at it. A hidden page is
 * looked at by nobody: it is told the time when it is shown.
 */
import { useSyncExternalStore } from 'react'
import { SECOND_MS } from '../core/time/instant.ts'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let nowMs = Date.now()

function tick(): void {
  if (document.hidden) return
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    nowMs = Date.now()
    timer = setInterval(tick, SECOND_MS)
    document.addEventListener('visibilitychange', tick)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
    document.removeEventListener('visibilitychange', tick)
  }
}

/** This machine's clock; add `clockOffsetMs` to judge ages by the broker's. */
export function useMachineNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}
