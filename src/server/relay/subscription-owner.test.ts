/** A life of hours in a moment: the clock is the test's. */
import { describe, expect, it } from 'vitest'
import { err, ok, type Result } from '../../core/result.ts'
import type { EpochMs } from '../../core/time/instant.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import type { NgsiLdError } from '../../ngsi-ld/client.ts'
import type { Subscription } from '../../ngsi-ld/subscription.ts'
import { createSubscriptionOwner, LIFETIME_MS, REFUSED_AGAIN_MS, type SubscriptionApi, type Wish } from './subscription-owner.ts'

const wish: Wish = { id: 'urn:s:1', entities: [{ type: 'A' }], notification: { endpoint: { uri: 'http://relay/notify/x' } } }

const settle = () => new Promise((resolve) => setImmediate(resolve))

function createStage() {
  let nowMs = 0
  let sleeper: { dueMs: number; wake: () => void } | undefined
  const held = new Map<string, Subscription>()
  const calls: string[] = []
  const states: RelayBrokerState[] = []
  const learned: string[] = []
  let wanted: Result<Wish, string> = ok(wish)
  let recovered = 0
  let first = 0
  let failure: NgsiLdError | undefined
  let forbidden: { readonly error: NgsiLdError; readonly names: readonly string[] } | undefined
  const reply = <T>(name: string, make: () => T) => {
    calls.push(name)
    if (forbidden?.names.includes(name) === true) return Promise.resolve(err(forbidden.error))
    return Promise.resolve(failure === undefined ? ok(make()) : err(failure))
  }
  const refusals: NgsiLdError[] = []
  const api: SubscriptionApi = {
    listSubscriptions: () => reply('list', () => ({ subscriptions: [...held.values()], rejected: [], end: 'complete' as const })),
    createSubscription: (subscription) => {
      const refusal = subscription.triggers === undefined ? undefined : refusals[0]
      if (refusal !== undefined) {
        calls.push('refused')
        return Promise.resolve(err(refusal))
      }
      return reply('create', () => {
        held.set(subscription.id!, subscription)
        return subscription.id!
      })
    },
    patchSubscription: (id, patch) =>
      reply(`patch ${Object.keys(patch).toSorted().join()}`, () => {
        const known = held.get(id)!
        held.set(id, { ...known, isActive: true, expiresAtMs: Date.parse(String(patch['expiresAt'])) as EpochMs })
      }),
    deleteSubscription: (id) => reply('delete', () => void held.delete(id)),
    retrieveEntity: () => reply('ping', () => ({})),
  }
  const owner = createSubscriptionOwner({
    broker: 'main',
    id: wish.id,
    wish: () => wanted,
    meet() {
      calls.push('meet')
      return Promise.resolve()
    },
    onLearned: (words) => learned.push(words),
    api,
    clockOffsetMs: () => 0,
    effects: {
      now: () => nowMs,
      random: () => 0.5,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          sleeper = { dueMs: nowMs + ms, wake: resolve }
          signal.addEventListener('abort', () => resolve())
        }),
    },
    isOrphan: () => false,
    onState: (state) => states.push(state),
    onMissed({ isFirst }) {
      if (isFirst) first += 1
      else recovered += 1
    },
  })
  return {
    owner,
    held,
    calls,
    states,
    get missedFirst() {
      return first
    },
    get recovered() {
      return recovered
    },
    learned,
    refusals,
    want: (next: Result<Wish, string>) => (wanted = next),
    fail: (error: NgsiLdError | undefined) => (failure = error),
    /** Only these are refused. */
    forbid: (error: NgsiLdError, ...names: readonly string[]) => (forbidden = { error, names }),
    /** Lets time pass, waking whoever sleeps when it is due. */
    async pass(ms: number) {
      const endMs = nowMs + ms
      await settle()
      while (sleeper !== undefined && sleeper.dueMs <= endMs) {
        nowMs = sleeper.dueMs
        const { wake } = sleeper
        sleeper = undefined
        wake()
        await settle()
      }
      nowMs = endMs
    },
    get nowMs() {
      return nowMs
    },
  }
}

describe('the owner of a subscription', () => {
  it('renews it at half of its life, again and again, and never lets it end', async () => {
    const stage = createStage()
    stage.owner.start()
    await stage.pass(0)
    for (let minute = 0; minute < 300; minute++) {
      await stage.pass(60_000)
      expect(stage.held.get(wish.id)!.expiresAtMs).toBeGreaterThan(stage.nowMs + LIFETIME_MS / 2 - 60_000)
    }
    expect(stage.calls.filter((call) => call === 'create')).toHaveLength(1)
    expect(stage.calls.filter((call) => call === 'patch expiresAt')).toHaveLength(10)
    expect([stage.recovered, stage.missedFirst]).toEqual([0, 1])
  })

  it('makes it anew when the broker has forgotten it, and says that something was missed', async () => {
    const stage = createStage()
    stage.owner.start()
    await stage.pass(20_000)
    stage.held.clear()
    await stage.pass(20_000)
    expect(stage.held.has(wish.id)).toBe(true)
    expect(stage.recovered).toBe(1)
  })

  it('revives it when it was paused, without touching what is read-only', async () => {
    const stage = createStage()
    stage.owner.start()
    await stage.pass(0)
    stage.held.set(wish.id, { ...wish, isActive: false, state: { status: 'paused' } })
    await stage.pass(20_000)
    expect(stage.calls).toContain('patch expiresAt,isActive')
    expect(stage.recovered).toBe(1)
  })

  it('tries a dead broker less and less often, says when, and recovers', async () => {
    const stage = createStage()
    stage.fail({ kind: 'unreachable', detail: 'connection refused' })
    stage.owner.start()
    await stage.pass(10 * 60_000)
    expect(stage.states.at(-1)).toMatchObject({ state: 'down', detail: 'unreachable: connection refused', sinceMs: 0 })
    expect(stage.states.at(-1)!.retryAtMs).toBeGreaterThan(stage.nowMs - 1)
    const tries = stage.calls.length
    expect(tries).toBeGreaterThan(10)
    expect(tries).toBeLessThan(35)
    stage.fail(undefined)
    await stage.pass(60_000)
    expect(stage.states.at(-1)!.state).toBe('live')
    // Nothing was live before, so nothing was missed.
    expect(stage.recovered).toBe(0)
  })

  it('asks once more for the least when the broker refuses a member, says so, and does not forget it', async () => {
    const stage = createStage()
    stage.want(ok({ ...wish, triggers: ['entityDeleted'] }))
    stage.refusals.push({ kind: 'problem', status: 501, title: 'Not Implemented', detail: 'notificationTrigger' })
    stage.owner.start()
    await stage.pass(20_000)
    const words = 'it refused notificationTrigger (problem 501: Not Implemented: notificationTrigger): subscribed without'
    expect(stage.learned).toEqual([words])
    expect(stage.states.at(-1)).toMatchObject({ state: 'live', detail: words })
    expect(stage.held.get(wish.id)).not.toHaveProperty('triggers')
    stage.held.clear()
    await stage.pass(20_000)
    expect(stage.calls.filter((call) => call === 'refused')).toHaveLength(1)
    expect(stage.held.has(wish.id)).toBe(true)
    expect(stage.learned).toHaveLength(1)
  })

  it('gives the refusal of the whole when the least is refused as well, and has learned nothing', async () => {
    const stage = createStage()
    stage.want(ok({ ...wish, triggers: ['entityDeleted'] }))
    stage.refusals.push({ kind: 'problem', status: 400, title: 'bad member' })
    stage.owner.start()
    await stage.pass(0)
    stage.fail({ kind: 'problem', status: 400, title: 'bad endpoint' })
    stage.held.clear()
    await stage.pass(20_000)
    expect(stage.states.at(-1)).toMatchObject({ state: 'down' })
    stage.fail(undefined)
    await stage.pass(120_000)
    // It was away, so it is asked for everything again.
    expect(stage.calls.filter((call) => call === 'refused')).toHaveLength(2)
    expect(stage.states.at(-1)).toMatchObject({ state: 'live' })
  })

  it('makes none where there are none, and still knows whether the broker is there', async () => {
    const stage = createStage()
    stage.want(err('diwise has no subscriptions'))
    stage.owner.start()
    await stage.pass(40_000)
    expect(stage.states.at(-1)).toMatchObject({ state: 'live', detail: 'diwise has no subscriptions' })
    expect(stage.calls.filter((call) => call === 'create')).toEqual([])
    stage.fail({ kind: 'unreachable', detail: 'connection refused' })
    await stage.pass(20_000)
    expect(stage.states.at(-1)!.state).toBe('down')
    stage.fail(undefined)
    await stage.pass(60_000)
    expect(stage.states.at(-1)!.state).toBe('live')
    expect(stage.recovered).toBe(1)
  })

  it.each([
    ['made', ['create']],
    ['looked for', ['list']],
  ])('that may not be %s is done without: the broker is there, is said to refuse, and is asked again seldom', async (_, names) => {
    const stage = createStage()
    stage.forbid({ kind: 'problem', status: 403, title: 'read only' }, ...names)
    stage.owner.start()
    await stage.pass(REFUSED_AGAIN_MS - 60_000)
    const words = 'it refuses our subscription (problem 403: read only), and is asked again every 10 min'
    expect(stage.states.at(-1)).toMatchObject({ state: 'live', detail: words, cannot: { relay: words } })
    expect(stage.states.some(({ state }) => state === 'down')).toBe(false)
    expect(stage.owner.lastFailure?.words).toBe('problem 403: read only')
    expect(stage.owner.subscriptions).toEqual({ wanted: 0, held: 0 })
    expect(stage.calls.filter((call) => call === names[0])).toHaveLength(1)
    expect(stage.calls.filter((call) => call === 'ping').length).toBeGreaterThan(20)
    await stage.pass(3 * REFUSED_AGAIN_MS)
    expect(stage.calls.filter((call) => call === names[0])).toHaveLength(4)
    stage.forbid({ kind: 'problem', status: 403, title: 'of nothing' })
    await stage.pass(REFUSED_AGAIN_MS)
    expect(stage.states.at(-1)).toMatchObject({ state: 'live' })
    expect(stage.states.at(-1)).not.toHaveProperty('cannot')
    expect(stage.owner.subscriptions).toEqual({ wanted: 1, held: 1 })
    // Who read it meanwhile has gaps between its readings, who reads the stream now has more.
    expect(stage.recovered).toBe(1)
  })

  it('that is refused after it was held is done without as well', async () => {
    const stage = createStage()
    stage.owner.start()
    await stage.pass(20_000)
    stage.forbid({ kind: 'problem', status: 405, title: 'no more' }, 'list')
    await stage.pass(20_000)
    expect(stage.states.at(-1)).toMatchObject({ state: 'live', cannot: { relay: expect.stringContaining('405: no more') as string } })
  })

  it.each([404, 408, 429, 500, 503])('that fails with %i is no refusal: the broker is down', async (status) => {
    const stage = createStage()
    stage.forbid({ kind: 'problem', status, title: 'no' }, 'create')
    stage.owner.start()
    await stage.pass(0)
    expect(stage.states.at(-1)).toMatchObject({ state: 'down' })
  })

  it('takes an answer of 404 for life, and one of 401 for none', async () => {
    const stage = createStage()
    stage.want(err('none'))
    stage.owner.start()
    await stage.pass(0)
    stage.fail({ kind: 'problem', status: 404, title: 'no such entity' })
    await stage.pass(20_000)
    expect(stage.states.at(-1)!.state).toBe('live')
    stage.fail({ kind: 'problem', status: 401, title: 'who are you' })
    await stage.pass(20_000)
    expect(stage.states.at(-1)).toMatchObject({ state: 'down', detail: 'problem 401: who are you' })
  })

  it('meets the broker once a connection, before it subscribes', async () => {
    const stage = createStage()
    stage.owner.start()
    await stage.pass(60_000)
    expect(stage.calls.filter((call) => call === 'meet')).toHaveLength(1)
    expect(stage.calls.indexOf('meet')).toBeLessThan(stage.calls.indexOf('create'))
    stage.fail({ kind: 'unreachable', detail: 'gone' })
    await stage.pass(20_000)
    stage.fail(undefined)
    await stage.pass(60_000)
    expect(stage.calls.filter((call) => call === 'meet')).toHaveLength(2)
  })

  it('deletes it in the end, and only then', async () => {
    const stage = createStage()
    stage.owner.start()
    await stage.pass(20_000)
    await stage.owner.close()
    expect(stage.held.size).toBe(0)
    expect(stage.calls.at(-1)).toBe('delete')
  })
})
