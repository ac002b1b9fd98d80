/**
 * Turns for cities that share a worker: one that is flooded must not keep another waiting.
 *
 * What a city takes in costs credit, by its size. With credit it goes on at once; without, it waits, and those who wait
 * are served in a circle, one for each turn of the worker's event loop, each with the credit of one slice. So a worker
 * with one busy city loses nothing, two floods get the same number of bytes read, and between any two slices messages
 * of the page and timers have their turn. What is larger than a slice is taken whole and waited for afterwards.
 *
 * The stream of a city that waits is not read: the relay notices, and puts together what it has for it.
 */

/** A millisecond or two of reading bytes; some ten of decoding what the byte reader does not know. */
export const SLICE_BYTES = 128 * 1024

export interface Turns {
  join(): Line
}

/** One city's. */
export interface Line {
  /** Undefined: go on. Otherwise it settles when it is this city's turn. */
  take(bytes: number): Promise<void> | undefined
  /** Whoever waits in it goes on: what they do is of no account any more. */
  leave(): void
}

interface Waiting {
  readonly bytes: number
  readonly go: () => void
}

/** `later`: runs it in another turn of the event loop, behind what waits there now. */
export function createTurns(later: (run: () => void) => void, sliceBytes = SLICE_BYTES): Turns {
  /** In the order in which they are served; who was served goes to the end. */
  const circle: { credit: number; readonly waiting: Waiting[] }[] = []
  let isCalled = false

  function call(): void {
    if (isCalled) return
    isCalled = true
    later(serve)
  }

  function serve(): void {
    isCalled = false
    // Debts are paid a slice a round: with nobody else waiting, rounds cost no time.
    while (circle.some(({ waiting }) => waiting.length > 0)) {
      const line = circle.shift()!
      circle.push(line)
      if (line.waiting.length === 0) continue
      line.credit += sliceBytes
      if (line.credit <= 0) continue
      while (line.credit > 0 && line.waiting.length > 0) {
        const { bytes, go } = line.waiting.shift()!
        line.credit -= bytes
        go()
      }
      break
    }
    if (circle.some(({ waiting }) => waiting.length > 0)) call()
  }

  return {
    join() {
      const line = { credit: sliceBytes, waiting: [] as Waiting[] }
      circle.push(line)
      return {
        take(bytes) {
          if (!circle.includes(line)) return undefined
          if (line.credit > 0 && line.waiting.length === 0) {
            line.credit -= bytes
            return undefined
          }
          return new Promise((go) => {
            line.waiting.push({ bytes, go })
            call()
          })
        },
        leave() {
          const place = circle.indexOf(line)
          if (place >= 0) circle.splice(place, 1)
          for (const { go } of line.waiting.splice(0)) go()
        },
      }
    },
  }
}

/** The same items, each when it is the line's turn. */
export async function* inTurns<Item>(items: AsyncIterable<Item>, line: Line, bytesOf: (item: Item) => number): AsyncIterable<Item> {
  for await (const item of items) {
    const turn = line.take(bytesOf(item))
    if (turn !== undefined) await turn
    yield item
  }
}
