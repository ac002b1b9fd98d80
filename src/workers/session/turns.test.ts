import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createTurns, inTurns, type Line } from './turns.ts'

const SLICE = 100

/** An event loop that the test turns: nothing happens between its turns but promises. */
function loop() {
  const runs: (() => void)[] = []
  const turns = createTurns((run) => void runs.push(run), SLICE)
  return {
    turns,
    /** False when nothing waits for a turn. */
    async turn(): Promise<boolean> {
      const run = runs.shift()
      run?.()
      for (let micro = 0; micro < 20; micro++) await Promise.resolve()
      return run !== undefined
    },
  }
}

/** A city with more to read than it will ever finish. */
function flood(line: Line, bytes: () => number) {
  const city = { bytes: 0, items: 0 }
  const read = async (): Promise<void> => {
    for (;;) {
      const size = bytes()
      const turn = line.take(size)
      if (turn !== undefined) await turn
      city.bytes += size
      city.items++
    }
  }
  void read()
  return city
}

describe('cities that share a worker', () => {
  test.prop([fc.array(fc.array(fc.integer({ min: 1, max: 3 * SLICE }), { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 5 })])('that are all flooded read the same number of bytes, whatever the size of their notifications', async (sizes) => {
    const { turns, turn } = loop()
    const cities = sizes.map((cycle) => {
      let next = 0
      return flood(turns.join(), () => cycle[next++ % cycle.length]!)
    })
    for (let i = 0; i < 40 * cities.length; i++) await turn()
    const read = cities.map(({ bytes }) => bytes)
    // Nobody is ahead by more than its first slice, and the largest item, which is taken whole.
    expect(Math.max(...read) - Math.min(...read)).toBeLessThanOrEqual(2 * SLICE + 3 * SLICE)
    expect(Math.min(...read)).toBeGreaterThan(10 * SLICE)
  })

  it('are not kept waiting by a flood for longer than one slice of each other', async () => {
    const { turns, turn } = loop()
    const flooded = [flood(turns.join(), () => 10), flood(turns.join(), () => 10)]
    const quiet = turns.join()
    for (let i = 0; i < 50; i++) await turn()
    // A notification now and then goes through at once.
    expect(quiet.take(10)).toBeUndefined()
    expect(quiet.take(SLICE)).toBeUndefined()
    // One more than its share waits, and is served when each of the others was.
    const before = flooded.map(({ bytes }) => bytes)
    const served: string[] = []
    void quiet.take(10)!.then(() => served.push('quiet'))
    for (let i = 0; i <= flooded.length; i++) await turn()
    expect(served).toEqual(['quiet'])
    expect(flooded.every(({ bytes }, i) => bytes - before[i]! <= 2 * SLICE)).toBe(true)
  })

  it('have the event loop between any two slices', async () => {
    const { turns, turn } = loop()
    const city = flood(turns.join(), () => 10)
    for (let micro = 0; micro < 10_000; micro++) await Promise.resolve()
    expect(city.bytes).toBe(SLICE)
    await turn()
    expect(city.bytes).toBe(2 * SLICE)
  })

  it('need no turns while little comes: alone and below a slice nobody waits', async () => {
    const { turns, turn } = loop()
    expect(turns.join().take(SLICE)).toBeUndefined()
    expect(await turn()).toBe(false)
  })

  it('let go of whoever waits when one leaves, and serve the others', async () => {
    const { turns, turn } = loop()
    const leaving = turns.join()
    const other = flood(turns.join(), () => SLICE)
    let isFree = false
    leaving.take(50 * SLICE)
    void leaving.take(1)!.then(() => (isFree = true))
    leaving.leave()
    await turn()
    expect(isFree).toBe(true)
    expect(leaving.take(1)).toBeUndefined()
    const before = other.items
    for (let i = 0; i < 10; i++) await turn()
    expect(other.items).toBe(before + 10)
  })
})

describe('a stream in turns', () => {
  it('is the same stream, and is closed when nobody reads it any more', async () => {
    const { turns, turn } = loop()
    let isClosed = false
    async function* numbers(): AsyncGenerator<number> {
      try {
        for (let i = 1; ; i++) yield i
      } finally {
        isClosed = true
      }
    }
    const heard: number[] = []
    const reading = (async () => {
      for await (const number of inTurns(numbers(), turns.join(), () => SLICE)) {
        heard.push(number)
        if (number === 5) return
      }
    })()
    while (heard.length < 5) await turn()
    await reading
    expect(heard).toEqual([1, 2, 3, 4, 5])
    expect(isClosed).toBe(true)
  })
})
