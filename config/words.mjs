#!/usr/bin/env node
/** Writes `src/language/messages/en.json`: every message of the sources by its id, sorted. `npm run words` */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')
const target = resolve(root, 'src/language/messages/en.json')

/** As the sources say them; throws when an id has two texts. */
export function extractedMessages() {
  const program = resolve(root, 'node_modules/@formatjs/cli/bin/formatjs')
  const said = execFileSync(process.execPath, [program, 'extract', 'src/**/*.ts', 'src/**/*.tsx', '--ignore', '**/*.test.ts', '**/*.test.tsx', '--additional-function-names', 'say,defineMessage', '--throws'], { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 })
  const messages = Object.entries(JSON.parse(said)).map(([id, { defaultMessage }]) => [id, defaultMessage])
  return Object.fromEntries(messages.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(target, `${JSON.stringify(extractedMessages(), null, 2)}\n`)
