/**
 * Writes incidents as `Alert` entities to the broker that they may be written to: the newest state of each, a batch at a
 * time, one after the other. What a broker refuses is said and tried again with the next change; the incidents themselves
 * do not depend on it.
 */
import type { JsonObject } from '../../ngsi-ld/entity.ts'
import { headersFor, type BrokerAddress } from '../broker-address.ts'

const BATCH = 100
/** Beyond, the oldest are dropped: a broker that is away for long gets the newest when it is back. */
const MAX_WAITING = 2_000

export interface AlertWriter {
  write(alerts: readonly JsonObject[]): void
  /** Why the last batch was not taken. */
  readonly problem: string | undefined
  close(): void
}

export function createAlertWriter(address: BrokerAddress): AlertWriter {
  const waiting = new Map<string, JsonObject>()
  const end = new AbortController()
  let isWriting = false
  let problem: string | undefined

  async function writeAll(): Promise<void> {
    isWriting = true
    while (waiting.size > 0 && !end.signal.aborted) {
      const batch = [...waiting].slice(0, BATCH)
      for (const [id] of batch) waiting.delete(id)
      problem = await send(batch.map(([, alert]) => alert))
      if (problem === undefined) continue
      for (const [id, alert] of batch) if (!waiting.has(id)) waiting.set(id, alert)
      break
    }
    isWriting = false
  }

  async function send(alerts: readonly JsonObject[]): Promise<string | undefined> {
    const { link, ...headers } = headersFor(address)
    const sent = await address.line.send(
      { url: `${address.apiUrl}/entityOperations/upsert?options=update`, method: 'POST', headers: { ...headers, accept: 'application/json', 'content-type': 'application/json', ...(link !== undefined && { link }) }, body: JSON.stringify(alerts), signal: end.signal },
      'floor',
    )
    if (!sent.ok) return sent.error.title
    await sent.value.body?.cancel()
    // 207: some were not taken.
    return sent.value.status < 300 && sent.value.status !== 207 ? undefined : `it answered ${sent.value.status}`
  }

  return {
    write(alerts) {
      for (const alert of alerts) {
        const id = String(alert['id'])
        waiting.delete(id)
        waiting.set(id, alert)
      }
      for (const id of [...waiting.keys()].slice(0, Math.max(0, waiting.size - MAX_WAITING))) waiting.delete(id)
      if (!isWriting) void writeAll()
    },
    get problem() {
      return problem
    },
    close: () => end.abort(),
  }
}
