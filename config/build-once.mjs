/** Builds page and server before the browser tests, unless they are up to date. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export default function buildOnce() {
  const run = join(dirname(fileURLToPath(import.meta.url)), 'run.mjs')
  const { status } = spawnSync(process.execPath, [run, 'build'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the build failed')
}
