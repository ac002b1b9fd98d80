/**
 * What went wrong, as a sentence for people. Low layers hand up what the platform said, and each browser
 * says it differently: "Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed".
 */
import { defineMessage, say, type Message } from '../language/say.ts'
import { upperFirst } from '../ui/words/case.ts'

/** What is named in the pattern is put into the message. */
const WORDS: readonly (readonly [said: RegExp, words: Message])[] = [
  // Of a broker: what was asked, and what the socket said, stand in Health.
  [/^unreachable: [^.]*/i, defineMessage({ id: 'failure.nobody', defaultMessage: 'nobody answers at its address' })],
  [/^timeout: [^.]*/i, defineMessage({ id: 'failure.late', defaultMessage: 'it does not answer in time' })],
  [/(TypeError: )?(Failed to fetch|NetworkError when attempting to fetch resource\.?|Load failed|fetch failed)/i, defineMessage({ id: 'failure.server', defaultMessage: '{who, select, broker {the broker does not answer} other {the server does not answer}}' })],
  [/(TypeError: )?(network error|Error in input stream|The network connection was lost\.?)/i, defineMessage({ id: 'failure.line', defaultMessage: '{who, select, broker {the line to the broker broke} other {the line to the server broke}}' })],
  [/^the stream ended\.?$/i, defineMessage({ id: 'failure.ended', defaultMessage: '{who, select, broker {the broker ended the connection} other {the server ended the connection}}' })],
  [/^the connection failed\.?$/i, defineMessage({ id: 'failure.connection', defaultMessage: '{who, select, broker {the connection to the broker failed} other {the connection to the server failed}}' })],
  // Of the worker, which knows of no language.
  [/^Connecting to the server\.$/, defineMessage({ id: 'worker.connecting', defaultMessage: 'Connecting to the server.' })],
  [/^Reading what the brokers hold\.$/, defineMessage({ id: 'worker.reading', defaultMessage: 'Reading what the brokers hold.' })],
  [/^Paused: data is still coming in\.$/, defineMessage({ id: 'worker.paused', defaultMessage: 'Paused: data is still coming in.' })],
  [/^The feed was stopped\.$/, defineMessage({ id: 'worker.stopped', defaultMessage: 'The feed was stopped.' })],
  [/^No broker is configured for (?<city>.*)\.$/, defineMessage({ id: 'worker.noBroker', defaultMessage: 'No broker is configured for {city}.' })],
  [/^Reading the city as it was at (?<when>\S+)\.$/, defineMessage({ id: 'worker.readingPast', defaultMessage: 'Reading the city as it was at {when}.' })],
  [/^The city as it was at (?<when>\S+)\.$/, defineMessage({ id: 'worker.past', defaultMessage: 'The city as it was at {when}.' })],
  [/^The past of (?<layer>.*?) could not be read from (?<broker>[^:]*): (?<reason>.*)$/, defineMessage({ id: 'worker.pastUnread', defaultMessage: 'The past of {layer} could not be read from {broker}: {reason}' })],
  [/^the past could not be read from (?<broker>[^:]*): (?<reason>.*)$/, defineMessage({ id: 'worker.windowUnread', defaultMessage: 'the past could not be read from {broker}: {reason}' })],
  [/^(?<broker>\S+) gives only a part of its past$/, defineMessage({ id: 'worker.part', defaultMessage: '{broker} gives only a part of its past' })],
  [/^too many readings to ask for$/, defineMessage({ id: 'worker.tooMany', defaultMessage: 'too many readings to ask for' })],
  [/^What is usual for (?<layer>.*?) could not be read: (?<reason>.*)$/, defineMessage({ id: 'worker.usualUnread', defaultMessage: 'What is usual for {layer} could not be read: {reason}' })],
  [/^usual is known for windows up to an hour$/, defineMessage({ id: 'worker.usualWindow', defaultMessage: 'usual is known for windows up to an hour' })],
  [/^after the other layers$/, defineMessage({ id: 'worker.after', defaultMessage: 'after the other layers' })],
  [/^(?<read>\d+) of (?<all>\d+) hours read$/, defineMessage({ id: 'worker.hoursRead', defaultMessage: '{read} of {all} hours read' })],
  [/^The day of (?<layer>.*) is drawn from when it was opened: too many readings to ask for\.$/, defineMessage({ id: 'worker.dayTooLong', defaultMessage: 'The day of {layer} is drawn from when it was opened: too many readings to ask for.' })],
  [/^What is usual for the hours of a day is not read for (?<layer>.*): too many readings to ask for\.$/, defineMessage({ id: 'worker.usualTooLong', defaultMessage: 'What is usual for the hours of a day is not read for {layer}: too many readings to ask for.' })],
]

/** One sentence with its full stop; nothing for nothing. `who` is at the other end of the line. */
export function failureWords(text: string | undefined, who: 'server' | 'broker' = 'server'): string {
  let words = text?.trim() ?? ''
  for (const [said, meant] of WORDS) words = words.replace(said, (...found: readonly unknown[]) => say(meant, { who, ...namedIn(found.at(-1)) }))
  if (words === '') return ''
  return `${upperFirst(words)}${/[.!?…]$/.test(words) ? '' : '.'}`
}

/** The last thing that a replacer is given is what its pattern named, if it named anything. */
function namedIn(groups: unknown): Readonly<Record<string, string>> {
  return typeof groups === 'object' && groups !== null ? Object.fromEntries(Object.entries(groups).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) : {}
}
