/**
 * TrafficFlowObserved carries bicycles and motor vehicles, and two domains watch it: each sensor stands in
 * one of them, and what only the other reads is no fault.
 */
import { describe, expect, it } from 'vitest'
import { MODELS } from '../src/domains/models.ts'
import { decodeEntities } from '../src/ngsi-ld/decode.ts'
import type { JsonObject } from '../src/ngsi-ld/entity.ts'
import { createAggregator, type Aggregator } from '../src/workers/aggregator/aggregator.ts'
import { createFrameBufferPool } from '../src/workers/aggregator/frame-buffers.ts'
import { PLAN, START, stream } from './aggregator-in-hand.ts'
import { property } from './entity-of.ts'

function start(layers: readonly string[], expectedIntervalS: Readonly<Record<string, number>> = {}): Aggregator {
  return createAggregator({ models: MODELS, plan: { ...PLAN, layers, expectedIntervalS }, cellRadiusM: 500, now: () => START })
}

function counter(id: string, vehicleType: string | undefined, intensity?: number): JsonObject {
  return {
    id: `urn:ngsi-ld:TrafficFlowObserved:${id}`,
    type: 'TrafficFlowObserved',
    ...(vehicleType === undefined ? {} : { vehicleType: property(vehicleType) }),
    ...(intensity === undefined ? {} : { intensity: property(intensity), averageVehicleSpeed: property(24) }),
    dateObservedFrom: property(new Date(START - 300_000).toISOString()),
    dateObservedTo: property(new Date(START).toISOString()),
  }
}

const idsOf = (aggregator: Aggregator, domain: string): readonly string[] => [...aggregator.domains.get(domain)!.sensors()].map(({ id }) => id.split(':').at(-1)!)

describe('one entity type of two domains', () => {
  it('gives each its own sensors, and refuses none of them', () => {
    const aggregator = start(['cycling', 'traffic'])
    stream(aggregator, decodeEntities([counter('bicycles', 'bicycle', 9), counter('cars', 'car', 80), counter('all', undefined, 80)]).ok)
    expect(idsOf(aggregator, 'cycling')).toEqual(['bicycles'])
    expect(idsOf(aggregator, 'traffic')).toEqual(['cars', 'all'])
    expect(aggregator.counters()).toMatchObject({ readings: 3, rejected: [] })
  })

  it('blames only the domain that should have read it', () => {
    const aggregator = start(['cycling', 'traffic'])
    stream(aggregator, decodeEntities([counter('bicycles', 'bicycle'), counter('cars', 'car')]).ok)
    expect(aggregator.counters().rejected.map(({ reason }) => reason).toSorted()).toEqual(['cycling: no-value, intensity', 'traffic: no-value, intensity'])
  })

  it('counts what neither reads', () => {
    const aggregator = start(['cycling', 'traffic'])
    stream(aggregator, decodeEntities([counter('feet', 'pedestrian', 3)]).ok)
    expect(aggregator.counters().rejected.map(({ reason }) => reason).toSorted()).toEqual(['cycling: wrong-type, vehicleType', 'traffic: wrong-type, vehicleType'])
  })
})

describe('a depth without its period', () => {
  const gauge = { id: 'urn:ngsi-ld:WeatherObserved:1', type: 'WeatherObserved', precipitation: property(2), dateObserved: property(new Date(START).toISOString()) }
  const valueOf = (aggregator: Aggregator): number | undefined => {
    const rain = aggregator.domains.get('rain')!
    stream(aggregator, decodeEntities([gauge]).ok)
    rain.refresh(START)
    return rain.frame(createFrameBufferPool().take(rain.count, rain.cellCount), 1).total.value
  }

  it('is that of the interval in which the operator says that the layer reports', () => {
    expect(valueOf(start(['rain'], { rain: 3_600 }))).toBeCloseTo(2, 6)
    expect(valueOf(start(['rain']))).toBeUndefined()
  })
})
