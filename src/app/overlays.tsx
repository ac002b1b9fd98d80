/** The dialogs that lie over any screen, and the keys that open them. Each is loaded when it is first asked for. */
import { lazy, Suspense, useEffect } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import { heardKey } from './heard-key.ts'
import { useOverlay } from './overlay.ts'

const Palette = lazy(() => import('./palette/palette.tsx'))
const KeyHelp = lazy(() => import('./dialogs/key-help.tsx'))
const SettingsDialog = lazy(() => import('./dialogs/settings-dialog.tsx'))

export function Overlays({ cities }: { readonly cities: readonly CityPlan[] }) {
  const open = useOverlay((overlay) => overlay.open)
  useOverlayKeys()
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette cities={cities} />}
      {open === 'keys' && <KeyHelp />}
      {open === 'settings' && <SettingsDialog />}
    </Suspense>
  )
}

function useOverlayKeys(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      const { open, show } = useOverlay.getState()
      // Not a single key: it works in fields, and cannot be switched off.
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        show(open === 'palette' ? undefined : 'palette')
        return
      }
      const key = heardKey(event)
      if (key !== '/' && key !== '?') return
      event.preventDefault()
      show(key === '/' ? 'palette' : 'keys')
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}
