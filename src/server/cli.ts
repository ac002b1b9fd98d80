/** What was typed: `belvedere [--config FILE] [--port N] [--host H]`, and the one place where a file is read. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseConfiguration, type Surroundings } from '../configuration/parse.ts'
import { formatProblem } from '../configuration/problem.ts'
import type { Configuration } from '../configuration/schema.ts'
import { err, ok, type Result } from '../core/result.ts'

export interface Arguments {
  readonly configFile: string
  readonly port?: number
  readonly host?: string
  readonly help: boolean
}

export const USAGE = `usage: npm start -- [--config FILE] [--port N] [--host ADDRESS]
  --config FILE   configuration (default: config/belvedere.json, five simulated cities)
  --port N        port to listen on (default: PORT, then the configuration's, then 8080)
  --host ADDRESS  address to listen on (default: all)`

/** `environment` gives PORT; an argument is stronger. */
export function readArguments(
  args: readonly string[],
  { environment, defaultConfig }: { readonly environment: Readonly<Record<string, string | undefined>>; readonly defaultConfig: string },
): Result<Arguments, string> {
  let values: { readonly config?: string; readonly port?: string; readonly host?: string; readonly help?: boolean }
  try {
    values = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error))
  }
  const fromEnvironment = environment['PORT'] === '' ? undefined : environment['PORT']
  const text = values.port ?? fromEnvironment
  if (text !== undefined && !(/^\d{1,5}$/.test(text) && Number(text) <= 65_535)) {
    return err(`${values.port === undefined ? 'PORT' : '--port'}: expected a port from 0 to 65535, got ${JSON.stringify(text)}`)
  }
  return ok({
    configFile: values.config ?? defaultConfig,
    help: values.help ?? false,
    ...(text !== undefined && { port: Number(text) }),
    ...(values.host !== undefined && { host: values.host }),
  })
}

/** The configuration, or every problem of it as a line. */
export function loadConfiguration(file: string, surroundings: Surroundings): Result<Configuration, readonly string[]> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return err([`${file}: expected a file, got ${(error as NodeJS.ErrnoException).code ?? 'an error'}`])
  }
  let json: unknown
  try {
    // Editors of some systems put a byte order mark first.
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return err([`${file}: expected JSON, got ${error instanceof Error ? error.message : 'something else'}`])
  }
  const parsed = parseConfiguration(json, surroundings)
  return parsed.ok ? parsed : err(parsed.error.map((problem) => `${file}: ${formatProblem(problem)}`))
}
