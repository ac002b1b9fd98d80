/** Four layers for the lab, with real classes and no arithmetic: what the screen looks like, not what it means. */
import { createElement } from 'react'
import { err } from '../../../src/core/result.ts'
import { classOf, type DomainModel, type Legend, type LegendClass } from '../../../src/domains/domain-model.ts'
import type { DomainView, DrawLayers } from '../../../src/domains/domain-view.ts'
import { createSumFold } from '../../../src/domains/fold.ts'
import { formatQuantity } from '../../../src/ui/words/number.ts'

export interface FakeDomain {
  readonly model: DomainModel
  /** Middle and spread of made-up values. */
  readonly middle: number
  readonly spread: number
  readonly sensors: number
}

export const FAKE_DOMAINS: readonly FakeDomain[] = [
  fake({
    id: 'sound',
    name: 'Noise',
    unit: 'dB(A)',
    decimals: 0,
    middle: 61,
    spread: 9,
    sensors: 120,
    everyMs: 60_000,
    across: 'energetic-mean',
    legend: {
      title: 'Sound level',
      statistic: 'LAeq over 15 min',
      unit: 'dB(A)',
      boundary: 'lower-inclusive',
      classes: bands([35, 40, 45, 50, 55, 60, 65, 70, 75, 80], ['#82A6AD', '#A0BABF', '#B8D6D1', '#CEE4CC', '#E2F2BF', '#F3C683', '#E87E4D', '#CD463E', '#A11A4D', '#75085C', '#430A4A']),
      limits: [
        { label: 'EU noise maps start (Lden, year)', value: 55, source: { document: 'Directive 2002/49/EC (2002)', confirmed: true } },
        { label: 'WHO road traffic (Lden, year)', value: 53, source: { document: 'WHO Environmental Noise Guidelines (2018)', confirmed: true } },
      ],
      source: { document: 'DIN 45682:2020-04, colours B. Weninger', confirmed: true },
    },
  }),
  fake({
    id: 'air',
    name: 'Air quality',
    unit: '',
    decimals: 0,
    middle: 2.2,
    spread: 1,
    sensors: 48,
    everyMs: 3_600_000,
    across: 'max',
    words: true,
    legend: {
      title: 'European Air Quality Index',
      statistic: 'worst pollutant, hourly values',
      unit: '',
      boundary: 'lower-inclusive',
      classes: named(['Good', 'Fair', 'Moderate', 'Poor', 'Very poor', 'Extremely poor'], ['#50F0E6', '#50CCAA', '#F0E641', '#FF5050', '#960032', '#7D2181']),
      limits: [],
      source: { document: 'ETC HE Report 2024/17, Table 5.2 (2025)', confirmed: true },
    },
  }),
  fake({
    id: 'bikes',
    name: 'Cycling',
    unit: '/h',
    decimals: 0,
    middle: 140,
    spread: 110,
    sensors: 80,
    everyMs: 900_000,
    across: 'sum',
    legend: {
      title: 'Cyclists',
      statistic: 'count over 60 min',
      unit: '/h',
      boundary: 'lower-inclusive',
      classes: bands([25, 50, 100, 200, 400], ['#1F958B', '#2B758E', '#3A548C', '#472E7C', '#440154', '#300040'], ['#2C738E', '#1F988B', '#3FBC73', '#98D83E', '#FDE725', '#FFF6A0']),
      limits: [],
      source: { document: 'own classes, doubling', confirmed: true },
    },
  }),
  fake({
    id: 'power',
    name: 'Building energy',
    unit: 'kW',
    decimals: 1,
    middle: 12,
    spread: 9,
    sensors: 64,
    everyMs: 900_000,
    across: 'sum',
    legend: {
      title: 'Electric power',
      statistic: 'mean over 15 min',
      unit: 'kW',
      boundary: 'lower-inclusive',
      classes: bands([5, 10, 20, 40], ['#837F76', '#66676F', '#404F6E', '#13376D', '#002051'], ['#696970', '#8A8577', '#ADA476', '#DAC561', '#FDEA45']),
      limits: [],
      source: { document: 'own classes, doubling', confirmed: true },
    },
  }),
]

export const FAKE_VIEWS: readonly DomainView[] = FAKE_DOMAINS.map(({ model }) => ({
  model,
  loadLayers: async () => {
    const { createFrameLayers } = await import('../../../src/map/frame-layers.ts')
    const draw: DrawLayers = createFrameLayers({ id: model.id, scale: model.legend })
    return draw
  },
  format: (value) => (model.legend.unit === '' ? (model.legend.classes[classOf(model.legend, value)]?.label ?? '–') : formatQuantity(value, model.measures[0]?.decimals ?? 0, model.legend.unit)),
  words: [],
  Panel: ({ frame }) => createElement('p', null, `${frame.total.reporting} sensors of this layer report; this is the domain's own panel.`),
}))

interface FakeOptions extends Omit<FakeDomain, 'model'> {
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly decimals: number
  readonly everyMs: number
  readonly across: DomainModel['across']['city']
  readonly legend: Legend
  readonly words?: boolean
}

function fake({ id, name, unit, decimals, everyMs, across, legend, middle, spread, sensors }: FakeOptions): FakeDomain {
  return {
    middle,
    spread,
    sensors,
    model: {
      id,
      name,
      quantity: name,
      watches: [],
      measures: [{ id: 'value', name: legend.title, unit, decimals }],
      headline: 'value',
      method: { name: 'made up', formula: 'x', source: { document: 'made up', confirmed: true } },
      windowMs: 900_000,
      expectedIntervalMs: everyMs,
      across: { cell: across, city: across },
      worse: 'higher',
      legend,
      read: () => err({ kind: 'malformed', path: '', expected: 'nothing', got: 'something' }),
      fold: createSumFold({ width: 1, reads: [], add: () => {}, value: () => undefined }),
      // Never asked: the lab has no simulation.
      sampler: { sensors: () => [], stateAt: () => undefined } as unknown as DomainModel['sampler'],
    },
  }
}

function bands(bounds: readonly number[], day: readonly string[], night = day): readonly LegendClass[] {
  return day.map((colour, index) => ({
    from: index === 0 ? -Infinity : bounds[index - 1]!,
    label: index === 0 ? `under ${bounds[0]}` : index === bounds.length ? `${bounds.at(-1)} and more` : `${bounds[index - 1]} to ${bounds[index]}`,
    day: colour,
    night: night[index]!,
  }))
}

function named(labels: readonly string[], colours: readonly string[]): readonly LegendClass[] {
  return labels.map((label, index) => ({ from: index === 0 ? -Infinity : index + 1, label, day: colours[index]!, night: colours[index]! }))
}
