/** Pixels of one rem: rows grow with the screen and with the reader's own text size. */
import { useEffect, useState } from 'react'

export function useRem(): number {
  const [rem, setRem] = useState(16)
  useEffect(() => {
    const read = (): void => setRem(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16)
    read()
    addEventListener('resize', read)
    return () => removeEventListener('resize', read)
  }, [])
  return rem
}
