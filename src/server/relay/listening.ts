/**
 * What this server reads in place of being notified: a connection to the broker that is taken up again whenever it ends, by
 * whoever reads it. While it is not read, pages are told why, and take another way.
 */
import { backoffMs } from '../../core/time/backoff.ts'
import type { TransportKind } from '../../ngsi-ld/profile/profile.ts'
import type { OwnerEffects } from './subscription-owner.ts'

export interface Listening {
  readonly by: TransportKind
  start(): void
  close(): void
  readonly stats: ListeningStats
}

export interface ListeningStats {
  readonly events: number
  /** Events that no layer could be about. */
  readonly unknown: number
  readonly malformed: number
}

/** Who hears of what is read. */
export interface Listener {
  /** One notification. */
  readonly take: (body: Buffer, receivedAtMs: number) => void
  /** Undefined: it is read. */
  readonly onTrouble: (words: string | undefined) => void
  /** It was not read for a while. */
  readonly onGap: () => void
}

const RETRY = { baseMs: 1_000, capMs: 60_000 }
/** A session that ends sooner is no good one: another reader may have taken it. */
const GOOD_MS = 30_000

/** `session` reads until its connection ends, and says why it did. */
export function createListening({ effects, session, onTrouble }: { readonly effects: OwnerEffects; readonly session: (end: AbortSignal) => Promise<string> } & Pick<Listener, 'onTrouble'>): Pick<Listening, 'start' | 'close'> {
  const end = new AbortController()
  let isRunning = false

  async function run(): Promise<void> {
    for (let attempt = 0; !end.signal.aborted; attempt++) {
      const startedMs = effects.now()
      const words = await session(end.signal)
      if (end.signal.aborted) return
      if (effects.now() - startedMs > GOOD_MS) attempt = 0
      // One that broke once is back in a moment: pages need not look for another way.
      if (attempt > 0) onTrouble(words)
      await effects.wait(backoffMs(attempt, effects.random(), RETRY), end.signal)
    }
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      void run()
    },
    close: () => end.abort(),
  }
}
