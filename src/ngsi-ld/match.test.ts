import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { EpochMs } from '../core/time/instant.ts'
import type { Attribute, Entity, Json } from './entity.ts'
import { parseGeoFilter } from './geo-relation.ts'
import { matchesGeo, matchesQ, matchesSelector, parseQ } from './match.ts'
import { describeQError } from './q-expression.ts'
import { parseTypeSelection, isOfSelection, readSelector } from './type-selection.ts'

const none: ReadonlyMap<string, readonly Attribute[]> = new Map()
const at = (iso: string) => Date.parse(iso) as EpochMs
const entity: Entity = {
  id: 'urn:ngsi-ld:NoiseLevelObserved:17',
  types: ['NoiseLevelObserved', 'https://example.org/Sensor'],
  scopes: [],
  modifiedAt: at('2024-05-14T08:00:00Z'),
  attributes: new Map<string, readonly Attribute[]>([
    [
      'LAeq',
      [
        {
          kind: 'Property',
          value: 61.5,
          unitCode: '2N',
          observedAt: at('2024-05-14T08:21:00Z'),
          sub: new Map([['accuracy', [{ kind: 'Property', value: 0.5, sub: none }]]]),
        },
        { kind: 'Property', value: 40, datasetId: 'urn:ngsi-ld:Dataset:night', sub: none },
      ],
    ],
    ['name', [{ kind: 'Property', value: 'Praça (norte); A|B', sub: none }]],
    ['ok', [{ kind: 'Property', value: true, sub: none }]],
    ['since', [{ kind: 'Property', value: '2024-05-01T02:00:00+02:00', valueType: 'DateTime', sub: none }]],
    ['opens', [{ kind: 'Property', value: '07:30:00Z', sub: none }]],
    ['tags', [{ kind: 'Property', value: ['street', 'school'], sub: none }]],
    ['address', [{ kind: 'Property', value: { city: 'Porto', lines: ['Rua 1', { floor: 2 }] }, sub: none }]],
    ['refDevice', [{ kind: 'Relationship', objects: ['urn:ngsi-ld:Device:9'], sub: none }]],
    ['title', [{ kind: 'LanguageProperty', languages: new Map([['pt', ['Ruído']], ['en', ['Noise']]]), sub: none }]],
    ['level', [{ kind: 'VocabProperty', vocab: ['high'], sub: none }]],
    ['https://example.org/wind', [{ kind: 'Property', value: 3, sub: none }]],
    ['location', [{ kind: 'GeoProperty', geometry: { type: 'Point', coordinates: [-8.61, 41.15] }, sub: none }]],
  ]),
}

function holds(q: string): boolean {
  const parsed = parseQ(q)
  if (!parsed.ok) throw new Error(describeQError(parsed.error, q))
  return matchesQ(entity, parsed.value)
}

describe('q', () => {
  it.each([
    'LAeq==61.5', 'LAeq>61', 'LAeq>=61.5', 'LAeq<50', 'LAeq<=40', 'LAeq!=61.5', 'LAeq==60..70', 'LAeq==1,2,40', 'LAeq!=1,2',
    'LAeq', 'LAeq.accuracy', 'LAeq.accuracy<=0.5', 'LAeq.unitCode=="2N"', 'LAeq.observedAt>2024-05-14T08:20:00Z',
    'LAeq.datasetId=="urn:ngsi-ld:Dataset:night"',
    'name=="Praça (norte); A|B"', 'name~="^Praça"', 'name~=norte', 'name!~="sul$"', 'name~=(norte|sul)',
    'ok==true', 'ok!=false', 'since==2024-05-01T00:00:00Z', 'since<2024-05-02', 'since==2024-04-30..2024-05-02', 'opens>=07:00:00Z',
    'tags=="school"', 'tags!="park"', 'address[city]=="Porto"', 'address[lines.1.floor]==2', 'address[city]~=^Po',
    'refDevice==urn:ngsi-ld:Device:9', 'refDevice=="urn:ngsi-ld:Device:9"', 'title[pt]=="Ruído"', 'title=="Noise"', 'title[*]=="Noise"', 'level=="high"',
    'wind==3', 'https://example.org/wind==3', 'modifiedAt>2024-05-14T07:00:00Z',
    'missing|LAeq>61;ok==true', '(missing|LAeq>61);ok==true', '((ok))',
  ])('%s holds', (q) => expect(holds(q)).toBe(true))

  it.each([
    'LAeq=="61.5"', 'LAeq==61..61.4', 'LAeq>61.5', 'missing', 'missing!=5', 'missing!~=x', 'LAeq.missing', 'ok=="true"', 'ok==false', 'tags!="school"',
    'address[city]=="Lisboa"', 'address[missing]', 'address[__proto__]', 'title[de]', 'name~="^praça"', 'refDevice==urn:ngsi-ld:Device:10', 'LAeq>"61"',
    'missing;LAeq|missing', 'wind.observedAt', 'createdAt>2000-01-01', 'tags[5]=="x"',
  ])('%s does not hold', (q) => expect(holds(q)).toBe(false))

  it('binds ; tighter than |', () => {
    expect(holds('LAeq|missing;missing')).toBe(true)
    expect(holds('(LAeq|missing);missing')).toBe(false)
  })

  it.each([
    '', ';', 'a==', 'a==b', 'a=5', 'a>>5', 'a==1..', 'a==1.."2"', 'a>true', '(a', 'a)', 'a;', 'a||b', 'a[', 'a[]', 'a[b', 'a..b', 'a~=', 'a~="("', 'a=="x', 'a=="\\q"',
    'a{Person}.name=="x"', '"a"==1', `${'('.repeat(40)}a${')'.repeat(40)}`, Array.from({ length: 300 }, () => 'a').join(';'), 'a'.repeat(9_000),
  ])('refuses %j and says where', (q) => {
    const parsed = parseQ(q)
    expect(parsed.ok ? '' : describeQError(parsed.error, q)).toMatch(/^q at character \d+: expected ./)
  })

  test.prop([fc.string({ unit: fc.constantFrom(...'a1."=!<>~;|()[],{}\\ :-TZ') })], { seed: 7, numRuns: 3_000 })('never throws, whatever the text', (text) => {
    const parsed = parseQ(text)
    if (parsed.ok) expect(typeof matchesQ(entity, parsed.value)).toBe('boolean')
  })

  test.prop([fc.string()], { seed: 8 })('a quoted string meets exactly its text', (text) => {
    const parsed = parseQ(`name==${JSON.stringify(text)}`)
    const named: Entity = { ...entity, attributes: new Map([['name', [{ kind: 'Property', value: text, sub: none }]]]) }
    expect(parsed.ok && matchesQ(named, parsed.value)).toBe(true)
  })
})

function meets(types: readonly string[], text: string): boolean {
  const parsed = parseTypeSelection(text)
  return parsed.ok && isOfSelection(types, parsed.value)
}

describe('a type selection', () => {
  it('joins with comma, bar, semicolon and parentheses', () => {
    expect(meets(['A'], 'A,B')).toBe(true)
    expect(meets(['B', 'C'], '(A|B);C')).toBe(true)
    expect(meets(['B'], '(A|B);C')).toBe(false)
    expect(meets(['C'], 'A;B,C')).toBe(true)
    expect(meets(['https://example.org/A'], 'A')).toBe(true)
    expect(meets(['A'], 'https://example.org/A')).toBe(false)
  })
  it.each(['', ',', 'A,', '(A', 'A)', 'A;;B', '()', '('.repeat(100)])('refuses %j', (text) => expect(parseTypeSelection(text).ok).toBe(false))
})

function selects(json: Json): boolean {
  const selector = readSelector(json)
  if (!selector.ok) throw new Error(selector.error)
  return matchesSelector(entity, [selector.value])
}

describe('a selector', () => {
  it('takes type, id or pattern, and prefers the id', () => {
    expect(selects({ type: 'NoiseLevelObserved' })).toBe(true)
    expect(selects({ type: '*' })).toBe(true)
    expect(selects({ type: 'Vehicle' })).toBe(false)
    expect(selects({ type: 'NoiseLevelObserved', idPattern: '^urn:.*:1[0-9]$' })).toBe(true)
    expect(selects({ type: 'NoiseLevelObserved', idPattern: '^urn:.*:2' })).toBe(false)
    expect(selects({ type: 'NoiseLevelObserved', id: ['urn:x:1', entity.id], idPattern: 'never' })).toBe(true)
  })
  it('is refused without a type or with a broken pattern', () => {
    expect(readSelector({ id: 'urn:x:1' }).ok).toBe(false)
    expect(readSelector({ type: 'A', idPattern: '(' }).ok).toBe(false)
    expect(readSelector([]).ok).toBe(false)
  })
})

describe('a geo-query', () => {
  it('looks at location unless another geo-property is named, and never meets an entity without it', () => {
    const near = parseGeoFilter({ georel: 'near;maxDistance==10', geometry: 'Point', coordinates: [-8.61, 41.15] })
    const elsewhere = parseGeoFilter({ georel: 'disjoint', geometry: 'Point', coordinates: [0, 0], geoproperty: 'observationSpace' })
    expect(near.ok && matchesGeo(entity, near.value)).toBe(true)
    expect(elsewhere.ok && matchesGeo(entity, elsewhere.value)).toBe(false)
  })
})
