import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { FRESHNESS } from '../core/time/freshness.ts'
import type { Warning } from '../domains/domain-model.ts'
import { VIEWS } from '../domains/views.ts'
import { csvOf } from './csv.ts'
import { fileNameOf } from './file-name.ts'
import { geoJsonOf } from './geojson.ts'
import type { RecordInput } from './record.ts'

const AT = Date.UTC(2026, 10, 20, 8, 14)
const view = VIEWS.find(({ model }) => model.id === 'noise')!
const context = { cityId: 'porto', domain: 'noise', licence: 'CC BY 4.0' }

interface Row {
  readonly id: string
  readonly name?: string
  readonly lon?: number
  readonly lat?: number
  readonly district?: number
  readonly value?: number
  readonly observedAtMs?: number
  readonly freshness?: (typeof FRESHNESS)[number]
  readonly warnings?: readonly Warning[]
}

function inputOf(rows: readonly Row[]): RecordInput {
  const numbers = (of: (row: Row) => number | undefined): Float32Array<ArrayBuffer> => Float32Array.from(rows, (row) => of(row) ?? Number.NaN)
  return {
    model: view.model,
    format: view.format,
    frame: {
      domain: 'noise',
      rosterVersion: 1,
      atMs: AT,
      windowStartMs: AT - 900_000,
      windowEndMs: AT,
      coveredFromMs: AT - 900_000,
      view: 'value',
      plain: new Float32Array(0),
      medians: new Float32Array(0),
      districtOf: Uint8Array.from(rows, ({ district }) => district ?? 0),
      districts: [],
      count: rows.length,
      positions: Float32Array.from(rows.flatMap(({ lon, lat }) => [lon ?? Number.NaN, lat ?? Number.NaN])),
      values: numbers(({ value }) => value),
      latest: numbers(({ value }) => value),
      observedAtMs: Float64Array.from(rows, ({ observedAtMs }) => observedAtMs ?? Number.NaN),
      freshness: Uint8Array.from(rows, ({ freshness }) => FRESHNESS.indexOf(freshness ?? 'fresh')),
      cells: { radiusM: 500, count: 0, centres: new Float32Array(0), values: new Float32Array(0), sensors: new Uint16Array(0) },
      total: { reporting: rows.length, known: rows.length },
    },
    roster: { domain: 'noise', version: 1, ids: rows.map(({ id }) => id), names: rows.map(({ name }) => name ?? ''), types: rows.map(() => 'NoiseLevelObserved'), warnings: rows.map(({ warnings }) => warnings ?? []) },
    city: { name: 'Porto', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], isSimulated: true, districts: { kind: 'sectors', names: ['Centre', 'North'], source: 'Sectors cut by geometry' } },
    expectedMs: 60_000,
    nowMs: AT,
    isHistory: false,
  }
}

/** A reader of RFC 4180 that knows nothing of our writer. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') cell += text[i++]!
      else isQuoted = false
    } else if (char === '"') isQuoted = true
    else if (char === ',') {
      lines.at(-1)!.push(cell)
      cell = ''
    } else if (char === '\r' && text[i + 1] === '\n') {
      lines.at(-1)!.push(cell)
      cell = ''
      lines.push([])
      i++
    } else cell += char
  }
  expect([cell, lines.at(-1)]).toEqual(['', []])
  return lines.slice(0, -1)
}

function recordsOf(csv: string): Record<string, string>[] {
  expect(csv.startsWith('\uFEFF')).toBe(true)
  const [names, ...lines] = parseCsv(csv.slice(1))
  return lines.map((line) => Object.fromEntries(names!.map((name, index) => [name, line[index]!])))
}

describe('a layer as CSV', () => {
  it('has a row for each sensor, with what is needed to cite it', () => {
    const [first, second] = recordsOf(
      csvOf(
        inputOf([
          { id: 'urn:a', name: 'Rua de Camões, 17', lon: -8.61, lat: 41.15, district: 2, value: 68.04, observedAtMs: AT - 40_000, warnings: [{ kind: 'assumedUnit', detail: 'no unit came' }] },
          { id: 'urn:b', freshness: 'lost' },
        ]),
        context,
      ),
    )
    expect(first).toMatchObject({
      id: 'urn:a',
      name: 'Rua de Camões, 17',
      type: 'NoiseLevelObserved',
      lon: '-8.61',
      lat: '41.15',
      district: 'North',
      districtSource: 'Sectors cut by geometry',
      value: '68',
      unit: 'dB(A)',
      class: '65 to 70',
      windowStart: '2026-11-20T07:59:00Z',
      windowEnd: '2026-11-20T08:14:00Z',
      observedAt: '2026-11-20T08:13:20Z',
      freshness: 'fresh',
      counts: 'yes',
      warnings: 'assumedUnit',
      warningDetails: 'no unit came',
      city: 'porto',
      layer: 'noise',
      time: '2026-11-20T08:14:00Z',
      method: 'energetic mean over time, LAeq,T: 10 lg( (1/T) Σ tᵢ 10^(Lᵢ/10) )',
      methodSource: 'ISO 1996-1 (2016), not confirmed: the formula is common knowledge, the standard was not read',
      simulated: 'yes',
      licence: 'CC BY 4.0',
      attribution: '',
    })
    expect(first!['limits']).toContain('above 53 dB(A) WHO road traffic (Lden, year) [WHO Environmental Noise Guidelines (2018), not confirmed')
    // Absence is not zero.
    expect(second).toMatchObject({ name: 'b', district: '', value: '', lon: '', lat: '', class: '', observedAt: '', freshness: 'lost', counts: 'silent' })
  })

  it.each(['=1+1', '+351 22', '-2', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1'])('makes no formula of %j', (name) => {
    const [record] = recordsOf(csvOf(inputOf([{ id: name, name, warnings: [{ kind: name, detail: name }] }]), context))
    for (const column of ['id', 'name', 'warnings', 'warningDetails']) expect(record![column]).toBe(`'${name}`)
  })

  it('leaves a negative number a number', () => {
    expect(recordsOf(csvOf(inputOf([{ id: 'a', lon: -8.5, lat: -41.25, value: -3 }]), context))[0]).toMatchObject({ lon: '-8.5', lat: '-41.25', value: '-3' })
  })

  test.prop([fc.array(fc.record({ id: fc.string({ minLength: 1 }), name: fc.string(), value: fc.float({ min: 0, max: 120, noNaN: true }) }), { maxLength: 20 })])(
    'is read back as it was, whatever names brokers send',
    (rows) => {
      const records = recordsOf(csvOf(inputOf(rows), context))
      expect(records.length).toBe(rows.length)
      for (const [index, { id, value }] of rows.entries()) {
        expect(records[index]!['id']!.replace(/^'(?='*[\s\u00A0\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n])/, '')).toBe(id)
        expect(Math.abs(Number(records[index]!['value']) - value)).toBeLessThanOrEqual(0.051)
      }
    },
  )
})

describe('a layer as GeoJSON', () => {
  it('has a feature for each sensor, and what is true of the layer beside them', () => {
    const json = JSON.parse(geoJsonOf(inputOf([{ id: 'urn:a', name: 'A', lon: -8.61, lat: 41.15, district: 1, value: 68 }, { id: 'urn:b' }]), context)) as Record<string, unknown> & { features: Record<string, unknown>[] }
    expect(json).toMatchObject({ type: 'FeatureCollection', city: { id: 'porto', simulated: true, districts: { kind: 'sectors' } }, layer: { id: 'noise', unit: 'dB(A)' }, time: '2026-11-20T08:14:00Z', explanation: { sentence: expect.stringMatching(/^Noise in Porto/) as string } })
    expect(json.features[0]).toMatchObject({ type: 'Feature', id: 'urn:a', geometry: { type: 'Point', coordinates: [-8.61, 41.15] }, properties: { name: 'A', district: 'Centre', value: 68, counts: 'yes', limits: [{ value: 55, isAbove: true }, {}, {}, {}] } })
    // RFC 7946, 3.2: an unlocated feature has a null geometry, and a member that is not known is left out.
    expect(json.features[1]).toMatchObject({ id: 'urn:b', geometry: null })
    expect(json.features[1]!['properties']).not.toHaveProperty('value')
  })
})

it('names the file by city, layer and UTC time', () => {
  expect(fileNameOf({ cityId: 'porto', domain: 'air-quality', atMs: AT, extension: 'csv' })).toBe('porto-air-quality-20261120T081400Z.csv')
  expect(fileNameOf({ cityId: '../a b', domain: 'x', atMs: AT, extension: 'csv' })).toBe('-a-b-x-20261120T081400Z.csv')
})
