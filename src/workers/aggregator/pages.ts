/**
 * A column of numbers in pages of a thousand rows: growing adds a page and copies nothing, and a column in
 * which nothing was ever written for a page's rows need not have that page.
 *
 * Hot loops index the pages themselves, `pages[row >>> PAGE_BITS]![row & PAGE_MASK]`: a function for all
 * kinds of arrays would be one that the compiler can make fast for none.
 */
export const PAGE_BITS = 10
export const PAGE_ROWS = 2 ** PAGE_BITS
export const PAGE_MASK = PAGE_ROWS - 1

export type Pages<T> = T[]

export function pagesFor(rows: number): number {
  return Math.ceil(rows / PAGE_ROWS)
}

interface NumberArray {
  [index: number]: number
}

/** Adds pages until there is room for so many rows. */
export function growPages<T extends NumberArray>(pages: Pages<T>, rows: number, create: (length: number) => T): void {
  while (pages.length < pagesFor(rows)) pages.push(create(PAGE_ROWS))
}

export function moveRow(pages: Pages<NumberArray>, from: number, to: number): void {
  pages[to >>> PAGE_BITS]![to & PAGE_MASK] = pages[from >>> PAGE_BITS]![from & PAGE_MASK]!
}
