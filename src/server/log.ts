/**
 * One line for one fact, on stderr: time, level, what, and a few named values. No secrets: callers pass
 * ids and counts, never headers, keys or bodies.
 */
export interface Logger {
  info(what: string, values?: LogValues): void
  warn(what: string, values?: LogValues): void
  error(what: string, values?: LogValues): void
}

type LogValues = Readonly<Record<string, string | number | boolean | undefined>>

export function createLogger(write: (line: string) => void = (line) => process.stderr.write(line), now: () => number = Date.now): Logger {
  const put = (level: string, what: string, values: LogValues = {}): void => {
    const pairs = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}=${show(value)}`]))
    write(`${new Date(now()).toISOString()} ${level} ${what}${pairs.join('')}\n`)
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
  return /^[\w.:/+-]+$/.test(text) ? text : JSON.stringify(text.slice(0, 300))
}
