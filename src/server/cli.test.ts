import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfiguration, readArguments } from './cli.ts'
import { createLogger } from './log.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(args: readonly string[], environment: Record<string, string> = {}) {
  return readArguments(args, { environment, defaultConfig: 'default.json' })
}

describe('what was typed', () => {
  it('is stronger than PORT, which is stronger than the configuration', () => {
    expect(read([])).toEqual({ ok: true, value: { configFile: 'default.json', help: false } })
    expect(read([], { PORT: '9000' })).toMatchObject({ value: { port: 9000 } })
    expect(read(['--port', '0', '--host', '127.0.0.1', '--config', 'my.json'], { PORT: '9000' })).toEqual({ ok: true, value: { configFile: 'my.json', port: 0, host: '127.0.0.1', help: false } })
  })

  it.each([[['--port', 'http'], '--port: expected a port from 0 to 65535, got "http"'], [['--port', '70000'], '--port: expected a port from 0 to 65535, got "70000"'], [['--prot', '1'], "Unknown option '--prot'"], [['file.json'], 'Unexpected argument']])('is refused when it is %j', (args, message) => {
    const result = read(args)
    expect(result.ok ? '' : result.error).toContain(message)
  })

  it('names PORT when that is what is wrong', () => {
    expect(read([], { PORT: 'eighty' })).toEqual({ ok: false, error: 'PORT: expected a port from 0 to 65535, got "eighty"' })
  })
})

describe('the configuration file', () => {
  const surroundings = { domains: ['noise'], environment: {} }

  it.each([
    ['that is not there', undefined, 'expected a file, got ENOENT'],
    ['that is not JSON', '{"cities": [}', 'expected JSON, got'],
    ['that is wrong', '{"cities": []}', 'cities: expected at least one city, got []'],
  ])('%s is one clear line', (name, text, message) => {
    const file = join(folder, `${name}.json`)
    if (text !== undefined) writeFileSync(file, text)
    const loaded = loadConfiguration(file, surroundings)
    expect(loaded.ok ? [] : loaded.error).toEqual([expect.stringContaining(message)])
    expect(loaded.ok ? '' : loaded.error[0]).toContain(file)
  })
})

describe('a line of the log', () => {
  it('is one line, whatever a broker says', () => {
    const lines: string[] = []
    createLogger((line) => lines.push(line), () => 0).warn('broker down', { city: 'porto', detail: 'no\n2026 error forged', retry: undefined })
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z warn broker down city=porto detail="no\\n2026 error forged"\n'])
  })
})
