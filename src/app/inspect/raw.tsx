/** An entity exactly as the broker gave it: text, never markup. */
import { useMemo } from 'react'
import { say } from '../../language/say.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import styles from './inspect.module.css'

export function Raw({ json, problem }: { readonly json: unknown; readonly problem?: string | undefined }) {
  const text = useMemo(() => JSON.stringify(json, null, 2), [json])
  return (
    <>
      {problem !== undefined && <p className={styles.note}>▲ {problem}</p>}
      <p>
        <CopyButton text={() => text} label={say({ id: 'inspect.copy', defaultMessage: 'Copy' })} />
      </p>
      {/* Focusable because it scrolls: the keyboard must reach its last line. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.pre} tabIndex={0} aria-label={say({ id: 'inspect.rawJson', defaultMessage: 'Raw NGSI-LD, JSON' })}>
        <pre>{text}</pre>
      </section>
    </>
  )
}
