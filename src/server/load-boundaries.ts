/**
 * Reads the boundaries that the configuration names, before the server starts: from files beside it, or from an address.
 *
 * What is there and wrong is refused as the configuration itself is. An address that does not answer is another thing: a
 * city must not be dark because a portal is down, so it starts without districts, and the log says so.
 */
import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { readBoundaries } from '../configuration/boundaries.ts'
import { formatProblem } from '../configuration/problem.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Area } from '../core/geo/areas.ts'
import { err, ok, type Result } from '../core/result.ts'

export interface Boundaries {
  readonly byCity: ReadonlyMap<string, readonly Area[]>
  /** Cities that start without their districts, and why. */
  readonly missing: readonly { readonly city: string; readonly reason: string }[]
}

export interface BoundarySources {
  /** Paths are relative to this folder: that of the configuration. */
  readonly folder: string
  readonly fetch: typeof fetch
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 10_000
/** Far more than `MAX_VERTICES` take, even with every digit of a survey. */
const MAX_BYTES = 20 * 2 ** 20

/** Or every problem as a line. */
export async function loadBoundaries({ cities }: Configuration, sources: BoundarySources): Promise<Result<Boundaries, readonly string[]>> {
  const problems: string[] = []
  const byCity = new Map<string, readonly Area[]>()
  const missing: { city: string; reason: string }[] = []
  for (const { id, bounds, districts } of cities) {
    const source = districts?.boundaries
    if (source === undefined) continue
    const isAddress = /^https?:/i.test(source)
    const text = isAddress ? await fetchText(source, sources) : await readText(resolvePath(source, sources.folder))
    if (!text.ok) {
      if (isAddress) missing.push({ city: id, reason: text.error })
      else problems.push(`${source}: expected a file, got ${text.error}`)
      continue
    }
    let json: unknown
    try {
      json = JSON.parse(text.value.replace(/^\uFEFF/, ''))
    } catch (error) {
      problems.push(`${source}: expected GeoJSON, got ${error instanceof Error ? error.message : 'something else'}`)
      continue
    }
    const read = readBoundaries(json, { nameKey: districts?.name ?? 'name', bounds })
    if (read.ok) byCity.set(id, read.value)
    else problems.push(...read.error.map((problem) => `${source}: ${formatProblem(problem)}`))
  }
  return problems.length > 0 ? err(problems) : ok({ byCity, missing })
}

async function readText(file: string): Promise<Result<string, string>> {
  try {
    if ((await stat(file)).size > MAX_BYTES) return err(`more than ${MAX_BYTES} bytes`)
    return ok(await readFile(file, 'utf8'))
  } catch (error) {
    return err((error as NodeJS.ErrnoException).code ?? 'an error')
  }
}

async function fetchText(url: string, { fetch, timeoutMs = TIMEOUT_MS }: BoundarySources): Promise<Result<string, string>> {
  try {
    // The configuration names this address and no other: it may not lead elsewhere.
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/geo+json, application/json' } })
    if (!response.ok) {
      await response.body?.cancel()
      return err(`the address of its boundaries answered ${response.status}`)
    }
    const decoder = new TextDecoder()
    let text = ''
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) return err(`the address of its boundaries gives more than ${MAX_BYTES} bytes`)
      text += decoder.decode(chunk, { stream: true })
    }
    return ok(text + decoder.decode())
  } catch (error) {
    const { name } = error as { readonly name?: string }
    return err(name === 'TimeoutError' ? `the address of its boundaries did not answer within ${timeoutMs} ms` : 'the address of its boundaries cannot be reached, or leads elsewhere')
  }
}

function resolvePath(path: string, folder: string): string {
  return isAbsolute(path) ? path : resolve(folder, path)
}
