/**
 * A list of any length, of which only the rows that are seen exist: to React, to the document and to the ear.
 *
 * To assistive technology it is a grid of one column that tells how many rows there are and which one this is.
 * The keyboard has one stop in it, the current row; arrows, Page Up and Down, Home and End move that, Enter acts.
 * The current row is a key, not a place: it stays the same when the order changes, and it exists even where it
 * is not seen, so that the focus is never lost.
 */
// A table has no rows that do not exist, which is the point here: roles say what tags cannot.
// oxlint-disable jsx-a11y/prefer-tag-over-role
import { useCallback, useEffectEvent, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { follow, place, rangeOf, reveal, TOP, topOf, trackLength, type RowGeometry, type ScrollPlace } from './row-window.ts'
import styles from './row-list.module.css'

export interface RowListHandle {
  /** Brings the row into view and gives it the focus; false when there is none of that key. */
  focusRow(key: string): boolean
  /** The current row, or the list itself while it is empty. */
  focus(): void
}

export interface RowListProps {
  readonly label: string
  readonly count: number
  readonly rowHeightPx: number
  keyAt(index: number): string
  /** -1 when there is none. */
  indexOf(key: string): number
  renderRow(index: number): ReactNode
  /** Stands in the place of rows. */
  readonly empty: ReactNode
  onAction(key: string): void
  /** True once the list has a height: it is on the screen. */
  onSeen?(isSeen: boolean): void
  readonly handle?: Ref<RowListHandle>
}

/** Rows beyond those that are seen: what a fast finger uncovers before they are drawn. */
const SPARE_ROWS = 8

export function RowList({ label, count, rowHeightPx, keyAt, indexOf, renderRow, empty, onAction, onSeen, handle }: RowListProps) {
  const list = useRef<HTMLDivElement>(null)
  const [viewHeightPx, setViewHeightPx] = useState(0)
  const [scroll, setScroll] = useState<ScrollPlace>(TOP)
  const [current, setCurrent] = useState<string | undefined>(undefined)
  const wantsFocus = useRef(false)
  const lastIndex = useRef(0)
  const geometry: RowGeometry = { count, rowHeightPx, viewHeightPx }
  const range = rangeOf(scroll, geometry, SPARE_ROWS)
  const firstSeen = rangeOf(scroll, geometry, 0).first
  const currentIndex = current === undefined ? -1 : indexOf(current)
  const stop = currentIndex === -1 ? (count > 0 ? firstSeen : -1) : currentIndex

  useViewHeight(list, (heightPx) => {
    setViewHeightPx(heightPx)
    onSeen?.(heightPx > 0)
    // A list that was hidden has lost its place.
    if (list.current !== null && heightPx > 0) setScroll((now) => follow(now, list.current!.scrollTop, { ...geometry, viewHeightPx: heightPx }))
  })

  const goTo = (next: ScrollPlace): void => {
    const element = list.current
    if (element === null || next === scroll) return
    element.scrollTop = next.trackPx
    // A browser rounds: the next step is counted from where the bar really is.
    setScroll({ offsetPx: next.offsetPx, trackPx: element.scrollTop })
  }

  const moveTo = (index: number, options: { readonly inMiddle: boolean }): void => {
    setCurrent(keyAt(index))
    wantsFocus.current = true
    // Asked of the document: the height that React knows may be of before the list was shown again.
    const heightPx = list.current?.clientHeight ?? 0
    if (heightPx > 0) goTo(reveal(index, scroll, { ...geometry, viewHeightPx: heightPx }, options))
  }

  useImperativeHandle(handle, () => ({
    focusRow(key) {
      const index = indexOf(key)
      if (index === -1) return false
      moveTo(index, { inMiddle: true })
      return true
    },
    focus() {
      if (stop === -1) list.current?.focus()
      else moveTo(stop, { inMiddle: true })
    },
  }))

  // Focus that was asked for, once its row is there.
  useLayoutEffect(() => {
    if (currentIndex !== -1) lastIndex.current = currentIndex
    const element = list.current
    if (element === null || !wantsFocus.current || current === undefined) return
    const row = rowOf(element, current)
    if (row === null) return
    wantsFocus.current = false
    row.focus({ preventScroll: true })
    // The list has brought it into its own view; on a low screen the list itself may reach beyond the window.
    row.scrollIntoView({ block: 'nearest' })
  })
  // Focus whose row is gone goes to the row in its place.
  const hasFocus = useRef(false)
  const isGone = current !== undefined && currentIndex === -1
  const goOn = useEffectEvent(() => {
    if (!hasFocus.current) return
    if (count === 0) list.current?.focus()
    else moveTo(Math.min(lastIndex.current, count - 1), { inMiddle: false })
  })
  useLayoutEffect(() => {
    if (isGone) goOn()
  }, [isGone])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || count === 0) return
    const page = Math.max(1, Math.floor(viewHeightPx / rowHeightPx) - 1)
    const to: Readonly<Record<string, number>> = { ArrowDown: stop + 1, ArrowUp: stop - 1, PageDown: stop + page, PageUp: stop - page, Home: 0, End: count - 1 }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      onAction(keyAt(stop))
    } else if (Object.hasOwn(to, event.key)) {
      event.preventDefault()
      moveTo(Math.min(Math.max(to[event.key]!, 0), count - 1), { inMiddle: false })
    }
  }

  const indices = Array.from({ length: range.end - range.first }, (_, at) => range.first + at)
  // In the order of the list, so that it is heard in order.
  if (stop !== -1 && stop < range.first) indices.unshift(stop)
  else if (stop >= range.end) indices.push(stop)

  return (
    <div
      ref={list}
      role="grid"
      tabIndex={stop === -1 ? 0 : -1}
      aria-label={label}
      aria-rowcount={count}
      className={styles.list}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => {
        hasFocus.current = true
        const key = target.dataset['key']
        if (key !== undefined) setCurrent(key)
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        hasFocus.current = currentTarget.contains(relatedTarget)
      }}
      onScroll={({ currentTarget }) => {
        const next = follow(scroll, currentTarget.scrollTop, geometry)
        if (next.offsetPx !== scroll.offsetPx || next.trackPx !== scroll.trackPx) setScroll(next)
      }}
      onScrollEnd={() => goTo(placeAgain(scroll, geometry))}
    >
      {count === 0 ? (
        <div role="row">
          <div role="gridcell">{empty}</div>
        </div>
      ) : (
        <div role="presentation" className={styles.track} style={{ height: trackLength(geometry) }}>
          {indices.map((index) => {
            const key = keyAt(index)
            return (
              // The keyboard's way to a row's action is the list's own.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={key}
                role="row"
                data-key={key}
                aria-rowindex={index + 1}
                tabIndex={index === stop ? 0 : -1}
                className={styles.row}
                style={{ height: rowHeightPx, transform: `translateY(${topOf(index, scroll, geometry)}px)` }}
                onClick={() => onAction(key)}
              >
                <div role="gridcell">{renderRow(index)}</div>
              </div>
            )
          })}
        </div>
      )}
    </div>
  )
}

/** The same object where bar and list are in proportion already. */
function placeAgain(scroll: ScrollPlace, geometry: RowGeometry): ScrollPlace {
  const settled = place(scroll.offsetPx, geometry)
  return Math.abs(settled.trackPx - scroll.trackPx) < 1 ? scroll : settled
}

function rowOf(list: HTMLElement, key: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(key)}"]`)
}

function useViewHeight(element: React.RefObject<HTMLElement | null>, onHeight: (heightPx: number) => void): void {
  const latest = useRef(onHeight)
  useLayoutEffect(() => {
    latest.current = onHeight
  })
  const observe = useCallback(() => {
    const { current } = element
    if (current === null) return undefined
    latest.current(current.clientHeight)
    const resized = new ResizeObserver(() => latest.current(current.clientHeight))
    resized.observe(current)
    return () => resized.disconnect()
  }, [element])
  useLayoutEffect(observe, [observe])
}
