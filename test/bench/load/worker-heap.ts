/** The heap of a page's data workers after a collection, asked of the workers themselves. */
import type { CDPSession } from '@playwright/test'

const ANSWER_MS = 10_000

/** Sum over the workers that the page has now; NaN when the browser does not let us ask. */
export async function workerHeapBytes(cdp: CDPSession): Promise<number> {
  const sessions = new Set<string>()
  const attached = ({ sessionId, targetInfo }: { readonly sessionId: string; readonly targetInfo: { readonly type: string } }): void => {
    if (targetInfo.type === 'worker') sessions.add(sessionId)
  }
  cdp.on('Target.attachedToTarget', attached)
  try {
    // Not flattened: messages to a worker travel inside messages of the page's own session.
    await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
    let bytes = 0
    for (const sessionId of sessions) {
      await ask(cdp, sessionId, 'HeapProfiler.collectGarbage')
      const { usedSize = Number.NaN, backingStorageSize = 0 } = (await ask(cdp, sessionId, 'Runtime.getHeapUsage')) as { usedSize?: number; backingStorageSize?: number }
      bytes += usedSize + backingStorageSize
    }
    return sessions.size === 0 ? Number.NaN : bytes
  } catch {
    return Number.NaN // a browser without these commands: the figure is then "not measured"
  } finally {
    cdp.off('Target.attachedToTarget', attached)
    await cdp.send('Target.setAutoAttach', { autoAttach: false, waitForDebuggerOnStart: false, flatten: false }).catch(() => undefined) // died meanwhile: the next look says so
  }
}

let lastId = 0

function ask(cdp: CDPSession, sessionId: string, method: string): Promise<unknown> {
  const id = ++lastId
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error(`${method}: no answer`))), ANSWER_MS)
    const hear = (event: { readonly sessionId: string; readonly message: string }): void => {
      const answer = JSON.parse(event.message) as { readonly id?: number; readonly result?: unknown; readonly error?: { readonly message: string } }
      if (event.sessionId !== sessionId || answer.id !== id) return
      settle(() => (answer.error === undefined ? resolve(answer.result) : reject(new Error(answer.error.message))))
    }
    const settle = (how: () => void): void => {
      clearTimeout(timer)
      cdp.off('Target.receivedMessageFromTarget', hear)
      how()
    }
    cdp.on('Target.receivedMessageFromTarget', hear)
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch((error: unknown) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))))
  })
}
