#!/usr/bin/env node
/**
 * `npm run bench` and `npm run soak`: builds what measures the way the product is built, and runs it.
 * The page and the server themselves are built first, because both are measured as they are delivered.
 */
import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import buildOnce from './build-once.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const [first, ...rest] = process.argv.slice(2)
const isSoak = first === 'soak'

buildOnce()
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: 'dist/bench',
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: {
      // Programs of their own: a load, a reader or a peer must not share a thread with what is measured.
      input: { main: 'test/bench/main.ts', soak: 'test/bench/soak.ts', broker: 'test/bench/load/broker.ts', readers: 'test/bench/load/readers.ts', way: 'test/bench/refresh-way.ts' },
      // All in one folder: `import.meta.dirname` says where the project is.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
const { status } = spawnSync(process.execPath, [join(root, 'dist/bench', isSoak ? 'soak.js' : 'main.js'), ...(isSoak || first === undefined ? rest : [first, ...rest])], { stdio: 'inherit', cwd: root })
process.exitCode = status ?? 1
