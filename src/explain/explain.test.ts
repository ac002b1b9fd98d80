/**
 * Explanations of the seven domains, and the laws that hold for every frame: what is explained is what is
 * shown. Frames are made by the worker's own aggregation.
 */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { across } from '../core/stats/across.ts'
import { ACROSS_METHODS } from '../core/stats/across-methods.ts'
import { createAreaIndex } from '../core/geo/areas.ts'
import { createSectors } from '../core/geo/sectors.ts'
import { distanceM, type LonLat } from '../core/geo/position.ts'
import { MINUTE_MS, type EpochMs } from '../core/time/instant.ts'
import type { DomainModel, Reading } from '../domains/domain-model.ts'
import { MODELS } from '../domains/models.ts'
import { VIEWS } from '../domains/views.ts'
import { createFrameBufferPool } from '../workers/aggregator/frame-buffers.ts'
import { createDomainState } from '../workers/aggregator/domain-state.ts'
import { explain, explainBriefly } from './explain.ts'
import { factsOf, nearestLimit, type ExplainInput, type Usual } from './facts.ts'
import { OUT_REASONS, rowsOfSubject, outReason, type Subject } from './members.ts'

const NOW = Date.UTC(2026, 10, 20, 8, 14) // a Friday
const ANCHOR: LonLat = [-8.61, 41.15]
const SECTORS = createSectors(ANCHOR, [-8.7, 41.1, -8.5, 41.2], 1_500)
const plain = (text: string): string => text.replaceAll('\u00A0', ' ')

interface Sensor {
  readonly name: string
  readonly position?: LonLat
  readonly ageMs: number
  readonly values: Readonly<Record<string, number>>
  readonly periodMs?: number
  readonly isImplausible?: boolean
  readonly warnings?: Reading['warnings']
}

interface Case {
  readonly domain: string
  readonly sensors: readonly Sensor[]
  readonly subject?: Subject
  readonly usual?: Usual
  readonly isHistory?: boolean
}

function inputOf({ domain, sensors, subject = { kind: 'city' }, usual, isHistory = false }: Case): ExplainInput {
  const view = VIEWS.find(({ model }) => model.id === domain)!
  const model: DomainModel = view.model
  const state = createDomainState({ model, anchor: ANCHOR, cellRadiusM: 500, districts: createAreaIndex(SECTORS) })
  for (const [index, { name, position, ageMs, values, periodMs, isImplausible, warnings = [] }] of sensors.entries()) {
    const id = `urn:ngsi-ld:Sensor:porto:${index}`
    if (Object.keys(values).length === 0) {
      state.introduce({ id, name, type: 'Sensor', ...(position === undefined ? {} : { position }) })
      continue
    }
    const reading: Reading = {
      entityId: id,
      entityType: 'Sensor',
      name,
      observedAtMs: (NOW - ageMs) as EpochMs,
      values,
      warnings: isImplausible === true ? [...warnings, { kind: 'implausible', detail: 'expected 0 to 1' }] : warnings,
      ...(isImplausible === true ? { implausible: Object.keys(values) } : {}),
      ...(position === undefined ? {} : { position }),
      ...(periodMs === undefined ? {} : { periodMs }),
    }
    state.apply(reading, NOW - Math.max(0, ageMs))
  }
  state.refresh(NOW)
  return {
    model,
    format: view.format,
    frame: state.frame(createFrameBufferPool().take(state.count, state.cellCount), 1),
    roster: state.roster(1),
    subject,
    city: { name: 'Porto', timeZone: 'Europe/Lisbon', anchor: ANCHOR, isSimulated: false, districts: { kind: 'sectors', names: SECTORS.map(({ name }) => name), source: 'cut by geometry' } },
    expectedMs: model.expectedIntervalMs,
    nowMs: NOW,
    isHistory,
    usual,
  }
}

const at = (metresNorth: number): LonLat => [ANCHOR[0], ANCHOR[1] + metresNorth / 111_195]
const loud = (name: string, laeq: number, rest: Partial<Sensor> = {}): Sensor => ({ name, position: at(0), ageMs: 40_000, values: { laeq }, periodMs: MINUTE_MS, ...rest })
const said = (input: ExplainInput): string => plain(explainBriefly(input))

describe('the sentence', () => {
  it('of a sensor says value, usual, neighbours, limit and age', () => {
    const sensors = [loud('Rua de Camões', 68), loud('A', 66, { position: at(100) }), loud('B', 65, { position: at(200) }), loud('C', 50, { position: at(300) }), loud('far', 68, { position: at(5_000) })]
    const input = inputOf({ domain: 'noise', sensors, subject: { kind: 'sensor', row: 0 }, usual: { median: 61, p10: 58, p90: 64, samples: 12 } })
    expect(said(input)).toBe(
      'Noise at Rua de Camões is 68 dB(A) over the last 15 min, 7 dB(A) above usual for a workday at 8 (class 65 to 70). ' +
        '2 of 3 neighbours within 400 m show much the same, so it is probably real. ' +
        'It is 13 dB(A) above the 55 dB(A) of “EU noise maps start (Lden, year)”; that binds the Lden of a year, so 15 min above it are no breach. ' +
        'Last reading 40 s ago.',
    )
  })

  // 10 lg((10^6 + 10^7) / 2) = 67.4: what an energetic mean of 60 and 70 is.
  it('of a city says by which statistic of how many, and who is left out', () => {
    const sensors = [loud('a', 60), loud('b', 70), loud('late', 80, { ageMs: 3 * MINUTE_MS }), loud('lost', 80, { ageMs: 10 * MINUTE_MS }), { name: 'new', ageMs: 0, values: {} }, { name: 'peak', ageMs: 0, values: { lamax: 90 } }]
    const input = inputOf({ domain: 'noise', sensors, usual: { missing: { have: 12, need: 28 } } })
    expect(said(input)).toBe(
      'Noise in Porto is 67 dB(A) over the last 15 min (class 65 to 70), the energetic mean of 2 of 5 sensors. ' +
        'It is 12 dB(A) above the 55 dB(A) of “EU noise maps start (Lden, year)”; that binds the Lden of a year, so 15 min above it are no breach. ' +
        'No usual yet: 12 of 28 days. Not counted: 1 late, 1 lost, 1 never heard of. Newest reading 0 s ago.',
    )
  })

  it('of a district says so, and that a sector is no official one', () => {
    const sensors = [loud('a', 60), loud('b', 70), loud('north', 80, { position: at(2_000) }), loud('nowhere', 50, { position: [0, 0] })]
    const centre = inputOf({ domain: 'noise', sensors, subject: { kind: 'district', district: 1 } })
    expect(said(centre)).toMatch(/^Noise in the sector Centre of Porto is 67 dB\(A\) over the last 15 min \(class 65 to 70\), the energetic mean of all 2 sensors\./)
    expect(JSON.stringify(explain(centre).sections)).toContain('cut by geometry')
    expect(said({ ...centre, subject: { kind: 'district', district: 2 } })).toMatch(/^Noise in the sector North of Porto is 80 dB\(A\) .* from its one sensor\./)
    expect(said({ ...centre, subject: { kind: 'district', district: 4 } })).toMatch(/^Noise in the sector South of Porto has no value: no sensor is known\./)
    expect(said({ ...centre, subject: { kind: 'district', district: 0 } })).toMatch(/^Noise in no district of Porto is 50 dB/)
    expect(said({ ...centre, city: { ...centre.city, districts: { ...centre.city.districts!, kind: 'boundaries' } } })).toMatch(/^Noise in Centre, Porto is 67/)
  })

  it.each<[domain: string, sensor: Pick<Sensor, 'values' | 'periodMs'>, begins: string]>([
    ['noise', { values: { laeq: 61.2 }, periodMs: MINUTE_MS }, 'Noise in Porto is 61 dB(A) over the last 15 min (class 60 to 65), from its one sensor.'],
    // Of the bands in force 12 µg/m³ of PM2.5 are Fair, and no other pollutant is measured.
    ['air-quality', { values: { pm25: 12 } }, 'Air quality in Porto is Fair over the last hour, from its one sensor.'],
    ['cycling', { values: { bicycles: 50 }, periodMs: 15 * MINUTE_MS }, 'The flow of bicycles in Porto is 200 /h over the last hour, from its one sensor.'],
    ['building-energy', { values: { activePower: 12.34 } }, 'Electric power in Porto is 12.3 kW over the last 15 min, from its one sensor.'],
    // 1,000 ppm are 580 above the 420 assumed outdoors: over 550, so category II.
    ['school-air', { values: { co2: 1_000 } }, 'CO₂ in Porto is 1,000 ppm over the last 15 min (class II), from its one sensor. It is at the 1,000 ppm of “conspicuous (Germany)”, a figure not confirmed.'],
    ['traffic', { values: { speed: 34, vehicles: 10 } }, 'The mean speed of traffic in Porto is 34 km/h over the last 15 min (class 30 to 50), from its one sensor.'],
    ['rain', { values: { intensity: 2.5 }, periodMs: 5 * MINUTE_MS }, 'The intensity of rain in Porto is 2.5 mm/h over the last 15 min (class moderate), from its one sensor.'],
  ])('of %s is in its own words', (domain, sensor, begins) => {
    expect(said(inputOf({ domain, sensors: [{ name: 'a', ageMs: 0, position: ANCHOR, ...sensor }] })).startsWith(begins)).toBe(true)
  })

  it('of what has no value says why', () => {
    expect(said(inputOf({ domain: 'noise', sensors: [] }))).toBe('Noise in Porto has no value: no sensor is known.')
    expect(said(inputOf({ domain: 'noise', sensors: [loud('a', 60, { ageMs: 5 * MINUTE_MS })] }))).toContain('Noise in Porto has no value: its one sensor does not count (1 late).')
    const odd = inputOf({ domain: 'noise', sensors: [loud('a', 400, { isImplausible: true })], subject: { kind: 'sensor', row: 0 } })
    expect(said(odd)).toContain('The value is outside what is possible, so it does not count')
    expect(said(odd)).toContain('was 400 dB(A) in the last reading')
    expect(said(inputOf({ domain: 'noise', sensors: [{ name: 'n', ageMs: 0, values: {} }], subject: { kind: 'sensor', row: 0 } }))).toBe('Noise at n has no value: it has never reported.')
  })

  it('of one sensor among neighbours that differ doubts it', () => {
    const alone = (...others: readonly number[]): string =>
      said(inputOf({ domain: 'noise', sensors: [loud('x', 68), ...others.map((level, index) => loud(`n${index}`, level, { position: at(50 + index) }))], subject: { kind: 'sensor', row: 0 } }))
    expect(alone(50)).toContain('Its one neighbour within 400 m shows something else')
    expect(alone(50, 51)).toContain('None of 2 neighbours within 400 m shows the same: it may be local, or wrong.')
    expect(alone(50, 67)).toContain('Only 1 of 2 neighbours within 400 m shows much the same: it may be local.')
    expect(alone(66, 67)).toContain('All 2 neighbours within 400 m show much the same, so it is probably real.')
    expect(alone()).not.toContain('neighbour')
  })

  it('in history ends its window at the instant', () => {
    expect(said(inputOf({ domain: 'noise', sensors: [loud('a', 60)], isHistory: true }))).toContain('over the 15 min before 08:14')
  })

  it('says that data is simulated', () => {
    const input = inputOf({ domain: 'noise', sensors: [loud('a', 60)] })
    expect(said({ ...input, city: { ...input.city, isSimulated: true } })).toContain('Simulated: no sensor measured it.')
  })
})

describe('the details', () => {
  const rowsOf = (input: ExplainInput, id: string): readonly string[] => (explain(input).sections.find((section) => section.id === id)?.rows ?? []).map(({ name, value, note }) => plain([name, value, note ?? ''].join(' | ')))

  it.each(MODELS)('of $id name formula and source, and say what is not confirmed', (model) => {
    const { sections } = explain(inputOf({ domain: model.id, sensors: [] }))
    const text = JSON.stringify(sections)
    expect(text).toContain(model.method.formula)
    expect(text).toContain(model.method.source.document)
    const sources = [model.method.source, ACROSS_METHODS[model.across.city].source]
    expect(text.includes('not confirmed')).toBe(sources.some(({ confirmed }) => !confirmed))
  })

  it('name every limit with document and year', () => {
    const limits = rowsOf(inputOf({ domain: 'noise', sensors: [loud('a', 54)] }), 'limits')
    expect(limits).toEqual([
      'Class | 50 to 55 | DIN 45682 (2020), not confirmed: read as quoted by others; colours B. Weninger',
      '55 dB(A), EU noise maps start (Lden, year) | 1 dB(A) below | Directive 2002/49/EC (2002); binds the Lden of a year',
      '53 dB(A), WHO road traffic (Lden, year) | 1 dB(A) above | WHO Environmental Noise Guidelines (2018), not confirmed: read as quoted by others; binds the Lden of a year, of road traffic alone',
      '50 dB(A), EU noise maps start (Lnight, year) | 4 dB(A) above | Directive 2002/49/EC (2002); binds the Lnight of a year',
      '45 dB(A), WHO road traffic (Lnight, year) | 9 dB(A) above | WHO Environmental Noise Guidelines (2018), not confirmed: read as quoted by others; binds the Lnight of a year, of road traffic alone',
    ])
  })

  it('count warnings by sensors, and name the cell of a sensor', () => {
    const doubt = { kind: 'assumedUnit', detail: 'no unit came' }
    const sensors = [loud('a', 60, { warnings: [doubt, doubt] }), loud('b', 62, { warnings: [doubt] }), loud('c', 64)]
    expect(rowsOf(inputOf({ domain: 'noise', sensors }), 'warnings')).toEqual(['Assumed unit | 2 sensors | such as: no unit came'])
    expect(rowsOf(inputOf({ domain: 'noise', sensors, subject: { kind: 'sensor', row: 2 } }), 'sensors')[1]).toMatch(/^Its cell of the map \| 62 dB\(A\) \| energetic mean of 3 sensors/)
  })

  it('tell the ages of those that count', () => {
    const sensors = [loud('a', 60, { ageMs: 10_000 }), loud('b', 62, { ageMs: 20_000 }), loud('c', 64, { ageMs: 60_000 }), loud('lost', 64, { ageMs: 20 * MINUTE_MS })]
    expect(rowsOf(inputOf({ domain: 'noise', sensors }), 'ages').slice(0, 3)).toEqual(['Newest counted | 10 s ago | ', 'Median | 20 s ago | ', 'Oldest counted | 1 min ago | '])
  })

  it('of a sum over sensors have no class: classes are those of one', () => {
    expect(rowsOf(inputOf({ domain: 'cycling', sensors: [{ name: 'a', ageMs: 0, values: { bicycles: 5 }, periodMs: MINUTE_MS }] }), 'limits')).toEqual([])
  })
})

const sensor = fc.record(
  {
    name: fc.string(),
    position: fc.record({ east: fc.integer({ min: -3_000, max: 3_000 }), north: fc.integer({ min: -3_000, max: 3_000 }) }).map(({ east, north }): LonLat => [ANCHOR[0] + east / 83_700, ANCHOR[1] + north / 111_195]),
    ageMs: fc.integer({ min: -10 * MINUTE_MS, max: 30 * MINUTE_MS }),
    values: fc.oneof(fc.record({ laeq: fc.integer({ min: 30, max: 90 }) }), fc.constant({ lamax: 80 }), fc.constant({})),
    isImplausible: fc.boolean(),
  },
  { requiredKeys: ['name', 'ageMs', 'values'] },
)
const city = fc.array(sensor as fc.Arbitrary<Sensor>, { maxLength: 40 })

describe('what is explained is what is shown', () => {
  test.prop([city])('counted and left out make known, in the city and in each cell', (sensors) => {
    const input = inputOf({ domain: 'noise', sensors })
    const subjects: readonly Subject[] = [{ kind: 'city' }, ...Array.from({ length: input.frame.cells.count }, (_, cell) => ({ kind: 'cell', cell }) as const)]
    for (const subject of subjects) {
      const { members } = factsOf({ ...input, subject })
      expect(members.counted + OUT_REASONS.reduce((sum, reason) => sum + members.out[reason], 0)).toBe(members.known)
    }
  })

  test.prop([city])('the city has the value, the counts and the newest time of its tile', (sensors) => {
    const input = inputOf({ domain: 'noise', sensors })
    const { value, members } = factsOf(input)
    const { total } = input.frame
    expect([value, members.counted, members.known]).toEqual([total.value, total.reporting, total.known])
    if (value !== undefined) expect(explain(input).sentence).toContain(` is ${input.format(value)} `)
  })

  test.prop([city])('a district has the value and the counts of its row in the table', (sensors) => {
    const input = inputOf({ domain: 'noise', sensors })
    for (const [district, total] of input.frame.districts.entries()) {
      const { value, members } = factsOf({ ...input, subject: { kind: 'district', district } })
      expect([value, members.counted, members.known]).toEqual([total.value, total.reporting, total.known])
    }
  })

  test.prop([city])('a cell is made of the sensors that the worker put into it', (sensors) => {
    const input = inputOf({ domain: 'noise', sensors })
    const { frame, roster, city } = input
    let placed = 0
    for (let cell = 0; cell < frame.cells.count; cell++) {
      const subject: Subject = { kind: 'cell', cell }
      const rows = [...rowsOfSubject(frame, subject, city.anchor)]
      placed += rows.length
      const counting = rows.filter((row) => outReason(frame, roster, row) === undefined)
      expect(counting.length).toBe(frame.cells.sensors[cell])
      const value = across(input.model.across.cell, counting.map((row) => frame.values[row]!))
      if (value === undefined) expect(frame.cells.values[cell]).toBeNaN()
      else expect(frame.cells.values[cell]).toBeCloseTo(value, 4)
      expect(factsOf({ ...input, subject }).value).toBe(value === undefined ? undefined : frame.cells.values[cell])
    }
    expect(placed + factsOf(input).members.unplaced).toBe(frame.count)
  })

  test.prop([city])('a sensor is explained by the value of its row, and neighbours are near it', (sensors) => {
    const input = inputOf({ domain: 'noise', sensors })
    for (let row = 0; row < input.frame.count; row++) {
      const { value, isLastReading, neighbours } = factsOf({ ...input, subject: { kind: 'sensor', row } })
      const shown = Number.isNaN(input.frame.values[row]!) ? input.frame.latest[row]! : input.frame.values[row]!
      expect(value ?? Number.NaN).toBe(shown)
      expect(isLastReading).toBe(Number.isNaN(input.frame.values[row]!))
      if (neighbours === undefined) continue
      const here: LonLat = [input.frame.positions[2 * row]!, input.frame.positions[2 * row + 1]!]
      const near = Array.from({ length: input.frame.count }, (_, other) => other).filter(
        (other) => other !== row && outReason(input.frame, input.roster, other) === undefined && distanceM(here, [input.frame.positions[2 * other]!, input.frame.positions[2 * other + 1]!]) <= 400,
      )
      expect(neighbours.compared).toBe(near.length)
      expect(neighbours.agreeing).toBe(near.filter((other) => Math.abs(input.frame.values[other]! - input.frame.values[row]!) <= 5).length)
    }
  })

  test.prop([city, fc.constantFrom<Subject>({ kind: 'city' }, { kind: 'sensor', row: 0 }, { kind: 'sensor', row: 999 }, { kind: 'cell', cell: 0 }, { kind: 'cell', cell: 999 }, { kind: 'district', district: 1 }, { kind: 'district', district: 99 })])('never fails, and its sentence is one and ends', (sensors, subject) => {
    const { sentence, trust } = explain(inputOf({ domain: 'noise', sensors: sensors.map((one) => ({ ...one, name: 'x' })), subject }))
    for (const one of [sentence, ...trust]) {
      expect(one).toMatch(/\.$/)
      expect(one).not.toMatch(/NaN|undefined|Infinity/)
    }
    expect(sentence.slice(0, -1)).not.toMatch(/\.\s/)
  })
})

test.prop([fc.array(fc.float({ min: 30, max: 90, noNaN: true }), { minLength: 1 })])('the limit that says most is the nearest on its side, and a passed one before a kept one', (values) => {
  const source = { document: '', confirmed: true }
  const limits = values.map((excess) => ({ excess: excess - 60, limit: { label: '', value: 0, source } }))
  const found = nearestLimit(limits)!
  const passed = limits.filter(({ excess }) => excess > 0)
  expect(found.excess).toBe(passed.length > 0 ? Math.min(...passed.map(({ excess }) => excess)) : Math.max(...limits.map(({ excess }) => excess)))
})
