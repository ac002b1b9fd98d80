/**
 * Watches one city: reads its sensors now and then, asks the rules, writes down what has changed and tells the broker. One
 * truth for all pages, walls and programs, whether any of them is open or not.
 *
 * A reading is followed by a rest of ten times its length: of the time at most a tenth is spent reading, however many
 * sensors there are. Rules are asked between two readings too, since silence grows without anybody saying anything.
 */
import type { CityConfiguration } from '../../configuration/schema.ts'
import { SECOND_MS } from '../../core/time/instant.ts'
import type { DomainModel } from '../../domains/domain-model.ts'
import { alertOf } from '../../incidents/alert.ts'
import { createBoard, type Board } from '../../incidents/board.ts'
import { describe, type Named } from '../../incidents/describe.ts'
import { createEvaluator } from '../../incidents/evaluate.ts'
import type { Draft, Entry, Incident } from '../../incidents/journal.ts'
import type { NgsiLdClient } from '../../ngsi-ld/client.ts'
import type { BrokerProfile } from '../../ngsi-ld/profile/profile.ts'
import { expectedIntervalMsOf, readContextOf } from '../../domains/read-context.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import type { Logger } from '../log.ts'
import type { ServerTimers } from '../timers.ts'
import type { AlertWriter } from './alert-writer.ts'
import type { JournalFile } from './journal-file.ts'
import { rulesOf } from './rules.ts'
import { createSurvey } from './survey.ts'
import { createCityUsual } from './usual.ts'

export const REST_TIMES = 10
/** Subscriptions are made in the first moments: a broker that is only being asked is not down. */
const FIRST_MS = 7 * SECOND_MS
/** What may be written in a minute: there is no login. */
const MAX_ACTIONS = 60
const ACTIONS_PER_MS = 60 * SECOND_MS

export interface CityIncidents {
  readonly board: Board
  readonly mayAct: boolean
  readonly stats: WatchStats
  /** Undefined: there is no such incident. None: it means nothing in its state. `busy`: too much was written lately. */
  act(draft: Draft): readonly Entry[] | 'busy' | undefined
  /** Asks the rules once, after reading what there is: what the clock does otherwise. */
  round(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export interface WatchStats {
  readonly rules: number
  readonly sensors: number
  readonly leftOut: number
  readonly lastReadAtMs?: number
  readonly lastReadTookMs?: number
  /** By broker, why it could not be read. */
  readonly unread: Readonly<Record<string, string>>
  /** By layer that is compared with what is usual: `known`, `reading`, or why it is not known. */
  readonly usual?: Readonly<Record<string, string>>
  readonly kept: { readonly journal: 'file' | 'memory'; readonly journalProblem?: string; readonly alertsTo?: string; readonly alertsProblem?: string }
}

export function createCityIncidents(given: {
  readonly city: CityConfiguration
  readonly models: readonly DomainModel[]
  /** By broker, as a page reaches it. */
  readonly clients: ReadonlyMap<string, NgsiLdClient>
  readonly profileOf: (broker: string) => BrokerProfile
  readonly brokers: () => readonly RelayBrokerState[]
  readonly timers: ServerTimers
  readonly log: Logger
  readonly source: string
  readonly file?: JournalFile | undefined
  readonly alerts?: { readonly broker: string; readonly writer: AlertWriter } | undefined
}): CityIncidents {
  const { city, models, clients, timers, log, file, alerts } = given
  const settings = city.incidents
  const rules = rulesOf(city, models)
  const survey = createSurvey({ models, rules, expectedMsOf: (model) => expectedIntervalMsOf(model, city), contextOf: (model) => readContextOf(city, model) })
  const compared = models.filter(({ id }) => rules.some(({ layer, condition }) => layer === id && condition.kind === 'usual'))
  const usual = compared.length === 0 ? undefined : createCityUsual({ city, models: compared, clients, profileOf: given.profileOf, timers })
  const evaluator = createEvaluator({ rules, nameOf: (layer) => models.find(({ id }) => id === layer)?.name ?? layer })
  const everyMs = (settings?.everyS ?? 30) * SECOND_MS
  const end = new AbortController()
  let board = createBoard()
  let unread: Record<string, string> = {}
  let journalProblem: string | undefined
  let lastReadAtMs: number | undefined
  let lastReadTookMs: number | undefined
  let hasHeard = false
  let nextReadMs = -Infinity
  let callOff: (() => void) | undefined
  let running: Promise<void> | undefined
  let acted: number[] = []

  async function read(states: readonly RelayBrokerState[]): Promise<void> {
    const beganMs = timers.now()
    const failed: Record<string, string> = {}
    for (const [broker, client] of clients) {
      if (end.signal.aborted) return
      // One that is down is not asked: that it is down is what there is to say.
      if (states.find((state) => state.broker === broker)?.state === 'down') {
        hasHeard = true
        continue
      }
      const problem = await survey.read(broker, client, end.signal)
      if (problem !== undefined) failed[broker] = problem
      hasHeard ||= problem === undefined
    }
    unread = failed
    lastReadAtMs = timers.now()
    lastReadTookMs = lastReadAtMs - beganMs
    // What failed is tried again after as long as the failing took: little of it was work.
    const rests = Object.keys(failed).length === 0 ? REST_TIMES : 1
    nextReadMs = beganMs + Math.max(everyMs, lastReadTookMs * (rests + 1))
  }

  function evaluate(states: readonly RelayBrokerState[]): void {
    const atMs = timers.now()
    const offsets = new Map(states.map(({ broker, clockOffsetMs }) => [broker, clockOffsetMs]))
    const brokers = city.brokers.map(({ id, name }) => ({ id, name: name ?? id, isDown: states.find(({ broker }) => broker === id)?.state === 'down' }))
    usual?.want(atMs)
    const world = { atMs, brokers, sensors: (layer: string) => survey.sensors(layer, (broker) => atMs + (offsets.get(broker) ?? 0), usual?.bandsOf(layer, atMs)) }
    const before = new Map(board.incidents.map((one) => [one.id, one]))
    const evaluation = evaluator.evaluate(world, { isOpen: (id) => board.get(id)?.standing.isActive === true, isFlood: board.isFlood(atMs) })
    tell(board.take(evaluation, atMs), before)
  }

  /** Writes down what was written, and tells the broker of what it was about. `before`: for what is no more. */
  function tell(entries: readonly Entry[], before: ReadonlyMap<string, Incident>): void {
    if (entries.length === 0) return
    for (const entry of entries) if (entry.type === 'raise') log.info('incident', { city: city.id, incident: entry.incident, kind: entry.finding.kind })
    void file?.append(entries).then((problem) => {
      if (problem !== undefined && problem !== journalProblem) log.warn('journal is not written', { city: city.id, reason: problem })
      journalProblem = problem
    })
    if (alerts === undefined) return
    const changed = [...new Map(entries.map((entry) => [entry.incident, entry])).values()]
    alerts.writer.write(
      changed.flatMap(({ incident: id, atMs }) => {
        const now = board.get(id)
        const known = now ?? before.get(id)
        return known === undefined ? [] : [alertOf(city.id, known, wordsOf(known), now === undefined ? atMs : undefined)]
      }),
    )
  }

  function wordsOf({ finding }: Incident) {
    const model = models.find(({ id }) => id === finding.layer)
    const measure = model?.measures.find(({ id }) => id === (finding.measure ?? model.headline))
    const named: Named = { layer: model?.name, measure: measure?.name, unit: measure?.unit }
    const { category = 'environment', subCategory } = model?.incidents ?? {}
    return { category, subCategory, description: describe(finding, named), source: given.source }
  }

  async function round(): Promise<void> {
    const states = given.brokers()
    if (timers.now() >= nextReadMs) await read(states)
    // Before anything was heard of the city, what was raised earlier would look as if it were over.
    if (!end.signal.aborted && hasHeard) evaluate(given.brokers())
  }

  function later(ms: number): void {
    if (end.signal.aborted) return
    callOff = timers.after(ms, () => {
      running = round()
        .catch((error: unknown) => log.error('incidents failed', { city: city.id, reason: error instanceof Error ? error.message : String(error) }))
        .finally(() => later(everyMs))
    })
  }

  return {
    get board() {
      return board
    },
    mayAct: settings?.mayAct ?? false,
    get stats() {
      return {
        rules: rules.length,
        ...survey.stats,
        ...(lastReadAtMs !== undefined && { lastReadAtMs }),
        ...(lastReadTookMs !== undefined && { lastReadTookMs }),
        unread,
        ...(usual !== undefined && { usual: usual.stateAt(timers.now()) }),
        kept: { journal: file === undefined ? ('memory' as const) : ('file' as const), ...(journalProblem !== undefined && { journalProblem }), ...(alerts !== undefined && { alertsTo: alerts.broker }), ...(alerts?.writer.problem !== undefined && { alertsProblem: alerts.writer.problem }) },
      }
    },
    act(draft) {
      const nowMs = timers.now()
      const before = new Map(board.incidents.map((one) => [one.id, one]))
      // A shelf may have ended since the rules were last asked.
      tell(board.tick(nowMs), before)
      acted = acted.filter((atMs) => atMs > nowMs - ACTIONS_PER_MS)
      if (acted.length >= MAX_ACTIONS) return 'busy'
      const entries = board.act(draft)
      if (entries !== undefined && entries.length > 0) {
        acted.push(nowMs)
        tell(entries, before)
      }
      return entries
    },
    round,
    async start() {
      if (rules.length === 0) return
      if (file !== undefined) {
        const { entries, incidents, problem } = await file.load()
        if (problem !== undefined) log.warn('journal was read in part', { city: city.id, reason: problem })
        board = createBoard({ entries, incidents })
      }
      later(Math.min(FIRST_MS, everyMs))
    },
    async close() {
      end.abort()
      callOff?.()
      usual?.close()
      await running
      await file?.append([])
      alerts?.writer.close()
    },
  }
}
