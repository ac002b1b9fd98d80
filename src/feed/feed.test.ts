/** The feed with a pretended network: what is emitted, in which order. */
import { describe, expect, it } from 'vitest'
import type { Json } from '../ngsi-ld/entity.ts'
import type { StreamEvent } from './event-stream.ts'
import type { FeedOutput } from './feed-output.ts'
import { createFeed, RESTART, type FeedEffects } from './feed.ts'

/** A queue that a test fills and the feed empties. */
function createChannel<T>() {
  const items: (T | 'end' | Error)[] = []
  let wake: (() => void) | undefined
  const put = (item: T | 'end' | Error): void => {
    items.push(item)
    wake?.()
  }
  async function* read(): AsyncGenerator<T> {
    for (;;) {
      const item = items.shift()
      if (item === undefined) await new Promise<void>((resolve) => (wake = resolve))
      else if (item === 'end') return
      else if (item instanceof Error) throw item
      else yield item
    }
  }
  return { put, read }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const settle = () => new Promise((resolve) => setImmediate(resolve))

function createStage(brokers: readonly string[]) {
  let nowMs = 0
  const outputs: FeedOutput[] = []
  const streams: { readonly lastEventId: string | undefined; readonly channel: ReturnType<typeof createChannel<StreamEvent>> }[] = []
  const snapshots = new Map<string, ReturnType<typeof createChannel<Json | typeof RESTART>>>()
  let tick: (() => void) | undefined
  const effects: FeedEffects<AbortSignal> = {
    openStream(lastEventId, signal) {
      const channel = createChannel<StreamEvent>()
      signal.addEventListener('abort', () => channel.put('end'))
      streams.push({ lastEventId, channel })
      return channel.read()
    },
    snapshot(broker, signal) {
      const channel = createChannel<Json | typeof RESTART>()
      signal.addEventListener('abort', () => channel.put(new Error('aborted')))
      snapshots.set(broker, channel)
      return channel.read()
    },
    now: () => nowMs,
    wait: () => new Promise((resolve) => (tick = resolve)),
    random: () => 0.5,
    createAbort: () => new AbortController(),
    decodeText: (bytes) => new TextDecoder().decode(bytes),
  }
  const feed = createFeed({ effects, emit: (output) => outputs.push(output), brokers })
  return {
    feed,
    outputs,
    streams,
    snapshots,
    say(event: string, data: unknown) {
      streams.at(-1)!.channel.put({ event, data: bytesOf(JSON.stringify(data)) })
      return settle()
    },
    async pass(ms: number) {
      nowMs += ms
      tick?.()
      await settle()
    },
    told: () => outputs.map((output) => (output.type === 'phase' ? output.phase.kind : output.type === 'entities' ? `${output.from} ${output.entities.map(({ id }) => id).join()}` : output.type)),
  }
}

const entity = (n: number) => ({ id: `urn:x:${n}`, type: 'T', level: { type: 'Property', value: n } })
const hello = { epoch: 'e', seq: 0, serverTimeMs: 500, brokers: [] }

describe('a running feed', () => {
  it('tells the snapshot first, what came meanwhile behind it, and then what comes', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    await stage.say('hello', hello)
    await stage.say('notification', { seq: 1, broker: 'main', receivedAtMs: 7, notification: { id: 'n', type: 'Notification', data: [entity(2)] } })
    stage.snapshots.get('main')!.put([entity(1)])
    await settle()
    stage.snapshots.get('main')!.put('end')
    await settle()
    await stage.say('notification', { seq: 2, broker: 'main', receivedAtMs: 8, notification: { id: 'n', type: 'Notification', data: [entity(3)] } })
    expect(stage.told().filter((word) => word !== 'counted')).toEqual(['connecting', 'brokers', 'clock', 'snapshot-started', 'ways', 'snapshot', 'snapshot urn:x:1', 'snapshot-ended', 'stream urn:x:2', 'live', 'stream urn:x:3'])
    expect(stage.outputs.find(({ type }) => type === 'clock')).toEqual({ type: 'clock', offsetMs: 500 })
    stage.feed.stop()
  })

  it('passes on what could not be read, with the reason', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    await stage.say('hello', hello)
    stage.snapshots.get('main')!.put([entity(1), { id: 'urn:x:broken' }])
    stage.snapshots.get('main')!.put('end')
    await settle()
    await stage.say('notification', { seq: 1, broker: 'main', receivedAtMs: 7, notification: 'what?' })
    const rejected = stage.outputs.flatMap((output) => (output.type === 'entities' ? output.rejected : []))
    expect(rejected).toHaveLength(2)
    expect(rejected[0]).toMatchObject({ id: 'urn:x:broken' })
    stage.feed.stop()
  })

  it('is not stopped by a proxy that answers nonsense', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    stage.streams[0]!.channel.put({ event: 'message', data: bytesOf('<html>') })
    stage.streams[0]!.channel.put({ event: 'hello', data: bytesOf('{"epoch":3}') })
    stage.streams[0]!.channel.put({ event: 'notification', data: bytesOf('{') })
    await settle()
    expect(stage.told()).toEqual(['connecting'])
    stage.streams[0]!.channel.put(new Error('HTTP 502'))
    await settle()
    expect(stage.outputs.at(-1)).toMatchObject({ phase: { kind: 'retrying', reason: 'HTTP 502' } })
    stage.feed.stop()
  })

  it('comes back with its place in the stream', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    await stage.say('hello', hello)
    stage.snapshots.get('main')!.put('end')
    await settle()
    await stage.say('notification', { seq: 1, broker: 'main', receivedAtMs: 7, notification: { data: [entity(1)] } })
    stage.streams[0]!.channel.put('end')
    await settle()
    await stage.pass(1_000)
    expect(stage.streams.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e.1'])
    await stage.say('hello', { ...hello, seq: 1 })
    expect(stage.told().at(-3)).toBe('brokers')
    expect(stage.told().at(-1)).toBe('live')
    stage.feed.stop()
  })

  it('lets go of its stream when it rests, and asks for what came meanwhile when it starts again', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    await stage.say('hello', { ...hello, seq: 4 })
    stage.snapshots.get('main')!.put('end')
    await settle()
    stage.feed.rest()
    await settle()
    await stage.pass(60_000)
    expect(stage.streams.length).toBe(1)
    stage.feed.start()
    await settle()
    expect(stage.streams.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e.4'])
  })

  it('says when a snapshot begins anew, and holds back what comes until the end of it', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await stage.say('hello', { epoch: 'e', seq: 0, serverTimeMs: 0, brokers: [] })
    for (const page of [[entity(1)], RESTART, [entity(2)]] as const) stage.snapshots.get('main')!.put(page as Json | typeof RESTART)
    await settle()
    await stage.say('notification', { broker: 'main', seq: 1, receivedAtMs: 0, notification: { type: 'Notification', data: [entity(3)] } })
    stage.snapshots.get('main')!.put('end')
    await settle()
    expect(stage.told().filter((word) => /^(snapshot|stream)/.test(word) && word !== 'snapshot')).toEqual(['snapshot-started', 'snapshot urn:x:1', 'snapshot-started', 'snapshot urn:x:2', 'snapshot-ended', 'stream urn:x:3'])
  })

  it('marks what a check reads, so that it is told from a first snapshot', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    await stage.say('hello', hello)
    stage.snapshots.get('main')!.put('end')
    await settle()
    for (let seq = 0; seq < 60; seq++) {
      await stage.pass(10_000)
      await stage.say('tick', { serverTimeMs: 0, seq: 0 })
    }
    await stage.pass(1)
    const before = stage.outputs.findLastIndex(({ type }) => type === 'snapshot-started')
    stage.snapshots.get('main')!.put([entity(1)])
    stage.snapshots.get('main')!.put('end')
    await settle()
    expect(stage.outputs.slice(before).filter(({ type }) => type !== 'clock')).toMatchObject([
      { type: 'snapshot-started', check: true },
      { type: 'entities', from: 'check', entities: [{ id: 'urn:x:1' }] },
      { type: 'snapshot-ended', complete: true },
    ])
    stage.feed.stop()
  })

  it('stops when it is told to, even from inside what it tells', async () => {
    const stage = createStage(['main'])
    stage.feed.start()
    await settle()
    await stage.say('hello', hello)
    stage.feed.stop()
    await settle()
    await stage.pass(60_000)
    expect(stage.told().at(-1)).toBe('stopped')
    expect(stage.streams).toHaveLength(1)
  })
})
