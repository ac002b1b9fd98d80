/** Whether what is shown moves: a shape, a word and a time, so that colour has nothing to say alone. */
import styles from './live-badge.module.css'

export type LiveState = 'live' | 'connecting' | 'retrying' | 'behind' | 'paused' | 'history' | 'failed'

export interface LiveBadgeProps {
  readonly state: LiveState
  /** "live", "retrying" */
  readonly word: string
  /** "2 s", "next try 8 s" */
  readonly detail?: string
  readonly reason?: string | undefined
}

export function LiveBadge({ state, word, detail, reason }: LiveBadgeProps) {
  return (
    <span className={styles.badge} data-state={state} title={reason}>
      <svg className={styles.shape} viewBox="0 0 16 16" aria-hidden="true">
        {state === 'live' && <circle cx="8" cy="8" r="4.5" fill="currentColor" />}
        {state === 'connecting' && <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.75" strokeDasharray="2.6 2.1" />}
        {state === 'retrying' && <path d="M8 2.5 14.5 13.5h-13z" fill="currentColor" />}
        {state === 'behind' && <path d="M3.5 2h9M3.5 14h9M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />}
        {state === 'failed' && <path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor" />}
        {state === 'paused' && <path d="M4.5 3h2.5v10H4.5zM9 3h2.5v10H9z" fill="currentColor" />}
        {state === 'history' && <path d="M8 2.75a5.25 5.25 0 1 0 0 10.5a5.25 5.25 0 1 0 0-10.5M8 5v3.2l2.2 1.4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />}
      </svg>
      <span className={styles.word}>{word}</span>
      {detail !== undefined && <span className={styles.detail}>{detail}</span>}
    </span>
  )
}
