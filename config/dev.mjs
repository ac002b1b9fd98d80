#!/usr/bin/env node
/**
 * Development: the page from Vite with hot reload, the server from its bundle behind Vite's proxy.
 * Changes to the server need a restart.
 */
import { spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const serverPort = Number(process.env['SERVER_PORT'] ?? 8081)
const target = `http://127.0.0.1:${serverPort}`

const server = spawn(process.execPath, [join(root, 'config', 'run.mjs'), 'start', '--port', String(serverPort), ...process.argv.slice(2)], { stdio: 'inherit' })
const vite = await createServer({
  root,
  configFile: join(root, 'vite.config.ts'),
  server: { proxy: Object.fromEntries(['/api', '/notify', '/ngsi-ld', '/healthz', '/readyz'].map((path) => [path, { target }])) },
})
await vite.listen()
vite.printUrls()

server.on('exit', (code) => process.exit(code ?? 1))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
