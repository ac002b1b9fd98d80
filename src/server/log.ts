/**
 * One line for one fact, on stderr: time, level, what, and a few named values. No secrets: callers pass
 * ids and counts, never headers, keys or bodies.
 *
 * What happens a thousand times a minute is said once, and a minute later how often it was since: a broker
 * that is down, or a stranger at the door, cannot fill a disk.
 */
export interface Logger {
  info(what: string, values?: LogValues): void
  warn(what: string, values?: LogValues): void
  error(what: string, values?: LogValues): void
}

type LogValues = Readonly<Record<string, string | number | boolean | undefined>>

export const REPEAT_MS = 60_000
/** Different lines of one fact in a minute. Beyond, they are counted together: their values may be what a stranger sends. */
const VARIANTS = 20

interface Said {
  readonly level: string
  readonly what: string
  readonly pairs: string
  repeats: number
}

/** `after` calls back once; nothing waits for it when the process ends. */
export function createLogger(
  write: (line: string) => void = (line) => process.stderr.write(line),
  now: () => number = Date.now,
  after: (ms: number, call: () => void) => void = (ms, call) => void setTimeout(call, ms).unref(),
): Logger {
  /** What was said in its last minute, by fact, then by its values. */
  const facts = new Map<string, Map<string, Said>>()

  function put(level: string, what: string, values: LogValues = {}): void {
    const pairs = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}=${show(value)}`])).join('')
    const fact = `${level} ${what}`
    const variants = facts.get(fact) ?? new Map<string, Said>()
    facts.set(fact, variants)
    const isMany = variants.size >= VARIANTS && !variants.has(pairs)
    const key = isMany ? 'others' : pairs
    const before = variants.get(key)
    if (before !== undefined) {
      before.repeats += 1
      return
    }
    const said: Said = { level, what, pairs: isMany ? ' of=others' : pairs, repeats: 0 }
    variants.set(key, said)
    line(level, what, pairs)
    after(REPEAT_MS, () => sumUp(fact, key, said))
  }

  /** At the end of its minute: silent for good, or counted and on to the next one. */
  function sumUp(fact: string, key: string, said: Said): void {
    if (said.repeats > 0) {
      line(said.level, said.what, `${said.pairs} repeated=${said.repeats}`)
      said.repeats = 0
      after(REPEAT_MS, () => sumUp(fact, key, said))
      return
    }
    const variants = facts.get(fact)
    variants?.delete(key)
    if (variants?.size === 0) facts.delete(fact)
  }

  function line(level: string, what: string, pairs: string): void {
    write(`${new Date(now()).toISOString()} ${level} ${what}${pairs}\n`)
  }

  return {
    info: (what, values) => put('info', what, values),
    warn: (what, values) => put('warn', what, values),
    error: (what, values) => put('error', what, values),
  }
}

/** Words stand as they are, the rest in quotes on one line: what a broker says cannot forge a line. */
function show(value: string | number | boolean): string {
  const text = String(value)
  return /^[\w.:/+-]+$/.test(text) ? text.slice(0, 300) : JSON.stringify(text.slice(0, 300))
}
