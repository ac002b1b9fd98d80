/**
 * The tables of `docs/brokers.md` are those of the profiles. `UPDATE=1 npx vitest run test/broker-matrix.test.ts` writes
 * them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { PROFILES as CONFIGURABLE } from '../src/configuration/schema.ts'
import { PROFILES } from '../src/ngsi-ld/profile/profiles.ts'
import { capabilityTable, quirkTable } from './broker-matrix.ts'

const file = resolve(import.meta.dirname, '../docs/brokers.md')

it.each([
  ['capabilities', capabilityTable],
  ['quirks', quirkTable],
])('docs/brokers.md has the table of %s as the profiles say', (name, tableOf) => {
  const text = readFileSync(file, 'utf8')
  const between = new RegExp(String.raw`(<!-- ${name}: from the profiles -->\n\n)[\s\S]*?(\n\n<!-- end -->)`)
  expect(text).toMatch(between)
  const written = text.replace(between, (_, before: string, after: string) => `${before}${tableOf()}${after}`)
  if (process.env['UPDATE'] === '1') writeFileSync(file, written)
  expect(readFileSync(file, 'utf8')).toBe(written)
})

it('every profile but our own broker can be configured, and nothing else can', () => {
  expect([...CONFIGURABLE].filter((id) => id !== 'auto' && id !== 'portable').toSorted()).toEqual(PROFILES.flatMap(({ id }) => (id === 'embedded' ? [] : [id])).toSorted())
})
