/** An incident in one English sentence, for programs that show an `Alert` as it is. The page says it in the reader's language. */
import type { Finding } from './finding.ts'

export interface Named {
  readonly layer?: string | undefined
  readonly measure?: string | undefined
  readonly unit?: string | undefined
}

export function describe({ subject, condition, sensors, value, response }: Finding, { layer = '', measure = '', unit = '' }: Named): string {
  const who = subject.kind === 'sensor' ? `${layer} sensor ${subject.name}` : subject.kind === 'broker' ? `The broker ${subject.name}` : `${sensors} sensors of ${layer}`
  const number = (of: number): string => `${Math.round(of * 10) / 10}${unit === '' ? '' : ` ${unit}`}`
  const what = (() => {
    switch (condition.kind) {
      case 'down':
        return 'does not answer'
      case 'silent':
        return 'not heard of any more'
      case 'limit':
        return `${measure} ${condition.side} ${number(condition.limit)}${value === undefined ? '' : `, at ${number(value)}`}`
      case 'usual':
        return `${measure} ${condition.side === 'either' ? 'outside' : condition.side} what is usual${value === undefined ? '' : `, at ${number(value)}`}`
      case 'rate':
        return `${measure} ${condition.side === 'rise' ? 'rises' : 'falls'} by more than ${number(condition.by)} in ${Math.round(condition.overMs / 60_000)} min`
    }
  })()
  const sentence = `${who}${condition.kind === 'down' ? ' ' : ': '}${what}.`
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${response === undefined ? '' : ` ${response.action}`}`
}
