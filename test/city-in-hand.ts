/** City workers without their threads, and pages that draw at once: what the operator would see, over real sockets. */
import type { CityPlan } from '../src/configuration/city-plan.ts'
import { FRESHNESS } from '../src/core/time/freshness.ts'
import { MODELS } from '../src/domains/models.ts'
import { applyRosterChange } from '../src/domains/roster-change.ts'
import type { FeedSettings } from '../src/feed/feed.ts'
import { transfersOf } from '../src/workers/city.client.ts'
import type { Answer, CityStatus, Frame, FromCity, Question, Roster, ToCity } from '../src/workers/city.messages.ts'
import { createPlatformEffects } from '../src/workers/effects/platform.ts'
import { createCitySessions } from '../src/workers/session/city-sessions.ts'

const HISTORY_BYTES = 320 * 2 ** 20

export type CityInHand = ReturnType<ReturnType<typeof startWorker>['open']>

/** A city in a worker of its own. */
export function openCity(origin: string, plan: CityPlan, feed?: FeedSettings, now?: () => number): CityInHand {
  const worker = startWorker({ ...(feed !== undefined && { feed }), ...(now !== undefined && { now, effectsOf: (from: string) => ({ ...createPlatformEffects(from), now }) }) })
  const city = worker.open(origin, plan)
  return {
    ...city,
    close() {
      city.close()
      worker.close()
    },
  }
}

/** A worker that takes any number of cities. */
export function startWorker({ feed, effectsOf = createPlatformEffects, now = Date.now }: { readonly feed?: FeedSettings; readonly effectsOf?: typeof createPlatformEffects; readonly now?: () => number } = {}) {
  const pages = new Map<number, (message: FromCity) => void>()
  const sessions = createCitySessions({
    models: MODELS,
    effectsOf,
    now,
    later: setImmediate,
    ...(feed !== undefined && { feed }),
    post(message, transfer = []) {
      // What the platform does: the message is cloned, its buffers move.
      if (message.type !== 'beat') pages.get(message.place)?.(structuredClone(message, { transfer: [...transfer] }))
    },
  })
  const timer = setInterval(() => sessions.tick(), 10)
  let lastPlace = 0
  return {
    open(origin: string, plan: CityPlan) {
      const place = ++lastPlace
      return show({ origin, plan, send: (message) => sessions.handle({ ...message, place }), listen: (hear) => void pages.set(place, hear) })
    },
    close: () => clearInterval(timer),
  }
}

function show({ origin, plan, send, listen }: { readonly origin: string; readonly plan: CityPlan; readonly send: (message: ToCity) => void; readonly listen: (hear: (message: FromCity) => void) => void }) {
  const rosters = new Map<string, Roster>()
  const frames = new Map<string, Frame>()
  const answers = new Map<number, (answer: Answer) => void>()
  let status: CityStatus | undefined
  let failure: string | undefined
  let askId = 0

  function hear(message: FromCity): void {
    if (message.type === 'failed') failure = message.reason
    if (message.type === 'roster') rosters.set(message.roster.domain, message.roster)
    if (message.type === 'roster-change') {
      const roster = applyRosterChange(rosters.get(message.change.domain)!, message.change)
      if (roster === undefined) throw new Error(`A change of a ${message.change.domain} roster that was never sent`)
      rosters.set(roster.domain, roster)
    }
    if (message.type === 'status') status = message.status
    if (message.type === 'answer') answers.get(message.askId)?.(message.answer)
    if (message.type !== 'frame') return
    const { frame } = message
    const spare = frames.get(frame.domain)
    frames.set(frame.domain, frame)
    queueMicrotask(() => send({ type: 'drawn', domain: frame.domain, ...(spare === undefined ? {} : { spare: structuredClone(spare, { transfer: transfersOf(spare) }) }) }))
  }

  listen(hear)
  send({ type: 'open', origin, plan, cellRadiusM: 500, historyBytes: HISTORY_BYTES })

  /** The newest frame with its roster, when both have come. */
  function drawn(domain: string): { readonly frame: Frame; readonly roster: Roster } | undefined {
    const frame = frames.get(domain)
    const roster = rosters.get(domain)
    return frame === undefined || roster === undefined || frame.rosterVersion !== roster.version ? undefined : { frame, roster }
  }

  return {
    send,
    /** Why the worker closed it, when it did. */
    failure: () => failure,
    status: () => status!,
    /** What the newest frame says of a sensor. */
    sensor(domain: string, id: string) {
      const picture = drawn(domain)
      const row = picture?.roster.ids.indexOf(id) ?? -1
      if (picture === undefined || row < 0) return undefined
      const { frame, roster } = picture
      return { atMs: frame.atMs, latest: frame.latest[row]!, value: frame.values[row]!, freshness: FRESHNESS[frame.freshness[row]!], name: roster.names[row], cells: frame.cells.count, total: frame.total }
    },
    /** The last value of every sensor, by id. */
    sensors(domain: string): Readonly<Record<string, number>> {
      const picture = drawn(domain)
      return picture === undefined ? {} : Object.fromEntries(picture.roster.ids.map((id, row) => [id, picture.frame.latest[row]!]))
    },
    /** The newest frame, and the ids of its rows. */
    frame: (domain: string): Frame | undefined => drawn(domain)?.frame,
    ids: (domain: string): readonly string[] => drawn(domain)?.roster.ids ?? [],
    ask(question: Question): Promise<Answer> {
      const id = ++askId
      return new Promise((resolve) => {
        answers.set(id, resolve)
        send({ type: 'ask', askId: id, question })
      })
    },
    /** The page has let go of what it was shown. */
    rest() {
      send({ type: 'rest' })
      rosters.clear()
      frames.clear()
    },
    close: () => send({ type: 'close' }),
  }
}
