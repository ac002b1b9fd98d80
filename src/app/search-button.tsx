/** The way to search and commands for who has no keyboard at hand, or does not know the keys. */
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { useOverlay } from './overlay.ts'

export function SearchButton({ className = '' }: { readonly className?: string | undefined }) {
  const show = useOverlay((overlay) => overlay.show)
  const words = say({ id: 'palette.title', defaultMessage: 'Search and commands' })
  return (
    <button type="button" className={`${controls.button} ${controls.square} ${className}`} aria-label={words} aria-keyshortcuts="Control+K" title={say({ id: 'palette.button', defaultMessage: 'Search and commands (Ctrl K)' })} onClick={() => show('palette')}>
      <svg viewBox="0 0 16 16" width="1em" height="1em" aria-hidden="true">
        <circle cx="7" cy="7" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="m10.5 10.5 4 4" stroke="currentColor" strokeWidth="1.5" />
      </svg>
    </button>
  )
}
