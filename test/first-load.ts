/** Bytes of JavaScript that a first visit loads, gzipped: the shell, and what the map adds to it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
}

export interface FirstLoad {
  readonly shellBytes: number
  /** Beside the shell. */
  readonly mapBytes: number
}

/** `page` is the folder of the built page, manifest included. */
export function firstLoadOf(page: string): FirstLoad {
  const manifest = JSON.parse(readFileSync(join(page, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
  const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry === true)!
  const mapEntry = Object.keys(manifest).find((name) => name.includes('map-stage'))!
  const shell = closure(manifest, entry)
  const map = [...closure(manifest, mapEntry)].filter((name) => !shell.has(name))
  const gzipped = (names: Iterable<string>): number => [...names].reduce((bytes, name) => bytes + gzipSync(readFileSync(join(page, manifest[name]!.file)), { level: 9 }).byteLength, 0)
  return { shellBytes: gzipped(shell), mapBytes: gzipped(map) }
}

/** What a chunk needs before it can run: itself and its static imports. */
function closure(manifest: Record<string, Chunk>, entry: string): Set<string> {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    for (const next of manifest[name]?.imports ?? []) visit(next)
  }
  visit(entry)
  return seen
}
