/** What is said of each fault in `docs/faults.md`, beside the time that its test measured. */
export interface FaultRow {
  readonly fault: string
  readonly sees: string
  readonly lost: string
  /** With the waits as they are. */
  readonly inLife: string
}

const NOTHING = 'nothing'
const UNTOLD = 'states between that it did not post either'
const RETRY = '**next try** of the relay'
const DOWN = '**down**, and why'
const LOOK = '**next look** of the relay'

export const FAULTS = {
  'down-at-start': { fault: 'broker down at the start', sees: 'trying again, and why', lost: NOTHING, inLife: RETRY },
  dying: { fault: 'broker dies while live', sees: DOWN, lost: 'states between, which the broker keeps only in its history', inLife: RETRY },
  forgetful: { fault: 'broker restarted without its memory', sees: 'the sensors that it still has', lost: 'what the broker itself lost', inLife: LOOK },
  unsubscribed: { fault: 'subscription deleted by someone else', sees: 'nothing: values age until it is found', lost: 'states between', inLife: LOOK },
  refused: { fault: 'subscription refused with 403, though the broker can be read', sees: 'polled instead, and the refusal in words', lost: 'states between two readings', inLife: 'next poll; the subscription is asked for again every 10 min' },
  'mqtt-restarted': { fault: 'MQTT server restarted, without its memory', sees: `${DOWN}; polled where that is the next way`, lost: 'states between', inLife: 'next connection of the page: after 1 s, then twice as long each time, 30 s at most' },
  slow: { fault: 'broker too slow to answer', sees: `${DOWN} ("no answer within 10000 ms")`, lost: UNTOLD, inLife: RETRY },
  'half-open': { fault: 'broker takes connections and says nothing', sees: DOWN, lost: UNTOLD, inLife: RETRY },
  'storm-429': { fault: 'storm of 429', sees: `${DOWN}; the broker is left in peace for as long as it asks`, lost: UNTOLD, inLife: 'when the pause that it asked for is over (10 min at most), then as a broker that was down' },
  'storm-503': { fault: 'storm of 503', sees: `${DOWN}; after five failures pages ask it no more`, lost: UNTOLD, inLife: RETRY },
  'error-body': { fault: '200 with an error body', sees: DOWN, lost: UNTOLD, inLife: RETRY },
  html: { fault: '200 with a page of HTML', sees: DOWN, lost: UNTOLD, inLife: RETRY },
  truncated: { fault: '200 with half a document', sees: DOWN, lost: UNTOLD, inLife: RETRY },
  empty: { fault: '200 with nothing at all', sees: DOWN, lost: UNTOLD, inLife: RETRY },
  'bad-pages': { fault: 'list of entities that cannot be read', sees: 'trying again: the broker "answered nonsense", and which', lost: NOTHING, inLife: 'next try of the page: after 2 s, then twice as long each time, 60 s at most' },
  'broken-off': { fault: 'answers break off in the middle', sees: 'last values', lost: NOTHING, inLife: 'next try of the page: after 2 s, then twice as long each time, 60 s at most' },
  shifting: { fault: 'pages shift while they are read', sees: 'nothing', lost: 'nothing that the count tells of; else a check finds it (10 min)', inLife: 'the same: the list is read once more' },
  'clock-ahead': { fault: "broker's clock 10 min ahead", sees: 'its values are fresh by its own clock', lost: NOTHING, inLife: 'at its first answer' },
  'clock-behind': { fault: "broker's clock 10 min behind", sees: 'its values are fresh by its own clock', lost: NOTHING, inLife: 'at its first answer' },
  malformed: { fault: 'malformed and cut notifications', sees: 'nothing; they are counted', lost: 'states between', inLife: 'within 1 s; within 1 min when there are many' },
  huge: { fault: 'notification of 50 MB', sees: 'nothing; it is counted, and the log says so', lost: 'states between', inLife: 'within 1 s' },
  long: { fault: 'notification of 5 MB', sees: 'nothing', lost: NOTHING, inLife: 'the same' },
  flood: { fault: '10,000 notifications at once', sees: 'nothing', lost: NOTHING, inLife: 'the same, by the machine' },
  disorder: { fault: 'duplicates and reordering', sees: 'nothing; both are counted', lost: NOTHING, inLife: 'the same' },
  untold: { fault: 'notifications lost without a trace', sees: 'nothing; what a check mends is counted', lost: 'states between', inLife: 'at the next check: 5 to 15 min' },
  'long-gap': { fault: 'page away for longer than the replay buffer', sees: 'trying again, and since when; a gap is counted', lost: 'states between', inLife: 'next connection of the page: after 1 s, then twice as long each time, 30 s at most' },
  'relay-restarted': { fault: 'relay restarted', sees: 'trying again; last values', lost: 'states between', inLife: 'next connection of the page: after 1 s, then twice as long each time, 30 s at most' },
  'no-network': { fault: 'network gone in the browser', sees: 'trying again; last values, which age', lost: 'nothing that the replay buffer has', inLife: 'next connection of the page: after 1 s, then twice as long each time, 30 s at most' },
  'silent-line': { fault: 'connection of the page half-open', sees: 'trying again after 15 s of silence', lost: 'nothing that the replay buffer has', inLife: 'within 17 s' },
  asleep: { fault: 'laptop asleep for an hour', sees: 'on waking, values as old as they are, then those of now', lost: 'states between that fell out of the replay buffer; windows are filled from history', inLife: 'within 2 s of waking' },
} as const satisfies Readonly<Record<string, FaultRow>>

export type FaultId = keyof typeof FAULTS
