/** The law of the byte path: whatever comes, the state is the one the total decoder would have made. */
import { readdirSync, readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { MODELS } from '../../../domains/models.ts'
import { MINUTE_MS } from '../../../core/time/instant.ts'
import type { Json, JsonObject } from '../../../ngsi-ld/entity.ts'
import { loadSampleCity } from '../../../server/simulation/load-city.ts'
import { createSimulation } from '../../../server/simulation/simulation.ts'
import { applyEntities, CITY, createPair, pictureOf } from '../../../../test/byte-path.ts'
import { SAMPLE_CITIES } from '../../../../test/sample-cities.ts'
import { hasShared, sharedPath } from '../../../../test/shared.ts'

const START = Date.UTC(2026, 10, 20, 12)
const encoder = new TextEncoder()

let seq = 0
function eventOf(list: string, envelope = ''): Uint8Array {
  return encoder.encode(`{"seq":${++seq},"broker":"a","receivedAtMs":${START},"notification":{"id":"urn:n:1","type":"Notification","subscriptionId":"urn:s:1","notifiedAt":"2026-11-20T12:00:00Z"${envelope},"data":${list}}}`)
}

function simulated(atMs: number, index = 0, sensors = 60): readonly JsonObject[] {
  const meta = SAMPLE_CITIES[index]!
  const city = loadSampleCity(JSON.parse(readFileSync(`public/basemap/${meta.id}.json`, 'utf8')), meta)
  return createSimulation({ models: MODELS, city, seed: 3, sensors, now: () => atMs }).current(atMs) as readonly JsonObject[]
}

describe('the byte path', () => {
  it.each(SAMPLE_CITIES.map(({ id }, index) => [id, index] as const))('makes of %s what the total decoder makes, minute after minute', async (_, index) => {
    const clock = { ms: START }
    const pair = createPair(clock, { ...CITY, timeZone: SAMPLE_CITIES[index]!.timeZone, anchor: SAMPLE_CITIES[index]!.anchor, bounds: [-180, -85, 180, 85] })
    seq = 0
    for (let minute = 0; minute < 12; minute++) {
      clock.ms = START + minute * 5 * MINUTE_MS
      const entities = simulated(clock.ms, index)
      await pair.hear(eventOf(JSON.stringify(entities)))
      expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
    }
    for (const aggregator of [pair.fast, pair.total]) applyEntities(aggregator, simulated(clock.ms, index))
    expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
    expect(pair.fast.counters().readings).toBeGreaterThan(100)
    // Otherwise this compares the total decoder with itself.
    expect(pair.fast.plainEntities()).toBeGreaterThan(pair.fast.counters().entities / 2)
  })
})

const SAMPLES: readonly JsonObject[] = simulated(START, 0, 40)
const OF_EACH = [...new Map(SAMPLES.map((entity) => [String(entity['type']) + JSON.stringify(entity['vehicleType'] ?? ''), entity])).values()]

const NUMBERS = ['0', '-0', '0.0', '-0.0', '1', '-1', '1e2', '1E-2', '1.5e300', '1e999', '-1e999', '5e-324', '0.1', '0.30000000000000004', '123456789012345678', '12345678901234567890123', '61.400000000000006', '100.00000000000001', '1.', '.5', '01', '+1', '-', 'NaN', '1e', 'null', 'true', '"54.3"', '[1]', '{}', '99999', '0.5', '1.0000001', '50']
const TEXTS = ['""', '"urn:ngsi-ld:null"', '"a\\u0062c"', '"\\ud800"', '"é€😀"', '" padded "', '"\\"', '"tab\tinside"', '"2026-11-20T12:00:00Z"', '"2026-11-20T12:00:00.123456789Z"', '"2026-11-20T13:00:00+01:00"', '"2026-11-20T12:00:00"', '"2026-02-30T12:00:00Z"', '"2026-11-20T24:00:00Z"', '"2026-11-20T23:59:60Z"', '"2026-11-20 12:00:00Z"', '"0001-01-01T00:00:00Z"', '"2026-11-20T11:00:00Z/2026-11-20T12:00:00Z"', '"2026-11-20T12:00:00Z/PT1H"', '"yesterday"', '17', 'null']
const INSERTIONS = [' ', '\n', '\t', ',', '"', '\\', '{', '}', '[', ']', ':', '0', 'e', '-', 'é', '\u0000', '\uFEFF', ' ', '"__proto__":1,', '"id":"urn:x:2",', '"LAeq":50,', '"type":"NoiseLevelObserved",', '"deletedAt":"2026-11-20T13:00:00Z",', '"constructor":{"type":"Property","value":1},']

type Change =
  | { readonly kind: 'number' | 'text' | 'insert'; readonly where: number; readonly what: number }
  | { readonly kind: 'delete' | 'byte'; readonly where: number; readonly what: number }
  | { readonly kind: 'shuffle' | 'drop' | 'concise' | 'simplified' | 'pretty' | 'deep' ; readonly where: number; readonly what: number }

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('number', 'number', 'number', 'text', 'text', 'insert', 'delete', 'byte', 'shuffle', 'drop', 'concise', 'simplified', 'pretty', 'deep'),
  where: fc.nat(),
  what: fc.nat(),
}) as fc.Arbitrary<Change>

/** An entity's JSON, changed. What comes out may be anything. */
function changed(entity: JsonObject, { kind, where, what }: Change): Uint8Array {
  const text = JSON.stringify(entity)
  switch (kind) {
    case 'number':
      return encoder.encode(replaceOne(text, /(?<=[:[,])-?\d+(?:\.\d+)?(?=[,}\]])/g, where, NUMBERS[what % NUMBERS.length]!))
    case 'text':
      return encoder.encode(replaceOne(text, /(?<=:)"[^"]*"/g, where, TEXTS[what % TEXTS.length]!))
    case 'insert': {
      const at = what % 3 === 0 ? 1 : where % (text.length + 1)
      return encoder.encode(text.slice(0, at) + INSERTIONS[what % INSERTIONS.length]! + text.slice(at))
    }
    case 'delete':
      return encoder.encode(text.slice(0, where % text.length) + text.slice((where % text.length) + 1 + (what % 3)))
    case 'byte': {
      const bytes = encoder.encode(text)
      bytes[where % bytes.length] = what % 256
      return bytes
    }
    case 'shuffle':
      return encoder.encode(JSON.stringify(Object.fromEntries(Object.entries(entity).map(([name, value], index) => [((index + 1) * (where + 7)) % 13, name, value] as const).toSorted((a, b) => a[0] - b[0]).map(([, name, value]) => [name, value]))))
    case 'drop':
      return encoder.encode(JSON.stringify(Object.fromEntries(Object.entries(entity).filter((_, index, all) => index < 2 || index !== 2 + (where % (all.length - 2))))))
    case 'concise':
      return encoder.encode(JSON.stringify(formOf(entity, 'concise')))
    case 'simplified':
      return encoder.encode(JSON.stringify(formOf(entity, 'simplified')))
    case 'pretty':
      return encoder.encode(JSON.stringify(entity, undefined, 1 + (what % 3)))
    case 'deep':
      return encoder.encode(`${text.slice(0, -1)},"deep":${'['.repeat(what % 2_000)}${']'.repeat(what % 2_000)}}`)
  }
}

function formOf(entity: JsonObject, form: 'concise' | 'simplified'): JsonObject {
  return Object.fromEntries(
    Object.entries(entity).map(([name, attribute]) => {
      if (typeof attribute !== 'object' || attribute === null || Array.isArray(attribute)) return [name, attribute]
      const { type: _, ...rest } = attribute as JsonObject
      return [name, form === 'concise' ? rest : (rest['value'] ?? rest['object'] ?? rest)]
    }),
  ) as JsonObject
}

function replaceOne(text: string, pattern: RegExp, where: number, by: string): string {
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return text
  const { index, 0: old } = found[where % found.length]!
  return text.slice(0, index) + by + text.slice(index + old.length)
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

/** The list with one entity given as bytes. */
function eventAround(before: readonly Json[], bytes: Uint8Array, after: readonly Json[]): Uint8Array {
  const [head = '', tail = ''] = new TextDecoder().decode(eventOf(JSON.stringify([...before, '@', ...after]))).split('"@"')
  return joined([encoder.encode(head), bytes, encoder.encode(tail)])
}

/** The entity as it is later: as plain as before. */
function later(entity: JsonObject, minutes: number, value: number): JsonObject {
  const text = JSON.stringify(entity).replaceAll(/2026-11-20T\d\d:(\d\d):\d\d/g, () => `2026-11-20T12:${String(minutes).padStart(2, '0')}:00`)
  return JSON.parse(text.replaceAll(/"value":-?\d+(\.\d+)?/g, (old) => `"value":${Number(old.slice(8)) + value}`)) as JsonObject
}

describe('hostile and odd entities', () => {
  test.prop([fc.array(fc.record({ of: fc.nat(), change: fc.option(change, { nil: undefined, freq: 4 }), minutes: fc.nat(59), value: fc.constantFrom(0, 0, 1, 0.1, -1) }), { minLength: 1, maxLength: 8 })], { numRuns: 100, seed: 1 })(
    'leave the same state as by the total decoder, in any order after learning',
    async (steps) => {
      const clock = { ms: START + 30 * MINUTE_MS }
      const pair = createPair(clock)
      seq = 0
      for (let round = 0; round < 3; round++) await pair.hear(eventOf(JSON.stringify(OF_EACH)))
      for (const { of, change: how, minutes, value } of steps) {
        const entity = later(OF_EACH[of % OF_EACH.length]!, minutes, value)
        const bytes = how === undefined ? encoder.encode(JSON.stringify(entity)) : changed(entity, how)
        // Twice: what was learned from it the first time is used the second time.
        for (let again = 0; again < 2; again++) await pair.hear(eventAround([OF_EACH[0]!], bytes, [OF_EACH[1]!]))
      }
      expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
      expect(pair.fast.plainEntities()).toBeGreaterThan(OF_EACH.length)
      for (const aggregator of [pair.fast, pair.total]) applyEntities(aggregator, OF_EACH)
      expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
    },
  )

  test.prop([fc.uint8Array({ maxLength: 40 }), fc.nat(), fc.boolean()], { numRuns: 100, seed: 2 })('a document broken anywhere is heard wholly or not at all, as ever', async (noise, where, cut) => {
    const clock = { ms: START + 30 * MINUTE_MS }
    const pair = createPair(clock)
    seq = 0
    for (let round = 0; round < 2; round++) await pair.hear(eventOf(JSON.stringify(OF_EACH)))
    const whole = eventOf(JSON.stringify(OF_EACH.map((entity) => later(entity, 7, 1))))
    const at = where % whole.length
    await pair.hear(cut ? joined([whole.slice(0, at), noise]) : joined([whole.slice(0, at), noise, whole.slice(at)]))
    await pair.hear(eventOf(JSON.stringify(OF_EACH.map((entity) => later(entity, 9, 0)))))
    expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
  })

  it.each([
    ['an envelope with another list', ',"data":[{"id":"urn:x:1","type":"NoiseLevelObserved"}]'],
    ['a body', ',"body":{"type":"Notification","data":[]}'],
    ['a bad id', ',"id":5'],
    ['an escaped name', ',"d\\u0061ta":[]'],
    ['a type of its own', ',"type":"Thing"'],
  ])('%s is read as ever', async (_, envelope) => {
    const pair = createPair({ ms: START })
    seq = 0
    for (let round = 0; round < 3; round++) await pair.hear(eventOf(JSON.stringify(OF_EACH), envelope))
    expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
  })
})

describe.skipIf(!hasShared)('recorded payloads (skipped: needs the shared folder, see BELVEDERE_SHARED)', () => {
  const folder = sharedPath('fixtures', 'ngsi-ld')
  const files = hasShared ? readdirSync(folder).filter((file) => file.endsWith('.jsonl')) : []

  it.each(files)('every line of %s, as it is and with other numbers, leaves the same state', async (file) => {
    const clock = { ms: START }
    const pair = createPair(clock)
    seq = 0
    const lines = readFileSync(sharedPath('fixtures', 'ngsi-ld', file), 'utf8').split('\n').filter((line) => line !== '')
    for (const line of lines) {
      const { kind, payload } = JSON.parse(line) as { readonly kind: string; readonly payload: Json }
      const isNotification = kind === 'notification' || kind === 'mqtt-notification'
      const texts = [payload, later(payload as JsonObject, 3, 1), later(payload as JsonObject, 4, 0.5)].map((one) => JSON.stringify(one))
      for (const text of [texts[0]!, ...texts]) {
        const list = text.startsWith('[') ? text : `[${text}]`
        const data = isNotification ? encoder.encode(`{"seq":${++seq},"broker":"a","receivedAtMs":${START},"notification":${text}}`) : eventOf(list)
        await pair.hear(data)
      }
    }
    expect(pictureOf(pair.fast)).toEqual(pictureOf(pair.total))
  })
})
