import { describe, expect, it } from 'vitest'
import { createTestClock } from '../../../test/running-broker.ts'
import { err, ok, type Result } from '../../core/result.ts'
import type { Granted, TokenFailure } from './token-answer.ts'
import { createTokenSource } from './token-source.ts'

const stay = new AbortController().signal
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function start(lifetimeMs = 100_000) {
  const clock = createTestClock(0)
  const asked: number[] = []
  let answer: (count: number) => Result<Granted, TokenFailure> | Promise<Result<Granted, TokenFailure>> = (count) => ok({ token: `token-${count}`, lifetimeMs })
  const source = createTokenSource({
    grant: async () => {
      asked.push(clock.now())
      return answer(asked.length)
    },
    effects: { now: clock.now, random: () => 0.5, after: clock.after },
    onGranted: () => undefined,
    hide: (text) => text.replaceAll('s3cret', '…'),
  })
  return { clock, asked, source, answers: (next: typeof answer) => (answer = next) }
}

describe('a token', () => {
  it('is fetched once for all who ask at the same time', async () => {
    const { source, asked } = start()
    const tokens = await Promise.all(Array.from({ length: 50 }, () => source.token(new AbortController().signal)))
    expect(new Set(tokens.map((token) => token.ok && token.value))).toEqual(new Set(['token-1']))
    expect(asked).toHaveLength(1)
  })

  it('is there before anybody asks, and renewed before it is over', async () => {
    const { source, asked, clock } = start()
    source.start()
    await settled()
    expect(source.state).toMatchObject({ state: 'ready', expiresAtMs: 100_000 })
    clock.advance(75_000)
    await settled()
    expect(asked).toEqual([0, 75_000])
    expect(await source.token(stay)).toEqual(ok('token-2'))
  })

  it('is used until its end while the token server is down', async () => {
    const { source, answers, clock } = start()
    source.start()
    await settled()
    answers(() => err({ kind: 'unreachable', words: 'the token server cannot be reached (ECONNREFUSED)' }))
    clock.advance(76_000)
    await settled()
    expect(source.state).toMatchObject({ state: 'failing', detail: 'the token server cannot be reached (ECONNREFUSED)' })
    expect(await source.token(stay)).toEqual(ok('token-1'))
    clock.advance(19_001)
    expect((await source.token(stay)).ok).toBe(false)
  })

  it('is asked for ever more slowly, whoever asks, and tells the operator why', async () => {
    const { source, asked, answers, clock } = start()
    answers(() => err({ kind: 'unreachable', words: 'down, says s3cret' }))
    for (let second = 0; second < 300; second++) {
      for (let page = 0; page < 10; page++) await source.token(stay)
      clock.advance(1_000)
      await settled()
    }
    const gaps = asked.slice(1).map((atMs, i) => atMs - asked[i]!)
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b))
    expect(asked.length).toBeLessThan(14)
    expect(source.state.detail).toBe('down, says …')
    expect(await source.token(stay)).toMatchObject({ ok: false, error: { retryAfterMs: expect.any(Number) } })
  })

  it('is asked for much more slowly where only a person can help', async () => {
    const { source, asked, answers, clock } = start()
    answers(() => err({ kind: 'refused', words: 'the token server refused the client: invalid_client' }))
    source.start()
    for (let minute = 0; minute < 30; minute++) {
      clock.advance(60_000)
      await settled()
    }
    expect(asked.length).toBeLessThan(14)
  })

  it('waits as long as the token server says', async () => {
    const { source, asked, answers, clock } = start()
    answers(() => err({ kind: 'busy', words: 'busy', retryAfterMs: 40_000 }))
    source.start()
    await settled()
    clock.advance(39_999)
    await settled()
    expect(asked).toHaveLength(1)
    clock.advance(1)
    await settled()
    expect(asked).toHaveLength(2)
  })

  it('that the broker refuses is fetched anew once, for all who were refused', async () => {
    const { source, asked } = start()
    await source.token(stay)
    for (let i = 0; i < 10; i++) source.refused('token-1')
    expect(await source.token(stay)).toEqual(ok('token-2'))
    expect(asked).toHaveLength(2)
  })

  it('is not fetched for each request of a broker that refuses all of them', async () => {
    const { source, asked, clock } = start()
    for (let request = 0; request < 100; request++) {
      const token = await source.token(stay)
      if (token.ok) source.refused(token.value)
      clock.advance(100)
      await settled()
    }
    expect(asked.length).toBeLessThan(8)
    expect(source.state).toMatchObject({ state: 'failing', detail: expect.stringContaining('the broker refuses the tokens') })
  })

  it('that came too late for one who left is there for the next', async () => {
    const { source, answers, asked } = start()
    let give: (granted: Result<Granted, TokenFailure>) => void = () => undefined
    answers(() => new Promise((resolve) => (give = resolve)))
    const impatient = new AbortController()
    const first = source.token(impatient.signal)
    impatient.abort()
    expect((await first).ok).toBe(false)
    give(ok({ token: 'late', lifetimeMs: 10_000 }))
    await settled()
    expect(await source.token(stay)).toEqual(ok('late'))
    expect(asked).toHaveLength(1)
  })

  it('that a person brought ends the waiting for one', async () => {
    const { source, answers } = start()
    answers(() => err({ kind: 'login-needed', words: 'somebody has to log in' }))
    expect((await source.token(stay)).ok).toBe(false)
    expect(source.state).toMatchObject({ state: 'login-needed', failures: 0 })
    source.adopt({ token: 'hers', lifetimeMs: 60_000 })
    expect(await source.token(stay)).toEqual(ok('hers'))
    expect(source.state.state).toBe('ready')
  })

  it('is asked for no more once it is closed', async () => {
    const { source, asked, clock } = start()
    source.start()
    await settled()
    source.close()
    clock.advance(1_000_000)
    await settled()
    expect(asked).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })
})
