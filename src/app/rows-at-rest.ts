/** While somebody reads a list its rows keep their places and only their values move; newcomers go to the end. */
import { useState } from 'react'

/** `question`: the same text for the same list; of another one nothing is held. */
export function useRowsAtRest<Row>(rows: readonly Row[], { keyOf, question }: { readonly keyOf: (row: Row) => string; readonly question: string }) {
  const [isRead, setIsRead] = useState(false)
  const [seen, setSeen] = useState<{ readonly question: string; readonly keys: readonly string[] }>({ question, keys: [] })
  const isHeld = isRead && seen.question === question && seen.keys.length > 0
  const list = isHeld ? inPlaces(rows, seen.keys, keyOf) : rows
  const keys = list.map(keyOf)
  if (seen.question !== question || seen.keys.join('\n') !== keys.join('\n')) setSeen({ question, keys })
  return {
    list,
    hold: {
      onFocus: () => setIsRead(true),
      onBlur: ({ currentTarget, relatedTarget }: React.FocusEvent) => setIsRead(currentTarget.contains(relatedTarget) || currentTarget.matches(':hover')),
      onPointerEnter: () => setIsRead(true),
      onPointerLeave: ({ currentTarget }: React.PointerEvent) => setIsRead(currentTarget.contains(document.activeElement)),
    },
  }
}

/** Rows in the order they were seen in, without those that went, and the new ones behind. */
export function inPlaces<Row>(rows: readonly Row[], seen: readonly string[], keyOf: (row: Row) => string): readonly Row[] {
  const placeOf = new Map(seen.map((key, index) => [key, index]))
  return rows.toSorted((a, b) => (placeOf.get(keyOf(a)) ?? Infinity) - (placeOf.get(keyOf(b)) ?? Infinity) || 0)
}
