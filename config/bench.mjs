#!/usr/bin/env node
/** `npm run bench [-- --json FILE]`: builds the benchmarks the way the product is built, and runs them. */
import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: { ssr: 'test/bench/main.ts', outDir: 'dist/bench', emptyOutDir: true, target: 'node20' },
})
// A process of its own, so that memory can be measured after a forced collection.
const { status } = spawnSync(process.execPath, ['--expose-gc', join(root, 'dist/bench/main.js'), ...process.argv.slice(2)], { stdio: 'inherit', cwd: root })
process.exitCode = status ?? 1
