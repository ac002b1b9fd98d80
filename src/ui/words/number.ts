/**
 * Numbers as people read them, by the language of the page: a true minus (U+2212), a no-break space before the unit, and no more
 * digits than the sensor's class justifies.
 */
import { perLanguage } from '../../language/say.ts'

export const NBSP = '\u00A0'
const MINUS = '\u2212'

const formats = perLanguage((region) => {
  const byDecimals = new Map<number, Intl.NumberFormat>()
  return (decimals: number): Intl.NumberFormat => {
    let format = byDecimals.get(decimals)
    if (format === undefined) byDecimals.set(decimals, (format = new Intl.NumberFormat(region, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })))
    return format
  }
})

export function formatNumber(value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return '–'
  const text = formats()(decimals).format(value).replace('-', MINUS)
  // A rounded-away minus would claim a sign that the digits do not show.
  return /[1-9]/.test(text) ? text : text.replace(MINUS, '')
}

/** "61 dB(A)"; a measure without a unit is its bare number. */
export function formatQuantity(value: number, decimals: number, unit: string): string {
  const number = formatNumber(value, decimals)
  return unit === '' ? number : `${number}${NBSP}${unit}`
}

/** A sentence in which no line ends between a number and what it counts: "over 15 min". */
export function keepTogether(text: string): string {
  return text.replaceAll(/(\d) (?=\p{L})/gu, `$1${NBSP}`)
}

export function formatCount(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}
