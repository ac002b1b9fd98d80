/**
 * Every recorded payload of real brokers, suites and data models reads as its `kind` says.
 *
 * Nearly two thousand lines; those that are wrong by the standard stand in the table below with what is
 * done about them. A line that is rejected and not in the table, or in the table and not rejected, fails.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeEntities, type Rejection } from '../src/ngsi-ld/decode.ts'
import { readDiscovery } from '../src/ngsi-ld/discovery.ts'
import { encodeEntity } from '../src/ngsi-ld/encode.ts'
import { readNotification } from '../src/ngsi-ld/notification.ts'
import { PROBLEM_STATUS, readBatchOutcome, readProblem } from '../src/ngsi-ld/problem.ts'
import { readSubscription, subscriptionBody } from '../src/ngsi-ld/subscription.ts'
import { decodeTemporal, statesOf } from '../src/ngsi-ld/temporal.ts'
import { hasShared, sharedPath } from './shared.ts'

/** The end of the line's `source` -> paths that are rejected, and why that is right. */
const WRONG: Readonly<Record<string, readonly [paths: readonly string[], because: string]>> = {
  'entities/temporal-observedat-not-datetime.jsonld': [['name.observedAt'], '"not-a-date": the attribute is left out'],
  'Scorpio Broker_latest.postman_collection.json#1': [['isParked.observedAt', 'createdAt'], 'times without zone mean nothing certain: the attribute, and the creation time, are left out'],
  'Scorpio Broker_latest.postman_collection.json#2': [['isParked.observedAt', 'createdAt'], 'as #1'],
  'QueryControllerTest.java#3': [['speed[2].datasetId'], 'two default instances: the first is kept'],
  'NotificationControllerTest.java#1': [['location.value.coordinates'], 'latitude 100: out of range'],
  'PhreaticObserved/examples/example-geojsonfeature.json': [['properties.refDevice', 'properties.waterTable.observedAt', 'properties.depth.observedAt', 'properties.pressure.observedAt'], '"2020-03-17TT08:45:00Z", and a Relationship without object'],
  'PhreaticObserved/examples/example-normalized.jsonld': [['depth.observedAt', 'pressure.observedAt', 'refDevice', 'waterTable.observedAt'], 'as its GeoJSON'],
  'AnprFlowObserved/examples/example.jsonld': [['location.coordinates'], 'latitude 168: out of range'],
  'InverterDevice/examples/example-normalized.jsonld': [['location.value.coordinates'], 'a list too many around the position of a Point'],
  'beehive_simplified_scope.jsonld': [['scope'], 'a temporal entity, filed as an entity: its scope has a history'],
  'CompactedEntityLinkedTests.kt#10': [['rel[1].datasetId'], 'two default instances: the first is kept'],
  'CompactedEntityLinkedTests.kt#13': [['rel[1].datasetId'], 'two default instances: the first is kept'],
}

/** File of the line -> the member for which the whole subscription is refused. */
const WRONG_SUBSCRIPTIONS: Readonly<Record<string, string>> = {
  'SubscriptionControllerTest.java#2': 'id', // an empty id, sent to provoke an error
  'subscription-null-properties-update.json': 'notification.endpoint', // a patch that sets members to null
}

interface Line {
  readonly source: string
  readonly kind: string
  readonly payload: unknown
}

const folder = sharedPath('fixtures', 'ngsi-ld')
const lines: readonly Line[] = hasShared ? readdirSync(folder).filter((file) => file.endsWith('.jsonl')).flatMap(linesOf) : []
const usedEntries = new Set<string>()

describe.skipIf(!hasShared)('recorded payloads (skipped: needs the shared folder, see BELVEDERE_SHARED)', () => {
  it('are all here', () => {
    expect(lines.length).toBe(1837)
  })

  it.each(['entity-normalized', 'entity-concise', 'entity-simplified', 'geojson'])('%s lines give every entity, with its id', (kind) => {
    for (const { source, payload } of ofKind(kind)) {
      const { ok, rejected } = decodeEntities(payload)
      expect(ok.map(({ id }) => id), source).toEqual(itemsOf(payload).map((item) => item['id']))
      expectKnown(source, rejected)
    }
  })

  it.each(['entity-normalized', 'entity-concise', 'geojson'])('%s lines are the same entity after being written and read again', (kind) => {
    for (const { source, payload } of ofKind(kind)) {
      for (const entity of decodeEntities(payload).ok) {
        for (const format of ['normalized', 'concise'] as const) {
          expect(decodeEntities(encodeEntity(entity, { format, sysAttrs: true })), source).toEqual({ ok: [entity], rejected: [] })
        }
      }
    }
  })

  it.each(['notification', 'mqtt-notification'])('%s lines are notifications with their entities', (kind) => {
    for (const { source, payload } of ofKind(kind)) {
      const read = readNotification(payload)
      expect(read.ok, source).toBe(true)
      if (!read.ok) continue
      const body = kind === 'notification' ? (payload as Body) : (payload as { readonly body: Body }).body
      expect(read.value, source).toMatchObject({ id: body.id, ...(body.subscriptionId === undefined ? {} : { subscriptionId: body.subscriptionId }) })
      expect(read.value.notifiedAt, source).toBe(Date.parse(body.notifiedAt))
      expect(read.value.entities.map(({ id }) => id), source).toEqual(itemsOf(body.data).map((item) => item['id']))
      expectKnown(source, read.value.rejected)
    }
  })

  it.each(['temporal-normalized', 'temporal-values', 'temporal-aggregated'])('%s lines are histories', (kind) => {
    for (const { source, payload } of ofKind(kind)) {
      const { ok, rejected } = decodeTemporal(payload)
      expect(ok.map(({ id }) => id), source).toEqual(itemsOf(payload).map((item) => item['id']))
      expectKnown(source, rejected)
      for (const entity of ok) {
        expect(entity.aggregates.size > 0, source).toBe(kind === 'temporal-aggregated')
        const times = statesOf(entity).map((state) => Math.max(...[...state.attributes.values()].flat().map(({ observedAt }) => observedAt ?? Infinity)))
        expect(times.every((time, index) => index === 0 || times[index - 1]! <= time), source).toBe(true)
      }
    }
  })

  it('subscription lines are subscriptions, and the same after being written and read again', () => {
    for (const { source, payload } of ofKind('subscription')) {
      for (const json of itemsOf(payload)) {
        const read = readSubscription(json)
        if (!read.ok) expect(WRONG_SUBSCRIPTIONS[source.split('/').at(-1)!], `${source} ${JSON.stringify(read)}`).toBe(read.error.path)
        if (!read.ok) continue
        const { state: _, ...written } = read.value
        expect(readSubscription(subscriptionBody(read.value)), source).toEqual({ ok: true, value: written })
      }
    }
  })

  it('error lines are problems with a title, or outcomes of a batch', () => {
    for (const { source, payload } of ofKind('error')) {
      const batch = readBatchOutcome(payload)
      const problem = batch === undefined ? readProblem(payload) : batch.failed[0]?.problem
      expect(problem?.title, source).not.toBe('unknown problem')
      const { type } = (batch === undefined ? payload : ((payload as { errors: { error: unknown }[] }).errors[0]!.error)) as { readonly type?: string }
      const name = type?.split('/').at(-1) ?? ''
      // Stellio has AccessDenied, Conflict and NotImplemented beside the standard's names, Orion-LD another spelling.
      if (Object.hasOwn(PROBLEM_STATUS, name)) expect(problem?.name, source).toBe(name)
      else if (name === 'NonExistingTenant') expect(problem?.name, source).toBe('NonexistentTenant')
      else expect(['', 'AccessDenied', 'Conflict', 'NotImplemented'], source).toContain(name)
    }
  })

  it('discovery lines are lists of types or attributes', () => {
    for (const { source, payload } of ofKind('discovery')) {
      const read = readDiscovery(payload)
      expect(read.ok, source).toBe(true)
      if (read.ok) expect(read.value.items.every(({ name }) => name !== ''), source).toBe(true)
    }
  })

  it('native events of Obelisk are no entities', () => {
    for (const { payload } of ofKind('obelisk-metric-events')) {
      expect(decodeEntities(payload).ok).toEqual([])
    }
  })

  it('what is listed as wrong is still here, and still wrong', () => {
    expect([...usedEntries].sort()).toEqual(Object.keys(WRONG).sort())
  })
})

interface Body {
  readonly id: string
  readonly subscriptionId?: string
  readonly notifiedAt: string
  readonly data: unknown
}

function expectKnown(source: string, rejected: readonly Rejection[]): void {
  const known = Object.keys(WRONG).find((end) => source.endsWith(end))
  const paths = rejected.map(({ path }) => path)
  if (known !== undefined && paths.length > 0) usedEntries.add(known)
  expect(paths.toSorted(), `${source} ${JSON.stringify(rejected)}`).toEqual(known === undefined || paths.length === 0 ? [] : WRONG[known]![0].toSorted())
}

function ofKind(kind: string): readonly Line[] {
  const found = lines.filter((line) => line.kind === kind)
  expect(found.length).toBeGreaterThan(0)
  return found
}

function itemsOf(payload: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(payload)) return payload as Record<string, unknown>[]
  const features = (payload as { readonly features?: unknown }).features
  const isCollection = (payload as { readonly type?: unknown }).type === 'FeatureCollection'
  return isCollection && Array.isArray(features) ? (features as Record<string, unknown>[]) : [payload as Record<string, unknown>]
}

function linesOf(file: string): readonly Line[] {
  return readFileSync(sharedPath('fixtures', 'ngsi-ld', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}
