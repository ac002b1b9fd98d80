/** Day or night: what the link says, else what the system prefers. */
import { useEffect, useSyncExternalStore } from 'react'
import type { Theme } from '../domains/domain-view.ts'

const dark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  const query = dark()
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

export function useTheme(chosen: Theme | undefined): Theme {
  const preferred = useSyncExternalStore<Theme>(subscribe, () => (dark().matches ? 'night' : 'day'))
  useEffect(() => {
    if (chosen === undefined) delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
  }, [chosen])
  return chosen ?? preferred
}
