/** A dialog over the page: one heading, a way to close it, and the focus goes back to where it came from. */
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components/Modal'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { useOverlay } from '../overlay.ts'
import styles from './dialog.module.css'

export function PageDialog({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const show = useOverlay((overlay) => overlay.show)
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={styles.overlay ?? ''}
      onOpenChange={(isOpen) => {
        if (!isOpen) show(undefined)
      }}
    >
      <Modal className={styles.modal ?? ''}>
        <Dialog className={styles.dialog ?? ''}>
          <header className={styles.head}>
            <Heading slot="title" level={2} className={styles.title ?? ''}>
              {title}
            </Heading>
            <button type="button" className={`${controls.button} ${controls.square}`} aria-label={say({ id: 'dialog.close', defaultMessage: 'Close (Esc)' })} onClick={() => show(undefined)}>
              <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.5" />
              </svg>
            </button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
