/**
 * Keeps one subscription alive on one broker, as long as it is wanted.
 *
 * Created under an id of ours, so that it is found again after a crash; an hour of life, renewed at half;
 * looked at a few times a minute, because brokers pause what failed three times (Orion-LD), forget
 * what they held in memory, and die. The look is also the probe: it tells whether the broker is there
 * and, by its `Date`, what its clock says.
 *
 * A broker that refuses a member despite its profile is asked once more with the least that all brokers take. One that
 * has no subscriptions is looked at all the same: who reads it otherwise wants to know that it is there. So is one that
 * refuses ours although its profile has them, such as behind a gateway that lets us read and nothing more; it is asked again
 * seldom.
 */
import { err, ok, type Result } from '../../core/result.ts'
import { backoffMs } from '../../core/time/backoff.ts'
import { formatInstant, HOUR_MS, MINUTE_MS, type EpochMs } from '../../core/time/instant.ts'
import type { RelayBrokerState } from '../../feed/relay-events.ts'
import type { NgsiLdClient, NgsiLdError } from '../../ngsi-ld/client.ts'
import { conservative } from '../../ngsi-ld/profile/conform.ts'
import type { Subscription } from '../../ngsi-ld/subscription.ts'

/** What the owner asks of a broker. */
export type SubscriptionApi = Pick<NgsiLdClient, 'listSubscriptions' | 'createSubscription' | 'patchSubscription' | 'deleteSubscription' | 'retrieveEntity'>

/** A subscription with an id of ours; when it expires is the owner's matter. */
export type Wish = Subscription & { readonly id: string }

export interface OwnerEffects {
  now(): number
  random(): number
  /** Settles after the time or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export interface SubscriptionOwner {
  start(): void
  /** Looks at once instead of at the next turn. */
  hurry(): void
  /** Deletes the subscription, as far as the broker lets us. */
  close(): Promise<void>
  /** How many it should have, and how many it has as far as the last look told. */
  readonly subscriptions: { readonly wanted: number; readonly held: number }
  /** The last time that it was down or refused, also when that is over. */
  readonly lastFailure: { readonly atMs: number; readonly words: string } | undefined
}

export const LIFETIME_MS = HOUR_MS
const LOOK_MS = 15_000
const RETRY = { baseMs: 1_000, capMs: 60_000 }
/** A broker that refused a subscription is asked for it again so long after. */
export const REFUSED_AGAIN_MS = 10 * MINUTE_MS
/** Leaving is quick: a subscription that could not be deleted dies of itself. */
const FAREWELL_MS = 2_000
/** Nobody has it: whatever the answer, there is one. */
const NOBODY = 'urn:ngsi-ld:Device:asked-by-belvedere'

export function createSubscriptionOwner(given: {
  readonly broker: string
  readonly id: string
  /** Asked for when it is made: what the broker takes may be known only then. The error says why it can have none; empty when none is wanted. */
  readonly wish: () => Result<Wish, string>
  /** Finds out which broker it is, before the first subscription and after it was away. Never fails. */
  readonly meet: (signal: AbortSignal) => Promise<void>
  /** What to do about a refusal, where the broker says too little. */
  readonly advice?: (error: NgsiLdError) => string | undefined
  readonly api: SubscriptionApi
  /** Broker clock minus ours, by its last answer. */
  readonly clockOffsetMs: () => number
  readonly effects: OwnerEffects
  /** Ids on this broker that are ours but wanted by nobody: left by a life that ended badly. */
  readonly isOrphan: (id: string) => boolean
  readonly onState: (state: RelayBrokerState) => void
  /**
   * Notifications may have been missed: whoever has read must take a new snapshot. `isFirst`: by those who read this broker
   * before its first subscription was there.
   */
  readonly onMissed: (given: { readonly isFirst: boolean }) => void
  /** It refused members that its profile has. */
  readonly onLearned?: (words: string) => void
}): SubscriptionOwner {
  const { broker, id: ownId, api, effects } = given
  const end = new AbortController()
  let nap = new AbortController()
  let running: Promise<void> | undefined
  let wasLive = false
  let exists = false
  let renewAtMs = 0
  let swept = false
  let isMet = false
  /** Why there is no subscription, when there can be none. */
  let without: string | undefined
  /** Then it is asked all the same. */
  let againAtMs = Infinity
  /** What it refused despite its profile, until it was away: then it may be another. */
  let learned: string | undefined
  let lastFailure: SubscriptionOwner['lastFailure']
  let state: RelayBrokerState = { broker, state: 'connecting', sinceMs: effects.now(), clockOffsetMs: 0 }

  async function run(): Promise<void> {
    let failures = 0
    tell('connecting')
    while (!end.signal.aborted) {
      const looked = await look()
      if (end.signal.aborted) return
      if (looked.ok) {
        await meet()
        if (looked.value.missed || state.state === 'down') given.onMissed({ isFirst: !wasLive })
        failures = 0
        wasLive = true
        tell('live', without === undefined || without === '' ? learned : without)
        await sleep(LOOK_MS * (0.9 + 0.2 * effects.random()))
      } else {
        const waitMs = backoffMs(failures++, effects.random(), RETRY)
        isMet = false
        learned = undefined
        const words = inWords(looked.error, given.advice?.(looked.error))
        lastFailure = { atMs: effects.now(), words }
        tell('down', words, effects.now() + waitMs)
        await sleep(waitMs)
      }
    }
  }

  async function look(): Promise<Result<{ readonly missed: boolean }, NgsiLdError>> {
    if (without !== undefined && isMet && effects.now() < againAtMs) return ping()
    const tended = await tend()
    return tended.ok || !isRefusal(tended.error) ? tended : doWithout(tended.error)
  }

  /** It can be read, so it is polled: to call it down would take from the screen what it holds. */
  async function doWithout(refusal: NgsiLdError): Promise<Result<{ readonly missed: boolean }, NgsiLdError>> {
    const answer = await api.retrieveEntity(NOBODY)
    // An answer to anybody: a refusal of this as well is one of us, not of the subscription.
    if (!answer.ok && answer.error.status !== 404) return err(refusal)
    await meet()
    const words = inWords(refusal, given.advice?.(refusal))
    without = `it refuses our subscription (${words}), and is asked again every ${REFUSED_AGAIN_MS / MINUTE_MS} min`
    againAtMs = effects.now() + REFUSED_AGAIN_MS
    exists = false
    lastFailure = { atMs: effects.now(), words }
    return ok({ missed: false })
  }

  /** What is missing is made, what is paused is revived, what grows old is renewed. */
  async function tend(): Promise<Result<{ readonly missed: boolean }, NgsiLdError>> {
    if (!exists || !swept) {
      const cleaned = await sweep()
      if (!cleaned.ok) return cleaned
    }
    if (!exists) return create()
    const listed = await api.listSubscriptions()
    if (!listed.ok) return listed
    const own = listed.value.subscriptions.find(({ id }) => id === ownId)
    // One that we cannot read is there all the same; it is renewed and otherwise left alone.
    const isThere = own !== undefined || listed.value.rejected.some(({ id }) => id === ownId)
    if (!isThere) {
      exists = false
      return create()
    }
    const isPaused = own?.isActive === false || own?.state?.status === 'paused' || own?.state?.status === 'expired'
    if (!isPaused && effects.now() < renewAtMs) return ok({ missed: false })
    const patched = await api.patchSubscription(ownId, { ...(isPaused && { isActive: true }), expiresAt: formatInstant(expiryMs()) })
    if (!patched.ok) {
      // Gone between the look and the touch, or of a kind that cannot be changed: made anew at the next turn.
      if (patched.error.status !== undefined && patched.error.status < 500) exists = false
      return patched
    }
    renewAtMs = effects.now() + LIFETIME_MS / 2
    return ok({ missed: isPaused })
  }

  async function create(): Promise<Result<{ readonly missed: boolean }, NgsiLdError>> {
    await meet()
    const wish = given.wish()
    without = wish.ok ? undefined : wish.error
    againAtMs = Infinity
    if (!wish.ok) return ping()
    const whole = { ...wish.value, expiresAtMs: expiryMs() }
    const created = await createSubscription(whole)
    if (!created.ok) {
      if (created.error.status === 409) await api.deleteSubscription(ownId)
      return created
    }
    exists = true
    renewAtMs = effects.now() + LIFETIME_MS / 2
    return ok({ missed: true })
  }

  /** The least that all brokers take, once more when the whole was refused for what it asks. */
  async function createSubscription(whole: Subscription): Promise<Result<string, NgsiLdError>> {
    if (learned !== undefined) return api.createSubscription(conservative(whole).subscription)
    const created = await api.createSubscription(whole)
    if (created.ok || (created.error.status !== 400 && created.error.status !== 501)) return created
    const { subscription, left } = conservative(whole)
    if (left.length === 0) return created
    const again = await api.createSubscription(subscription)
    if (!again.ok) return created
    learned = `it refused ${left.join(', ')} (${inWords(created.error)}): subscribed without`
    given.onLearned?.(learned)
    return again
  }

  /** Once a connection: what came back may be another broker, or another version of it. */
  async function meet(): Promise<void> {
    if (isMet) return
    await given.meet(end.signal)
    isMet = true
  }

  /** Without a subscription: is it there? Any answer but a failure of its own, or of its door, says so. */
  async function ping(): Promise<Result<{ readonly missed: boolean }, NgsiLdError>> {
    const answer = await api.retrieveEntity(NOBODY)
    if (answer.ok || answer.error.status === 404 || answer.error.status === 400) return ok({ missed: false })
    return err(answer.error)
  }

  /** Once on every broker, before the first subscription. One of our own id is from a former life: its key opens nothing now. */
  async function sweep(): Promise<Result<undefined, NgsiLdError>> {
    const listed = await api.listSubscriptions()
    // 404 is a tenant that is not there yet, which the first subscription makes, or a broker without subscriptions.
    if (!listed.ok && listed.error.status !== 404 && listed.error.status !== 405) return listed
    for (const { id } of listed.ok ? listed.value.subscriptions : []) {
      if (id !== undefined && (id === ownId || (!swept && given.isOrphan(id)))) await api.deleteSubscription(id)
    }
    swept = true
    return ok(undefined)
  }

  /** By the broker's clock: one that is hours ahead would call an hour of ours the past, and refuse. */
  function expiryMs(): EpochMs {
    return (effects.now() + given.clockOffsetMs() + LIFETIME_MS) as EpochMs
  }

  function tell(kind: RelayBrokerState['state'], detail?: string, retryAtMs?: number): void {
    const sinceMs = state.state === kind ? state.sinceMs : effects.now()
    state = {
      broker,
      state: kind,
      sinceMs,
      clockOffsetMs: given.clockOffsetMs(),
      ...(detail !== undefined && { detail }),
      ...(retryAtMs !== undefined && { retryAtMs }),
      // It is there, and by a subscription nothing will be heard of it.
      ...(kind === 'live' && without !== undefined && without !== '' && { cannot: { relay: without } }),
    }
    given.onState(state)
  }

  async function sleep(ms: number): Promise<void> {
    nap = new AbortController()
    await effects.wait(ms, AbortSignal.any([end.signal, nap.signal]))
  }

  return {
    start() {
      running ??= run()
    },
    hurry() {
      nap.abort()
    },
    get subscriptions() {
      return { wanted: without === undefined ? 1 : 0, held: exists && state.state === 'live' ? 1 : 0 }
    },
    get lastFailure() {
      return lastFailure
    },
    async close() {
      end.abort()
      if (running === undefined) return
      const quick = new AbortController()
      await Promise.race([running.then(() => (exists ? api.deleteSubscription(ownId) : undefined)), effects.wait(FAREWELL_MS, quick.signal)])
      quick.abort()
    },
  }
}

/** It understood and will not: to ask the same at once is of no use. 404 may be a tenant or an address that is not there. */
function isRefusal({ status = 0 }: NgsiLdError): boolean {
  return status === 501 || (status >= 400 && status < 500 && ![404, 408, 409, 425, 429].includes(status))
}

/** One sentence for the operator. A broker's own words are cut short: they can be pages. */
function inWords(error: NgsiLdError, advice?: string): string {
  const { kind, status, title, detail } = error
  const said = [title, detail].filter((part) => part !== undefined && part !== '').join(': ')
  return `${status === undefined ? kind : `${kind} ${status}`}${said === '' ? '' : `: ${said.slice(0, 200)}`}${advice === undefined ? '' : `. ${advice}`}`
}
