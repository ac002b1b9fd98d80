/**
 * The journal of a city as a file, one entry a line, appended: a server that ends in the middle of a line has lost that
 * line and nothing else. When it has grown long it begins anew, with the incidents that its dropped entries had made.
 */
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KEPT_ENTRIES } from '../../incidents/board.ts'
import { ACTIONS, replay, type Entry, type Incident } from '../../incidents/journal.ts'

export interface JournalFile {
  /** `problem`: what was not read, in words. */
  load(): Promise<{ readonly entries: readonly Entry[]; readonly incidents: readonly Incident[]; readonly problem?: string }>
  /** Resolves when it is on its way to the disk; why it is not, in words. */
  append(entries: readonly Entry[]): Promise<string | undefined>
}

export function createJournalFile(path: string, keep = KEPT_ENTRIES): JournalFile {
  let last: Promise<string | undefined> = Promise.resolve(undefined)
  return {
    async load() {
      let text: string
      try {
        await mkdir(dirname(path), { recursive: true })
        text = await readFile(path, 'utf8')
      } catch (error) {
        return { entries: [], incidents: [], ...(codeOf(error) !== 'ENOENT' && { problem: codeOf(error) }) }
      }
      const read = readJournal(text)
      if (read.entries.length <= 2 * keep) return read
      const tail = read.entries.slice(-keep)
      const incidents = [...replay(read.entries.slice(0, -keep), new Map(read.incidents.map((one) => [one.id, one]))).values()]
      try {
        await writeFile(`${path}.new`, linesOf([{ incidents }, ...tail]))
        await rename(`${path}.new`, path)
      } catch (error) {
        return { ...read, problem: codeOf(error) }
      }
      return { ...read, entries: tail, incidents }
    },
    append(entries) {
      last = last.then(async () => {
        try {
          if (entries.length > 0) await appendFile(path, linesOf(entries))
          return undefined
        } catch (error) {
          return codeOf(error)
        }
      })
      return last
    },
  }
}

export function readJournal(text: string): { readonly entries: readonly Entry[]; readonly incidents: readonly Incident[]; readonly problem?: string } {
  const entries: Entry[] = []
  let incidents: readonly Incident[] = []
  let broken = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    const json = parsed(line)
    if (isEntry(json)) entries.push(json)
    else if (isStart(json)) incidents = json.incidents
    else broken += 1
  }
  return { entries, incidents, ...(broken > 0 && { problem: `${broken} lines that cannot be read` }) }
}

function linesOf(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // counted as broken
  }
}

const TYPES: ReadonlySet<string> = new Set(['raise', 'clear', 'fold', 'expire', ...ACTIONS])

/** Our own writing: enough is checked that a torn or mixed-up line does no harm. */
function isEntry(json: unknown): json is Entry {
  if (typeof json !== 'object' || json === null || !('type' in json) || typeof json.type !== 'string' || !TYPES.has(json.type)) return false
  if (!('seq' in json) || typeof json.seq !== 'number' || !('atMs' in json) || typeof json.atMs !== 'number' || !('incident' in json) || typeof json.incident !== 'string') return false
  return json.type !== 'raise' || ('finding' in json && typeof json.finding === 'object' && json.finding !== null && 'subject' in json.finding)
}

function isStart(json: unknown): json is { readonly incidents: readonly Incident[] } {
  return typeof json === 'object' && json !== null && 'incidents' in json && Array.isArray(json.incidents)
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
