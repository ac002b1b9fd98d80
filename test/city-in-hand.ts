/** The city worker without its thread, and a page that draws at once: what the operator would see, over real sockets. */
import type { CityPlan } from '../src/configuration/city-plan.ts'
import { FRESHNESS } from '../src/core/time/freshness.ts'
import { MODELS } from '../src/domains/models.ts'
import { applyRosterChange } from '../src/domains/roster-change.ts'
import type { FeedSettings } from '../src/feed/feed.ts'
import { transfersOf } from '../src/workers/city.client.ts'
import type { Answer, CityStatus, Frame, FromCityWorker, Question, Roster } from '../src/workers/city.messages.ts'
import { createPlatformEffects } from '../src/workers/effects/platform.ts'
import { createCitySession } from '../src/workers/session/city-session.ts'

export type CityInHand = ReturnType<typeof openCity>

export function openCity(origin: string, plan: CityPlan, feed?: FeedSettings) {
  const rosters = new Map<string, Roster>()
  const frames = new Map<string, Frame>()
  const answers = new Map<number, (answer: Answer) => void>()
  let status: CityStatus | undefined
  let askId = 0
  const session = createCitySession({
    models: MODELS,
    effectsOf: createPlatformEffects,
    now: Date.now,
    ...(feed !== undefined && { feed }),
    post(message, transfer = []) {
      // What the platform does: the message is cloned, its buffers move.
      hear(structuredClone(message, { transfer: [...transfer] }))
    },
  })

  function hear(message: FromCityWorker): void {
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
    queueMicrotask(() => session.handle({ type: 'drawn', domain: frame.domain, ...(spare === undefined ? {} : { spare: structuredClone(spare, { transfer: transfersOf(spare) }) }) }))
  }

  session.handle({ type: 'open', origin, plan, cellRadiusM: 500 })
  const timer = setInterval(() => session.tick(), 10)

  /** The newest frame with its roster, when both have come. */
  function drawn(domain: string): { readonly frame: Frame; readonly roster: Roster } | undefined {
    const frame = frames.get(domain)
    const roster = rosters.get(domain)
    return frame === undefined || roster === undefined || frame.rosterVersion !== roster.version ? undefined : { frame, roster }
  }

  return {
    session,
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
        session.handle({ type: 'ask', askId: id, question })
      })
    },
    close() {
      clearInterval(timer)
      session.handle({ type: 'close' })
    },
  }
}
