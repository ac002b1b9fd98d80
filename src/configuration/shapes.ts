/** Small shapes that the configuration is made of: text, addresses, names, and objects that know their keys. */
import * as v from 'valibot'

export const text = v.pipe(v.string('text'), v.minLength(1, 'text that is not empty'))
export const webUrl = v.pipe(
  v.string('an http or https address'),
  v.regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, 'an http or https address without user, query or fragment'),
)

export const socketUrl = v.pipe(
  v.string('a ws or wss address'),
  v.regex(/^wss?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, 'a ws or wss address without user, query or fragment'),
)

/** Valibot stops at the first unknown key of an object; `parse.ts` takes it out and asks again. */
export function object<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries)
  return v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return `a known key${hintFor(String(issue.path?.at(-1)?.key ?? ''), known)}`
    return issue.received === 'undefined' ? 'a value' : 'an object'
  })
}

/** A secret: it is in the environment, under this name. */
export const secret = object({
  env: v.pipe(
    v.string('the name of an environment variable'),
    v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'),
    v.description('Name of the environment variable that holds the value.'),
  ),
})

/** Headers that the server or the connection sets itself. */
const RESERVED_HEADERS = /^(host|connection|content-length|content-type|accept|accept-encoding|transfer-encoding|upgrade|te|trailer|keep-alive|expect|link|ngsild-tenant|proxy-connection)$/i

export const headerName = v.pipe(
  v.string('a header name'),
  v.regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name'),
  v.check((name) => !RESERVED_HEADERS.test(name), 'a header that the server does not set itself'),
)

/** ` (did you mean "timeZone"?)`, or all the keys there are when none is near. */
function hintFor(typed: string, known: readonly string[]): string {
  const distance = (key: string): number => editDistance(typed.toLowerCase(), key.toLowerCase())
  const nearest = known.reduce((best, key) => (distance(key) < distance(best) ? key : best))
  if (distance(nearest) <= Math.max(2, typed.length / 3)) return ` (did you mean ${JSON.stringify(nearest)}?)`
  return `, one of ${known.join(', ')}`
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
