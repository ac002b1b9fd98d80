/**
 * What one broker posted, on its way into the city's feed: is it JSON, is it news, and on one line.
 */
import type { Json } from '../../ngsi-ld/entity.ts'
import type { CityHub, Timers } from './city-hub.ts'
import { entitiesOf } from './coalesce.ts'

export interface Intake {
  receive(body: string, receivedAtMs: number): void
  /** Something was accepted and thrown away: readers are told to take a new snapshot. */
  lost(): void
  readonly stats: IntakeStats
}

export interface IntakeStats {
  readonly notifications: number
  readonly entities: number
  readonly malformed: number
  readonly duplicates: number
  readonly lost: number
  /** Entities about people: they go to the privacy floor and no further. */
  readonly withheld: number
}

/** Takes entities about people out of a notification: what is left of it, or undefined when nothing is. */
export type Sift = (payload: Json) => { readonly payload: Json | undefined; readonly withheld: number }

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
  readonly sift?: Sift | undefined
}): Intake {
  const { broker, hub, timers } = given
  const recent = new Map<string, number>()
  let notifications = 0
  let entities = 0
  let malformed = 0
  let duplicates = 0
  let lost = 0
  let withheld = 0
  let lossSaid = false
  let malformedSaidAtMs = -Infinity

  function isRepeated(payload: Json, nowMs: number): boolean {
    if (!given.repeats) return false
    const content = contentOf(payload)
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

  return {
    receive(body, receivedAtMs) {
      const payload = parse(body)
      if (payload === undefined) {
        malformed += 1
        missed(Math.max(0, malformedSaidAtMs + MALFORMED_RESYNC_MS - receivedAtMs))
        return
      }
      notifications += 1
      entities += entitiesOf(payload).length
      if (isRepeated(payload, receivedAtMs)) {
        duplicates += 1
        return
      }
      const sifted = given.sift?.(payload)
      withheld += sifted?.withheld ?? 0
      if (sifted !== undefined && sifted.payload !== payload) {
        if (sifted.payload !== undefined) hub.publish({ broker, json: JSON.stringify(sifted.payload), payload: sifted.payload, receivedAtMs })
        return
      }
      // In valid JSON a line end stands only between tokens: strings have theirs escaped.
      const json = /[\r\n]/.test(body) ? body.replaceAll(/[\r\n]+/g, ' ') : body
      hub.publish({ broker, json, payload, receivedAtMs })
    },
    lost() {
      lost += 1
      missed(0)
    },
    get stats() {
      return { notifications, entities, malformed, duplicates, lost, withheld }
    },
  }
}

/** Undefined for what is nested too deeply to be written: the stack is the limit, and no real entity comes near. */
function contentOf(payload: Json): string | undefined {
  try {
    return JSON.stringify(entitiesOf(payload))
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
