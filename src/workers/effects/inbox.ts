/**
 * What somebody else pushes, read one after the other: between a connection that calls back and a loop that awaits.
 * Bounded: a reader that cannot keep up is told, and begins anew with a snapshot, instead of growing without end.
 */
export interface Inbox<Item> extends AsyncIterable<Item> {
  push(item: Item, bytes?: number): void
  /** What was pushed before is still read. */
  end(): void
  fail(reason: string): void
}

export const INBOX_LIMITS = { items: 50_000, bytes: 64 * 1024 * 1024 }

export function createInbox<Item>(limits = INBOX_LIMITS): Inbox<Item> {
  let waiting: { readonly item: Item; readonly bytes: number }[] = []
  let held = 0
  let end: { readonly error?: Error } | undefined
  let wake: (() => void) | undefined

  function finish(how: { readonly error?: Error }): void {
    end ??= how
    wake?.()
  }

  return {
    push(item, bytes = 0) {
      if (end !== undefined) return
      held += bytes
      waiting.push({ item, bytes })
      if (waiting.length > limits.items || held > limits.bytes) {
        waiting = []
        finish({ error: new Error('more came than could be read') })
      }
      wake?.()
    },
    end: () => finish({}),
    fail: (reason) => finish({ error: new Error(reason) }),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const batch = waiting
        waiting = []
        for (const { item, bytes } of batch) {
          held -= bytes
          yield item
        }
        if (waiting.length > 0) continue
        if (end?.error !== undefined) throw end.error
        if (end !== undefined) return
        await new Promise<void>((resolve) => (wake = resolve))
        wake = undefined
      }
    },
  }
}
