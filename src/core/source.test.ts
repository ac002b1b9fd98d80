import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { citation, sourceWords } from './source.ts'

it('names document and year, and what limits them', () => {
  expect(sourceWords({ document: 'Directive 2002/49/EC', year: 2002, confirmed: true })).toBe('Directive 2002/49/EC (2002)')
  expect(sourceWords({ document: 'Directive (EU) 2024/2881', year: 2024, confirmed: true, note: 'from 2030' })).toBe('Directive (EU) 2024/2881 (2024), from 2030')
  expect(sourceWords({ document: 'ISO 1996-1', year: 2016, confirmed: false, note: 'the standard was not read' })).toBe('ISO 1996-1 (2016), not confirmed: the standard was not read')
  expect(sourceWords({ document: 'WMO', confirmed: false })).toBe('WMO, not confirmed')
})

test.prop([fc.record({ document: fc.string({ minLength: 1 }), year: fc.integer({ min: 1900, max: 2100 }), note: fc.string() })])('what was not confirmed never goes without saying so', (source) => {
  expect(sourceWords({ ...source, confirmed: false })).toContain('not confirmed')
  expect(citation({ ...source, confirmed: false })).toContain('not confirmed')
})
