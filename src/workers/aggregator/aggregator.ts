/**
 * From what the feed says to the state of each domain: which entity is a sensor of which domain, whether
 * what came is newer than what is known, and what was refused, with the reason.
 *
 * The last writer wins by `observedAt`: deliveries that are lost, doubled and out of order are normal.
 */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { createAreaIndex } from '../../core/geo/areas.ts'
import type { DomainId, DomainModel, ReadError, Reading } from '../../domains/domain-model.ts'
import { expectedIntervalMsOf, readContextOf } from '../../domains/read-context.ts'
import type { ReadBytes } from '../../feed/byte-notification.ts'
import type { FeedOutput, FeedPhase } from '../../feed/feed-output.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import { createEntityReader } from '../../ngsi-ld/decode.ts'
import { shortName, type Entity } from '../../ngsi-ld/entity.ts'
import type { FeedCounters } from '../city.messages.ts'
import { createBrokerSet, type BrokerSet } from './broker-set.ts'
import type { Batch } from './bytes/batch.ts'
import { createByteReader, type DecodeText } from './bytes/byte-reader.ts'
import { fillReadings, type EntityShape } from './bytes/entity-shape.ts'
import { gatherEntity } from './bytes/gather.ts'
import { createDomainState, type DomainState } from './domain-state.ts'
import { DUPLICATE, LATE } from './intake.ts'
import { createMends } from './mends.ts'
import { createTally } from './tally.ts'
import { isAscii } from './text-store.ts'

export interface Aggregator {
  /** In the order of the plan's layers. */
  readonly domains: ReadonlyMap<DomainId, DomainState>
  apply(output: FeedOutput): void
  /** Takes notifications apart so that `apply` can read their entities from bytes; only with `bytes` given. */
  readonly readBytes: ReadBytes | undefined
  /** Entities that were read without being made: for those who measure. */
  plainEntities(): number
  setCellRadius(radiusM: number): void
  /** The brokers' clock, as well as it is known. */
  nowMs(): number
  clockOffsetMs(): number
  /** A broker that has shown the sensor. */
  brokerOf(id: string): string | undefined
  readonly phase: FeedPhase
  readonly brokers: readonly RelayBrokerState[]
  /** When data last came, by the relay's clock. */
  readonly lastDataAtMs: number | undefined
  counters(): FeedCounters
}

export interface AggregatorOptions {
  /** All models the program has; the plan names those it shows. */
  readonly models: readonly DomainModel[]
  readonly plan: CityPlan
  readonly cellRadiusM: number
  /** This machine's clock. */
  readonly now: () => number
  /**
   * Told of every reading that was news to its domain. The reading is filled anew for the next: copy, do not keep. What is
   * returned comes back as `known` with later readings of the sensor; then the reading need not have its id. -1: not yet.
   */
  readonly onReading?: (domain: DomainId, reading: Reading, known: number) => number
  /** What it takes to read notifications from their bytes. */
  readonly bytes?: { readonly decodeText: DecodeText; readonly random: () => number }
}

export function createAggregator({ models, plan, cellRadiusM, now, onReading, bytes }: AggregatorOptions): Aggregator {
  const domains = createDomains(models, plan, cellRadiusM)
  const states = [...domains.values()]
  const readersOf = createRouting(states)
  const contexts = new Map([...domains].map(([id, { model }]) => [id, readContextOf(plan, model)]))
  const byteReader = bytes && createByteReader({ domains: [...domains.values()], readersOf, contextOf: ({ model }) => contexts.get(model.id)!, ...bytes })
  const brokerSets = new Map<string, BrokerSet>()
  const refused = createTally()
  const mends = createMends()
  const checked = new Set<string>()
  /** Brokers that are heard by their checks: what one finds was not lost. */
  const polled = new Set<BrokerSet>()
  const counts = { notifications: 0, entities: 0, readings: 0, duplicates: 0, late: 0, gaps: 0, resyncs: 0, coalesced: 0 }
  let plainCount = 0
  let phase: FeedPhase = { kind: 'connecting', sinceMs: now(), attempt: 0 }
  let brokers: readonly RelayBrokerState[] = []
  let downSaid = ''
  let relayOffsetMs = 0
  let lastDataAtMs: number | undefined

  const clockOffsetMs = (): number => relayOffsetMs + middleOf(brokers.map((broker) => broker.clockOffsetMs))
  const nowMs = (): number => now() + clockOffsetMs()

  function setOf(broker: string): BrokerSet {
    let set = brokerSets.get(broker)
    if (set === undefined) brokerSets.set(broker, (set = createBrokerSet(brokerSets.size)))
    return set
  }

  /** The sensor is gone from one broker; it leaves the city when no other holds it. */
  function forget(id: string): void {
    for (const set of brokerSets.values()) if (set.has(id)) return
    for (const domain of domains.values()) domain.remove(id)
  }

  function unmark(id: string, set: BrokerSet): void {
    for (const domain of domains.values()) {
      const row = domain.rowOf(id)
      if (row >= 0) domain.marks.clear(row, set.marks.held)
    }
  }

  function bury(entity: Entity, deletedAtMs: number, set: BrokerSet): void {
    const newestMs = Math.max(...[...domains.values()].map((domain) => domain.observedAtMs(entity.id) ?? -Infinity))
    if (newestMs > deletedAtMs) {
      counts.late++ // it was made anew since
      return
    }
    set.bury(entity.id, deletedAtMs)
    set.drop(entity.id)
    unmark(entity.id, set)
    mends.told(entity.id)
    forget(entity.id)
  }

  function take(entity: Entity, set: BrokerSet, from: 'snapshot' | 'stream' | 'check'): void {
    if (entity.deletedAt !== undefined) {
      bury(entity, entity.deletedAt, set)
      return
    }
    // A page of a check may be older than what the stream told since it began.
    const isToldMeanwhile = set.see(entity.id) && from === 'check'
    const readers = readersOf(entity)
    if (readers.length === 0 && from !== 'check') refused.add('no layer reads this type', `${entity.id} is a ${entity.types.join(', ')}`)
    const reads = readers.map((domain) => ({ domain, read: domain.model.read(entity, contexts.get(domain.model.id)!) }))
    const isRead = reads.some(({ read }) => read.ok)
    const isOwned = reads.some(({ read }) => read.ok || read.error.kind !== 'wrong-type')
    let repeated = 0
    for (const { domain, read } of reads) {
      if (!read.ok) {
        // Two domains may watch one type: that it is not the other's is no fault, nor is what only the other reads.
        const isOthers = read.error.kind === 'wrong-type' ? isOwned : isRead && isAbsence(read.error)
        if (from !== 'check' && !isOthers) refused.add(`${domain.model.id}: ${read.error.kind}, ${read.error.path}`, explain(entity.id, read.error))
        continue
      }
      const reading = read.value
      if (isToldMeanwhile && reading.observedAtMs <= (domain.observedAtMs(entity.id) ?? -Infinity)) continue
      if (!isBuried(reading, set) && put(reading, domain, domain.rowOf(entity.id), set, from)) repeated++
    }
    // Nor is it one when a check was quicker than the notification.
    if (repeated > 0 && !mends.told(entity.id)) counts.duplicates += repeated
  }

  /** Is the reading older than the delete of its entity? */
  function isBuried({ entityId, observedAtMs }: Reading, set: BrokerSet): boolean {
    const buriedAtMs = set.buriedAtMs(entityId)
    if (buriedAtMs === undefined) return false
    if (observedAtMs <= buriedAtMs) {
      counts.late++
      return true
    }
    set.unbury(entityId)
    return false
  }

  /** True when the stream has said nothing new: a fault of delivery. A snapshot repeats what is known, that is its purpose. */
  function put(reading: Reading, domain: DomainState, row: number, set: BrokerSet, from: 'snapshot' | 'stream' | 'check'): boolean {
    set.hold(reading.entityId)
    const applied = row < 0 ? domain.apply(reading, nowMs()) : domain.applyAt(row, reading, nowMs())
    if (applied !== 'duplicate') {
      counts.readings++
      onReading?.(domain.model.id, reading, -1)
    }
    if (from === 'check' && applied !== 'duplicate' && !polled.has(set)) mends.add(reading.entityId, nowMs())
    if (from === 'stream' && applied === 'late') counts.late++
    return from === 'stream' && applied === 'duplicate'
  }

  /** Nobody tells of the sensors of a broker that is down: what they said last is no longer called fresh, however new it is. */
  function judgeCutOff(): void {
    const down = new Set(brokers.flatMap(({ broker, state }) => (state === 'down' ? [broker] : [])))
    const said = JSON.stringify([...down].toSorted())
    if (said === downSaid) return
    downSaid = said
    const up = [...brokerSets].flatMap(([broker, set]) => (down.has(broker) ? [] : [set]))
    for (const domain of domains.values()) domain.cutOff((id) => down.size > 0 && !up.some((set) => set.has(id)), nowMs())
  }

  function startSnapshot(set: BrokerSet): void {
    set.startSnapshot()
    for (const domain of domains.values()) domain.marks.clearSeen(domain.count, set.marks.seen)
  }

  /** A plain entity of the stream by itself. False when it is not: a sensor not yet known, another name; nothing has happened then. */
  function takePlain(shape: EntityShape, batch: Batch, index: number, set: BrokerSet): boolean {
    if (!fillReadings(shape, batch.values, batch.starts[index]!)) return false
    const { spans, bytes: data } = batch
    const span = index * 6
    for (const one of shape.domains) {
      const row = one.state.rowOfBytes(data, spans[span + 2]!, spans[span + 3]!)
      if (row < 0) return false
      const known = one.state.nameAt(row)
      if (one.name !== undefined ? one.name !== known : shape.name !== undefined && !isNamed(known, batch, span)) return false
      one.row = row
    }
    const [first] = shape.domains
    const id = first!.state.idAt(first!.row)
    set.see(id)
    let repeated = 0
    const { held, seen } = set.marks
    for (const { state, reading: shared, row } of shape.domains) {
      // The shared one is the next sensor's too, and has no name.
      const reading = { ...shared, entityId: id, name: state.nameAt(row) }
      if (isBuried(reading, set)) continue
      if (put(reading, state, row, set, 'stream')) repeated++
      state.marks.set(row, held, seen)
    }
    if (repeated > 0 && !mends.told(id)) counts.duplicates += repeated
    return true
  }

  /** Applies the readings that were gathered, and counts what became of them. */
  function flush(): void {
    for (const state of states) {
      const { pending } = state
      if (pending.count === 0) continue
      state.applyAll(pending, nowMs())
      const { outcomes, numbers, stride, abouts, rows } = pending
      for (let index = 0; index < pending.count; index++) {
        const outcome = outcomes[index]!
        if (outcome === DUPLICATE) {
          counts.duplicates++
          continue
        }
        counts.readings++
        if (outcome === LATE) counts.late++
        if (onReading === undefined) continue
        const row = rows[index]!
        const known = state.tagAt(row)
        const reading = abouts[index]!.readingOf!(numbers, index * stride)
        const told = known < 0 ? { ...reading, entityId: state.idAt(row), name: state.nameAt(row) } : reading
        state.setTag(row, onReading(state.model.id, told, known))
      }
      pending.clear()
    }
  }

  /** Does the entity bear the name that is known? As it would be read: trimmed. */
  function isNamed(known: string, { bytes: data, spans }: Batch, span: number): boolean {
    const from = spans[span + 4]!
    const to = spans[span + 5]!
    if (known.trim() !== known) return false
    return isAscii(known, data, from, to) || (known.length < to - from && bytes!.decodeText(data.subarray(from, to)) === known)
  }

  function takeBytes({ entities, rejected, broker }: Extract<FeedOutput, { type: 'notification' }>): void {
    const set = setOf(broker)
    const batch = byteReader!.open(entities)
    const reader = createEntityReader({ typeFromId: true })
    const decoded = new Map<number, Entity | undefined>()
    for (let index = 0; index < batch.count; index++) if (batch.shapes[index] === undefined) decoded.set(index, reader.read(batch.json[index], index))
    counts.entities += batch.count
    for (const entity of decoded.values()) if (entity === undefined) counts.entities--
    refuse([...reader.rejections(), ...rejected], set, 'stream')
    const { marks } = set
    // What a check has found waits to be told of by id: then each is taken by itself.
    const isGathered = mends.isEmpty
    for (let index = 0; index < batch.count; index++) {
      const shape = batch.shapes[index]
      if (shape !== undefined && isGathered && gatherEntity(shape, batch, index, marks)) {
        plainCount++
        continue
      }
      // In its place: what came before it is applied before it.
      flush()
      if (shape !== undefined && takePlain(shape, batch, index, set)) {
        plainCount++
        continue
      }
      const entity = shape === undefined ? decoded.get(index) : reader.read(byteReader!.parse(batch.bytes, batch.spans[index * 6]!, batch.spans[index * 6 + 1]!), index)
      if (entity !== undefined) take(entity, set, 'stream')
    }
    flush()
  }

  function refuse(rejected: readonly { readonly id: string; readonly path: string; readonly reason: string }[], set: BrokerSet, from: 'snapshot' | 'stream' | 'check'): void {
    for (const { id, path, reason } of rejected) {
      // It exists, though we cannot read it: no reason to forget the reading we have.
      set.see(id)
      // A check sees again what was counted when it came.
      if (from !== 'check') refused.add(kindOf(reason), `${id} ${path}: ${reason}`)
    }
  }

  return {
    domains,
    readBytes: byteReader?.read,
    plainEntities: () => plainCount,
    apply(output) {
      switch (output.type) {
        case 'snapshot-started':
          startSnapshot(setOf(output.broker))
          if (output.check === true) checked.add(output.broker)
          else checked.delete(output.broker)
          if (output.poll === true) polled.add(setOf(output.broker))
          else polled.delete(setOf(output.broker))
          break
        case 'snapshot-ended':
          for (const id of setOf(output.broker).endSnapshot(output.complete)) {
            unmark(id, setOf(output.broker))
            if (checked.has(output.broker) && !polled.has(setOf(output.broker))) mends.add(id, nowMs())
            forget(id)
          }
          break
        case 'entities': {
          const set = setOf(output.broker)
          const isCheck = output.from === 'check'
          const readingsBefore = counts.readings
          if (!isCheck) counts.entities += output.entities.length
          refuse(output.rejected, set, output.from)
          for (const entity of output.entities) take(entity, set, output.from)
          // The relay stamps notifications with its own clock; pages of a snapshot are stamped with this machine's.
          // A check that finds what is known has brought no data.
          if (!isCheck || counts.readings > readingsBefore) lastDataAtMs = Math.max(lastDataAtMs ?? -Infinity, output.from === 'stream' ? output.receivedAtMs : nowMs())
          break
        }
        case 'notification':
          takeBytes(output)
          lastDataAtMs = Math.max(lastDataAtMs ?? -Infinity, output.receivedAtMs)
          break
        case 'phase':
          phase = output.phase
          break
        case 'brokers':
          brokers = output.brokers
          judgeCutOff()
          break
        case 'clock':
          relayOffsetMs = output.offsetMs
          mends.settle(nowMs())
          break
        case 'counted':
          if (output.what === 'notification') counts.notifications += output.count
          else if (output.what === 'gap') counts.gaps += output.count
          else if (output.what === 'resync') counts.resyncs += output.count
          else counts.coalesced += output.count
          break
      }
    },
    setCellRadius(radiusM) {
      for (const domain of domains.values()) domain.setCellRadius(radiusM)
    },
    nowMs,
    clockOffsetMs,
    brokerOf(id) {
      for (const [broker, set] of brokerSets) if (set.has(id)) return broker
      return undefined
    },
    get phase() {
      return phase
    },
    get brokers() {
      return brokers
    },
    get lastDataAtMs() {
      return lastDataAtMs
    },
    counters: () => ({ ...counts, mended: mends.count, rejected: refused.list(), restarts: 0 }),
  }
}

/** A state for each layer of the plan that the program knows. */
export function createDomains(models: readonly DomainModel[], plan: CityPlan, cellRadiusM: number): Map<DomainId, DomainState> {
  const domains = new Map<DomainId, DomainState>()
  const districts = plan.districts && createAreaIndex(plan.districts.areas)
  for (const id of plan.layers) {
    const model = models.find((candidate) => candidate.id === id)
    if (model === undefined) continue
    domains.set(id, createDomainState({ model, anchor: plan.anchor, cellRadiusM, expectedIntervalMs: expectedIntervalMsOf(model, plan), districts }))
  }
  return domains
}

/** Which domains read an entity of these types. Types are few and entities many: the answer is kept. */
function createRouting(domains: readonly DomainState[]): (entity: Entity) => readonly DomainState[] {
  const MAX_KEPT = 1_000
  const byType = new Map<string, readonly DomainState[]>()
  const readersOfType = (type: string): readonly DomainState[] => {
    let readers = byType.get(type)
    if (readers === undefined) {
      const short = shortName(type)
      readers = domains.filter(({ model }) => model.watches.some((watch) => watch.type === type || shortName(watch.type) === short))
      if (byType.size < MAX_KEPT) byType.set(type, readers)
    }
    return readers
  }
  return ({ types }) => (types.length === 1 ? readersOfType(types[0]!) : [...new Set(types.flatMap(readersOfType))])
}

function isAbsence({ kind }: ReadError): boolean {
  return kind === 'wrong-type' || kind === 'no-value'
}

/** Where it is, what was expected and what came. */
export function explain(entityId: string, { path, expected, got }: ReadError): string {
  return `${entityId} ${path}: expected ${expected}, got ${got}`
}

/** A reason without what came: "expected a number, got x" and "…, got y" are one kind. */
function kindOf(reason: string): string {
  return reason.split(', got ')[0]!
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
