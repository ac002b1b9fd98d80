/** Copies a text, and says for a moment whether it could. */
import { useEffect, useState } from 'react'
import { say } from '../language/say.ts'
import controls from './controls.module.css'

export function CopyButton({ text, label }: { readonly label: string; text(): string }) {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (said === '') return
    const timer = setTimeout(() => setSaid(''), 2_500)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <button
      type="button"
      className={controls.button}
      onClick={() => {
        // Without a secure origin there is no clipboard: say so instead of doing nothing.
        const copied = navigator.clipboard?.writeText(text()) ?? Promise.reject(new Error('no clipboard'))
        copied.then(
          () => setSaid(say({ id: 'copy.done', defaultMessage: 'Copied ✓' })),
          () => setSaid(say({ id: 'copy.refused', defaultMessage: 'Not allowed here' })),
        )
      }}
    >
      <span aria-live="polite">{said === '' ? label : said}</span>
    </button>
  )
}
