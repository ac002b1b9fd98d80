/**
 * Finding by what a person types: names folded once (case, accents), then looked through from the front.
 *
 * Every word that was typed must be found. The best stand first: the name begins so, then a word of it does, then it is
 * somewhere within, then it is in the id. No index: ten thousand folded names are looked through in a few milliseconds, and
 * a million in steps between which the page goes on.
 */

/** What can be looked through, folded when it is first looked at: a city of sensors costs strings and no objects. */
export interface Findable {
  readonly length: number
  /** Folded by `fold`. */
  nameAt(place: number): string
  /** Folded as well; empty where there is nothing but the name. */
  idAt(place: number): string
}

export interface Found {
  /** Places in the list, the best first; those that are equally good in the order of the list. */
  readonly places: readonly number[]
  /** How many there are, of which `places` are the first. */
  readonly count: number
}

export interface Search {
  /** Looks through so many more; false once all are looked through. */
  step(size: number): boolean
  found(): Found
}

/** Letters that NFD does not take apart, as a reader without their keyboard writes them. */
const WRITTEN: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' }
const SPECIAL = /[ßøæœđðþłı]/g
const PLAIN = /^[\x20-\x40\x5b-\x7e]*$/

/** "Rua Ålesund-Straße" as "rua alesund-strasse". */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (PLAIN.test(lower)) return lower
  return lower
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(SPECIAL, (letter) => WRITTEN[letter] ?? letter)
}

/** The words of a query; none of an empty one. */
export function wordsOf(query: string): readonly string[] {
  return fold(query).split(/\s+/).filter((word) => word !== '')
}

export function findable(names: readonly string[], ids: readonly string[] = []): Findable {
  const foldedNames: string[] = []
  const foldedIds: string[] = []
  return {
    length: names.length,
    nameAt: (place) => (foldedNames[place] ??= fold(names[place]!)),
    idAt: (place) => (foldedIds[place] ??= fold(ids[place] ?? '')),
  }
}

const RANKS = 4

/** Without words everything is found, in its own order. */
export function createSearch(list: Findable, words: readonly string[], most: number): Search {
  const best: number[][] = Array.from({ length: RANKS }, () => [])
  let count = 0
  let place = 0
  return {
    step(size) {
      const end = Math.min(list.length, place + size)
      for (; place < end; place++) {
        const rank = rankOf(list, place, words)
        if (rank === -1) continue
        count++
        const equals = best[rank]!
        if (equals.length < most) equals.push(place)
      }
      return place < list.length
    },
    found: () => ({ places: best.flat().slice(0, most), count }),
  }
}

export function find(list: Findable, words: readonly string[], most: number): Found {
  const search = createSearch(list, words, most)
  search.step(list.length)
  return search.found()
}

/** The worst rank of its words, for all must be found; -1 when one is not. */
function rankOf(list: Findable, place: number, words: readonly string[]): number {
  let worst = 0
  for (let index = 0; index < words.length; index++) {
    const rank = rankOfWord(list, place, words[index]!)
    if (rank === -1) return -1
    // Only the first of several words can begin the name: a later one that begins a word of it is as good as it can be.
    const counted = index > 0 && rank === 1 ? 0 : rank
    if (counted > worst) worst = counted
  }
  return worst
}

function rankOfWord(list: Findable, place: number, word: string): number {
  const name = list.nameAt(place)
  const first = name.indexOf(word)
  if (first === 0) return 0
  if (first === -1) return list.idAt(place).includes(word) ? 3 : -1
  for (let at = first; at !== -1; at = name.indexOf(word, at + 1)) if (!isLetter(name.charCodeAt(at - 1))) return 1
  return 2
}

/** Of a folded text: what is neither a letter nor a digit parts words. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127
}
