/** What is sent to each broker, checked against what is known of what it refuses; written apart from the profiles. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { NOTIFICATION_TRIGGERS, subscriptionBody, type Subscription } from '../subscription.ts'
import { conformSubscription, conservative } from './conform.ts'
import { PROFILES, profileOf } from './profiles.ts'

const few = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 2 })
const text = fc.constantFrom('a', 'urn:a:1', '.*')
const optional = { requiredKeys: ['notification'] as ['notification'] }

/** Anything that our own types can say. */
const subscriptions: fc.Arbitrary<Subscription> = fc.record(
  {
    id: fc.constant('urn:s:1'),
    entities: few(fc.record({ type: text, id: text, idPattern: text }, { requiredKeys: ['type'] })),
    watchedAttributes: few(text),
    q: text,
    geo: fc.constant({ georel: { kind: 'within' as const }, geometry: 'Polygon', coordinates: [] }),
    triggers: few(fc.constantFrom(...NOTIFICATION_TRIGGERS)),
    timeIntervalS: fc.nat(9),
    throttlingS: fc.nat(9),
    scopeQ: text,
    localOnly: fc.boolean(),
    notification: fc.record(
      {
        format: fc.constantFrom('normalized' as const, 'concise' as const, 'simplified' as const),
        attributes: few(text),
        sysAttrs: fc.boolean(),
        endpoint: fc.record(
          { uri: fc.constant('http://relay/x'), accept: fc.constantFrom('application/json' as const, 'application/ld+json' as const, 'application/geo+json' as const), cooldownMs: fc.nat(9), timeoutMs: fc.nat(9) },
          { requiredKeys: ['uri'] },
        ),
      },
      { requiredKeys: ['endpoint'] },
    ),
  },
  optional,
)

/** NGSI-LD section 4, as a broker would say it. Empty when it takes the body. */
const REFUSALS: Readonly<Record<string, (body: Body) => readonly (string | false)[]>> = {
  'orion-ld': (body) => [
    'notificationTrigger' in body && '501 notificationTrigger',
    'scopeQ' in body && '501 scopeQ',
    'cooldown' in body.notification.endpoint && '400 cooldown',
    'timeout' in body.notification.endpoint && '400 timeout',
    JSON.stringify(body).replaceAll('"coordinates":[]', '').includes('[]') && '400 empty list',
    body.notification.sysAttrs === true && body.notification.format === 'simplified' && '400 sysAttrs with keyValues',
    'timeInterval' in body && 'needs -pernot',
    'throttling' in body && 'loses data',
  ],
  scorpio: (body) => [
    (body.entities ?? []).some((one) => 'id' in one) && 'an id that never matches',
    body.notification.format === 'simplified' && 'normalized all the same',
    body.notification.endpoint.accept === undefined && 'ld+json',
    'throttling' in body && 'milliseconds',
    body.notificationTrigger?.includes('entityDeleted') !== true && 'tells of no deleted entity',
  ],
  stellio: (body) => [
    'cooldown' in body.notification.endpoint && 'never fires',
    body.notification.endpoint.accept === 'application/geo+json' && 'throws',
    'timeInterval' in body && 'one post an entity',
    body.notificationTrigger?.includes('entityDeleted') !== true && 'tells of no deleted entity',
  ],
  generic: (body) => ['notificationTrigger', 'timeInterval', 'throttling', 'scopeQ', 'geoQ', 'localOnly'].map((name) => name in body && name).concat([body.notification.format !== 'normalized' && 'format', body.notification.endpoint.accept !== 'application/json' && body.notification.endpoint.accept !== 'application/ld+json' && 'accept']),
}

interface Body {
  readonly entities?: readonly { readonly id?: string; readonly idPattern?: string }[]
  readonly notificationTrigger?: readonly string[]
  readonly notification: { readonly format?: string; readonly sysAttrs?: boolean; readonly endpoint: { readonly accept?: string } }
}

describe('a subscription', () => {
  for (const [id, refusals] of Object.entries(REFUSALS)) {
    test.prop([subscriptions])(`whatever is wanted, is one that ${id} takes`, (wanted) => {
      const conformed = conformSubscription(wanted, profileOf(id))
      // The wire is plain JSON: what the types say of it is what this test looks at.
      const body = subscriptionBody(conformed.ok ? conformed.value : wanted) as unknown as Body
      expect(refusals(body).filter((refusal) => refusal !== false)).toEqual([])
    })
  }

  test.prop([subscriptions])('keeps its id, its types and its endpoint with every broker that has any', (wanted) => {
    for (const profile of PROFILES.filter(({ subscription }) => subscription.kind === 'owned')) {
      const conformed = conformSubscription(wanted, profile)
      expect(conformed).toMatchObject({ ok: true, value: { ...(wanted.id !== undefined && { id: wanted.id }), notification: { endpoint: { uri: 'http://relay/x' } } } })
      const typesOf = (one: Subscription) => one.entities?.map(({ type }) => type) ?? []
      if (conformed.ok) expect(typesOf(conformed.value)).toEqual(typesOf(wanted))
    }
  })

  test.prop([text, text, text])('selects on Scorpio, which compares the whole of an id, what was asked for', (id, idPattern, candidate) => {
    const selects = (one: { readonly id?: string; readonly idPattern?: string }): boolean => {
      const conformed = conformSubscription({ entities: [{ type: 'A', ...one }], notification: { endpoint: { uri: 'http://relay/x' } } }, profileOf('scorpio'))
      return conformed.ok && new RegExp(`^(?:${conformed.value.entities?.[0]?.idPattern})$`).test(candidate)
    }
    expect(selects({ id })).toBe(candidate === id)
    expect(selects({ idPattern })).toBe(new RegExp(idPattern).test(candidate))
  })

  test.prop([subscriptions])('that conforms once conforms for good', (wanted) => {
    for (const profile of PROFILES.filter(({ subscription }) => subscription.kind === 'owned' && subscription.selectsIdBy === 'id')) {
      const once = conformSubscription(wanted, profile)
      expect(once.ok && conformSubscription(once.value, profile)).toEqual(once)
    }
  })

  it('is not made where there are none, and says why', () => {
    const wanted = { notification: { endpoint: { uri: 'http://relay/x' } } }
    expect(conformSubscription(wanted, profileOf('diwise'))).toEqual({ ok: false, error: expect.stringContaining('no subscriptions') })
    expect(conformSubscription(wanted, profileOf('djane'))).toEqual({ ok: false, error: expect.stringContaining('new entities only') })
  })

  it('reduced to the least names what it left, as the broker knows it', () => {
    const { subscription, left } = conservative({ id: 'urn:s:1', entities: [{ type: 'A' }], triggers: ['entityDeleted'], throttlingS: 5, notification: { format: 'concise', sysAttrs: true, endpoint: { uri: 'http://relay/x', cooldownMs: 5 } } })
    expect(subscription).toEqual({ id: 'urn:s:1', entities: [{ type: 'A' }], notification: { format: 'normalized', endpoint: { uri: 'http://relay/x', accept: 'application/json' } } })
    expect(left).toEqual(['notificationTrigger', 'throttling', 'format', 'sysAttrs', 'cooldown'])
    expect(conservative(subscription)).toEqual({ subscription, left: [] })
  })
})
