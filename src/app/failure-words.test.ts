import { expect, it } from 'vitest'
import { failureWords } from './failure-words.ts'

it.each([
  ['Failed to fetch', 'The server does not answer.'],
  ['NetworkError when attempting to fetch resource.', 'The server does not answer.'],
  ['Load failed', 'The server does not answer.'],
  ['network error', 'The line to the server broke.'],
  ['the stream ended', 'The server ended the connection.'],
  ['The past of Noise could not be read from a: TypeError: Failed to fetch', 'The past of Noise could not be read from a: the server does not answer.'],
  ['the server answered 503 to the feed', 'The server answered 503 to the feed.'],
  ['unreachable: GET /subscriptions?limit=100&count=true: fetch failed: connect ECONNREFUSED. Look whether it runs', 'Nobody answers at its address. Look whether it runs.'],
  ['timeout: GET /subscriptions: no answer within 10000 ms', 'It does not answer in time.'],
  ['Scorpio is down!', 'Scorpio is down!'],
  ['', ''],
  [undefined, ''],
])('%s is told as "%s"', (said, words) => expect(failureWords(said)).toBe(words))
