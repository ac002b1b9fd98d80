import { expect, it } from 'vitest'
import { setLanguage, spoken } from '../language/say.ts'
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
  ['No broker is configured for Porto.', 'No broker is configured for Porto.'],
  ['the past could not be read from main: Load failed', 'The past could not be read from main: the server does not answer.'],
  ['Scorpio is down!', 'Scorpio is down!'],
  ['', ''],
  [undefined, ''],
])('%s is told as "%s"', (said, words) => expect(failureWords(said)).toBe(words))

it('what the worker says is told in the language of the page, with what it names', () => {
  const english = spoken()
  try {
    setLanguage({ tag: 'fi', region: 'fi', catalogue: { 'worker.hoursRead': 'luettu {read}/{all} tuntia', 'worker.windowUnread': 'ei luettu ({broker}): {reason}', 'failure.server': '{who, select, broker {välittäjä ei vastaa} other {palvelin ei vastaa}}' } })
    expect(failureWords('3 of 24 hours read')).toBe('Luettu 3/24 tuntia.')
    expect(failureWords('the past could not be read from main: Failed to fetch')).toBe('Ei luettu (main): palvelin ei vastaa.')
  } finally {
    setLanguage(english)
  }
})
