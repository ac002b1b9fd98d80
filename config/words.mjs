#!/usr/bin/env node
/**
 * Writes `src/language/messages/en.json`: every message of the sources by its id, sorted. Of each other catalogue it tells
 * which ids lack and which are too many; with `--prune` it takes those out. `npm run words`
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')
const folder = resolve(root, 'src/language/messages')

/** As the sources say them; throws when an id has two texts. */
export function extractedMessages() {
  const program = resolve(root, 'node_modules/@formatjs/cli/bin/formatjs')
  const said = execFileSync(process.execPath, [program, 'extract', 'src/**/*.ts', 'src/**/*.tsx', '--ignore', '**/*.test.ts', '**/*.test.tsx', '--additional-function-names', 'say,defineMessage', '--throws'], { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 })
  const messages = Object.entries(JSON.parse(said)).map(([id, { defaultMessage }]) => [id, defaultMessage])
  return sorted(Object.fromEntries(messages))
}

/** Ids of the English catalogue that another lacks, and those that it has beyond. */
export function idsBeside(english, other) {
  return {
    missing: Object.keys(english).filter((id) => !Object.hasOwn(other, id)),
    surplus: Object.keys(other).filter((id) => !Object.hasOwn(english, id)),
  }
}

function sorted(catalogue) {
  return Object.fromEntries(Object.entries(catalogue).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function write(file, catalogue) {
  writeFileSync(resolve(folder, file), `${JSON.stringify(catalogue, null, 2)}\n`)
}

function main({ prune }) {
  const english = extractedMessages()
  const before = JSON.parse(readFileSync(resolve(folder, 'en.json'), 'utf8'))
  // A translation of a text that has changed since says something else, though none lacks.
  const changed = Object.keys(english).filter((id) => Object.hasOwn(before, id) && before[id] !== english[id])
  write('en.json', english)
  console.log(`en: ${Object.keys(english).length} messages`)
  for (const id of changed) console.log(`  changed  ${id}: ${english[id]}`)
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.json') && one !== 'en.json')) {
    const catalogue = JSON.parse(readFileSync(resolve(folder, file), 'utf8'))
    const { missing, surplus } = idsBeside(english, catalogue)
    console.log(`${basename(file, '.json')}: ${missing.length} missing, ${surplus.length} too many`)
    for (const id of missing) console.log(`  missing  ${id}: ${english[id]}`)
    for (const id of surplus) console.log(`  ${prune ? 'taken out' : 'too many'} ${id}`)
    if (prune && surplus.length > 0) write(file, Object.fromEntries(Object.entries(catalogue).filter(([id]) => Object.hasOwn(english, id))))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main({ prune: process.argv.includes('--prune') })
