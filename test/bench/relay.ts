/**
 * The relay as it is delivered: notifications over real HTTP into its door, readers on real sockets behind it,
 * each of the three in a process of its own. What counts is the relay's own processor time: on a small
 * machine load and readers take the other cores, so entities a second of the clock say little.
 */
import { atLeast, type Figure } from './figure.ts'
import { cpuSecondsOf, pause, startChild, type Child } from './load/child.ts'
import { CITY, startLoadedServer, type LoadedServer } from './load/loaded-server.ts'
import type { FromReaders, ToReaders } from './load/readers.ts'

const RUN_MS = 4_000
const SENSORS = 10_000
const FLOOD_CONNECTIONS = 8

type Readers = Child<ToReaders, FromReaders>

export async function measureRelay(): Promise<Figure[]> {
  const server = await startLoadedServer(SENSORS)
  const figures: Figure[] = []
  try {
    for (const [count, encoding] of [[0, 'gzip'], [1, 'gzip'], [100, 'gzip'], [100, 'identity']] as const) {
      const readers = await connect(server, count, encoding)
      for (const perNotification of encoding === 'identity' ? [100] : [1, 10, 100]) figures.push(...(await flood(server, readers, { count, encoding, perNotification })))
      if (readers !== undefined) figures.push(...(await delay(server, readers, { count, encoding })))
      readers?.end()
      await pause(500)
    }
  } finally {
    await server.stop()
  }
  return figures
}

async function connect({ url }: LoadedServer, count: number, encoding: string): Promise<Readers | undefined> {
  if (count === 0) return undefined
  const readers = startChild<ToReaders, FromReaders>('readers', [`${url}/api/cities/${CITY}/feed`, String(count), encoding])
  await readers.next('connected')
  return readers
}

/** As fast as the door answers. */
async function flood(server: LoadedServer, readers: Readers | undefined, { count, encoding, perNotification }: { readonly count: number; readonly encoding: string; readonly perNotification: number }): Promise<Figure[]> {
  server.broker.send({ type: 'flood', perNotification, connections: FLOOD_CONNECTIONS })
  await pause(1_000)
  const before = await look(server)
  await begin(readers)
  await pause(RUN_MS)
  const after = await look(server)
  const bytes = readers === undefined ? 0 : (await report(readers)).bytes
  server.broker.send({ type: 'rate', perSecond: 0, perNotification: 1 })
  const entities = after.entities - before.entities
  const cpuS = after.cpuS - before.cpuS
  const wallS = (after.atMs - before.atMs) / 1_000
  const load = `${count} readers${count === 0 ? '' : `, ${encoding}`}, ${perNotification} entities a notification`
  return [
    {
      name: `relay: entities a second of one core, ${load}`,
      value: entities / cpuS,
      unit: '/s',
      against: `${Math.round(entities / wallS)} /s by the clock, relay ${Math.round((cpuS / wallS) * 100)} % of a core, ${(bytes / wallS / 1e6).toFixed(1)} MB/s out, ${after.coalesced - before.coalesced} put together, ${after.dropped - before.dropped} dropped`,
      ...(count === 100 && encoding === 'gzip' && { target: atLeast(20_000, 100_000) }),
    },
  ]
}

/** At a rate that leaves the machine room: from the door to a reader. */
async function delay(server: LoadedServer, readers: Readers, { count, encoding }: { readonly count: number; readonly encoding: string }): Promise<Figure[]> {
  await pause(1_500)
  server.broker.send({ type: 'rate', perSecond: 5_000, perNotification: 10 })
  await pause(1_000)
  const before = await look(server)
  await begin(readers)
  await pause(RUN_MS)
  const after = await look(server)
  const { p50Ms, p95Ms, ended } = await report(readers)
  server.broker.send({ type: 'rate', perSecond: 0, perNotification: 1 })
  const wallS = (after.atMs - before.atMs) / 1_000
  const under = `${Math.round((after.entities - before.entities) / wallS)} entities/s to ${count} readers, ${encoding}${ended > 0 ? `, ${ended} readers lost` : ''}`
  return [
    { name: `relay: door to reader, median, ${count} readers, ${encoding}`, value: p50Ms, unit: 'ms', against: under },
    { name: `relay: door to reader, p95, ${count} readers, ${encoding}`, value: p95Ms, unit: 'ms', against: `relay ${Math.round(((after.cpuS - before.cpuS) / wallS) * 100)} % of a core` },
  ]
}

async function look(server: LoadedServer) {
  const { cities, door } = await server.health()
  const [{ hub, brokers }] = cities
  return { entities: brokers[0].intake.entities, coalesced: hub.coalesced, dropped: door.dropped, cpuS: cpuSecondsOf(server.pid), atMs: performance.now() }
}

async function begin(readers: Readers | undefined): Promise<void> {
  if (readers === undefined) return
  const begun = readers.next('begun')
  readers.send({ type: 'begin' })
  await begun
}

async function report(readers: Readers) {
  const reported = readers.next('report')
  readers.send({ type: 'report' })
  return reported
}
