/**
 * The built server as a child process, so that a test can kill it and bring it back on the same port.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

export interface ServerUnderTest {
  readonly url: string
  /** Of the life that runs now. */
  readonly pid: number
  stop(): Promise<void>
  start(): Promise<void>
}

export async function startServer(args: readonly string[] = []): Promise<ServerUnderTest> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined

  const server: ServerUnderTest = {
    url,
    get pid() {
      if (child?.pid === undefined) throw new Error('the server is not running')
      return child.pid
    },
    async start() {
      const started = spawn(process.execPath, [join(root, 'config/run.mjs'), 'start', '--port', String(port), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      let said = ''
      for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
      const deadline = Date.now() + 60_000
      while (Date.now() < deadline) {
        if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}:\n${said}`)
        const ready = await fetch(`${url}/readyz`).then((response) => response.ok, () => false)
        if (ready) return
        await new Promise((done) => setTimeout(done, 100))
      }
      throw new Error(`the server was not ready within a minute:\n${said}`)
    },
    async stop() {
      const running = child
      child = undefined
      if (running === undefined || running.exitCode !== null) return
      const ended = new Promise((done) => running.once('exit', done))
      running.kill('SIGTERM')
      const forced = setTimeout(() => running.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(forced)
    },
  }
  await server.start()
  return server
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))))
    })
  })
}
