/**
 * One value out of many sensors at the same time: what a cell and a city total show.
 * Each domain names which of these is right for it; NaN means "nothing measured" and is left out.
 */
export type Across = 'mean' | 'energetic-mean' | 'sum' | 'max' | 'median'

/** Undefined when no value is a number: absence is not zero. */
export function across(statistic: Across, values: Iterable<number>): number | undefined {
  const present: number[] = []
  for (const value of values) if (!Number.isNaN(value)) present.push(value)
  if (present.length === 0) return undefined
  switch (statistic) {
    case 'sum':
      return sumOf(present)
    case 'mean':
      return sumOf(present) / present.length
    case 'energetic-mean':
      return 10 * Math.log10(sumOf(present.map((level) => 10 ** (level / 10))) / present.length)
    case 'max':
      return present.reduce((a, b) => Math.max(a, b))
    case 'median': {
      present.sort((a, b) => a - b)
      const middle = (present.length - 1) / 2
      return (present[Math.floor(middle)]! + present[Math.ceil(middle)]!) / 2
    }
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
