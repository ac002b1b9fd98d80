/** Boundaries from a file and over real sockets. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../configuration/parse.ts'
import type { Configuration } from '../configuration/schema.ts'
import { loadBoundaries } from './load-boundaries.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-boundaries-'))
const GOOD = JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { nome: 'Bonfim' }, geometry: { type: 'Polygon', coordinates: [[[-8.6, 41.14], [-8.59, 41.14], [-8.59, 41.15], [-8.6, 41.14]]] } }] })
let origin = ''
const portal = createServer((request, response) => {
  if (request.url === '/good') response.end(GOOD)
  else if (request.url === '/wrong') response.end('{"type":"Feature"}')
  else if (request.url === '/elsewhere') response.writeHead(302, { location: '/good' }).end()
  else if (request.url === '/broken') response.writeHead(503).end('down')
  // '/slow' never answers.
})

beforeAll(async () => {
  writeFileSync(join(folder, 'good.geojson'), `\uFEFF${GOOD}`)
  writeFileSync(join(folder, 'wrong.geojson'), '{"type":"FeatureCollection","features":[]}')
  writeFileSync(join(folder, 'text.geojson'), 'name;geometry')
  await new Promise<void>((done) => portal.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(portal.address() as AddressInfo).port}`
})

afterAll(() => {
  portal.close()
  portal.closeAllConnections()
  rmSync(folder, { recursive: true })
})

function configured(boundaries: string): Configuration {
  const parsed = parseConfiguration(
    { cities: [{ id: 'porto', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], districts: { boundaries, name: 'nome', attribution: '© Somebody' }, brokers: [{ id: 'b', embedded: {} }] }] },
    { domains: ['noise'], environment: {} },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return parsed.value
}

const load = (boundaries: string, timeoutMs?: number) => loadBoundaries(configured(boundaries), { folder, fetch, ...(timeoutMs === undefined ? {} : { timeoutMs }) })

describe('boundaries', () => {
  it.each(['good.geojson', './good.geojson', join(folder, 'good.geojson')])('come from a file beside the configuration: %s', async (file) => {
    const loaded = await load(file)
    expect(loaded.ok && loaded.value.byCity.get('porto')?.map(({ name }) => name)).toEqual(['Bonfim'])
  })

  it('come from an address', async () => {
    const loaded = await load(`${origin}/good`)
    expect(loaded.ok && loaded.value).toMatchObject({ missing: [] })
    expect(loaded.ok && loaded.value.byCity.get('porto')?.length).toBe(1)
  })

  it.each([
    ['none.geojson', 'none.geojson: expected a file, got ENOENT'],
    ['text.geojson', 'text.geojson: expected GeoJSON, got '],
    ['wrong.geojson', 'wrong.geojson: features: expected a list with at least one district, got []'],
  ])('that are wrong are refused: %s', async (file, line) => {
    const loaded = await load(file)
    expect(loaded.ok ? [] : loaded.error).toEqual([expect.stringContaining(line)])
  })

  it('that came and are wrong are refused, wherever they came from', async () => {
    const loaded = await load(`${origin}/wrong`)
    expect(loaded.ok ? [] : loaded.error).toEqual([`${origin}/wrong: type: expected "FeatureCollection", got "Feature"`])
  })

  it.each<[path: string, reason: string, timeoutMs?: number]>([
    ['/broken', 'answered 503'],
    ['/elsewhere', 'cannot be reached, or leads elsewhere'],
    ['/slow', 'did not answer within 40 ms', 40],
  ])('that do not come leave the city without districts, and it starts: %s', async (path, reason, timeoutMs?) => {
    const loaded = await load(`${origin}${path}`, timeoutMs)
    expect(loaded).toMatchObject({ ok: true, value: { missing: [{ city: 'porto', reason: expect.stringContaining(reason) as string }] } })
  })
})
