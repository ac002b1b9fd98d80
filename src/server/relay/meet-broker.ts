/**
 * Asks a broker the few questions that tell which one it is: all at once, briefly, and each answer cut short. The
 * broker may be behind a gateway that knows none of these paths; that is an answer too.
 */
import { MAX_PROBE_BYTES, PROBE_MS, PROBES, recogniseBroker, type Probe, type ProbeAnswer, type Recognition } from '../../ngsi-ld/profile/recognise.ts'
import type { FetchAnswer, FetchLike } from '../../ngsi-ld/transport.ts'

export async function meetBroker(given: { readonly apiUrl: string; readonly headers: Readonly<Record<string, string>>; readonly fetch: FetchLike; readonly signal?: AbortSignal }): Promise<Recognition> {
  const { apiUrl, headers, fetch } = given
  const rootUrl = apiUrl.replace(/\/ngsi-ld\/v1\/?$/, '')
  const late = AbortSignal.timeout(PROBE_MS)
  const signal = given.signal === undefined ? late : AbortSignal.any([late, given.signal])

  async function ask({ id, at, path }: Probe): Promise<readonly [Probe['id'], ProbeAnswer] | undefined> {
    try {
      // The client's fetch names no platform's signal: see `FetchLike`.
      const answer = await fetch(`${at === 'root' ? rootUrl : apiUrl}${path}`, { method: 'GET', headers: { accept: 'application/json', ...headers }, redirect: 'error', signal: signal as never })
      return [id, { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, text: await textUpTo(answer, MAX_PROBE_BYTES) }]
    } catch {
      return undefined // too slow, a redirect, a broken connection: this question has no answer, the others may
    }
  }

  const answers = await Promise.all(PROBES.map(ask))
  return recogniseBroker(new Map(answers.filter((one) => one !== undefined)), apiUrl)
}

/** What is longer is no answer to these questions; its beginning is enough. */
async function textUpTo({ body }: FetchAnswer, limit: number): Promise<string> {
  const reader = body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let text = ''
  let left = limit
  for (;;) {
    const { done, value } = await reader.read()
    if (done || value === undefined) return text + decoder.decode()
    text += decoder.decode(value.subarray(0, left), { stream: true })
    left -= value.length
    if (left > 0) continue
    await reader.cancel()
    return text
  }
}
