/**
 * Where brokers post: `POST /notify/<key>`. A key belongs to one subscription and cannot be guessed, so a
 * stranger cannot put words into a city's mouth. The answer is 200 with nothing in it, at once
 * (CIM 009, 5.8.6: some brokers take anything else for a failure); what was posted is read afterwards.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, sendEmpty } from '../http.ts'

export interface NotifyDoor {
  /** A key for one subscription, and the way to take it back. */
  open(receive: (body: Buffer, receivedAtMs: number) => void, lost: (reason: Loss) => void): { readonly key: string; close(): void }
  handle(request: IncomingMessage, response: ServerResponse, key: string): Promise<void>
  readonly maxBodyBytes: number
  readonly stats: DoorStats
}

export interface DoorStats {
  readonly accepted: number
  /** Not taken: no such key, another method, too long, broken off. */
  readonly refused: number
  /** Of those, longer than the door's limit. Readers are told that something was missed. */
  readonly tooLong: number
  /** Accepted but thrown away, because more waited than the door holds. */
  readonly dropped: number
}

export interface DoorLimits {
  readonly maxBodyBytes: number
  readonly maxWaitingBytes: number
}

/** Orion-LD's own limit of a body is 1 MB; thousands of entities of the others stay below this. */
export const DOOR_LIMITS: DoorLimits = { maxBodyBytes: 16 * 1024 * 1024, maxWaitingBytes: 64 * 1024 * 1024 }

/** Why something did not go on that a broker posted with a key that is one. */
export type Loss = 'too-long' | 'too-much-waiting'

interface Keyhole {
  readonly digest: Buffer
  receive(body: Buffer, receivedAtMs: number): void
  lost(reason: Loss): void
}

const LONGEST_KEY = 128

export function createNotifyDoor({ now, limits = DOOR_LIMITS }: { readonly now: () => number; readonly limits?: DoorLimits }): NotifyDoor {
  const keyholes = new Map<string, Keyhole>()
  const queue: { readonly keyhole: Keyhole; readonly body: Buffer; readonly receivedAtMs: number }[] = []
  let waitingBytes = 0
  let scheduled = false
  let accepted = 0
  let refused = 0
  let tooLong = 0
  let dropped = 0

  // Found by digest: how long the search takes says nothing about the key. The comparison takes the same time always.
  function find(key: string): Keyhole | undefined {
    if (key.length > LONGEST_KEY) return undefined
    const digest = digestOf(key)
    const keyhole = keyholes.get(digest.toString('hex'))
    return keyhole !== undefined && timingSafeEqual(keyhole.digest, digest) ? keyhole : undefined
  }

  function work(): void {
    scheduled = false
    const turn = queue.splice(0, 64)
    for (const { keyhole, body, receivedAtMs } of turn) {
      waitingBytes -= body.length
      keyhole.receive(body, receivedAtMs)
    }
    if (queue.length > 0) schedule()
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(work)
  }

  function take(keyhole: Keyhole, body: Buffer): void {
    accepted += 1
    if (waitingBytes + body.length > limits.maxWaitingBytes) {
      dropped += 1
      keyhole.lost('too-much-waiting')
      return
    }
    waitingBytes += body.length
    queue.push({ keyhole, body, receivedAtMs: now() })
    schedule()
  }

  return {
    open(receive, lost) {
      const key = randomBytes(32).toString('base64url')
      const digest = digestOf(key)
      const name = digest.toString('hex')
      keyholes.set(name, { digest, receive, lost })
      return { key, close: () => void keyholes.delete(name) }
    },

    async handle(request, response, key) {
      const keyhole = find(key)
      if (keyhole === undefined) {
        refused += 1
        sendEmpty(response, 404, { connection: 'close' })
        return
      }
      if (request.method !== 'POST') {
        refused += 1
        sendEmpty(response, 405, { allow: 'POST', connection: 'close' })
        return
      }
      const body = await readBody(request, limits.maxBodyBytes)
      if (body.ok) {
        sendEmpty(response, 200)
        return take(keyhole, body.value)
      }
      refused += 1
      if (body.error !== 'too-large') return
      tooLong += 1
      sendEmpty(response, 413, { connection: 'close' })
      keyhole.lost('too-long')
    },

    maxBodyBytes: limits.maxBodyBytes,

    get stats() {
      return { accepted, refused, tooLong, dropped }
    },
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
