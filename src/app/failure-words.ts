/**
 * What went wrong, as a sentence for people. Low layers hand up what the platform said, and each browser
 * says it differently: "Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed".
 */
import { defineMessage, say, type Message } from '../language/say.ts'
const WORDS: readonly (readonly [said: RegExp, words: Message])[] = [
  // Of a broker: what was asked, and what the socket said, stand in Health.
  [/^unreachable: [^.]*/i, defineMessage({ id: 'failure.nobody', defaultMessage: 'nobody answers at its address' })],
  [/^timeout: [^.]*/i, defineMessage({ id: 'failure.late', defaultMessage: 'it does not answer in time' })],
  [/(TypeError: )?(Failed to fetch|NetworkError when attempting to fetch resource\.?|Load failed|fetch failed)/i, defineMessage({ id: 'failure.server', defaultMessage: '{who, select, broker {the broker does not answer} other {the server does not answer}}' })],
  [/(TypeError: )?(network error|Error in input stream|The network connection was lost\.?)/i, defineMessage({ id: 'failure.line', defaultMessage: '{who, select, broker {the line to the broker broke} other {the line to the server broke}}' })],
  [/^the stream ended\.?$/i, defineMessage({ id: 'failure.ended', defaultMessage: '{who, select, broker {the broker ended the connection} other {the server ended the connection}}' })],
  [/^the connection failed\.?$/i, defineMessage({ id: 'failure.connection', defaultMessage: '{who, select, broker {the connection to the broker failed} other {the connection to the server failed}}' })],
]

/** One sentence with its full stop; nothing for nothing. `who` is at the other end of the line. */
export function failureWords(text: string | undefined, who: 'server' | 'broker' = 'server'): string {
  let words = text?.trim() ?? ''
  for (const [said, meant] of WORDS) words = words.replace(said, () => say(meant, { who }))
  if (words === '') return ''
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?…]$/.test(words) ? '' : '.'}`
}
