/**
 * How much larger than on a desk everything is drawn: the page's root font size over 16 px.
 * The page sets it from the screen (a wall of 3840 px doubles it) and from the reader's own wish; marks and names follow.
 */

let known: number | undefined

export function rootScale(): number {
  if (typeof document === 'undefined') return 1
  if (known === undefined) {
    // Measured once for each size of the window: a frame must not make the browser compute styles.
    known = measure()
    addEventListener('resize', () => {
      known = measure()
    })
  }
  return known
}

function measure(): number {
  const scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
  return Number.isFinite(scale) && scale > 0 ? scale : 1
}
