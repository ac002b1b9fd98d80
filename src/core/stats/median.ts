/** The median by selection (Hoare's): the numbers are not sorted, only divided until the middle is in its place. */

/** Of the first `count` numbers, none of them NaN; they change places. NaN of none. */
export function medianIn(numbers: Float64Array, count: number): number {
  if (count === 0) return NaN
  const middle = count >>> 1
  const high = select(numbers, count, middle)
  if (count % 2 === 1) return high
  // The other one is the highest of those that selection has put before it.
  let low = numbers[0]!
  for (let i = 1; i < middle; i++) if (numbers[i]! > low) low = numbers[i]!
  return (low + high) / 2
}

/** The number of rank `rank`; lower ones are before it afterwards, higher ones behind. */
function select(numbers: Float64Array, count: number, rank: number): number {
  let from = 0
  let to = count - 1
  while (from < to) {
    const pivot = numbers[(from + to) >>> 1]!
    let i = from
    let j = to
    while (i <= j) {
      while (numbers[i]! < pivot) i++
      while (numbers[j]! > pivot) j--
      if (i > j) break
      const swapped = numbers[i]!
      numbers[i++] = numbers[j]!
      numbers[j--] = swapped
    }
    if (rank <= j) to = j
    else if (rank >= i) from = i
    else break
  }
  return numbers[rank]!
}
