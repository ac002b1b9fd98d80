/**
 * The quick way and the exact way are one: whatever a broker posts, readers and the privacy floor are told the same.
 * And no more goes on than was judged, however the bytes are spelled.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createTestClock } from '../../../test/running-broker.ts'
import { hasShared, sharedPath } from '../../../test/shared.ts'
import { createEventStreamParser } from '../../feed/event-stream.ts'
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { createGuard, siftPayload } from '../privacy/guard.ts'
import { createCityHub } from './city-hub.ts'
import { createIntake } from './intake.ts'
import { JsonBytes } from './json-bytes.ts'

const GUARD = createGuard(['CyclingRideSegment', 'IndoorEnvironmentObserved'], ['NoiseLevelObserved'])

/** A city with one reader, and what it and the floor hear. */
function startCity(quick: boolean) {
  const clock = createTestClock()
  const hub = createCityHub({ epoch: 'e', timers: clock })
  const personal: JsonObject[] = []
  const intake = createIntake({
    broker: 'b',
    hub,
    timers: clock,
    repeats: false,
    sieve: {
      sift(payload) {
        const { personal: people, ...sifted } = siftPayload(GUARD, payload)
        personal.push(...people)
        return sifted
      },
      ...(quick && { passes: (type: string) => !GUARD.isPersonal(type) }),
    },
  })
  const written: Buffer[] = []
  hub.connect({ gzip: false, outlet: { write: (bytes) => written.push(bytes) > 0, writableLength: 0, once: () => undefined, destroy: () => undefined } })
  return {
    intake,
    hear(body: Uint8Array) {
      written.length = 0
      personal.length = 0
      intake.receive(Buffer.from(body), clock.now())
      // Further than readers are told of what was lost: of each body by itself.
      clock.advance(120_000)
      const wire = Buffer.concat(written)
      const events = createEventStreamParser().push(wire).map(({ event, data }) => ({ event, data: JSON.parse(Buffer.from(data).toString()) as JsonObject }))
      // Both have their own numbers only when one of them told something that the other did not.
      const { unparsed, ...counted } = intake.stats
      return { wire, unparsed, told: JSON.stringify({ events, counted, personal: personal.slice() }) }
    },
  }
}

function startBoth() {
  const quick = startCity(true)
  const exact = startCity(false)
  return (body: Uint8Array | string) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    const before = quick.intake.stats.unparsed
    const one = quick.hear(bytes)
    expect(one.told).toBe(exact.hear(bytes).told)
    return { wire: one.wire, isQuick: one.unparsed > before }
  }
}

const ENTITY = { id: 'urn:ngsi-ld:NoiseLevelObserved:1', type: 'NoiseLevelObserved', LAeq: { type: 'Property', value: 61.5, unitCode: '2N', observedAt: '2026-11-20T10:00:00Z' } }
const ENVELOPE = { id: 'urn:ngsi-ld:Notification:1', type: 'Notification', subscriptionId: 'urn:s', notifiedAt: '2026-11-20T10:00:00Z' }
const textOf = (data: unknown): string => JSON.stringify({ ...ENVELOPE, data })

describe.skipIf(!hasShared)('recorded payloads (skipped: needs the shared folder, see BELVEDERE_SHARED)', () => {
  const folder = sharedPath('fixtures', 'ngsi-ld')
  const lines = hasShared
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.jsonl'))
        .flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').split('\n').filter(Boolean))
        .map((line) => JSON.parse(line) as { readonly kind: string; readonly payload: Json })
    : []

  it('are told the same by both ways, as they are and as the data of a notification', () => {
    const both = startBoth()
    let quick = 0
    for (const { kind, payload } of lines) {
      const asItIs = both(JSON.stringify(payload))
      if (kind === 'notification' && asItIs.isQuick) quick += 1
      for (const data of [payload, [payload], [ENTITY, payload], [[payload]]]) both(JSON.stringify({ ...ENVELOPE, data }, null, data === payload ? 2 : 0))
    }
    // The way is taken: most of the recorded notifications are of the plain kind.
    expect(quick).toBeGreaterThan(lines.filter(({ kind }) => kind === 'notification').length / 2)
  })

  it('are told the same when they are cut off anywhere, and when any byte is another', () => {
    const both = startBoth()
    const notifications = lines.filter(({ kind }) => kind === 'notification').slice(0, 40)
    let quick = 0
    for (const [index, { payload }] of notifications.entries()) {
      const whole = Buffer.from(JSON.stringify(payload))
      const step = 1 + Math.floor(whole.length / 60)
      for (let at = index % step; at < whole.length; at += step) {
        both(whole.subarray(0, at))
        const other = Buffer.from(whole)
        other[at] = [0, 0x0a, 0x20, 0x22, 0x2c, 0x5c, 0x5d, 0x7d, 0x80, 0xff][at % 10]!
        if (both(other).isQuick) quick += 1
      }
    }
    // A byte of a value may be another, and the notification still be plain.
    expect(quick).toBeGreaterThan(0)
  })
})

describe('bytes that are spelled another way', () => {
  const plain = JSON.stringify(ENTITY)
  const ride = '{"id":"urn:s3cret","type":"CyclingRideSegment"}'
  it.each<[name: string, body: string | Buffer, isQuick: boolean]>([
    ['the plain kind', textOf([ENTITY, ENTITY]), true],
    ['nothing in the list', textOf([]), true],
    ['lines and tabs', JSON.stringify({ ...ENVELOPE, data: [ENTITY] }, null, '\t').replaceAll('\n', '\r\n'), true],
    ['lone surrogates in a value', textOf([{ ...ENTITY, name: '\ud800' }]), true],
    ['a number that no double holds', `{"data":[{"id":"a","type":"T","x":1e999,"y":-0,"z":12345678901234567890123}]}`, true],
    ['letters beyond ASCII', textOf([{ ...ENTITY, name: 'Praça da Liberdade – 音' }]), true],
    ['no UTF-8', Buffer.concat([Buffer.from('{"data":[{"id":"a","type":"T","x":"'), Buffer.from([0xed, 0xa0, 0x80, 0xff]), Buffer.from('"}]}')]), false],
    ['a byte order mark', `\ufeff${textOf([ENTITY])}`, false],
    ['a name with an escape', `{"d\\u0061ta":[${plain}]}`, false],
    ['a type with an escape', `{"data":[{"id":"a","type":"Cycling\\u0052ideSegment","s":"s3cret"}]}`, false],
    ['a type whose name has an escape', `{"data":[{"id":"s3cret","t\\u0079pe":"CyclingRideSegment"}]}`, false],
    ['a second list that hides the first', `{"data":[${ride}],"data":[${plain}]}`, false],
    ['a second type that hides the first', `{"data":[{"id":"a","type":"CyclingRideSegment","type":"NoiseLevelObserved"}]}`, false],
    ['a second type that hides the first, the other way', `{"data":[{"id":"s3cret","type":"NoiseLevelObserved","type":"CyclingRideSegment"}]}`, false],
    ['a type by its JSON-LD name', `{"data":[{"@id":"a","@type":"NoiseLevelObserved"}]}`, true],
    ['both names of a type', `{"data":[{"id":"s3cret","@type":"CyclingRideSegment","type":"NoiseLevelObserved"}]}`, false],
    ['several types', `{"data":[{"id":"s3cret","type":["NoiseLevelObserved","CyclingRideSegment"]}]}`, false],
    ['a person among others', `{"data":[${plain},${ride}]}`, false],
    ['a person by an expanded name', `{"data":[{"id":"s3cret","type":"https://example.org/cyclingRidesegment"}]}`, false],
    ['a feature', `{"data":[{"id":"s3cret","type":"Feature","properties":{"type":"CyclingRideSegment"}}]}`, false],
    ['a collection of features', `{"data":{"type":"FeatureCollection","features":[{"id":"s3cret","type":"Feature","properties":{"type":"CyclingRideSegment"}}]}}`, false],
    ['one entity for a list', `{"data":${plain}}`, false],
    ['an envelope about an envelope', `{"metadata":{},"body":{"data":[${plain}]}}`, false],
    ['a member that no envelope has', `{"secret":${ride},"data":[${plain}]}`, false],
    ['no type', `{"data":[{"id":"s3cret"}]}`, false],
    ['something that is no entity', `{"data":[${plain},5]}`, false],
    ['a word behind its end', `${textOf([ENTITY])} x`, false],
    ['a comma too many', `{"data":[${plain},]}`, false],
    ['brackets that cross', `{"data":[{"id":"a","type":"T","x":[1}]]}`, false],
    ['no end in depth', `{"data":[{"id":"a","type":"T","x":${'['.repeat(200)}${']'.repeat(200)}}]}`, false],
    ['a control character in a text', '{"data":[{"id":"a","type":"T","x":"\u0001"}]}', false],
    ['nothing', '', false],
    ['space', ' \n ', false],
  ])('%s: both ways tell the same, and nobody', (_, body, isQuick) => {
    const heard = startBoth()(body)
    expect(heard.isQuick).toBe(isQuick)
    expect(heard.wire.toString()).not.toMatch(/s3cret/)
  })

  it('what a second list hides does not go on beside it', () => {
    const { wire } = startBoth()(`{"data":[${ride}],"data":[${plain}]}`)
    expect(wire.toString()).toContain('NoiseLevelObserved:1')
    expect(wire.toString()).not.toMatch(/s3cret|Cycling/)
  })
})

/** JSON as text, in spellings that a serializer would not choose: names twice, escapes, spaces, one byte gone or doubled. */
const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r')
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('id', 'type', '@type', 'data', 'body', 'subscriptionId', 'notifiedAt', 'features', 'properties', 'LAeq', '__proto__', 'Ð') },
  fc.string({ maxLength: 4 }),
)
const quoted = fc.tuple(fc.oneof(name, fc.constantFrom('NoiseLevelObserved', 'CyclingRideSegment', 'Feature', 'FeatureCollection', 'https://example.org/CyclingRideSegment')), fc.nat(9)).map(([text, how]) => {
  const json = JSON.stringify(text)
  return how === 0 && text !== '' ? `"\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${json.slice(2)}` : json
})
const scalar = fc.oneof(quoted, fc.constantFrom('null', 'true', 'false', '0', '-0', '1e400', '-12.50E+3', '01', '1.', '.5', '+1', 'nul', 'NaN', '"\\x"', '"\\ud800"', '"a'), fc.double().map((number) => JSON.stringify(number)))
const { document } = fc.letrec<{ value: string; document: string }>((tie) => {
  const list = fc.tuple(space, fc.array(tie('value'), { maxLength: 3 })).map(([gap, all]) => `[${gap}${all.join(`,${gap}`)}]`)
  const object = fc.tuple(space, fc.array(fc.tuple(quoted, tie('value')), { maxLength: 4 })).map(([gap, all]) => `{${all.map(([key, value]) => `${gap}${key}:${gap}${value}`).join(`${gap},`)}}`)
  const entity = fc.tuple(quoted, fc.array(fc.tuple(quoted, tie('value')), { maxLength: 3 }), space).map(([type, more, gap]) => `{"id":"a",${gap}"type":${type}${more.map(([key, value]) => `,${key}${gap}:${value}`).join('')}}`)
  return {
    value: fc.oneof({ maxDepth: 4 }, scalar, list, object, entity),
    document: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(space, fc.array(entity, { maxLength: 4 })).map(([gap, all]) => `{${gap}"subscriptionId":"urn:s","data"${gap}:[${all.join(`,${gap}`)}]}${gap}`) },
      tie('value'),
    ),
  }
})
const damaged = fc.tuple(document, fc.nat(), fc.constantFrom('none', 'none', 'cut', 'gone', 'twice')).map(([text, place, how]) => {
  const bytes = Buffer.from(text)
  const at = bytes.length === 0 ? 0 : place % bytes.length
  if (how === 'cut') return bytes.subarray(0, at)
  if (how === 'gone') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
  if (how === 'twice') return Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)])
  return bytes
})

test.prop([fc.array(damaged, { minLength: 1, maxLength: 8 })], { numRuns: 2_000 })('whatever is posted is told the same by both ways', (bodies) => {
  const both = startBoth()
  for (const body of bodies) both(body)
})

test.prop([damaged], { numRuns: 5_000 })('bytes are JSON exactly when they can be parsed', (bytes) => {
  const json = new JsonBytes()
  json.open(bytes)
  const isJson = json.value() && Number.isNaN(json.next()) && json.at === bytes.length
  expect(isJson).toBe(canBeParsed(bytes.toString()))
})

function canBeParsed(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // asked for nothing else
  }
}
