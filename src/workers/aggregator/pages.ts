/**
 * A column of numbers in pages of 16,384 rows: growing adds a page and copies nothing, and a column in
 * which nothing was ever written for a page's rows need not have that page. Only the first page doubles until it is
 * whole, so that a small city stays small.
 *
 * Pages are few, so that the processor has all their headers at hand: with pages of a thousand rows a change of a
 * random row waited three times for memory instead of once.
 *
 * Hot loops index the pages themselves, `pages[row >>> PAGE_BITS]![row & PAGE_MASK]`: a function for all
 * kinds of arrays would be one that the compiler can make fast for none.
 */
export const PAGE_BITS = 14
export const PAGE_ROWS = 2 ** PAGE_BITS
export const PAGE_MASK = PAGE_ROWS - 1

export const FIRST_ROWS = 64

export type Pages<T> = T[]

export function pagesFor(rows: number): number {
  return Math.ceil(rows / PAGE_ROWS)
}

interface NumberArray {
  readonly length: number
  [index: number]: number
}

type Growable<T> = NumberArray & { set(from: T): void }

/** Makes room for so many rows. New rows hold what `create` gives. */
export function growPages<T extends Growable<T>>(pages: Pages<T>, rows: number, create: (length: number) => T): void {
  if (rows <= FIRST_ROWS && pages.length > 0) return
  const first = pages[0]
  if (first === undefined || (first.length < PAGE_ROWS && first.length < rows)) pages[0] = grownPage(first, Math.min(rows, PAGE_ROWS), create)
  while (pages.length < pagesFor(rows)) pages.push(create(PAGE_ROWS))
}

/** A page with room for so many rows: twice as long, or longer, as long as it is not whole. */
export function grownPage<T extends Growable<T>>(page: T | undefined, rows: number, create: (length: number) => T): T {
  const grown = create(Math.min(PAGE_ROWS, Math.max(FIRST_ROWS, 2 ** Math.ceil(Math.log2(rows)))))
  if (page !== undefined) grown.set(page)
  return grown
}
