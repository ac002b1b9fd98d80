/** Reads a feed over a real socket, as the worker does, and lets a test wait for what it needs. */
import { get, type IncomingMessage } from 'node:http'
import { createGunzip, constants } from 'node:zlib'
import { createEventStreamParser } from '../src/feed/event-stream.ts'
import type { RelayEvent } from '../src/feed/relay-events.ts'

export type ReadEvent = RelayEvent & { readonly id?: string }

export interface EventReader {
  readonly events: ReadEvent[]
  /** The first event, from the beginning or still to come, that fits. */
  until(fits: (event: ReadEvent) => boolean, timeoutMs?: number): Promise<ReadEvent>
  readonly headers: IncomingMessage['headers']
  pause(): void
  resume(): void
  close(): void
}

export function readEvents(url: string, given: { readonly lastEventId?: string; readonly gzip?: boolean } = {}): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const request = get(url, {
      agent: false,
      headers: { accept: 'text/event-stream', ...(given.lastEventId !== undefined && { 'last-event-id': given.lastEventId }), ...(given.gzip === true && { 'accept-encoding': 'gzip' }) },
    })
    request.once('error', reject)
    request.once('response', (response) => {
      if (response.statusCode !== 200) return reject(new Error(`expected 200, got ${response.statusCode}`))
      const events: ReadEvent[] = []
      const listeners = new Set<(event: ReadEvent) => void>()
      const parser = createEventStreamParser()
      const text = given.gzip === true ? response.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : response
      text.on('data', (chunk: Buffer) => {
        for (const { id, event, data } of parser.push(chunk)) {
          const read = { event, data: JSON.parse(Buffer.from(data).toString()) as unknown, ...(id !== undefined && { id }) } as ReadEvent
          events.push(read)
          for (const listener of listeners) listener(read)
        }
      })
      response.on('error', () => undefined)
      text.on('error', () => undefined)
      resolve({
        events,
        headers: response.headers,
        until(fits, timeoutMs = 8_000) {
          const known = events.find(fits)
          if (known !== undefined) return Promise.resolve(known)
          return new Promise((found, missed) => {
            const listener = (event: ReadEvent): void => {
              if (fits(event)) done(() => found(event))
            }
            const timer = setTimeout(() => done(() => missed(new Error(`no such event within ${timeoutMs} ms; heard ${events.map((one) => one.event).join(' ').slice(-200)}`))), timeoutMs)
            const done = (settle: () => void): void => {
              clearTimeout(timer)
              listeners.delete(listener)
              settle()
            }
            listeners.add(listener)
          })
        },
        pause: () => void response.socket.pause(),
        resume: () => void response.socket.resume(),
        close: () => void request.destroy(),
      })
    })
  })
}
