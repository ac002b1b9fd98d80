import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { readTokenAnswer } from './token-answer.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const read = (json: unknown, status = 200) => readTokenAnswer({ server: 'the token server', status, text: typeof json === 'string' ? json : JSON.stringify(json), nowMs: NOW })
const jwt = (claims: object): string => ['{"alg":"none"}', JSON.stringify(claims), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.')

describe('the answer of a token server', () => {
  it.each<[what: string, body: unknown, lifetimeMs: number]>([
    // RFC 6749, 5.1.
    ['the standard\'s example', { access_token: '2YotnFZFEjr1zCsicMWpAA', token_type: 'Bearer', expires_in: 3600, refresh_token: 'tGzv3JOkF0XG5Qx2TlKWIA' }, 3_600_000],
    ['seconds as text', { access_token: 'a', expires_in: '60' }, 60_000],
    ['Obelisk, whose time is without use', { token_type: 'bearer', access_token: 'a', max_idle_time: 3600, expires_in: 3600, max_valid_time: 86_400 }, 86_400_000],
    ['Djane, whose JWT says it', { success: true, token: jwt({ iat: NOW / 1_000 - 7_200, exp: NOW / 1_000 - 3_600 }) }, 3_600_000],
    ['a JWT without its beginning', { access_token: jwt({ exp: NOW / 1_000 + 90 }) }, 90_000],
    ['nobody', { access_token: 'a' }, 600_000],
    ['somebody who promises a century', { access_token: 'a', expires_in: 3e9 }, 7 * 86_400_000],
  ])('is read with the lifetime told by %s', (_, body, lifetimeMs) => {
    expect(read(body)).toMatchObject({ ok: true, value: { lifetimeMs } })
  })

  it.each<[what: string, body: unknown, status: number, error: object]>([
    ['a refused client', { error: 'invalid_client', error_description: 'Invalid client credentials' }, 401, { kind: 'refused', words: 'the token server refused the client: invalid_client: Invalid client credentials', code: 'invalid_client' }],
    ['an error with status 200', { error: 'invalid_scope' }, 200, { kind: 'refused', words: 'the token server refused the scope: invalid_scope' }],
    ['Djane, with status 200', { success: false, message: 'Incorrect username or password' }, 200, { kind: 'refused', words: 'the token server refused (200): Incorrect username or password' }],
    ['a page', '<html>', 403, { kind: 'refused' }],
    ['trouble', 'Bad gateway', 502, { kind: 'busy', words: 'the token server answered 502' }],
    ['too many', '', 429, { kind: 'busy' }],
    ['a redirect', '', 302, { kind: 'malformed' }],
    ['no token', {}, 200, { kind: 'malformed' }],
    ['a token that would end the header', { access_token: 'a\r\nHost: evil' }, 200, { kind: 'malformed' }],
    ['a token of another kind', { access_token: 'a', token_type: 'DPoP' }, 200, { kind: 'malformed' }],
    ['a token that is over', { access_token: 'a', expires_in: 0 }, 200, { kind: 'malformed' }],
    ['a list', [], 200, { kind: 'malformed' }],
  ])('says what is wrong: %s', (_, body, status, error) => {
    expect(read(body, status)).toMatchObject({ ok: false, error })
  })

  test.prop([fc.oneof(fc.jsonValue(), fc.string(), fc.record({ access_token: fc.anything(), expires_in: fc.anything(), token_type: fc.anything() }, { requiredKeys: [] }).map((one) => JSON.stringify(one, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))), fc.integer({ min: 200, max: 599 })])('is never trusted: a token that fits a header, or words', (body, status) => {
    const answer = read(body, status)
    if (answer.ok) expect([/^[\x21-\x7e]+$/.test(answer.value.token), answer.value.lifetimeMs > 0]).toEqual([true, true])
    else expect(answer.error.words).not.toBe('')
  })
})
