import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

describe('attribution', () => {
  it.each([
    ['© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors', '© OpenStreetMap contributors'],
    ['&copy; City of Porto &amp; partners', '© City of Porto & partners'],
    ['<img src=x onerror="alert(1)">Data', 'Data'],
    ['<scr<b>ipt>alert(1)</script>Data', 'ipt>alert(1)Data'],
    ['<script>alert(1)</script>Data', 'Data'],
    ['&lt;img src=x onerror=alert(1)&gt;Data', 'Data'],
    ['&amp;lt;b&amp;gt;Data', 'Data'],
    ['PM < 10 µg/m³', 'PM < 10 µg/m³'],
    ['unclosed <a href="javascript:alert(1)"', 'unclosed'],
    ['<!-- hidden -->Data<!--', 'Data'],
    ['two\n  lines\u202E', 'two lines'],
  ])('reads %j as plain text', (markup, text) => {
    expect(plainText(markup)).toBe(text)
  })

  it('is empty for what is no text', () => {
    expect(plainText(undefined)).toBe('')
    expect(plainText({ toString: () => '<b>' })).toBe('')
  })

  it('is short enough for a line', () => {
    expect(plainText('data '.repeat(10_000)).length).toBeLessThanOrEqual(300)
  })

  test.prop([fc.array(fc.oneof(fc.constantFrom('<', '>', '&lt;', '&gt;', '&amp;', '"', 'script', 'img', '/', '!--', '-->', '&#60;', '&#x3c;', 'a'), fc.string()), { maxLength: 30 })])('never leaves a tag behind', (parts) => {
    expect(plainText(parts.join(''))).not.toMatch(/<\/?[a-z!?]/i)
  })
})
