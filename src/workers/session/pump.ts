/**
 * When the next frame of a domain is due: the slow side sets the pace.
 *
 * One frame is in flight at a time; the next is made when the page has drawn it, from the newest state.
 * What changed meanwhile is in that state, so nothing is ever queued.
 */
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainId } from '../../domains/domain-model.ts'

/** Four frames a second are what an eye follows on a map of sensors that report every minute. */
const MIN_INTERVAL_MS = 250
/** Without any change a frame still goes out now and then: the page counts ages from its `atMs`. */
const IDLE_INTERVAL_MS = 5 * SECOND_MS

export interface Pump {
  /** May a frame of the domain be made now? `must`: even if nothing changed. `idle`: none was for long. */
  due(domain: DomainId, nowMs: number): 'no' | 'if-changed' | 'idle' | 'must'
  /** Looked, and nothing had changed: no need to look again at once. */
  skipped(domain: DomainId, nowMs: number): void
  sent(domain: DomainId, nowMs: number): void
  drawn(domain: DomainId): void
  /** The operator changed something: the next frame does not wait for its turn. */
  askSooner(): void
}

interface Line {
  inFlight: boolean
  soon: boolean
  lookedAtMs: number
  sentAtMs: number
}

export function createPump(domains: readonly DomainId[]): Pump {
  const lines = new Map<DomainId, Line>(domains.map((id) => [id, { inFlight: false, soon: true, lookedAtMs: -Infinity, sentAtMs: -Infinity }]))
  return {
    due(domain, nowMs) {
      const line = lines.get(domain)
      if (line === undefined || line.inFlight) return 'no'
      if (line.soon) return 'must'
      if (isWithin(nowMs, line.lookedAtMs, MIN_INTERVAL_MS)) return 'no'
      return isWithin(nowMs, line.sentAtMs, IDLE_INTERVAL_MS) ? 'if-changed' : 'idle'
    },
    skipped(domain, nowMs) {
      const line = lines.get(domain)
      if (line === undefined) return
      line.lookedAtMs = nowMs
      line.soon = false
    },
    sent(domain, nowMs) {
      const line = lines.get(domain)
      if (line === undefined) return
      line.inFlight = true
      line.soon = false
      line.lookedAtMs = nowMs
      line.sentAtMs = nowMs
    },
    drawn(domain) {
      const line = lines.get(domain)
      if (line !== undefined) line.inFlight = false
    },
    askSooner() {
      for (const line of lines.values()) line.soon = true
    },
  }
}

// A machine's clock may be set back: then nothing is "within", and the next frame goes out.
function isWithin(nowMs: number, sinceMs: number, spanMs: number): boolean {
  return nowMs >= sinceMs && nowMs - sinceMs < spanMs
}
