#!/usr/bin/env node
/**
 * Builds what is out of date, then runs it: `node config/run.mjs start|probe|load|build [arguments]`.
 *
 * Node 20 does not read TypeScript, so the server is bundled by the same Vite that bundles the page.
 * A build whose inputs have not changed is not made again: the second `npm start` is immediate.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** What each command needs built, and which entry of the server bundle it runs. */
const COMMANDS = {
  start: { page: true, entry: 'main' },
  probe: { page: false, entry: 'probe' },
  load: { page: false, entry: 'load' },
  build: { page: true, entry: undefined },
}

const [command = '', ...args] = process.argv.slice(2)
if (!Object.hasOwn(COMMANDS, command)) {
  console.error(`expected one of ${Object.keys(COMMANDS).join(', ')}, got "${command}"`)
  process.exit(2)
}
const { page, entry } = COMMANDS[command]

process.chdir(root)
await buildIfStale('server', join(root, 'config', 'vite.server.ts'))
if (page) await buildIfStale('page', join(root, 'vite.config.ts'))

if (entry !== undefined) {
  const module = await import(pathToFileURL(join(root, 'dist', 'server', `${entry}.js`)).href)
  const status = await module.main(args)
  if (typeof status === 'number') process.exitCode = status
}

async function buildIfStale(name, configFile) {
  const stampFile = join(root, 'dist', `${name}.stamp`)
  const stamp = fingerprint(name === 'page' ? ['src', 'public', 'config', 'index.html', 'vite.config.ts', 'package-lock.json'] : ['src', 'config', 'package-lock.json'])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  const { build } = await import('vite')
  const startedAt = performance.now()
  if (command !== 'probe') console.error(`building the ${name} …`)
  await build({ root, configFile, logLevel: 'warn', clearScreen: false })
  if (command !== 'probe') console.error(`built the ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

/** Changes whenever a file below one of the places does: names, sizes and times of change. */
function fingerprint(places) {
  const hash = createHash('sha256')
  for (const place of places) walk(join(root, place), (file) => {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`)
  })
  return hash.digest('hex')
}

function walk(place, visit) {
  if (!existsSync(place)) return
  if (statSync(place).isFile()) return visit(place)
  for (const name of readdirSync(place).toSorted()) walk(join(place, name), visit)
}
