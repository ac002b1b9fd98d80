/**
 * When the drawer closes, focus goes to its sensor's row in the list, wherever that stands by now: the list
 * was hidden meanwhile and sorted anew, and draws only the rows that are seen. So the row is scrolled to,
 * waited for, and focused, unless the operator has meanwhile taken the focus elsewhere.
 */
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react'
import type { RowListHandle } from '../ui/row-list.tsx'

export interface ReturnOfFocus {
  /** What is open; its row gets the focus once this is undefined. */
  readonly selected: string | undefined
  readonly list: RefObject<RowListHandle | null>
}

/** A list that comes back needs some frames to be measured and filled; after so many the list itself must do. */
const MOST_FRAMES = 60

export function useReturnOfFocus({ selected, list }: ReturnOfFocus): void {
  const before = useRef(selected)
  const seek = useEffectEvent((id: string): void => {
    // Filtered out, or gone: the list is as near as it gets.
    if (list.current?.focusRow(id) === false) list.current.focus()
  })
  const settle = useEffectEvent(() => list.current?.focus())

  useEffect(() => {
    const closed = selected === undefined ? before.current : undefined
    before.current = selected
    if (closed === undefined) return
    let frames = 0
    let handle = 0
    // Goes on after the row is found: a list that is still measured may take it away again.
    const attempt = (): void => {
      const active = document.activeElement
      if (isAdrift(active)) seek(closed)
      else if (active?.getAttribute('data-key') !== closed) return // whoever went elsewhere stays there
      if (frames++ < MOST_FRAMES) handle = requestAnimationFrame(attempt)
      else if (isAdrift(document.activeElement)) settle()
    }
    attempt()
    return () => cancelAnimationFrame(handle)
  }, [selected])
}

/** Nothing has the focus: what had it was taken off the screen. */
function isAdrift(active: Element | null): boolean {
  return active === null || active === document.body
}
