/**
 * What the simulated cities publish, through the readers: every sensor gives its domain's headline, and
 * only what is meant to be broken earns a warning.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boundsOf } from '../src/core/geo/position.ts'
import { MODELS } from '../src/domains/models.ts'
import { decodeEntities } from '../src/ngsi-ld/decode.ts'
import { isOfType } from '../src/ngsi-ld/entity.ts'
import { loadSampleCity } from '../src/server/simulation/load-city.ts'
import { createSimulation } from '../src/server/simulation/simulation.ts'

const AT_MS = Date.UTC(2026, 10, 20, 8, 14)
const basemap: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../public/basemap/porto.json'), 'utf8'))
const city = loadSampleCity(basemap, { id: 'porto', name: 'Porto', timeZone: 'Europe/Lisbon', anchor: [-8.611, 41.1496] })
const simulation = createSimulation({ models: MODELS, city, seed: 1, sensors: 300, now: () => AT_MS })
const entities = decodeEntities(simulation.current(AT_MS)).ok
const bounds = boundsOf(simulation.sites.map(({ position }) => position))!
const context = { timeZone: city.timeZone, bounds }

describe.each(MODELS)('simulated $id', (model) => {
  const watched = entities.filter((entity) => model.watches.some(({ type }) => isOfType(entity, type)))
  // Two domains may watch one type and tell their own apart: what another reads is not this one's.
  const own = watched.filter((entity) => {
    const read = model.read(entity, context)
    return read.ok || read.error.kind !== 'wrong-type' || !MODELS.some((other) => other !== model && other.read(entity, context).ok)
  })
  const readings = own.map((entity) => ({ id: entity.id, result: model.read(entity, context), fault: simulation.faults.get(entity.id) }))

  it('is read, every one', () => {
    expect(own.length).toBeGreaterThan(10)
    expect(readings.filter(({ result }) => !result.ok).map(({ id, result }) => ({ id, result }))).toEqual([])
  })

  it('warns of broken units and swapped coordinates, and of nothing else', () => {
    const warned = readings.flatMap(({ id, result, fault }) =>
      fault === 'broken-unit' || fault === 'swapped-coordinates' || !result.ok ? [] : result.value.warnings.map((warning) => ({ id, ...warning })),
    )
    expect(warned.filter(({ kind }) => kind !== 'incompleteIndex')).toEqual([])
    const broken = readings.filter(({ fault }) => fault === 'broken-unit' || fault === 'swapped-coordinates')
    expect(broken.filter(({ result }) => result.ok && result.value.warnings.length === 0)).toEqual([])
  })

  it('gives a headline from one reading, for most of them', () => {
    const headlines = readings.filter(({ result }) => result.ok && model.fold.value(model.fold.add(model.fold.empty, result.value)) !== undefined)
    expect(headlines.length).toBeGreaterThan(own.length * 0.3)
  })
})
