/** What could not be had, and the way to ask again. */
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { failureWords } from '../failure-words.ts'
import styles from './inspect.module.css'

export function Failure({ message, onRetry }: { readonly message: string; onRetry(): void }) {
  return (
    <p className={styles.note}>
      <output>{failureWords(message)}</output>{' '}
      <button type="button" className={controls.button} onClick={onRetry}>
        {say({ id: 'inspect.tryAgain', defaultMessage: 'Try again' })}
      </button>
    </p>
  )
}
