/** The statistics over sensors in the language of the page; in signs they are the same everywhere. See `core/stats/across-methods.ts`. */
import type { Method } from '../../core/method.ts'
import type { Across } from '../../core/stats/across.ts'
import { ACROSS_METHODS } from '../../core/stats/across-methods.ts'
import { say } from '../../language/say.ts'

/** "energetic mean" */
export function acrossName(across: Across): string {
  switch (across) {
    case 'mean':
      return say({ id: 'across.mean', defaultMessage: 'mean' })
    case 'energetic-mean':
      return say({ id: 'across.energeticMean', defaultMessage: 'energetic mean' })
    case 'sum':
      return say({ id: 'across.sum', defaultMessage: 'sum' })
    case 'max':
      return say({ id: 'across.max', defaultMessage: 'highest' })
    case 'median':
      return say({ id: 'across.median', defaultMessage: 'median' })
  }
}

export function acrossMethod(across: Across): Method {
  const { formula, source } = ACROSS_METHODS[across]
  const document = source.document.startsWith('Belvedere,') ? say({ id: 'across.arithmetic', defaultMessage: 'Belvedere, common arithmetic' }) : source.document
  const note = source.note === undefined ? {} : { note: say({ id: 'across.notRead', defaultMessage: 'the formula is common knowledge, the standard was not read' }) }
  return { name: acrossName(across), formula, where: signsOf(across), source: { ...source, document, ...note } }
}

function signsOf(across: Across): string {
  switch (across) {
    case 'mean':
      return say({ id: 'across.meanSigns', defaultMessage: 'xᵢ is the value of each sensor that counts, n how many count' })
    case 'energetic-mean':
      return say({ id: 'across.energeticMeanSigns', defaultMessage: 'Lᵢ is the level of each sensor that counts, n how many count' })
    case 'sum':
    case 'max':
      return say({ id: 'across.valueSigns', defaultMessage: 'xᵢ is the value of each sensor that counts' })
    case 'median':
      return say({ id: 'across.medianSigns', defaultMessage: 'the middle value of the sensors that count; of an even number the mean of the two in the middle' })
  }
}
