/**
 * The published JSON Schema is made from the schema that validates, so editors complete what the server accepts.
 * `UPDATE=1 npx vitest run src/configuration/json-schema.test.ts` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { toJsonSchema } from '@valibot/to-json-schema'
import { expect, it } from 'vitest'
import { configurationSchema } from './schema.ts'

const file = resolve(import.meta.dirname, '../../public/belvedere.schema.json')

it('publishes the schema that the server validates with', () => {
  const schema = {
    // Checks that a program must run (zones, header names) have no word in JSON Schema.
    ...toJsonSchema(configurationSchema, { typeMode: 'input', ignoreActions: ['check'] }),
    title: 'Configuration of Belvedere',
  }
  const text = `${JSON.stringify(schema, null, 2)}\n`
  if (process.env['UPDATE'] === '1') writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
})
