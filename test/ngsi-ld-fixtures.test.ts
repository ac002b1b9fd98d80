/**
 * Every recorded payload of real brokers, suites and data models reads as its `kind` says.
 *
 * Nearly two thousand lines; those that are wrong by the standard stand in the table below with what is
 * done about them. A line that is rejected and not in the table, or in the table and not rejected, fails.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeEntities, type Rejection } from '../src/ngsi-ld/decode.ts'
import { readDiscovery } from '../src/ngsi-ld/discovery.ts'
import { encodeEntity } from '../src/ngsi-ld/encode.ts'
import { readNotification } from '../src/ngsi-ld/notification.ts'
import { readBatchOutcome, readProblem } from '../src/ngsi-ld/problem.ts'
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

/** Names of problems that are not the standard's, and what is made of them. */
const OTHER_NAMES: Readonly<Record<string, string | undefined>> = {
  '': undefined, // another body than a problem
  NonExistingTenant: 'NonexistentTenant', // Orion-LD's spelling
  AccessDenied: undefined, // Stellio; the status says it
  Conflict: undefined, // Stellio
  NotImplemented: 'OperationNotSupported', // Stellio with status 501
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
    const differences = differencesIn(kind, ({ source, payload }) => {
      const { ok, rejected } = decodeEntities(payload)
      return [[ok.map(({ id }) => id), idsIn(payload)], [pathsOf(rejected), knownPaths(source, rejected)]]
    })
    expect(differences).toEqual([])
  })

  it.each(['entity-normalized', 'entity-concise', 'geojson'])('%s lines are the same entity after being written and read again', (kind) => {
    const differences = differencesIn(kind, ({ payload }) =>
      decodeEntities(payload).ok.flatMap((entity) =>
        (['normalized', 'concise'] as const).map((format): Pair => [decodeEntities(encodeEntity(entity, { format, sysAttrs: true })), { ok: [entity], rejected: [] }]),
      ),
    )
    expect(differences).toEqual([])
  })

  it.each(['notification', 'mqtt-notification'])('%s lines are notifications with their entities', (kind) => {
    const differences = differencesIn(kind, ({ source, payload }) => {
      const read = readNotification(payload)
      if (!read.ok) return [[read.error, 'a notification']]
      const { id, subscriptionId, notifiedAt, entities, rejected } = read.value
      const body = kind === 'notification' ? (payload as Body) : (payload as { readonly body: Body }).body
      return [
        [{ id, subscriptionId, notifiedAt }, { id: body.id, subscriptionId: body.subscriptionId, notifiedAt: Date.parse(body.notifiedAt) }],
        [entities.map((entity) => entity.id), idsIn(body.data)],
        [pathsOf(rejected), knownPaths(source, rejected)],
      ]
    })
    expect(differences).toEqual([])
  })

  it.each(['temporal-normalized', 'temporal-values', 'temporal-aggregated'])('%s lines are histories, and their states ascend', (kind) => {
    const differences = differencesIn(kind, ({ source, payload }) => {
      const { ok, rejected } = decodeTemporal(payload)
      const times = ok.map((entity) => statesOf(entity).map((state) => Math.max(...[...state.attributes.values()].flat().map(({ observedAt }) => observedAt ?? Infinity))))
      return [
        [ok.map(({ id }) => id), idsIn(payload)],
        [ok.map(({ aggregates }) => aggregates.size > 0), ok.map(() => kind === 'temporal-aggregated')],
        [times, times.map((of) => of.toSorted((x, y) => x - y))],
        [pathsOf(rejected), knownPaths(source, rejected)],
      ]
    })
    expect(differences).toEqual([])
  })

  it('subscription lines are subscriptions, and the same after being written and read again', () => {
    const differences = differencesIn('subscription', ({ source, payload }) =>
      itemsOf(payload).map((json): Pair => {
        const read = readSubscription(json)
        if (!read.ok) return [read.error.path, WRONG_SUBSCRIPTIONS[source.split('/').at(-1)!]]
        const { state: _, ...written } = read.value
        return [readSubscription(subscriptionBody(read.value)), { ok: true, value: written }]
      }),
    )
    expect(differences).toEqual([])
  })

  it('error lines are problems with a title, or outcomes of a batch', () => {
    const differences = differencesIn('error', ({ payload }) => {
      const batch = readBatchOutcome(payload)
      const problem = batch === undefined ? readProblem(payload) : batch.failed[0]?.problem
      const { type } = (batch === undefined ? payload : (payload as { errors: { error: unknown }[] }).errors[0]!.error) as { readonly type?: string }
      const name = type?.split('/').at(-1) ?? ''
      return [
        [problem?.title === undefined || problem.title === 'unknown problem', false],
        [Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name, problem?.name],
      ]
    })
    expect(differences).toEqual([])
  })

  it('discovery lines are lists of types or attributes', () => {
    const differences = differencesIn('discovery', ({ payload }) => {
      const read = readDiscovery(payload)
      return [[read.ok && read.value.items.every(({ name }) => name !== ''), true]]
    })
    expect(differences).toEqual([])
  })

  it('native events of Obelisk are no entities', () => {
    expect(differencesIn('obelisk-metric-events', ({ payload }) => [[decodeEntities(payload).ok, []]])).toEqual([])
  })

  it('what is listed as wrong is still here, and still wrong', () => {
    expect([...usedEntries].sort()).toEqual(Object.keys(WRONG).sort())
  })
})

type Pair = readonly [got: unknown, expected: unknown]

interface Body {
  readonly id: string
  readonly subscriptionId?: string
  readonly notifiedAt: string
  readonly data: unknown
}

/** Lines of a kind whose pairs are not all equal; fails when there is no such line. */
function differencesIn(kind: string, pairsOf: (line: Line) => readonly Pair[]): readonly unknown[] {
  const found = lines.filter((line) => line.kind === kind)
  if (found.length === 0) return [`no ${kind} lines`]
  return found.flatMap((line) => pairsOf(line).flatMap(([got, expected]) => (isDeepStrictEqual(got, expected) ? [] : [{ source: line.source, got, expected }])))
}

function pathsOf(rejected: readonly Rejection[]): readonly string[] {
  return rejected.map(({ path }) => path).toSorted()
}

// The end of a source may occur in several forms of one file, not all of them wrong.
function knownPaths(source: string, rejected: readonly Rejection[]): readonly string[] {
  const known = Object.keys(WRONG).find((end) => source.endsWith(end))
  if (known === undefined || rejected.length === 0) return []
  usedEntries.add(known)
  return WRONG[known]![0].toSorted()
}

function idsIn(payload: unknown): readonly unknown[] {
  return itemsOf(payload).map((item) => item['id'])
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
