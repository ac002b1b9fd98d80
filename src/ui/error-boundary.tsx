/** One broken panel leaves the rest of the city visible, and says what broke. */
import { Component, type ReactNode } from 'react'
import { say, type Message } from '../language/say.ts'
import controls from './controls.module.css'
import styles from './notice.module.css'

export interface ErrorBoundaryProps {
  /** What is said when it broke, with its `{reason}`: "The map stopped working: {reason}". */
  readonly stopped: Message
  readonly children: ReactNode
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: Error | undefined }> {
  override readonly state: { readonly error: Error | undefined } = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <div role="alert" className={styles.notice}>
        <p>{say(this.props.stopped, { reason: error.message })}</p>
        <p>
          <button type="button" className={controls.button} onClick={() => this.setState({ error: undefined })}>
            {say({ id: 'error.again', defaultMessage: 'Try again' })}
          </button>
        </p>
      </div>
    )
  }
}
