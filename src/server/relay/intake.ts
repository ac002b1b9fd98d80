/**
 * What one broker posted, on its way into the city's feed: is it JSON, is it news, may it go on, and on one line.
 *
 * Two ways lead through. Nearly all notifications are known by their bytes (`notification-bytes.ts`) and go on as the bytes
 * they are. The exact way makes objects and judges those; it is for shapes that are not known, for entities about people, and
 * for brokers that repeat themselves, which shows only in what they say.
 */
import type { Json } from '../../ngsi-ld/entity.ts'
import type { CityHub, Timers } from './city-hub.ts'
import { entitiesOf } from './coalesce.ts'
import type { Heard } from './heard.ts'
import { createNotificationSight } from './notification-bytes.ts'

export interface Intake {
  receive(body: Buffer, receivedAtMs: number): void
  /** Something was accepted and thrown away: readers are told to take a new snapshot. */
  lost(): void
  readonly stats: IntakeStats
}

export interface IntakeStats {
  readonly notifications: number
  readonly entities: number
  /** Notifications that went on by their bytes, without being parsed. */
  readonly unparsed: number
  readonly malformed: number
  readonly duplicates: number
  readonly lost: number
  /** Entities about people: they go to the privacy floor and no further. */
  readonly withheld: number
}

/** What holds entities about people back. */
export interface Sieve {
  /** Takes them out of a notification: what is left of it, or undefined when nothing is. */
  sift(payload: Json): { readonly payload: Json | undefined; readonly withheld: number }
  /** Entities of this type would be left by `sift`. Left out: nobody can tell without it. */
  passes?(type: string): boolean
}

/** Stellio posts the same entity once for each attribute of one PATCH, within milliseconds. */
const BURST_MS = 2_000
const BURST_COUNT = 512

/** What a broken notification said is lost too; a broker that sends nothing else must not make all readers ask it for ever. */
const MALFORMED_RESYNC_MS = 60_000

export function createIntake(given: {
  readonly broker: string
  readonly hub: CityHub
  readonly timers: Timers
  /** Does this broker repeat itself, as far as is known? Comparing costs a little, so only then. Read at each notification. */
  readonly repeats: boolean
  readonly sieve?: Sieve | undefined
  /** Hears of what comes, but for types about people. */
  readonly heard?: Heard | undefined
}): Intake {
  const { broker, hub, timers, sieve, heard } = given
  const passes = sieve === undefined ? () => true : sieve.passes
  const see = passes === undefined ? undefined : createNotificationSight(passes, heard && ((type, count) => heard.add(type, count)))
  const recent = new Map<string, number>()
  let notifications = 0
  let entities = 0
  let unparsed = 0
  let malformed = 0
  let duplicates = 0
  let lost = 0
  let withheld = 0
  let lossSaid = false
  let malformedSaidAtMs = -Infinity

  function isRepeated(payload: Json, nowMs: number): boolean {
    if (!given.repeats) return false
    const content = write(entitiesOf(payload))
    if (content === undefined) return false
    const before = recent.get(content)
    recent.delete(content)
    recent.set(content, nowMs)
    for (const oldest of recent.keys()) {
      if (recent.size <= BURST_COUNT) break
      recent.delete(oldest)
    }
    return before !== undefined && nowMs - before < BURST_MS
  }

  /** Readers hear of many losses once. */
  function missed(afterMs: number): void {
    if (lossSaid) return
    lossSaid = true
    timers.after(afterMs + 1_000, () => {
      lossSaid = false
      malformedSaidAtMs = timers.now()
      hub.resync({ reason: 'gap', broker })
    })
  }

  function isMalformed(receivedAtMs: number): void {
    malformed += 1
    missed(Math.max(0, malformedSaidAtMs + MALFORMED_RESYNC_MS - receivedAtMs))
  }

  function receiveExactly(text: string, receivedAtMs: number): void {
    const payload = parse(text)
    if (payload === undefined) return isMalformed(receivedAtMs)
    notifications += 1
    heard?.notified()
    const all = entitiesOf(payload)
    entities += all.length
    for (const { type } of all) if (typeof type === 'string' && passes?.(type) === true) heard?.add(type, 1)
    if (isRepeated(payload, receivedAtMs)) {
      duplicates += 1
      return
    }
    if (sieve === undefined) return hub.publish({ broker, json: Buffer.from(onOneLine(text)), payload: () => payload, receivedAtMs })
    const sifted = sieve.sift(payload)
    withheld += sifted.withheld
    const { payload: rest } = sifted
    if (rest === undefined) return
    // Written anew, what was judged goes on and nothing else: of a name that stands twice, a parser sees one.
    const json = write(rest)
    if (json === undefined) return isMalformed(receivedAtMs)
    hub.publish({ broker, json: Buffer.from(json), payload: () => rest, receivedAtMs })
  }

  return {
    receive(body, receivedAtMs) {
      const seen = given.repeats ? undefined : see?.(body)
      if (seen === undefined) return receiveExactly(body.toString('utf8'), receivedAtMs)
      notifications += 1
      heard?.notified()
      entities += seen.entities
      unparsed += 1
      hub.publish({ broker, json: seen.hasLineEnd ? withoutLineEnds(body) : body, payload: () => parse(body.toString('utf8')) ?? null, receivedAtMs })
    },
    lost() {
      lost += 1
      missed(0)
    },
    get stats() {
      return { notifications, entities, unparsed, malformed, duplicates, lost, withheld }
    },
  }
}

/** What was posted, with spaces for its line ends: in JSON they stand only between tokens, strings have theirs escaped. */
function withoutLineEnds(body: Buffer): Buffer {
  const line = Buffer.from(body)
  for (let at = 0; at < line.length; at++) if (line[at] === 0x0a || line[at] === 0x0d) line[at] = 0x20
  return line
}

function onOneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, ' ') : text
}

/** Undefined for what is nested too deeply to be written: the stack is the limit, and no real entity comes near. */
function write(json: Json): string | undefined {
  try {
    return JSON.stringify(json)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** An object or a list; a bare word is JSON too, but no notification. */
function parse(body: string): Json | undefined {
  try {
    const payload = JSON.parse(body) as Json
    return typeof payload === 'object' && payload !== null ? payload : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
