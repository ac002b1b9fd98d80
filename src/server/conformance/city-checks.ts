/**
 * Conformance of a city's brokers: run when somebody asks, at most once a minute, one after the other on each broker's own
 * line, and kept. The page gets what was found, with paths and no hosts.
 */
import { entitiesIn } from '../../conformance/exchange.ts'
import type { Question } from '../../conformance/questions.ts'
import type { Mim, MimId } from '../../conformance/mims.ts'
import { conformanceOf, type ConformanceReport } from '../../conformance/report.ts'
import type { CityConfiguration } from '../../configuration/schema.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/time/instant.ts'
import { nameOfBroker } from '../../ngsi-ld/profile/recognise.ts'
import { headersFor, type BrokerAddress } from '../broker-address.ts'
import { gatherAnswers, type AskQuestion } from './gather.ts'

export interface CityConformance {
  /** Empty until it was asked for. */
  readonly reports: readonly ConformanceReport[]
  readonly isRunning: boolean
  /** From then on it may be run again. */
  readonly againAtMs: number
}

export interface CityChecks {
  readonly state: CityConformance
  /** Starts a run, unless one is under way or has just been. */
  run(): Promise<void>
  close(): void
}

export const AT_MOST_EVERY_MS = MINUTE_MS
/** From then on it says something that a name is still there. */
const EARLIER_MS = 20 * HOUR_MS
const REMEMBERED = 3

export function createCityChecks(given: {
  readonly city: CityConfiguration
  /** In words, when a privacy floor is held for the city. */
  readonly floor?: string | undefined
  readonly types: readonly string[]
  readonly addresses: readonly BrokerAddress[]
  readonly mims?: Readonly<Partial<Record<MimId, Partial<Mim>>>> | undefined
  readonly now: () => number
}): CityChecks {
  const { city, addresses, now } = given
  const end = new AbortController()
  const reports = new Map<string, ConformanceReport>()
  /** By broker: names that it gave, and when. Replaced once they were old enough to be asked for. */
  const earlier = new Map<string, { readonly ids: readonly string[]; readonly atMs: number }>()
  let running: Promise<void> | undefined
  let againAtMs = 0

  async function check(address: BrokerAddress): Promise<void> {
    const atMs = now()
    const known = earlier.get(address.broker)
    const isOld = known !== undefined && atMs - known.atMs >= EARLIER_MS
    const { bounds, licence, attribution, declarations } = city
    const { kind, guard } = address
    const answers = await gatherAnswers({
      ask: asking(address),
      signal: end.signal,
      context: { timeZone: city.timeZone, bounds },
      scope: { types: given.types, isPersonal: (type) => guard?.isPersonal(type) ?? false, nowMs: atMs, ...(isOld && { earlierIds: known.ids }) },
      facts: {
        apiUrl: address.apiUrl,
        isAnonymous: address.line.stats.access.kind === 'headers' && Object.keys(address.headers).length === 0,
        bounds,
        isConfigured: true,
        ...(kind?.known !== undefined && { broker: `${nameOfBroker(kind.known)}: ${kind.known.evidence}` }),
        ...(licence !== undefined && { licence }),
        ...(attribution !== undefined && { attribution }),
        ...(given.floor !== undefined && { floor: given.floor }),
        ...(isOld && { earlier: { ids: known.ids, hoursAgo: Math.round((atMs - known.atMs) / HOUR_MS) } }),
        ...(declarations !== undefined && { declarations }),
      },
    })
    if (end.signal.aborted) return
    const ids = [...answers.exchanges.values()].flatMap((exchange) => entitiesIn(exchange).map(({ id }) => id))
    if (ids.length > 0 && (known === undefined || isOld)) earlier.set(address.broker, { ids: ids.slice(0, REMEMBERED), atMs })
    reports.set(address.broker, conformanceOf(answers, { of: address.broker, atMs, mims: given.mims }))
  }

  async function checkAll(): Promise<void> {
    for (const address of addresses) await check(address)
  }

  return {
    get state() {
      return { reports: [...reports.values()], isRunning: running !== undefined, againAtMs }
    },
    run() {
      if (running !== undefined) return running
      if (now() < againAtMs || end.signal.aborted) return Promise.resolve()
      againAtMs = now() + AT_MOST_EVERY_MS
      running = checkAll().finally(() => (running = undefined))
      return running
    },
    close: () => end.abort(),
  }
}

/** On the broker's line, as a probe: what fails says nothing of the broker's health. */
function asking(address: BrokerAddress): AskQuestion {
  return async ({ target, accept, isBare }: Question, signal) => {
    const { link, ...headers } = headersFor(address)
    const base = target.startsWith('/temporal/') ? (address.temporalUrl ?? address.apiUrl) : address.apiUrl
    const sent = await address.line.send({ url: `${base}${target}`, method: 'GET', headers: { ...headers, accept, ...(link !== undefined && isBare !== true && { link }) }, signal }, 'probe')
    return sent.ok ? sent.value : `${sent.error.title}: ${sent.error.detail}`
  }
}
