/** The browser, as far as the live store needs it. */
import type { LiveEffects } from './live-store.ts'

export const PAGE: LiveEffects = {
  requestFrame: (callback) => requestAnimationFrame(callback),
  cancelFrame: (handle) => cancelAnimationFrame(handle),
  setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clearTimer: (handle) => window.clearTimeout(handle),
  isHidden: () => document.hidden,
  onShown(callback) {
    const onChange = (): void => {
      if (!document.hidden) callback()
    }
    document.addEventListener('visibilitychange', onChange)
    return () => document.removeEventListener('visibilitychange', onChange)
  },
  now: () => Date.now(),
}
