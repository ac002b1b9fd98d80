/** First-load JavaScript within its budget (UX: shell without map at most 250 KB, map chunk at most 800 KB, gzipped). */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

const page = resolve(import.meta.dirname, '../../dist/page')
const KB = 1000

test('the shell and the map stay within their budgets', () => {
  const manifest = JSON.parse(readFileSync(join(page, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry === true)!
  const shell = closure(manifest, [entry])
  const mapEntry = Object.keys(manifest).find((name) => name.includes('map-stage'))!
  const map = [...closure(manifest, [mapEntry])].filter((name) => !shell.has(name))
  const shellBytes = gzipped(manifest, shell)
  const mapBytes = gzipped(manifest, map)
  console.log(`first load, gzipped: shell ${(shellBytes / KB).toFixed(0)} KB, map ${(mapBytes / KB).toFixed(0)} KB`)
  expect(shellBytes).toBeLessThanOrEqual(250 * KB)
  expect(mapBytes).toBeLessThanOrEqual(800 * KB)
})

/** What a chunk needs before it can run: itself and its static imports. */
function closure(manifest: Record<string, Chunk>, names: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    for (const next of manifest[name]?.imports ?? []) visit(next)
  }
  names.forEach(visit)
  return seen
}

function gzipped(manifest: Record<string, Chunk>, names: Iterable<string>): number {
  let bytes = 0
  for (const name of names) bytes += gzipSync(readFileSync(join(page, manifest[name]!.file)), { level: 9 }).byteLength
  return bytes
}
