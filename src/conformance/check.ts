/**
 * One check: a requirement, and what the answers say to it. "Not checkable from here" is a result of its own: whatever a
 * client cannot see must not be called conformant, nor the opposite.
 */
import type { Answers, Exchange } from './exchange.ts'
import type { MimId } from './mims.ts'

export type Outcome = 'pass' | 'fail' | 'not checkable'

export interface Evidence {
  readonly request?: string
  readonly status?: number
  /** What was found: for a failure the value that failed. */
  readonly value?: string
  /** The entity or answer in which it was found, as text, cut when it is long. */
  readonly payload?: string
}

export interface Verdict {
  readonly outcome: Outcome
  /** One sentence, without its full stop. */
  readonly words: string
  readonly evidence?: Evidence
}

export interface Check {
  /** Stable: `places/in-city`. */
  readonly id: string
  readonly mim: MimId
  /** Id of the requirement as published; a dash where it has none. */
  readonly requirement: string
  readonly title: string
  /** What to do when it fails. */
  readonly remedy: string
  judge(answers: Answers): Verdict
}

const PAYLOAD_LENGTH = 4_000
const VALUE_LENGTH = 300

export function pass(words: string, evidence?: Evidence): Verdict {
  return { outcome: 'pass', words, ...(evidence !== undefined && { evidence }) }
}

export function fail(words: string, evidence?: Evidence): Verdict {
  return { outcome: 'fail', words, ...(evidence !== undefined && { evidence }) }
}

export function unknown(words: string, evidence?: Evidence): Verdict {
  return { outcome: 'not checkable', words, ...(evidence !== undefined && { evidence }) }
}

export function evidenceOf(exchange: Exchange | undefined, { value, payload }: { readonly value?: string | undefined; readonly payload?: unknown } = {}): Evidence {
  return {
    ...(exchange !== undefined && { request: exchange.request }),
    ...(exchange?.status !== undefined && { status: exchange.status }),
    ...(value !== undefined && { value: cut(value, VALUE_LENGTH) }),
    ...(payload !== undefined && { payload: cut(JSON.stringify(payload, undefined, 2), PAYLOAD_LENGTH) }),
  }
}

/** Nothing came, or the door was shut: then nothing is known of what lies behind. */
export function unanswered(exchange: Exchange | undefined): Verdict | undefined {
  if (exchange === undefined) return unknown('nothing to ask about: the broker showed no entity')
  const { status, failure } = exchange
  if (status === undefined) return unknown(`no answer: ${failure ?? 'nothing came'}`, evidenceOf(exchange))
  if (status === 401 || status === 403) return unknown(`the broker lets this reader not see it (${status})`, evidenceOf(exchange))
  if (status === 429 || status >= 500) return unknown(`the broker failed (${status})`, evidenceOf(exchange))
  return undefined
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
