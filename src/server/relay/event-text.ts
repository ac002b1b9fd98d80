/** Server-sent events as bytes: made once, written to every reader. */
import { constants, deflateRawSync } from 'node:zlib'
import type { RelayEvent } from '../../feed/relay-events.ts'

export function eventText({ event, data }: RelayEvent, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

const EVENT_END = Buffer.from('}\n\n')

/** `notification` is JSON already, on one line: it is not parsed and written again for the wire. */
export function notificationBytes(given: {
  readonly epoch: string
  readonly seq: number
  readonly broker: string
  readonly receivedAtMs: number
  readonly notification: Buffer
}): Buffer {
  const { epoch, seq, broker, receivedAtMs, notification } = given
  const start = Buffer.from(`id: ${epoch}.${seq}\nevent: notification\ndata: {"seq":${seq},"broker":${JSON.stringify(broker)},"receivedAtMs":${receivedAtMs},"notification":`)
  return Buffer.concat([start, notification, EVENT_END])
}

/** Start of a gzip stream (RFC 1952): deflate, no name, no time. */
export const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])

/**
 * Deflate blocks that depend on nothing before them and end on a byte: behind a gzip header any row of
 * them is one valid stream, so a chunk is compressed once however many readers it goes to.
 */
export function compressShared(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { level: 3, finishFlush: constants.Z_SYNC_FLUSH })
}
