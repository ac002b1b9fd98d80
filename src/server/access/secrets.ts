/**
 * Takes our secrets out of what others say. A broker or a token server that refuses us may repeat what we sent, as it
 * was or encoded, and its words go to screens, logs and health. They are hidden in every form in which they
 * are likely to come back: bare, percent-encoded, escaped in JSON, and in base64 at any of its three alignments.
 */

export interface Veil {
  /** Hidden for ever: keys and passwords of the configuration. */
  keep(secret: string): void
  /** Hidden until many others have followed: tokens come and go, and one that expired may be in an answer still. */
  pass(token: string): void
  hide(text: string): string
  /** For data, where short words stand for themselves: an id is not to change because a password is `porto1`. */
  hideInData(text: string): string
  /** Hides in bytes that come piece by piece, wherever they are cut. */
  stream(of: 'error' | 'data'): { push(bytes: Uint8Array): Uint8Array; end(): Uint8Array }
}

const SHORTEST = 6
const SHORTEST_IN_DATA = 16
const TOKENS_KEPT = 8
const HIDDEN = '…'
/** In front of a token, and in every sentence about tokens. */
const SCHEMES = new Set(['bearer', 'basic', 'token', 'apikey', 'digest', 'key'])

/** With whole secrets, as they stand in a header: `Bearer …` is hidden with and without its scheme. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return replaceAll(text, formsOf(secrets, SHORTEST))
}

export function createVeil(): Veil {
  const kept = new Set<string>()
  let tokens: string[] = []
  let forms: readonly string[] | undefined

  const all = (): readonly string[] => (forms ??= formsOf([...kept, ...tokens], SHORTEST))
  const long = (): readonly string[] => all().filter((form) => form.length >= SHORTEST_IN_DATA)

  return {
    keep(secret) {
      kept.add(secret)
      forms = undefined
    },
    pass(token) {
      tokens = [...tokens.filter((known) => known !== token), token].slice(-TOKENS_KEPT)
      forms = undefined
    },
    hide: (text) => replaceAll(text, all()),
    hideInData: (text) => replaceAll(text, long()),
    stream(of) {
      return streamOf((of === 'error' ? all() : long()).map((form) => Buffer.from(form)))
    },
  }
}

function replaceAll(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => (rest.includes(form) ? rest.replaceAll(form, HIDDEN) : rest), text)
}

/** Longest first: what is part of a longer one must not leave its ends behind. */
function formsOf(secrets: readonly string[], shortest: number): readonly string[] {
  const words = secrets.flatMap((secret) => [secret, ...secret.split(/\s+/).filter((word) => !SCHEMES.has(word.toLowerCase()))]).filter((word) => word.length >= SHORTEST)
  return [...new Set(words.flatMap(encodings))].filter((form) => form.length >= shortest).toSorted((a, b) => b.length - a.length)
}

function encodings(secret: string): readonly string[] {
  const percent = encodeURIComponent(secret.toWellFormed())
  return [
    secret,
    secret.replaceAll(' ', '+'),
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', String.raw`\/`),
    ...base64Cores(secret),
  ]
}

/** What is the same in the base64 of every text with the secret in it; three, because base64 goes by threes. */
function base64Cores(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const own = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const
    return [bytes.toString('base64').slice(...own), bytes.toString('base64url').slice(...own)]
  })
}

function streamOf(needles: readonly Buffer[]): ReturnType<Veil['stream']> {
  const longest = needles[0]?.length ?? 0
  let rest: Buffer = Buffer.alloc(0)

  function replaced(bytes: Buffer): Buffer {
    let all = bytes
    for (const needle of needles) {
      let at = all.indexOf(needle)
      if (at < 0) continue
      const parts: Buffer[] = []
      let from = 0
      for (; at >= 0; at = all.indexOf(needle, from)) {
        parts.push(all.subarray(from, at), Buffer.from(HIDDEN))
        from = at + needle.length
      }
      all = Buffer.concat([...parts, all.subarray(from)])
    }
    return all
  }

  return {
    push(bytes) {
      if (longest === 0) return bytes
      const all = replaced(rest.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.concat([rest, bytes]))
      // A secret may have begun in the last bytes; only where it could is anything kept back.
      const keep = beginning(all, needles, longest)
      rest = Buffer.from(all.subarray(all.length - keep))
      return all.subarray(0, all.length - keep)
    },
    end() {
      const last = rest
      rest = Buffer.alloc(0)
      return last
    },
  }
}

/** How many of the last bytes may be the start of a needle. */
function beginning(bytes: Buffer, needles: readonly Buffer[], longest: number): number {
  const from = Math.max(0, bytes.length - longest + 1)
  let keep = 0
  for (const needle of needles) {
    for (let at = bytes.indexOf(needle[0]!, Math.max(from, bytes.length - needle.length + 1)); at >= 0 && bytes.length - at > keep; at = bytes.indexOf(needle[0]!, at + 1)) {
      if (bytes.subarray(at).equals(needle.subarray(0, bytes.length - at))) keep = bytes.length - at
    }
  }
  return keep
}
