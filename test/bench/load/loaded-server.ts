/** The built server as it is delivered, in a process of its own, with one city whose broker is the load. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../../browser/server.ts'
import type { FromLoadBroker, ToLoadBroker } from './broker.ts'
import { startChild, type Child } from './child.ts'

export interface LoadedServer {
  readonly url: string
  readonly pid: number
  readonly broker: Child<ToLoadBroker, FromLoadBroker>
  health(): Promise<Health>
  stop(): Promise<void>
}

/** The parts of `/api/health` that a load asks for. */
export interface Health {
  readonly memory: { readonly rssBytes: number }
  readonly door: { readonly dropped: number }
  readonly cities: readonly [{ readonly hub: { readonly coalesced: number; readonly readers: number }; readonly brokers: readonly [{ readonly intake: { readonly entities: number; readonly notifications: number } }] }]
}

export const CITY = 'porto'

export async function startLoadedServer(sensors: number): Promise<LoadedServer> {
  const broker = startChild<ToLoadBroker, FromLoadBroker>('broker', [String(sensors)])
  const { port } = await broker.next('listening')
  const folder = mkdtempSync(join(tmpdir(), 'belvedere-load-'))
  const file = join(folder, 'load.json')
  writeFileSync(
    file,
    JSON.stringify({
      cities: [
        {
          id: CITY,
          name: 'Porto under load',
          country: 'PT',
          timeZone: 'Europe/Lisbon',
          anchor: [-8.6109, 41.1496],
          bounds: [-8.76, 41.09, -8.5, 41.23],
          layers: ['noise'],
          brokers: [{ id: 'load', url: `http://127.0.0.1:${port}` }],
        },
      ],
    }),
  )
  const server = await startServer(['--config', file])
  // A run that is broken off leaves no server behind.
  const { pid } = server
  const forget = (): void => void process.kill(pid)
  process.once('exit', forget)
  return {
    url: server.url,
    pid,
    broker,
    health: async () => (await (await fetch(`${server.url}/api/health`)).json()) as Health,
    async stop() {
      process.off('exit', forget)
      await server.stop()
      broker.end()
      rmSync(folder, { recursive: true })
    },
  }
}
