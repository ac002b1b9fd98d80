/**
 * What the relay said lately, so that a reader who was away for a minute misses nothing. Bounded in
 * bytes and in count; what fell out is known by its number, so nobody is told half a story.
 */
export interface Kept {
  /** Of the notification; of anything else, the number of the notification before it. */
  readonly seq: number
  readonly isNotification: boolean
  readonly bytes: Buffer
}

export interface ReplayBuffer {
  add(kept: Kept): void
  /** Everything after the number, or undefined when some of it is gone. */
  after(seq: number): readonly Kept[] | undefined
  readonly bytes: number
}

export function createReplayBuffer(bounds: { readonly maxBytes: number; readonly maxCount: number }): ReplayBuffer {
  let kept: Kept[] = []
  let head = 0
  let bytes = 0
  /** Readers whose last number is below this one missed what is gone. */
  let replayableFrom = 0

  return {
    add(one) {
      kept.push(one)
      bytes += one.bytes.length
      while (kept.length - head > bounds.maxCount || bytes > bounds.maxBytes) {
        const gone = kept[head++]!
        bytes -= gone.bytes.length
        // A reader at the very number before a control cannot have seen it for certain.
        replayableFrom = Math.max(replayableFrom, gone.isNotification ? gone.seq : gone.seq + 1)
      }
      if (head > 1024 && head * 2 > kept.length) {
        kept = kept.slice(head)
        head = 0
      }
    },
    after(seq) {
      if (seq < replayableFrom) return undefined
      const out: Kept[] = []
      for (let i = kept.length - 1; i >= head; i--) {
        const one = kept[i]!
        if (one.isNotification ? one.seq <= seq : one.seq < seq) break
        out.push(one)
      }
      return out.toReversed()
    },
    get bytes() {
      return bytes
    },
  }
}
