/**
 * `npm start`: reads what was typed, starts the server, says where it is, and ends it cleanly on a signal.
 * Exit codes: 0 asked to end, 1 could not start, 2 called or configured wrongly.
 */
import { dirname, join, resolve } from 'node:path'
import { MODELS } from '../domains/models.ts'
import { loadConfiguration, readArguments, USAGE } from './cli.ts'
import { loadBoundaries } from './load-boundaries.ts'
import { createLogger } from './log.ts'
import { projectRoot, startServer, type RunningServer } from './start.ts'

/** Longer than any farewell to a broker takes; a second signal ends at once. */
const FAREWELL_MS = 8_000

/** A number is an exit code; nothing means that the server runs. */
export async function main(args: readonly string[]): Promise<number | undefined> {
  const typed = readArguments(args, { environment: process.env, defaultConfig: join(projectRoot(), 'config', 'belvedere.json') })
  if (!typed.ok) return fail(2, `${typed.error}\n${USAGE}`)
  const { configFile, port, host, help } = typed.value
  if (help) {
    console.log(USAGE)
    return 0
  }
  const configuration = loadConfiguration(configFile, { domains: MODELS.map(({ id }) => id), environment: process.env })
  if (!configuration.ok) return fail(2, configuration.error.join('\n'))

  const boundaries = await loadBoundaries(configuration.value, { folder: dirname(resolve(configFile)), fetch })
  if (!boundaries.ok) return fail(2, boundaries.error.join('\n'))
  for (const { city, reason } of boundaries.value.missing) createLogger().warn('the city has no districts', { city, reason })

  let server: RunningServer
  try {
    server = await startServer({ configuration: configuration.value, boundaries: boundaries.value.byCity, ...(port !== undefined && { port }), ...(host !== undefined && { host }) })
  } catch (error) {
    return fail(1, inWords(error, port ?? configuration.value.server.port))
  }
  const cities = configuration.value.cities.map(({ name }) => name).join(', ')
  console.log(`Belvedere is at ${server.url} with ${cities}`)
  endOnSignal(server)
  return undefined
}

function endOnSignal(server: RunningServer): void {
  let isEnding = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isEnding) process.exit(1)
      isEnding = true
      setTimeout(() => process.exit(1), FAREWELL_MS).unref()
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          createLogger().error('ending failed', { reason: error instanceof Error ? error.message : String(error) })
          process.exit(1)
        },
      )
    })
  }
}

function inWords(error: unknown, port: number): string {
  const { code } = error as { readonly code?: unknown }
  if (code === 'EADDRINUSE') return `port ${port} is taken: another program listens there. Choose one with --port N`
  if (code === 'EACCES') return `port ${port} needs more rights than this program has. Choose one with --port N`
  if (code === 'EADDRNOTAVAIL') return 'this machine does not have the address that --host names'
  return error instanceof Error ? error.message : String(error)
}

function fail(status: number, message: string): number {
  console.error(message)
  return status
}
