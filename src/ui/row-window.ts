/**
 * Which rows of a long list are seen, and where they stand.
 *
 * Browsers place nothing beyond some 17 to 33 million pixels, so a list that is longer gets a shorter track
 * to scroll on. `offsetPx` is where one is in the list, `trackPx` where the scroll bar is. A small step of the
 * bar (wheel, finger) moves the list by as much; a large one (its thumb) moves it in proportion. Small steps
 * leave the two out of proportion for a while: `place` puts that right when the scrolling rests.
 */

/** Rows all of one height, in a view. */
export interface RowGeometry {
  readonly count: number
  readonly rowHeightPx: number
  readonly viewHeightPx: number
}

export interface ScrollPlace {
  readonly offsetPx: number
  readonly trackPx: number
}

export interface RowRange {
  readonly first: number // inclusive
  readonly end: number // exclusive
}

/** Half of what the most careful browser places. */
export const LONGEST_TRACK_PX = 8_000_000

export const TOP: ScrollPlace = { offsetPx: 0, trackPx: 0 }

export function trackLength({ count, rowHeightPx }: RowGeometry): number {
  return Math.min(count * rowHeightPx, LONGEST_TRACK_PX)
}

/** Where one is after the bar has moved to `trackPx`. */
export function follow(before: ScrollPlace, trackPx: number, geometry: RowGeometry): ScrollPlace {
  const { mostOffset, mostTrack } = mostOf(geometry)
  if (mostOffset === mostTrack) return { trackPx, offsetPx: clamp(trackPx, mostOffset) }
  const step = trackPx - before.trackPx
  // The ends of the bar are the ends of the list, however one came there.
  if (trackPx <= 0 || trackPx >= mostTrack || Math.abs(step) > geometry.viewHeightPx) return { trackPx, offsetPx: clamp((trackPx / mostTrack) * mostOffset, mostOffset) }
  return { trackPx, offsetPx: clamp(before.offsetPx + step, mostOffset) }
}

/** Bar and list in proportion, at this place of the list. */
export function place(offsetPx: number, geometry: RowGeometry): ScrollPlace {
  const { mostOffset, mostTrack } = mostOf(geometry)
  const offset = clamp(offsetPx, mostOffset)
  return { offsetPx: offset, trackPx: mostOffset === mostTrack ? offset : (offset / mostOffset) * mostTrack }
}

/** The rows that are seen at least in part, and `spare` more on either side. */
export function rangeOf({ offsetPx }: ScrollPlace, { count, rowHeightPx, viewHeightPx }: RowGeometry, spare: number): RowRange {
  if (count === 0 || viewHeightPx <= 0) return { first: 0, end: 0 }
  return {
    first: Math.max(0, Math.min(count - 1, Math.floor(offsetPx / rowHeightPx)) - spare),
    end: Math.min(count, Math.ceil((offsetPx + viewHeightPx) / rowHeightPx) + spare),
  }
}

/** Where the row stands on the track. */
export function topOf(index: number, { offsetPx, trackPx }: ScrollPlace, { rowHeightPx }: RowGeometry): number {
  return index * rowHeightPx - offsetPx + trackPx
}

/** The place at which the whole row is seen: as near as possible, or with the row in the middle. */
export function reveal(index: number, now: ScrollPlace, geometry: RowGeometry, options: { readonly inMiddle: boolean }): ScrollPlace {
  const { rowHeightPx, viewHeightPx } = geometry
  const top = index * rowHeightPx
  if (top >= now.offsetPx && top + rowHeightPx <= now.offsetPx + viewHeightPx) return now
  if (options.inMiddle) return place(top - (viewHeightPx - rowHeightPx) / 2, geometry)
  return place(top < now.offsetPx ? top : top + rowHeightPx - viewHeightPx, geometry)
}

function mostOf(geometry: RowGeometry): { readonly mostOffset: number; readonly mostTrack: number } {
  const { count, rowHeightPx, viewHeightPx } = geometry
  return { mostOffset: Math.max(0, count * rowHeightPx - viewHeightPx), mostTrack: Math.max(0, trackLength(geometry) - viewHeightPx) }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most)
}
