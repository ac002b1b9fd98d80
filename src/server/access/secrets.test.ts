import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createVeil, hideSecrets } from './secrets.ts'

const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)), minLength: 16, maxLength: 60 })
const around = fc.string({ unit: 'binary', maxLength: 20 })

/** Ways in which servers repeat what they were sent. */
const WAYS: readonly ((secret: string, before: string) => string)[] = [
  (secret) => secret,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
  (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length),
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(secret).toString('base64url'),
  (secret, before) => Buffer.from(before + secret).toString('base64'),
  (secret, before) => Buffer.from(before + secret).toString('base64url'),
]

describe('a veil', () => {
  test.prop([visible, fc.constantFrom(...WAYS), around, around, fc.nat({ max: 5 })])('hides a secret in whatever form it is told', (secret, way, before, after, pad) => {
    const told = way(secret, 'x'.repeat(pad))
    const veil = createVeil()
    veil.keep(secret)
    for (const hidden of [veil.hide(before + told + after), veil.hideInData(before + told + after)]) {
      expect(hidden).not.toContain(told)
      expect(hidden).not.toContain(secret)
    }
  })

  test.prop([visible, fc.constantFrom(...WAYS), around, around, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 12 })])('hides the same wherever bytes are cut', (secret, way, before, after, cuts) => {
    const bytes = Buffer.from(before + way(secret, '') + after)
    const veil = createVeil()
    veil.keep(secret)
    const stream = veil.stream('error')
    const pieces: Uint8Array[] = []
    let from = 0
    for (const cut of cuts) pieces.push(stream.push(bytes.subarray(from, (from += cut))))
    pieces.push(stream.push(bytes.subarray(from)), stream.end())
    expect(Buffer.concat(pieces).toString()).toBe(veil.hide(bytes.toString()))
  })

  test.prop([fc.string(), fc.array(fc.string({ maxLength: 5 }))])('leaves alone what names no secret of ours', (text, short) => {
    const veil = createVeil()
    for (const word of short) veil.keep(word)
    expect(veil.hide(text)).toBe(text)
  })

  it('keeps a token hidden after the next ones have come', () => {
    const veil = createVeil()
    for (let i = 0; i < 5; i++) veil.pass(`token-number-${i}-of-many`)
    expect(veil.hide('got token-number-0-of-many')).toBe('got …')
  })

  it('leaves short words in data, where they are ids: a password is not the only porto1', () => {
    const veil = createVeil()
    veil.keep('porto1')
    expect(veil.hideInData('{"id":"urn:x:porto1"}')).toBe('{"id":"urn:x:porto1"}')
    expect(veil.hide('bad key porto1')).toBe('bad key …')
  })

  it('hides a header with and without its scheme, and leaves the scheme where it stands alone', () => {
    expect(hideSecrets('expected Bearer, got "Bearer s3cr3t-value" or s3cr3t-value', ['Bearer s3cr3t-value'])).toBe('expected Bearer, got "…" or …')
  })
})
