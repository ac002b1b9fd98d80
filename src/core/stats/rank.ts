/** Where one value stands among many at the same time; NaN is absence and stands nowhere. */
export interface Rank {
  /** How many are lower. */
  readonly below: number
  /** How many there are besides this one. */
  readonly others: number
}

/** The value at `index` among the first `count`; undefined when it is no number or stands alone. */
export function rankAt(values: ArrayLike<number>, index: number, count = values.length): Rank | undefined {
  const value = index < count ? values[index] : undefined
  if (value === undefined || Number.isNaN(value)) return undefined
  let below = 0
  let others = 0
  for (let i = 0; i < count; i++) {
    const other = values[i] ?? Number.NaN
    if (i === index || Number.isNaN(other)) continue
    others++
    if (other < value) below++
  }
  return others === 0 ? undefined : { below, others }
}
