/** So many at once, so many waiting for a turn, and no more: beyond, whoever comes is told to come again. */

export interface Slots {
  /**
   * The way to give the slot back; `full` when as many wait as may, `left` when the signal was aborted first.
   * `isFirst` goes before those who wait, and is never turned away.
   */
  enter(given: { readonly isFirst: boolean; readonly signal: AbortSignal }): Promise<(() => void) | 'full' | 'left'>
  readonly stats: { readonly running: number; readonly waiting: number; readonly turnedAway: number }
}

export function createSlots({ concurrent, waiting: bound }: { readonly concurrent: number; readonly waiting: number }): Slots {
  const queue: (() => void)[] = []
  let running = 0
  let turnedAway = 0

  function take(): () => void {
    running += 1
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      running -= 1
      queue.shift()?.()
    }
  }

  return {
    enter({ isFirst, signal }) {
      if (signal.aborted) return Promise.resolve('left')
      if (running < concurrent) return Promise.resolve(take())
      if (!isFirst && queue.length >= bound) {
        turnedAway += 1
        return Promise.resolve('full')
      }
      return new Promise((resolve) => {
        const turn = (): void => {
          signal.removeEventListener('abort', leave)
          resolve(take())
        }
        const leave = (): void => {
          const place = queue.indexOf(turn)
          if (place >= 0) queue.splice(place, 1)
          resolve('left')
        }
        signal.addEventListener('abort', leave, { once: true })
        if (isFirst) queue.unshift(turn)
        else queue.push(turn)
      })
    },
    get stats() {
      return { running, waiting: queue.length, turnedAway }
    },
  }
}
