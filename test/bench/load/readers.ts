/**
 * Many readers of one feed on sockets of their own, in a process of their own. They take the bytes and count
 * them, as a browser's network process would; only the first looks inside, to say how long an event was on its way.
 */
import { get } from 'node:http'
import { constants, createGunzip } from 'node:zlib'
import { percentile } from '../figure.ts'

export type ToReaders = { readonly type: 'begin' } | { readonly type: 'report' }
export type FromReaders =
  | { readonly type: 'connected' }
  | { readonly type: 'begun' }
  | { readonly type: 'report'; readonly bytes: number; readonly events: number; readonly p50Ms: number; readonly p95Ms: number; readonly ended: number }

const [url = '', count = '1', encoding = 'gzip'] = process.argv.slice(2)
const isGzip = encoding === 'gzip'
let bytes = 0
let ended = 0
let delaysMs: number[] = []
let connected = 0

for (let reader = 0; reader < Number(count); reader++) {
  const asking = get(url, { agent: false, headers: { accept: 'text/event-stream', ...(isGzip && { 'accept-encoding': 'gzip' }) } }, (response) => {
    response.on('data', (chunk: Buffer) => (bytes += chunk.length))
    response.once('close', () => (ended += 1))
    if (reader === 0) {
      const text = isGzip ? response.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : response
      text.on('data', (chunk: Buffer) => look(chunk.toString('latin1')))
    }
    connected += 1
    if (connected === Number(count)) tell({ type: 'connected' })
  })
  asking.once('error', () => (ended += 1))
}

process.on('message', ({ type }: ToReaders) => {
  if (type === 'report') return tell({ type: 'report', bytes, events: delaysMs.length, p50Ms: percentile(delaysMs, 0.5), p95Ms: percentile(delaysMs, 0.95), ended })
  bytes = 0
  delaysMs = []
  tell({ type: 'begun' })
})
process.on('disconnect', () => process.exit(0))

/** The relay stamps an event when its notification was at the door. One whose stamp is cut by a chunk's end is not counted. */
function look(text: string): void {
  const nowMs = Date.now()
  for (const [, stamp] of text.matchAll(/"receivedAtMs":(\d+),"notification"/g)) delaysMs.push(nowMs - Number(stamp))
}

function tell(message: FromReaders): void {
  process.send?.(message)
}
