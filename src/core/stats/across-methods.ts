/** The statistics over sensors by name, in signs and with their source: what `across` computes, as people cite it. */
import type { Method } from '../method.ts'
import type { Source } from '../source.ts'
import type { Across } from './across.ts'

const ARITHMETIC: Source = { document: 'Belvedere, common arithmetic', confirmed: true }

export const ACROSS_METHODS: Readonly<Record<Across, Method>> = {
  mean: { name: 'mean', formula: '(1/n) Σ xᵢ', where: 'xᵢ is the value of each sensor that counts, n how many count', source: ARITHMETIC },
  'energetic-mean': {
    name: 'energetic mean',
    formula: '10 lg( (1/n) Σ 10^(Lᵢ/10) )',
    where: 'Lᵢ is the level of each sensor that counts, n how many count',
    source: { document: 'ISO 1996-1', year: 2016, confirmed: false, note: 'the formula is common knowledge, the standard was not read' },
  },
  sum: { name: 'sum', formula: 'Σ xᵢ', where: 'xᵢ is the value of each sensor that counts', source: ARITHMETIC },
  max: { name: 'highest', formula: 'max xᵢ', where: 'xᵢ is the value of each sensor that counts', source: ARITHMETIC },
  median: {
    name: 'median',
    formula: 'x₍½₎',
    where: 'the middle value of the sensors that count; of an even number the mean of the two in the middle',
    source: ARITHMETIC,
  },
}
